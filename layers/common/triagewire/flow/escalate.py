"""Doing what a due timer asks for: decide, and advance the ticket together with what people are to
be told; then tell them.

A crash at any point loses nothing and decides nothing twice: the timer stays due until the step is
recorded, and the notices lie in the outbox from then on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import merge

from triagewire.errors import ConflictError
from triagewire.escalation.steps import Step, close, step
from triagewire.escalation.timers import due_in_order
from triagewire.flow.context import Context, Plan
from triagewire.flow.delivering import deliver_all
from triagewire.flow.notifying import put_out
from triagewire.flow.returning import give_again
from triagewire.flow.triage import triage
from triagewire.flow.waking import wake_due
from triagewire.routing.duty import NOBODY
from triagewire.store.outbox import Box
from triagewire.store.presence import away_members
from triagewire.store.tickets import (
    PAGES,
    Change,
    Due,
    due_timers,
    load_ticket,
    timer_shards,
)
from triagewire.ticket import Status, Ticket, Timer, TimerKind

GIVEN_ANEW = frozenset({TimerKind.ASSIGN, TimerKind.RETURN})
"""Steps that tell nobody: a decision and its transaction, without a claim."""
MOST_STEPS = 4
"""More due steps of one ticket than this are left to the next sweep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What was done for one ticket; `late_seconds` is how long its timer had been due, `boxes` are
    where the people are to be found who are to be told.
    """

    steps: int = 0
    late_seconds: float = 0.0
    rescued: bool = False
    boxes: tuple[Box, ...] = ()


def due_tickets(context: Context) -> dict[str, float]:
    """The ids of all tickets with a due timer, and how many seconds late each is: pages first, then
    what has been due for longest.
    """
    found = (*due_pages(context), *due_others(context))
    return {due.ticket_id: (context.now - due.at).total_seconds() for due in found}


def due_pages(context: Context) -> Iterator[Due]:
    """The tickets whose page is due, those first that have been for longest."""
    return _due_in(context, PAGES)


def due_others(context: Context) -> Iterator[Due]:
    """The other tickets with a due timer, those first that have been due for longest."""
    return _due_in(context, "")


def _due_in(context: Context, prefix: str) -> Iterator[Due]:
    """Read as far as the caller looks: each shard of the index is in order already."""
    shards = (due_timers(context.tables, shard, context.now) for shard in timer_shards(prefix))
    return merge(*shards, key=lambda each: each.at)


def act(context: Context, ticket_id: str) -> Acted:
    """Do every step of a ticket that is due, and tell people of it at once.

    Raises what a step raised, once all others were tried; a notice that could not be sent waits for
    the next sweep.
    """
    acted = take_steps(context, ticket_id)
    deliver_all(context, acted.boxes)
    return acted


def take_steps(context: Context, ticket_id: str) -> Acted:
    """Do every step of a ticket that is due, one after the other; what people are to be told of it
    waits in the outbox.

    A step that the ticket's change has overtaken is left alone. One that fails keeps no other from
    being tried; then its error is raised.
    """
    steps, late, rescued = 0, 0.0, False
    failed: dict[TimerKind, Exception] = {}
    boxes: dict[Box, None] = {}
    while steps < MOST_STEPS:
        ticket = load_ticket(context.tables, ticket_id)
        if ticket is None or ticket.timer is None or ticket.timer.at > context.now:
            break
        late = max(late, (context.now - ticket.timer.at).total_seconds())
        if ticket.status is Status.NEW:
            worked_on = triage(context, ticket_id)
            rescued = worked_on is not None and not ticket.awaits
            ticket_id = worked_on.id if worked_on else ticket_id
        elif not _do_next(context, ticket, failed, boxes):
            break
        steps += 1
    if failed:
        deliver_all(context, boxes)
        raise next(iter(failed.values()))
    return Acted(steps=steps, late_seconds=late, rescued=rescued, boxes=tuple(boxes))


def _do_next(
    context: Context,
    ticket: Ticket,
    failed: dict[TimerKind, Exception],
    boxes: dict[Box, None],
) -> bool:
    """Do the first due thing that has not failed; False if there is none or somebody has it."""
    closing = (ticket.timer,) if ticket.timer and ticket.status is Status.RESOLVED else ()
    due = closing or due_in_order(ticket, context.site(ticket.site), context.now)
    timer = next((each for each in due if each.kind not in failed), None)
    if timer is None:
        return False
    try:
        if timer.kind in GIVEN_ANEW:
            return give_again(context, ticket.id, timer.kind)
        if timer.kind is TimerKind.WAKE:
            return wake_due(context, ticket)
        return _do(context, ticket, timer, boxes)
    except Exception as error:
        failed[timer.kind] = error
        return True


def _do(context: Context, ticket: Ticket, timer: Timer, boxes: dict[Box, None]) -> bool:
    """Advance the ticket with what is to be told; False if somebody else was first."""
    done = _step(context, ticket, timer)
    plan = Plan(changes=[Change(before=ticket, after=done.ticket, entries=done.entries)])
    put = put_out(context, done.notices, plan)
    try:
        plan.commit(context)
    except ConflictError:
        return False
    boxes.update(dict.fromkeys(put))
    return True


def _step(context: Context, ticket: Ticket, timer: Timer) -> Step:
    if timer.kind is TimerKind.CLOSE:
        return close(ticket)
    away = away_members(context.tables, ticket.site, context.now) if ticket.assignee else NOBODY
    return step(replace(ticket, timer=timer), context.site(ticket.site), context.now, away)
