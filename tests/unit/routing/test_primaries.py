"""Who of a resolver group gets a ticket first."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.builders import MEMBERS, MONDAY_MORNING, TEAMS, a_site
from triagewire.policy.model import Site
from triagewire.policy.people import pair_problems
from triagewire.policy.roster import Member, Pair
from triagewire.routing.balance import Crew, Load, Wanted, choose_member
from triagewire.verdict import Urgency

STANDARD, URGENT = Urgency.ADMINISTRATIVE_STANDARD, Urgency.CLINICAL_URGENT
IT = {
    "ivo": Member(name="Ivo Marsh", teams=("it",), capacity=4),
    "ida": Member(name="Ida Frank", teams=("it",)),
    "ike": Member(name="Ike Odum", teams=("it",)),
}
GROUPS = {"it_ehr": Pair(primary="ike", secondary="ida")}


def site(**members: Member) -> Site:
    team = replace(TEAMS["it"], primary="ivo", secondary="ida", groups=GROUPS)
    return a_site(teams={**TEAMS, "it": team}, members={**MEMBERS, **IT, **members})


def given(
    group: str, loads: Mapping[str, int] = {}, urgency: Urgency = STANDARD, **members: Member
) -> tuple[str | None, str]:
    carried = {who: Load(member=who, weight=weight) for who, weight in loads.items()}
    place = site(**members)
    crew = Crew(site=place, team="it", now=MONDAY_MORNING, loads=carried)
    return choose_member(crew, Wanted(urgency=urgency, group=group))


AWAY = {who: replace(member, away=True) for who, member in IT.items()}


def test_the_primary_gets_it_even_with_more_on_the_desk() -> None:
    assert given("it_access", {"ivo": 3, "ida": 0}) == ("ivo", "primary of it")


def test_a_group_of_the_queue_may_have_a_pair_of_its_own() -> None:
    assert given("it_ehr") == ("ike", "primary of it_ehr")


def test_the_secondary_gets_it_while_the_primary_is_off_duty() -> None:
    why = "secondary of it: the primary is off duty or at capacity"

    assert given("it_access", ivo=AWAY["ivo"]) == ("ida", why)


def test_the_secondary_gets_it_while_the_primary_is_at_capacity() -> None:
    assert given("it_access", {"ivo": 4, "ida": 9})[0] == "ida"


def test_without_either_of_them_it_goes_by_load() -> None:
    assert given("it_access", ivo=AWAY["ivo"], ida=AWAY["ida"]) == (
        "ike",
        "least loaded of 1 on duty",
    )


def test_with_nobody_on_duty_nobody_gets_it() -> None:
    nobody = (None, "nobody of the team is on duty")

    assert given("it_access", {}, STANDARD, **AWAY) == nobody


def test_capacity_keeps_no_urgent_ticket_from_the_primary() -> None:
    assert given("it_access", {"ivo": 40}, URGENT)[0] == "ivo"


def test_a_team_without_a_pair_goes_by_load() -> None:
    loads = {
        who: Load(member=who, weight=w) for who, w in {"nick": 8, "nell": 4, "rhea": 9}.items()
    }
    crew = Crew(site=site(), team="clinical", now=MONDAY_MORNING, loads=loads)

    assert choose_member(crew, Wanted(urgency=STANDARD, group="clinical")) == (
        "nell",
        "least loaded of 2 on duty",
    )


# What a policy may say


def problems(**changes: object) -> list[str]:
    team = replace(TEAMS["it"], **changes)  # type: ignore[arg-type]
    place = a_site(teams={**TEAMS, "it": team}, members={**MEMBERS, **IT})
    return [f"{'.'.join(map(str, where))}: {what}" for where, what in pair_problems(place)]


def test_two_members_of_the_team_are_a_pair() -> None:
    assert problems(primary="ivo", secondary="ida", groups=GROUPS) == []


def test_nobody_need_be_named() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"primary": "zoe", "secondary": "ida"}, "teams.it.primary: zoe is not among the members"),
        ({"primary": "ivo", "secondary": "bela"}, "teams.it.secondary: bela is not in the team it"),
        (
            {"primary": "ivo", "secondary": "ivo"},
            "teams.it.secondary: must be somebody else than the primary",
        ),
        (
            {"primary": "ivo"},
            "teams.it: needs a secondary too: with one of them away nobody would be next",
        ),
        (
            {"secondary": "ivo"},
            "teams.it: needs a primary too: with one of them away nobody would be next",
        ),
        (
            {"groups": {"billing": Pair(primary="ivo", secondary="ida")}},
            "teams.it.groups.billing: it does not handle billing",
        ),
        ({"groups": {"it_ehr": Pair()}}, "teams.it.groups.it_ehr: needs a primary"),
    ],
)
def test_a_pair_that_could_leave_a_ticket_with_nobody_is_refused(
    changes: dict[str, object], problem: str
) -> None:
    assert problems(**changes) == [problem]
