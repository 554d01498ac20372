"""The examination of a month: what stands out is named, whatever order the events come in."""

import csv
import io
import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.ledger_examined import Asked, as_csv, as_page, as_text
from tests.builders import MEMBERS, MONDAY_MORNING, a_policy, a_site, minutes
from triagewire.ledger.chain import digest
from triagewire.ledger.event import Action, Detail, Event
from triagewire.ledger.examination import LEAST_BURST, Examination, Examined

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
POLICY = replace(a_policy(), sites={"north": a_site(members=MEMBERS)})
AT_NIGHT = MONDAY_MORNING + timedelta(hours=14)
"""Nobody is at the clinic."""


def an_event(
    action: Action,
    who: str = "staff:nick",
    at: datetime = MONDAY_MORNING,
    subject: str = "TICKET#T1",
    sequence: int = 1,
    why: str = "opened",
    **detail: Detail,
) -> Event:
    event = Event(
        subject=subject,
        sequence=sequence,
        at=at,
        actor=who,
        action=action,
        why=why,
        detail={"site": "north", **detail},
        policy_version=1,
        request_id="request-1",
        previous="",
    )
    return replace(event, hash=digest(event))


def a_view(who: str, ticket: str, at: datetime = MONDAY_MORNING, **detail: Detail) -> Event:
    event = an_event(Action.VIEWED, f"staff:{who}", at, f"TICKET#{ticket}")
    event = replace(event, detail={**event.detail, "team": "clinical", **detail})
    return replace(event, hash=digest(event))


def examined(*events: Event, site: str = "") -> Examined:
    examination = Examination(FIRST, LAST, lambda _version: POLICY, site)
    for event in events:
        examination.add(event)
    return examination.examined()


def kinds(found: Examined) -> dict[str, int]:
    return {each.kind: each.count for each in found.findings}


def test_ones_own_work_in_ones_own_team_at_work_raises_nothing() -> None:
    found = examined(a_view("nick", "T1"), an_event(Action.RESOLVED, sequence=2, why="done"))

    assert found.findings == ()
    assert (found.events, found.people[0].views) == (2, 1)


def test_a_look_at_a_ticket_that_stood_in_another_team_is_named() -> None:
    assert kinds(examined(a_view("nick", "T1", team="billing"))) == {"outside": 1}


def test_what_a_role_allows_is_named_last() -> None:
    found = examined(a_view("nora", "T1", team="billing"), a_view("nick", "T2", team="billing"))

    assert [(each.who, each.kind) for each in found.findings] == [
        ("staff:nick", "outside"),
        ("staff:nora", "overseen"),
    ]


def test_a_look_while_the_site_is_closed_is_named_unless_one_is_on_call() -> None:
    found = examined(a_view("nick", "T1", AT_NIGHT), a_view("dr-okafor", "T1", AT_NIGHT))

    late = {each.who: (each.after_hours, each.on_call_hours) for each in found.people}
    assert late == {"staff:nick": (1, 0), "staff:dr-okafor": (0, 1)}


def test_many_tickets_in_an_hour_stand_out_against_ones_own_usual() -> None:
    usual = [
        a_view("nick", f"D{day}-{n}", MONDAY_MORNING + timedelta(days=day))
        for day in range(5)
        for n in range(3)
    ]
    bulk = [
        a_view("nick", f"B{n}", MONDAY_MORNING + timedelta(days=7) + minutes(n))
        for n in range(LEAST_BURST + 10)
    ]

    found = examined(*usual, *bulk)

    (burst,) = (each for each in found.findings if each.kind == "burst")
    assert burst.count == LEAST_BURST + 10
    assert "where 3 are usual" in burst.words


def test_who_always_looks_at_many_is_no_burst() -> None:
    steady = [
        a_view("nick", f"D{day}-{n}", MONDAY_MORNING + timedelta(days=day, minutes=n))
        for day in range(5)
        for n in range(LEAST_BURST + 5)
    ]

    assert "burst" not in kinds(examined(*steady))


def test_looking_again_and_again_at_a_ticket_that_one_does_nothing_to_is_named() -> None:
    looks = [a_view("nick", "T1", MONDAY_MORNING + minutes(n)) for n in range(12)]
    worked = [a_view("nell", "T2", MONDAY_MORNING + minutes(n)) for n in range(12)]
    claim = an_event(Action.CLAIMED, "staff:nell", subject="TICKET#T2", sequence=50)

    found = examined(*looks, *worked, claim)

    assert [(each.who, each.kind) for each in found.findings] == [("staff:nick", "repeated")]
    assert "T1 (12 times)" in found.findings[0].words


def test_emergency_access_and_ones_own_request_come_before_everything_else() -> None:
    found = examined(
        an_event(Action.DENIED, subject="DENIED#north#nick", why="no right to see it"),
        a_view("nick", "T1", own=True),
        an_event(Action.EMERGENCY_STARTED, subject="SESSION#1", why="nobody_reached"),
    )

    assert [each.kind for each in found.findings] == ["emergency", "own", "denied"]
    assert [each.action for each in found.notes] == [Action.EMERGENCY_STARTED]


def test_a_sign_in_counts_as_late_while_every_site_of_theirs_is_closed() -> None:
    late = an_event(Action.SIGNED_IN, at=AT_NIGHT, subject="SESSION#1")
    early = an_event(Action.SIGNED_IN, subject="SESSION#2")

    (person,) = examined(late, early).people
    assert (person.sign_ins, person.late_sign_ins) == (2, 1)


def test_other_months_and_sites_are_left_out_and_a_copy_counts_once() -> None:
    once = a_view("nick", "T1")
    before = a_view("nick", "T2", MONDAY_MORNING - timedelta(days=30))
    elsewhere = a_view("nick", "T3", site="west")

    found = examined(once, once, before, elsewhere, site="north")

    assert found.events == 1


def test_a_policy_that_nobody_can_read_any_more_hides_no_view() -> None:
    examination = Examination(FIRST, LAST, lambda _version: None)
    examination.add(a_view("nick", "T1", AT_NIGHT))

    (person,) = examination.examined().people
    assert (person.views, person.after_hours) == (1, 0)


ANY_EVENT = st.builds(
    lambda who, ticket, action, minute, team, sequence: an_event(
        action,
        f"staff:{who}",
        MONDAY_MORNING + minutes(minute),
        f"TICKET#{ticket}",
        sequence,
        team=team,
    ),
    st.sampled_from(["nick", "nora", "gone"]),
    st.sampled_from(["T1", "T2", "T3"]),
    st.sampled_from([Action.VIEWED, Action.DENIED, Action.CLAIMED, Action.PURGED]),
    st.integers(0, 60 * 24),
    st.sampled_from(["clinical", "billing"]),
    st.integers(1, 10_000),
)


@given(st.lists(ANY_EVENT, max_size=40, unique_by=lambda event: event.hash), st.randoms())
def test_neither_the_order_nor_a_second_copy_changes_what_is_found(
    events: list[Event], chance: random.Random
) -> None:
    shuffled = [*events, *events]
    chance.shuffle(shuffled)

    one, other = examined(*events), examined(*shuffled)

    assert one.findings == other.findings
    assert one.events == len(events) == other.events
    assert sum(each.views for each in one.people) == one.counts[Action.VIEWED]


ASKED = Asked(month="2026-03", site="all sites", by="administrator:ana", at=MONDAY_MORNING)


@pytest.mark.parametrize("bad", ["=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "-2", "\t=1"])
def test_no_cell_of_the_tables_is_a_formula(bad: str) -> None:
    found = examined(an_event(Action.EXPORTED, bad, why=bad), a_view(bad, "T1", team="billing"))

    for _, text in as_csv(found):
        for row in csv.reader(io.StringIO(text)):
            assert not any(each.lstrip().startswith(("=", "+", "-", "@")) for each in row)


def test_the_page_and_the_lines_say_what_to_look_at_first() -> None:
    found = examined(
        a_view("nick<b>", "T1", team="billing"), an_event(Action.PURGED, why="retention_over")
    )

    page, lines = "".join(as_page(ASKED, found)), "\n".join(as_text(ASKED, found))

    assert "&lt;b&gt;" in page
    assert "nick<b>" not in page
    assert "looked at tickets of teams that are not theirs" in lines
    assert "Nothing here is proof of wrong" in lines
    assert "took its messages away: retention over" in lines
