"""Who of the team gets it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import AT_NIGHT, MEMBERS, MONDAY_MORNING, a_site, minutes
from tests.strategies import instants
from triagewire.clock.calendar import Interval
from triagewire.policy.model import Member, Site
from triagewire.routing.duty import on_duty
from triagewire.routing.route import Load, choose_member
from triagewire.verdict import Urgency

STANDARD, URGENT = Urgency.CLINICAL_STANDARD, Urgency.CLINICAL_URGENT
NURSES = {f"nurse-{number}": Member(name="N", teams=("clinical",)) for number in range(4)}


def loaded(**weights: int) -> Mapping[str, Load]:
    return {member: Load(member=member, weight=weight) for member, weight in weights.items()}


def test_the_least_loaded_member_on_duty_gets_it() -> None:
    loads = loaded(nick=8, nell=4, rhea=9)

    member, _ = choose_member(a_site(), "clinical", STANDARD, loads, MONDAY_MORNING)

    assert member == "nell"


def test_of_equally_loaded_members_the_longest_idle_gets_it() -> None:
    at = MONDAY_MORNING
    loads = {
        "nick": Load(member="nick", weight=4, assigned_at=at - minutes(5)),
        "nell": Load(member="nell", weight=4, assigned_at=at - minutes(50)),
        "rhea": Load(member="rhea", weight=9),
    }

    assert choose_member(a_site(), "clinical", STANDARD, loads, at)[0] == "nell"


def test_nobody_gets_work_at_night() -> None:
    member, why = choose_member(a_site(), "clinical", STANDARD, {}, AT_NIGHT)

    assert (member, why) == (None, "nobody of the team is on duty")


def test_who_is_at_capacity_gets_nothing_more() -> None:
    full = {name: replace(member, capacity=4) for name, member in MEMBERS.items()}
    loads = loaded(nick=4, nell=5, rhea=4)

    member, why = choose_member(a_site(members=full), "clinical", STANDARD, loads, MONDAY_MORNING)

    assert (member, why) == (None, "everybody on duty is at capacity")


def test_an_urgent_ticket_asks_for_no_capacity() -> None:
    full = {name: replace(member, capacity=4) for name, member in MEMBERS.items()}
    loads = loaded(nick=4, nell=5, rhea=4)

    member, _ = choose_member(a_site(members=full), "clinical", URGENT, loads, MONDAY_MORNING)

    assert member in {"nick", "rhea"}


@given(instants, st.sets(st.sampled_from(sorted(NURSES))))
def test_whoever_gets_a_ticket_is_on_duty_and_of_the_team(at: datetime, away: set[str]) -> None:
    nurses = {name: replace(member, away=name in away) for name, member in NURSES.items()}
    shift = {"tue": (Interval(time(18), time(0)),), "sat": (Interval(time(6), time(12)),)}
    nurses["nurse-0"] = replace(nurses["nurse-0"], week=shift)
    site = a_site(members=nurses | {"other": Member(name="O", teams=("billing",))})

    member, _ = choose_member(site, "clinical", URGENT, {}, at)

    working = {name for name in nurses if on_duty(site, name, at)}
    assert member in working if working else member is None


@given(st.integers(1, 40), st.sampled_from([2, 3, 4, 5]))
def test_equal_tickets_are_spread_so_that_nobody_has_two_more_than_another(
    tickets: int, weight: int
) -> None:
    loads: dict[str, Load] = {}
    for number in range(tickets):
        now = MONDAY_MORNING + minutes(number)
        member, _ = choose_member(_staffed(), "clinical", Urgency(weight), loads, now)
        assert member is not None
        before = loads.get(member, Load(member=member))
        loads[member] = replace(before, weight=before.weight + weight, assigned_at=now)

    given_out = [loads.get(name, Load(member=name)).weight // weight for name in NURSES]
    assert sum(given_out) == tickets
    assert max(given_out) - min(given_out) <= 1


def _staffed() -> Site:
    return a_site(members=NURSES)
