"""What is no longer told, because of what was done between the decision and the sending."""

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import AT_NIGHT, a_ticket, a_verdict, minutes
from tests.unit.flow.post import a_notice
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.owed import still_owed
from triagewire.ticket import Escalation, Status, Ticket

LATER = AT_NIGHT + minutes(1)
EARLIER = AT_NIGHT - minutes(1)
OF_WORK = [
    *(NoticeKind.PAGE, NoticeKind.BREACH, NoticeKind.LADDER, NoticeKind.REMINDER),
    *(NoticeKind.FOREWARNING, NoticeKind.BOUNCED),
]


def a_ticket_now(**changes: Any) -> Ticket:  # noqa: ANN401
    """A clinical urgent ticket, as it is when its notice is to be sent."""
    return replace(a_ticket(a_verdict(5), at=AT_NIGHT), **changes)


def answered_at_once() -> Ticket:
    """Somebody has called the requester."""
    ticket = a_ticket_now()
    assert ticket.clock is not None
    return replace(ticket, clock=replace(ticket.clock, stopped_at=LATER))


@pytest.mark.parametrize("kind", OF_WORK)
def test_what_nobody_has_touched_since_is_told(kind: NoticeKind) -> None:
    assert still_owed(a_notice(kind), a_ticket_now())


@pytest.mark.parametrize("kind", [*OF_WORK, NoticeKind.DIGEST, NoticeKind.ACKNOWLEDGED])
@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.MERGED])
def test_nobody_is_told_of_what_is_over(kind: NoticeKind, status: Status) -> None:
    assert not still_owed(a_notice(kind), a_ticket_now(status=status))


@pytest.mark.parametrize("kind", [NoticeKind.PAGE, NoticeKind.LADDER])
def test_an_acknowledgement_since_the_decision_silences_the_ladder(kind: NoticeKind) -> None:
    heard = a_ticket_now(escalation=Escalation(acknowledged_at=LATER))

    assert not still_owed(a_notice(kind), heard)


def test_a_page_that_follows_an_expired_acknowledgement_is_told() -> None:
    expired = a_ticket_now(escalation=Escalation(acknowledged_at=EARLIER))

    assert still_owed(a_notice(), expired)


def test_who_has_acknowledged_is_paged_no_more_while_others_are_still_to_do_so() -> None:
    asked = a_ticket_now(escalation=Escalation(awaited=("nora", "nick"), heard_by=("nora",)))

    assert not still_owed(a_notice(), asked)
    assert still_owed(a_notice(person="nick"), asked)


def test_a_breach_is_told_although_somebody_has_acknowledged_since() -> None:
    heard = a_ticket_now(escalation=Escalation(acknowledged_at=LATER))

    assert still_owed(a_notice(NoticeKind.BREACH), heard)


@pytest.mark.parametrize("kind", [NoticeKind.PAGE, NoticeKind.REMINDER, NoticeKind.DIGEST])
def test_an_answer_makes_it_needless(kind: NoticeKind) -> None:
    assert not still_owed(a_notice(kind), answered_at_once())


@pytest.mark.parametrize("kind", [NoticeKind.REMINDER, NoticeKind.FOREWARNING])
def test_fresh_work_makes_a_nudge_needless_and_older_work_does_not(kind: NoticeKind) -> None:
    assert not still_owed(a_notice(kind), a_ticket_now(worked_at=LATER))
    assert still_owed(a_notice(kind), a_ticket_now(worked_at=EARLIER))


def test_who_has_handed_a_ticket_on_is_not_reminded_of_it() -> None:
    reminder = a_notice(NoticeKind.REMINDER, assignee="nora")

    assert not still_owed(reminder, a_ticket_now(assignee="nick"))
    assert still_owed(reminder, a_ticket_now(assignee="nora"))


def test_that_somebody_acknowledged_is_not_told_once_it_pages_again() -> None:
    heard = a_ticket_now(escalation=Escalation(acknowledged_at=LATER))

    assert still_owed(a_notice(NoticeKind.ACKNOWLEDGED), heard)
    assert not still_owed(a_notice(NoticeKind.ACKNOWLEDGED), a_ticket_now())


def test_a_digest_leaves_out_what_went_to_another_team() -> None:
    assert not still_owed(a_notice(NoticeKind.DIGEST), a_ticket_now(team="billing"))


def test_a_ticket_that_is_not_there_is_told_to_nobody() -> None:
    assert not still_owed(a_notice(), None)
