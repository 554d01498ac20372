"""Which queue: what scoring says, what the rules of the site say, and what no rule may do."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import (
    AT_NIGHT,
    MEMBERS,
    MONDAY_MORNING,
    TEAMS,
    a_message,
    a_site,
    a_ticket,
    a_verdict,
    for_review,
)
from tests.strategies import verdicts
from triagewire.arrival import Channel, StaffRequest
from triagewire.policy.model import AfterHours, Member, Role, RoutingRule, Site, Team, When
from triagewire.routing.queueing import (
    Facts,
    after_hours_owner,
    facts_of,
    fallbacks,
    may_own,
    queue_of,
    takes_clinical_work,
)
from triagewire.ticket import REVIEW
from triagewire.verdict import Urgency, Verdict

REFILLS = {"refills": Team(lead="nora")}
"""A queue of its own beside the clinical one, worked by some of the same people."""
STAFFED = MEMBERS | {
    "nick": Member(name="Nick Abara", teams=("clinical", "refills")),
    "pia": Member(name="Pia Lund", teams=("portal", "epic")),
}


def a_site_with(when: When, team: str = "", skill: str = "", **changes: Any) -> Site:  # noqa: ANN401
    """A clinic with a single routing rule, a queue for refills and one for the EHR."""
    rules = {"special": RoutingRule(when=when, team=team, skill=skill)}
    teams = TEAMS | REFILLS | {"epic": Team(lead="pia")}
    return replace(a_site(routing=rules, teams=teams, members=STAFFED), **changes)


EHR_DOWN = a_verdict(3, team="it_ehr", topic="clinical_system")
REFILL = a_verdict(4)


@pytest.mark.parametrize(
    ("verdict", "queue"),
    [
        (a_verdict(5), "clinical"),
        (a_verdict(4), "clinical"),
        (a_verdict(3), "billing"),
        (a_verdict(2), "scheduling"),
        (a_verdict(2, team="it_ehr", topic="ehr"), "it"),
        (for_review(candidate=4), REVIEW),
        (a_verdict(5, review=True), "clinical"),
        (a_verdict(2, team="pharmacy"), REVIEW),
    ],
    ids=[
        "chest pain",
        "refill",
        "prior authorisation",
        "appointment",
        "a team that another one stands in for",
        "doubt",
        "urgent, although in doubt",
        "a team that this site does not have",
    ],
)
def test_each_verdict_has_its_queue(verdict: Verdict, queue: str) -> None:
    assert queue_of(verdict, a_site()).team == queue


# What a rule asks for


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        (When(sources=("it-form",)), Facts(source="it-form")),
        (When(channels=("chat",)), Facts(channel="chat")),
        (When(topics=("clinical_system",)), Facts()),
        (When(teams=("it_ehr",)), Facts()),
        (When(applications=("Epic",)), Facts(application="Epic Hyperspace (prod)")),
        (When(departments=("front desk",)), Facts(department="Front Desk, 2nd floor")),
        (When(languages=("en",)), Facts()),
        (When(usual_teams=("it",)), Facts(usual_team="it")),
        (When(sources=("chat", "IT-Form")), Facts(source="it-form")),
    ],
    ids=[
        "source",
        "channel",
        "topic",
        "verdict team",
        "application",
        "department",
        "language",
        "usual team",
        "one of several values, whatever the case",
    ],
)
def test_a_rule_that_describes_a_request_sends_it_to_its_team(when: When, facts: Facts) -> None:
    to = queue_of(EHR_DOWN, a_site_with(when, team="epic"), facts)

    assert (to.team, to.why) == ("epic", "routing rule special sends it to epic")


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        (When(), Facts(source="it-form", application="Epic")),
        (When(sources=("",)), Facts()),
        (When(applications=("",)), Facts(application="Epic")),
        (When(applications=("--",)), Facts(application="Epic -- prod")),
        (When(departments=(" ",)), Facts()),
        (When(usual_teams=("",)), Facts()),
        (When(languages=("",)), Facts()),
    ],
    ids=[
        "nothing is asked",
        "a blank source",
        "a blank application",
        "an application without a letter",
        "a blank department, and none stated",
        "a blank team, and no usual one",
        "a blank language",
    ],
)
def test_blank_never_matches(when: When, facts: Facts) -> None:
    assert queue_of(EHR_DOWN, a_site_with(when, team="epic"), facts).team == "it"


def test_every_field_of_a_rule_must_match() -> None:
    site = a_site_with(When(applications=("Epic",), departments=("lab",)), team="epic")

    assert queue_of(EHR_DOWN, site, Facts(application="Epic", department="Lab")).team == "epic"
    assert queue_of(EHR_DOWN, site, Facts(application="Epic", department="Ward 3")).team == "it"


@pytest.mark.parametrize("stated", ["Epicor ERP", "repic", "Ep ic", "Hyperspace"])
def test_applications_match_by_whole_words(stated: str) -> None:
    site = a_site_with(When(applications=("Epic",)), team="epic")

    assert queue_of(EHR_DOWN, site, Facts(application=stated)).team == "it"


def test_a_name_of_two_words_matches_as_it_stands_and_not_scattered() -> None:
    site = a_site_with(When(departments=("front desk",)), team="epic")

    assert queue_of(EHR_DOWN, site, Facts(department="the front-desk")).team == "epic"
    assert queue_of(EHR_DOWN, site, Facts(department="desk at the front")).team == "it"


def test_a_language_matches_whatever_its_country() -> None:
    site = a_site_with(When(languages=("pt-BR",)), team="epic")

    assert queue_of(replace(EHR_DOWN, language="pt"), site).team == "epic"
    assert queue_of(EHR_DOWN, site).team == "it"


def test_the_first_rule_that_matches_wins() -> None:
    rules = {
        "lab": RoutingRule(when=When(departments=("lab",)), team="billing"),
        "ehr": RoutingRule(when=When(teams=("it_ehr",)), team="epic"),
        "all-it": RoutingRule(when=When(teams=("it_ehr",)), team="portal"),
    }

    assert queue_of(EHR_DOWN, a_site_with(When(), routing=rules)).team == "epic"


def test_a_skill_alone_leaves_the_queue_as_it_is() -> None:
    to = queue_of(EHR_DOWN, a_site_with(When(topics=("clinical_system",)), skill="interfaces"))

    assert (to.team, to.skill) == ("it", "interfaces")
    assert to.why == "clinical_system is handled by it; routing rule special asks for a skill"


def test_a_rule_may_name_a_team_and_a_skill() -> None:
    site = a_site_with(When(topics=("clinical_system",)), team="epic", skill="interfaces")

    assert queue_of(EHR_DOWN, site).skill == "interfaces"


def test_what_no_team_handles_may_have_a_queue_by_a_rule() -> None:
    strange = a_verdict(2, team="pharmacy", topic="delivery")

    assert queue_of(strange, a_site_with(When(teams=("pharmacy",)), team="billing")).team == (
        "billing"
    )


def test_the_reason_repeats_nothing_of_the_request() -> None:
    stated = "Epic, as Ada Marlow 555-0144 saw it"
    site = a_site_with(When(applications=("Epic",)), team="epic")

    to = queue_of(EHR_DOWN, site, Facts(application=stated, department="Ward of Ada Marlow"))

    assert to.team == "epic"
    assert "Marlow" not in to.why
    assert "Epic" not in to.why


# What no rule may do


def test_no_rule_moves_what_is_clinical_urgent() -> None:
    to = queue_of(a_verdict(5), a_site_with(When(topics=("symptom",)), team="refills"))

    assert to.team == "clinical"
    assert "routing rule special is passed over: it may not move what is clinical urgent" in to.why


def test_an_urgent_ticket_may_ask_for_a_skill() -> None:
    to = queue_of(a_verdict(5), a_site_with(When(topics=("symptom",)), skill="cardiology"))

    assert (to.team, to.skill) == ("clinical", "cardiology")


def test_no_rule_takes_a_ticket_out_of_review() -> None:
    site = a_site_with(When(teams=("scheduling",)), team="scheduling", skill="forms")

    assert queue_of(for_review(), site).team == REVIEW
    assert queue_of(for_review(), site).skill == ""


def test_clinical_work_may_go_to_a_team_whose_members_are_all_in_the_clinical_one() -> None:
    assert queue_of(REFILL, a_site_with(When(topics=("refill",)), team="refills")).team == "refills"


def test_clinical_work_goes_to_nobody_who_may_not_open_it() -> None:
    to = queue_of(REFILL, a_site_with(When(topics=("refill",)), team="scheduling"))

    assert to.team == "clinical"
    assert to.why == (
        "refill is handled by clinical; "
        "routing rule special is passed over: scheduling takes no clinical work"
    )


def test_one_member_outside_the_clinical_team_keeps_clinical_work_out_of_a_queue() -> None:
    mixed = STAFFED | {"sami": replace(MEMBERS["sami"], teams=("scheduling", "refills"))}
    site = a_site_with(When(topics=("refill",)), team="refills", members=mixed)

    assert not takes_clinical_work(site, "refills")
    assert queue_of(REFILL, site).team == "clinical"


def test_what_may_be_clinical_counts_as_clinical() -> None:
    unsure = a_verdict(2, candidate=Urgency.CLINICAL_STANDARD)

    assert queue_of(unsure, a_site_with(When(teams=("scheduling",)), team="billing")).team == (
        "scheduling"
    )


def test_a_rule_that_is_passed_over_lets_the_next_one_try() -> None:
    rules = {
        "wrong": RoutingRule(when=When(topics=("refill",)), team="billing"),
        "empty": RoutingRule(when=When(topics=("refill",))),
        "right": RoutingRule(when=When(topics=("refill",)), team="refills"),
    }

    assert queue_of(REFILL, a_site_with(When(), routing=rules)).team == "refills"


def test_a_rule_whose_team_is_gone_puts_the_ticket_before_a_person() -> None:
    to = queue_of(EHR_DOWN, a_site_with(When(teams=("it_ehr",)), team="epic-experts"))

    assert to.team == REVIEW
    assert to.why == "routing rule special names a team that this site does not have"


values = st.sampled_from(["", " ", "portal", "ehr", "refill", "symptom", "clinical", "Epic", "es"])
several = st.lists(values, max_size=2).map(tuple)
whens = st.builds(
    When,
    sources=several,
    channels=several,
    topics=several,
    teams=several,
    applications=several,
    departments=several,
    languages=several,
    usual_teams=several,
)
names = st.sampled_from(["", "clinical", "refills", "scheduling", "review", "nowhere", "epic"])
rule_sets = st.dictionaries(
    st.text(min_size=1, max_size=5), st.builds(RoutingRule, when=whens, team=names, skill=values)
)
requests = st.builds(
    Facts,
    source=values,
    channel=values,
    application=values,
    department=values,
    usual_team=values,
)


@given(verdicts, rule_sets, requests)
def test_whatever_the_rules_say_no_ticket_is_lost_or_shown_to_the_wrong_people(
    verdict: Verdict, rules: Mapping[str, RoutingRule], facts: Facts
) -> None:
    site = a_site_with(When(), routing=rules)

    to = queue_of(verdict, site, facts)

    assert to.team in site.teams
    assert to.why
    if verdict.score is Urgency.CLINICAL_URGENT:
        assert to.team == "clinical"
    elif verdict.review:
        assert to.team == REVIEW
    elif verdict.score >= Urgency.CLINICAL_STANDARD:
        assert takes_clinical_work(site, to.team)


@given(verdicts, requests)
def test_a_rule_without_conditions_changes_nothing(verdict: Verdict, facts: Facts) -> None:
    blank = When(sources=("",), applications=("", " "))
    plain = queue_of(verdict, a_site_with(When(), routing={}), facts)

    for when in (When(), blank):
        assert queue_of(verdict, a_site_with(when, team="epic", skill="any"), facts) == plain


# The facts of a request


def test_the_facts_are_those_of_the_ticket_and_of_its_first_message() -> None:
    asked = StaffRequest(application="Epic", department="Lab")
    message = a_message(channel=Channel.CHAT, staff_request=asked)

    facts = facts_of(a_ticket(source="it-form"), message, "it")

    assert facts == Facts(
        source="it-form", channel="chat", application="Epic", department="Lab", usual_team="it"
    )


def test_without_the_message_the_channel_is_that_of_the_ticket() -> None:
    assert facts_of(a_ticket()) == Facts(source="portal", channel="ehr")


# Who stands in for a team


def with_fallbacks(**fallback: str) -> Site:
    teams = {
        name: replace(team, fallback=fallback.get(name, ""))
        for name, team in (TEAMS | REFILLS).items()
    }
    return a_site(teams=teams, members=STAFFED)


def test_fallbacks_are_walked_to_the_end_of_the_chain() -> None:
    site = with_fallbacks(portal="scheduling", scheduling="billing")

    assert fallbacks(site, "portal") == ("scheduling", "billing")
    assert fallbacks(site, "billing") == ()


def test_a_chain_that_comes_back_to_itself_ends() -> None:
    site = with_fallbacks(portal="scheduling", scheduling="billing", billing="portal")

    assert fallbacks(site, "portal") == ("scheduling", "billing")


def test_clinical_work_falls_back_to_those_only_who_may_open_it() -> None:
    site = with_fallbacks(refills="scheduling", scheduling="clinical")

    assert fallbacks(site, "refills") == ("clinical",)


def test_what_a_person_must_judge_has_no_fallback_and_is_none() -> None:
    site = with_fallbacks(review="clinical", portal="review")

    assert fallbacks(site, REVIEW) == ()
    assert fallbacks(site, "portal") == ()


def test_a_fallback_that_is_gone_ends_the_chain() -> None:
    assert fallbacks(with_fallbacks(portal="nowhere"), "portal") == ()
    assert fallbacks(with_fallbacks(), "nowhere") == ()


# After hours

ON_CALL = {"clinical_standard": AfterHours.ON_CALL, "self_serve": AfterHours.WAIT}


def test_the_provider_on_call_gets_what_the_policy_says_while_the_site_is_closed() -> None:
    site = a_site(after_hours=ON_CALL)

    assert after_hours_owner(site, Urgency.CLINICAL_STANDARD, AT_NIGHT) == "dr-okafor"


def test_while_the_site_is_open_nobody_gets_work_for_being_on_call() -> None:
    site = a_site(after_hours=ON_CALL)

    assert after_hours_owner(site, Urgency.CLINICAL_STANDARD, MONDAY_MORNING) is None


@pytest.mark.parametrize("urgency", [Urgency.SELF_SERVE, Urgency.ADMINISTRATIVE_URGENT])
def test_what_waits_after_hours_has_no_owner_by_night(urgency: Urgency) -> None:
    assert after_hours_owner(a_site(after_hours=ON_CALL), urgency, AT_NIGHT) is None


def test_a_provider_on_call_gets_nothing_that_they_may_not_open() -> None:
    site = a_site(after_hours=ON_CALL)
    nurse = replace(site, on_call=replace(site.on_call, rota=("nick",)))

    at = AT_NIGHT
    assert after_hours_owner(nurse, Urgency.CLINICAL_STANDARD, at, "clinical") == "nick"
    assert after_hours_owner(nurse, Urgency.CLINICAL_STANDARD, at, "billing") is None


def test_who_leads_may_own_the_tickets_of_every_team() -> None:
    site = a_site(members=MEMBERS | {"audit": Member(name="A", roles=(Role.AUDITOR,))})

    assert may_own(site, "dr-okafor", "billing")
    assert may_own(site, "bela", "billing")
    assert not may_own(site, "nick", "billing")
    assert not may_own(site, "audit", "billing")
    assert not may_own(site, "nobody", "billing")
