"""What holds of a clinic once its troubles are over."""

from tests.builders import minutes
from tests.holds import it_has_its_timer, nothing_was_told_twice, what_is_late_was_told
from tests.unit.escalation.nights import Night
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status, Ticket

TICKET = ticket_pk("")
STEP = minutes(5)
"""The wait of the ladder of pages."""


def holds(night: Night, repeated: int) -> bool:
    """All that must be true of a clinic whose troubles are over."""
    for ticket in night.tickets():
        assert ticket.status is not Status.NEW, ticket
        it_has_its_timer(ticket)
        what_is_late_was_told(ticket, night.now)
        _urgent_was_paged(night, ticket)
    assert night.left_to_tell() == night.forgotten() == []
    _nothing_was_lost(night)
    _messages_are_repeated_at_most(night, repeated)
    for subject in night.subjects():
        _chain_is_whole(night, subject)
    return True


def _urgent_was_paged(night: Night, ticket: Ticket) -> None:
    """Who is urgent was paged, and again within the wait of the ladder while nobody has heard."""
    told = ticket.escalation
    answered = ticket.clock is not None and ticket.clock.stopped_at is not None
    if ticket.must_page and not answered and told.acknowledged_at is None:
        assert told.paged_at is not None
        assert night.now - told.paged_at <= STEP + minutes(1)
        assert any(name.startswith(f"{ticket.id}-") for name, _ in night.wire.sent)


def _nothing_was_lost(night: Night) -> None:
    """Whatever the ledger of a ticket says that somebody is told was sent, or was thrown away for a
    reason that the ledger names, or still waits for the opening. What was sent is recorded.
    """
    decided: set[str] = set()
    recorded: set[str] = set()
    for subject in night.subjects():
        events = night.ledger(subject)
        for event in events:
            names = event.detail.get("notices")
            if isinstance(names, list) and event.action in (Action.TOLD, Action.NOTICE_DROPPED):
                recorded |= set(names)
            elif isinstance(names, list) and subject.startswith(TICKET):
                decided |= set(names)
        if subject.startswith(TICKET):
            nothing_was_told_twice(events)
    assert {name for name, _ in night.wire.sent} <= recorded
    assert decided <= recorded | night.waiting(), decided - recorded


def _messages_are_repeated_at_most(night: Night, repeated: int) -> None:
    """A message is one call of `publish`; what was in it before is what makes it a repetition."""
    seen: set[tuple[str, str]] = set()
    again = 0
    for message in night.wire.messages:
        again += bool(seen & set(message))
        seen |= set(message)
    assert again <= repeated, (again, repeated)


def _chain_is_whole(night: Night, subject: str) -> None:
    events = night.ledger(subject)
    assert first_fault(subject, events, len(events), events[-1].hash) is None, subject
