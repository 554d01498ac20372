"""When a person last worked on a ticket: what they do counts, that they heard or looked does
not.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.aws.test_desk_calls import Desk, a_desk, the_policy
from tests.aws.test_desk_states import ALLOWED, OWNER, VERDICTS, fields_of, mergeable
from tests.builders import MONDAY_MORNING, a_ticket, minutes
from triagewire.escalation.timers import next_timer
from triagewire.ticket import AT_WORK, Status, Ticket

LATER = MONDAY_MORNING + minutes(4)
WORK = sorted(ALLOWED.keys() - {"acknowledge", "note"})
"""Who has heard, or written something down, has not worked on it yet."""


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """One desk for all: each test brings a ticket of its own."""
    with a_desk() as opened:
        yield opened


def a_ticket_for(desk: Desk, action: str) -> Ticket:
    """A ticket on which an action may be done."""
    allowed = ALLOWED[action]
    status = Status.ROUTED if allowed >= AT_WORK else min(allowed)
    ticket = a_ticket(
        VERDICTS.get(action),
        id=action.upper().ljust(26, "A"),
        status=status,
        assignee=OWNER,
        wake_at=MONDAY_MORNING + minutes(60) if status is Status.WAITING else None,
        resolved_at=MONDAY_MORNING if status is Status.RESOLVED else None,
    )
    return desk.store(ticket)


@pytest.mark.parametrize("action", WORK)
def test_every_act_of_staff_says_when_the_ticket_was_worked_on(desk: Desk, action: str) -> None:
    ticket = a_ticket_for(desk, action)
    if action == "merge":
        desk.store(a_ticket(id=mergeable(ticket.status)))

    desk.post(OWNER, f"/desk/tickets/{ticket.id}/{action}", fields_of(action, ticket.status), LATER)

    after = desk.ticket(ticket.id)
    assert after.worked_at == LATER
    assert after.timer == next_timer(after, the_policy().sites["north"])


def test_an_acknowledgement_is_no_work(desk: Desk) -> None:
    ticket = a_ticket_for(desk, "acknowledge")

    desk.act(OWNER, "acknowledge", ticket.id, LATER)

    after = desk.ticket(ticket.id)
    assert (after.escalation.acknowledged_at, after.worked_at) == (LATER, None)


def test_looking_is_no_work(desk: Desk) -> None:
    ticket = desk.store(a_ticket(id="LOOKED".ljust(26, "A")))

    desk.get(OWNER, f"/desk/tickets/{ticket.id}", LATER)

    assert desk.ticket(ticket.id).worked_at is None


def test_an_act_that_changes_nothing_is_no_work(desk: Desk) -> None:
    held = a_ticket(id="HELD".ljust(26, "A"), assignee=OWNER, accepted_at=MONDAY_MORNING)
    ticket = desk.store(replace(held, status=Status.ACCEPTED))

    desk.act(OWNER, "claim", ticket.id, LATER)

    assert desk.ticket(ticket.id).worked_at is None
