"""What no way could deliver: SNS sends it back by a queue, and the ladder goes on at once.

What cannot be handled here is raised, comes again, and ends in the dead letters with an alarm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from triagewire.errors import ConflictError, TriagewireError
from triagewire.escalation.holding import alert
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.owed import still_owed
from triagewire.escalation.reach import ways_of
from triagewire.escalation.undelivered import Lost, Undelivered, lost_notices, undelivered
from triagewire.flow.context import Context, Plan
from triagewire.flow.delivering import deliver_all
from triagewire.flow.escalate import act
from triagewire.flow.notifying import put_out
from triagewire.ledger.event import Action, Entry
from triagewire.observability import count, logger
from triagewire.store.ledger import read_events
from triagewire.store.outbox import Box
from triagewire.store.reach import read_reach
from triagewire.store.tickets import Change, load_ticket
from triagewire.store.told import read_told, told_subject
from triagewire.ticket import Ticket, Timer, TimerKind

ATTEMPTS = 20
MOST_EVENTS = 1000
"""So many messages to one person are looked back on; they are told far less often in the hours for
which SNS tries.
"""


def take_undelivered(context: Context, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Handle every message of a batch of the queue; returns the ids of what must come again."""
    return [each["messageId"] for each in records if not _is_taken(context, each)]


def _is_taken(context: Context, record: Mapping[str, Any]) -> bool:
    try:
        take(context, undelivered(record["body"], record.get("messageAttributes", {})))
    except Exception as error:
        reason = str(error) if isinstance(error, TriagewireError) else ""
        logger.error("undelivered not handled", error=type(error).__name__, reason=reason)
        return False
    return True


def take(context: Context, what: Undelivered) -> None:
    """Record on each ticket that its notice did not reach somebody. A page goes on to the next step
    of its ladder, anything else to the person's next way.

    A report is read at the desk by whoever it did not reach: it is counted, and nobody is told.

    Raises UnreadableError for a message that was not sent, and ConflictError when every attempt
    lost a race.
    """
    if what.is_report:
        count("ReportUndelivered")
        return
    told = read_told(context.tables, what.person)
    subject, after = told_subject(what.person), max(0, told.version - MOST_EVENTS)
    boxes: dict[Box, None] = {}
    for lost in lost_notices(what, read_events(context.tables, subject, after)):
        count("PageUndelivered" if lost.kind is NoticeKind.PAGE else "AlertUndelivered")
        boxes.update(dict.fromkeys(_take(context, what, lost)))
    deliver_all(context, boxes)


def _take(context: Context, what: Undelivered, lost: Lost) -> tuple[Box, ...]:
    """The boxes into which was put what goes by another way."""
    for trying in context.tries(ATTEMPTS):
        ticket = load_ticket(trying.tables, lost.ticket_id)
        if ticket is None:
            return ()
        goes_on = _waits_for(ticket, lost)
        plan = Plan()
        after = replace(ticket, timer=_now(trying)) if goes_on else ticket
        boxes = () if goes_on else _by_next_way(trying, ticket, what, lost, plan)
        after = replace(after, notices=after.notices + len(boxes))
        entries = (_failed(what, lost, goes_on=goes_on, again=bool(boxes)),)
        plan.changes.append(Change(before=ticket, after=after, entries=entries))
        try:
            plan.commit(trying)
        except ConflictError:
            continue
        if goes_on:
            act(trying, ticket.id)
        return boxes
    raise ConflictError(f"ticket {lost.ticket_id}: lost {ATTEMPTS} races in a row")


def _waits_for(ticket: Ticket, lost: Lost) -> bool:
    """Whether the ladder waits for somebody to hear this very page: nobody has acknowledged or
    answered, and nobody was paged since.
    """
    told = ticket.escalation
    answered = ticket.clock is not None and ticket.clock.stopped_at is not None
    if lost.kind is not NoticeKind.PAGE or not ticket.must_page or answered:
        return False
    paged_since = told.paged_at is not None and told.paged_at > lost.at
    return told.acknowledged_at is None and not paged_since


def _now(context: Context) -> Timer:
    return Timer(at=context.now, kind=TimerKind.PAGE)


def _by_next_way(
    context: Context, ticket: Ticket, what: Undelivered, lost: Lost, plan: Plan
) -> tuple[Box, ...]:
    """Tell an alert again by the way that its person prefers after the one that failed. It never
    goes back to an earlier one: two broken ways would send it to and fro for ever.
    """
    if lost.kind is NoticeKind.PAGE:
        return ()
    ways = ways_of(context.site(ticket.site), what.person, read_reach(context.tables))
    later = ways[ways.index(what.way) + 1 :][:1] if what.way in ways else ()
    notice = alert(ticket, lost.kind, what.person, context.now, later)
    return put_out(context, (notice,), plan) if later and still_owed(notice, ticket) else ()


def _failed(what: Undelivered, lost: Lost, *, goes_on: bool, again: bool) -> Entry:
    then = "the ladder goes on at once" if goes_on else "it goes by the next way" if again else ""
    why = "; ".join(each for each in ("it could not be delivered", then) if each)
    detail = {"person": what.person, "way": what.way.value, "notice": lost.id}
    return Entry(action=Action.NOTICE_FAILED, why=why, detail=detail)
