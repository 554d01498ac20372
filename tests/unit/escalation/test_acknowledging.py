"""What an acknowledgement does to an escalation: who falls silent, and who hears of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import LADDERS, MONDAY_MORNING, a_new_ticket, a_ticket, a_verdict, minutes
from triagewire.clock.segments import answered
from triagewire.escalation.acknowledging import (
    Standing,
    awaited,
    escalates,
    heard,
    standing,
    tell_the_others,
)
from triagewire.escalation.notice import NoticeKind
from triagewire.ticket import Escalation, Status, Ticket

LATER = MONDAY_MORNING + minutes(3)
PAGED = Escalation(pages=2, paged_at=MONDAY_MORNING, paged=("nick", "nora", "dr-okafor"))
URGENT = a_ticket(a_verdict(5), assignee="nick", escalation=PAGED)
OF_ALL = a_ticket(
    a_verdict(5),
    escalation=replace(PAGED, awaited=("nick", "nell"), paged=("nora", "nick", "nell")),
)
BREACHED = Escalation(breached_at=MONDAY_MORNING, told_at=MONDAY_MORNING)


def test_an_acknowledgement_says_who_and_when() -> None:
    told = heard(URGENT, "nora", LATER).escalation

    assert (told.acknowledged_by, told.acknowledged_at) == ("nora", LATER)


def test_an_acknowledgement_answers_nobody_and_takes_nothing_up() -> None:
    after = heard(URGENT, "nora", LATER)

    assert replace(after, escalation=URGENT.escalation) == URGENT


def test_where_everyone_is_asked_the_first_does_not_silence_the_others() -> None:
    after = heard(OF_ALL, "nick", LATER)

    assert after.escalation.acknowledged_at is None
    assert awaited(after) == ("nell",)
    assert (standing(after, "nick"), standing(after, "nell")) == (Standing.HEARD, Standing.ASKED)


def test_where_everyone_is_asked_the_last_acknowledges_for_all() -> None:
    after = heard(heard(OF_ALL, "nell", LATER), "nick", LATER)

    assert (after.escalation.acknowledged_by, awaited(after)) == ("nick", ())
    assert standing(after, "nell") is Standing.ACKNOWLEDGED


def test_somebody_who_is_not_asked_silences_nobody_who_is() -> None:
    assert awaited(heard(OF_ALL, "nora", LATER)) == ("nick", "nell")


def test_those_of_a_team_that_has_the_ticket_no_more_are_not_awaited() -> None:
    moved = replace(OF_ALL.escalation, ladders=LADDERS, ladders_of="billing/3")
    ticket = replace(OF_ALL, escalation=moved)

    assert heard(ticket, "nora", LATER).escalation.acknowledged_by == "nora"


@given(st.permutations(["nick", "nell", "nora"]))
def test_whatever_the_order_it_is_silent_with_the_last(order: list[str]) -> None:
    ticket = replace(
        OF_ALL, escalation=replace(OF_ALL.escalation, awaited=("nick", "nell", "nora"))
    )

    for person in order:
        assert ticket.escalation.acknowledged_at is None
        ticket = heard(ticket, person, LATER)

    assert ticket.escalation.acknowledged_by == order[-1]


def test_those_who_were_paged_hear_of_it_and_not_who_did_it() -> None:
    notices = tell_the_others(heard(URGENT, "nora", LATER), "nora", LATER)

    assert [notice.person for notice in notices] == ["nick", "dr-okafor"]
    assert {(notice.kind, notice.by) for notice in notices} == {(NoticeKind.ACKNOWLEDGED, "nora")}


def test_who_has_acknowledged_before_is_not_told_that_the_others_have() -> None:
    after = heard(heard(OF_ALL, "nell", LATER), "nick", LATER)

    assert [notice.person for notice in tell_the_others(after, "nick", LATER)] == ["nora"]


def test_nobody_hears_of_it_while_somebody_is_awaited() -> None:
    assert tell_the_others(heard(OF_ALL, "nick", LATER), "nick", LATER) == ()


def test_nobody_hears_of_it_who_was_not_paged() -> None:
    ticket = a_ticket(escalation=replace(BREACHED, told=("nora", "director")))

    assert tell_the_others(heard(ticket, "nora", LATER), "nora", LATER) == ()


@pytest.mark.parametrize(
    ("ticket", "runs"),
    [
        pytest.param(URGENT, True, id="clinical urgent"),
        pytest.param(a_ticket(a_verdict(5)), True, id="clinical urgent, not paged yet"),
        pytest.param(a_ticket(escalation=BREACHED), True, id="breached"),
        pytest.param(a_ticket(escalation=PAGED), True, id="paged before it was regraded"),
        pytest.param(a_ticket(escalation=Escalation(told=("nora",))), True, id="told of"),
        pytest.param(
            a_ticket(escalation=Escalation(resolution_breached_at=LATER)), True, id="not resolved"
        ),
        pytest.param(a_ticket(), False, id="in time"),
        pytest.param(
            answered(a_ticket(escalation=BREACHED), LATER), False, id="answered after the breach"
        ),
        pytest.param(replace(URGENT, status=Status.RESOLVED), False, id="resolved"),
        pytest.param(replace(URGENT, status=Status.WAITING), False, id="waiting"),
        pytest.param(a_new_ticket(), False, id="not scored yet"),
    ],
)
def test_what_people_are_told_of_can_be_acknowledged(ticket: Ticket, runs: bool) -> None:
    assert escalates(ticket) is runs
    assert (standing(ticket, "nora") is Standing.NOTHING) is not runs
