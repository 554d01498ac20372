"""Which addresses must hear of pages and of alerts, by the roster."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ops.subscribing import Deed, Found, changes
from tests.builders import LADDERS, MEMBERS, TEAMS, a_site
from triagewire.escalation.addresses import (
    PROTOCOLS,
    Address,
    Subscription,
    address_of,
    answerable,
    numbers,
    paged,
    people_by_address,
    reach_of,
)
from triagewire.escalation.reach import ways_of
from triagewire.ladder import Ladder, LadderStep, OwnLadders, Tell, Way
from triagewire.policy.model import Policy, Site

LIND = Address(page=True, way=Way.SMS, endpoint="+15550100002")
DEAD_LETTERS = "arn:aws:sqs:us-east-1:123456789012:undelivered"
NIGHT_ONLY = replace(LADDERS, urgent=LADDERS.urgent_after_hours)
"""On call, then the lead, at any hour: nobody is paged as an assignee."""


def a_clinic(**ways: dict[Way, str]) -> Site:
    members = {who: replace(each, ways=ways.get(who, {})) for who, each in MEMBERS.items()}
    return a_site(members=members, ladders=NIGHT_ONLY)


def a_group(**sites: Site) -> Policy:
    return Policy(group="lakeside", sites=sites, rules={})


def subscribed(address: Address, *, confirmed: bool = True) -> Subscription:
    return Subscription(
        page=address.page,
        protocol=PROTOCOLS[address.way],
        endpoint=address.endpoint,
        arn="arn:aws:sns:one" if confirmed else "",
    )


def test_on_call_leads_and_the_catch_all_may_be_paged() -> None:
    leads = {team.lead for team in TEAMS.values()}

    assert paged(a_clinic()) == {"dr-okafor", "dr-lind", "director"} | leads


def test_an_assignee_on_the_ladder_may_be_anybody_who_is_given_work() -> None:
    site = replace(a_clinic(), ladders=LADDERS)

    assert {"nick", "nell"} <= paged(site)


def test_the_ladder_of_one_team_counts_too() -> None:
    own = OwnLadders(
        urgent=Ladder(steps=(LadderStep(tell=Tell.MEMBER, member="nell"),), wait_minutes=5)
    )
    teams = {**TEAMS, "billing": replace(TEAMS["billing"], ladders={"clinical_urgent": own})}
    site = replace(a_clinic(), teams=teams)

    assert "nell" in paged(site)
    assert answerable(site)["nell"] == "named by a page ladder"


def test_who_must_be_reachable_is_named_with_the_reason() -> None:
    needed = answerable(a_clinic())

    assert needed["director"] == "the catch-all"
    assert needed["dr-lind"] == "on the rota"
    assert needed["bela"] == "the lead of billing, whom a page ladder names"
    assert "nick" not in needed


def test_one_phone_of_two_people_is_subscribed_once_for_both() -> None:
    phone = {Way.SMS: "+15550100002"}
    policy = a_group(north=a_clinic(**{"dr-lind": phone, "dr-okafor": phone}))

    assert people_by_address(policy)[LIND] == {"dr-lind", "dr-okafor"}
    assert numbers(policy) == {"+15550100002": {"dr-lind", "dr-okafor"}}


def test_a_mail_address_is_the_same_in_large_letters() -> None:
    there = Subscription(page=False, protocol="email", endpoint="Nell@Clinic.example", arn="arn:")

    assert there.address == address_of(Way.EMAIL, "nell@clinic.example", page=False)


def test_a_queue_is_an_address_of_nobody() -> None:
    assert (
        Subscription(page=True, protocol="sqs", endpoint="arn:aws:sqs:x", arn="arn:").address
        is None
    )


def test_a_way_that_is_confirmed_for_alerts_alone_carries_no_page() -> None:
    policy = a_group(north=a_clinic(**{"dr-lind": {Way.SMS: LIND.endpoint}}))
    alerts = replace(LIND, page=False)

    reach = reach_of(policy, [subscribed(alerts), subscribed(LIND, confirmed=False)])

    assert reach.broken == {}
    assert reach.pages.broken == {"dr-lind": {Way.SMS}}


def test_texts_that_were_stopped_are_broken_and_the_mail_of_the_same_person_is_not() -> None:
    ways = {Way.SMS: LIND.endpoint, Way.EMAIL: "lind@clinic.example"}
    site = a_clinic(**{"dr-lind": ways})
    policy = a_group(north=site)
    everything = [subscribed(each) for each in people_by_address(policy)]

    reach = reach_of(policy, everything, frozenset({"dr-lind"}))

    assert ways_of(site, "dr-lind", reach.pages) == (Way.EMAIL,)


ENDPOINTS = {
    Way.SMS: st.sampled_from(["+15550100001", "+15550100002", "+15550100003"]),
    Way.EMAIL: st.sampled_from(["one@clinic.example", "Two@clinic.example"]),
    Way.PAGER: st.sampled_from(
        ["https://pager.clinic.example/1", "https://pager.clinic.example/2"]
    ),
}
ROSTERS = st.dictionaries(
    st.sampled_from(sorted(MEMBERS)), st.fixed_dictionaries({}, optional=ENDPOINTS)
).map(lambda ways: a_group(north=a_clinic(**ways)))


def told(before: tuple[Found, ...], policy: Policy) -> tuple[Found, ...]:
    """What SNS has once it was told of a roster."""
    kept = {each.subscription.address: each for each in before}
    wanted = people_by_address(policy)
    for change in changes(wanted, (), before, DEAD_LETTERS):
        if change.deed is Deed.REMOVE:
            del kept[change.address]
        else:
            known = kept[change.address].attributes if change.arn else {}
            attributes = {**known, **change.attributes}
            kept[change.address] = Found(subscribed(change.address), attributes)
    return tuple(kept.values())


@given(first=ROSTERS, then=ROSTERS)
def test_whatever_was_there_before_the_topics_hear_by_the_roster_and_a_second_run_changes_nothing(
    first: Policy, then: Policy
) -> None:
    found = told(told((), first), then)

    assert {each.subscription.address: set(each.people) for each in found} == people_by_address(
        then
    )
    assert list(changes(people_by_address(then), (), found, DEAD_LETTERS)) == []
    assert reach_of(then, [each.subscription for each in found]).pages.broken == {}
