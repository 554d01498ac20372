"""Doing what a due timer asks for: decide, and advance the ticket together with what people are to
be told; then tell them.

A crash at any point loses nothing and decides nothing twice: the timer stays due until the step is
recorded, and the notices lie in the outbox from then on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from heapq import merge

from triagewire.errors import ConflictError
from triagewire.escalation.reach import Reach
from triagewire.escalation.steps import Step, close, step
from triagewire.escalation.timers import due_in_order
from triagewire.flow.automating import take_back
from triagewire.flow.context import Context, Plan
from triagewire.flow.delivering import deliver_all
from triagewire.flow.former import has_left, known_to, retention_of
from triagewire.flow.notifying import put_out
from triagewire.flow.returning import give_again
from triagewire.flow.surveying import ask_how_it_was
from triagewire.flow.survivor import parts_of
from triagewire.flow.triage import given_up_at, to_review_unscored, triage
from triagewire.flow.waking import wake_due
from triagewire.observability import count, logger
from triagewire.patience import within
from triagewire.store.findable import forget_words
from triagewire.store.outbox import Box
from triagewire.store.presence import away_members
from triagewire.store.reach import read_reach
from triagewire.store.table import Write
from triagewire.store.tickets import (
    PAGES,
    Change,
    Due,
    due_timers,
    load_ticket,
    timer_shards,
)
from triagewire.ticket import Escalation, Ticket, Timer, TimerKind

MOST_STEPS = 4
"""More due steps of one ticket than this are left to the next sweep."""


MOST_LOST = 6
"""So many lost races in a row leave the rest to the next sweep."""
MOST_FORGOTTEN = 90
"""A transaction takes a hundred items."""
LONGEST_SCORING = 10.0
"""Seconds: readers and assistants give up long before; what takes longer would keep all others
waiting, with each sweep again.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What was done for one ticket; `late_seconds` is how long its timer had been due, `boxes` are
    where the people are to be found who are to be told.

    `rescued` was scored here, `given_up` is one that could not be, `unanswered` one of which a
    whole ladder was paged in vain; of `site_missing` the active policy has the site no more.
    """

    steps: int = 0
    late_seconds: float = 0.0
    rescued: bool = False
    given_up: bool = False
    unanswered: bool = False
    site_missing: bool = False
    boxes: tuple[Box, ...] = ()


class Seen:
    """What the steps of many tickets are decided by, read once for all of them: who is away, and
    who can be reached by which way.
    """

    def __init__(self) -> None:
        self._away: dict[str, frozenset[str]] = {}
        self._reach: Reach | None = None

    def away(self, context: Context, site_id: str) -> frozenset[str]:
        """The members of a site who have said that they are away."""
        if site_id not in self._away:
            self._away[site_id] = away_members(context.tables, site_id, context.now)
        return self._away[site_id]

    def reach(self, context: Context) -> Reach:
        """By which ways people cannot be reached."""
        if self._reach is None:
            self._reach = read_reach(context.tables)
        return self._reach


@dataclass(slots=True, kw_only=True)
class _Work:
    """How far the steps of one ticket have come."""

    ticket_id: str
    ticket: Ticket | None
    seen: Seen
    steps: int = 0
    lost: int = 0
    late: float = 0.0
    rescued: bool = False
    given_up: bool = False
    unanswered: bool = False
    site_missing: bool = False
    failed: dict[TimerKind, Exception] = field(default_factory=dict)
    boxes: dict[Box, None] = field(default_factory=dict)

    @property
    def goes_on(self) -> bool:
        return self.steps - self.lost < MOST_STEPS and self.lost < MOST_LOST

    @property
    def acted(self) -> Acted:
        return Acted(
            steps=self.steps - self.lost,
            late_seconds=self.late,
            rescued=self.rescued,
            given_up=self.given_up,
            unanswered=self.unanswered,
            site_missing=self.site_missing,
            boxes=tuple(self.boxes),
        )


def went_round(before: Escalation, after: Escalation) -> bool:
    """Whether a page begins the ladder anew because nobody of a whole round has acknowledged."""
    heard = before.acknowledged_at is not None or bool(before.heard_by)
    return (
        bool(before.pages)
        and after.pages > before.pages
        and after.step <= before.step
        and not heard
    )


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
    if acted.unanswered:
        count("PageUnanswered")
    deliver_all(context, acted.boxes)
    return acted


def take_steps(
    context: Context, ticket_id: str, ticket: Ticket | None = None, seen: Seen | None = None
) -> Acted:
    """Do every step of a ticket that is due, one after the other; what people are to be told of it
    waits in the outbox. `ticket` is how it was read a moment ago, if it was.

    A step that the ticket's change has overtaken is left alone. One that fails keeps no other from
    being tried; then its error is raised. Raises SiteMissingError where no policy has its site.
    """
    work = _Work(ticket_id=ticket_id, ticket=ticket, seen=seen or Seen())
    while work.goes_on:
        ticket = work.ticket or load_ticket(context.tables, work.ticket_id)
        work.ticket = None
        if ticket is None or ticket.timer is None or ticket.timer.at > context.now:
            break
        work.late = max(work.late, (context.now - ticket.timer.at).total_seconds())
        work.site_missing = has_left(context, ticket)
        if not _do_next(context, ticket, work):
            break
    if work.failed:
        deliver_all(context, work.boxes)
        raise next(iter(work.failed.values()))
    return work.acted


def _do_next(context: Context, ticket: Ticket, work: _Work) -> bool:
    """Do the first due thing that has not failed; False if there is none or somebody has it."""
    if ticket.timer is not None and ticket.timer.kind is TimerKind.CLOSE:
        return _do(context, ticket, ticket.timer, work)  # closing needs no policy
    context = known_to(context, ticket)
    due = due_in_order(ticket, context.site(ticket.site), context.now)
    timer = next((each for each in due if each.kind not in work.failed), None)
    if timer is None:
        return False
    work.steps += 1
    try:
        return _take(context, ticket, timer, work)
    except Exception as error:
        work.failed[timer.kind] = error
        return True


def _take(context: Context, ticket: Ticket, timer: Timer, work: _Work) -> bool:
    """Do what a timer asks for; False if somebody else was first."""
    match timer.kind:
        case TimerKind.SCORE:
            return _score(context, ticket, work)
        case TimerKind.ASSIGN | TimerKind.RETURN:
            return give_again(context, ticket.id, timer.kind)
        case TimerKind.WAKE:
            return wake_due(context, ticket)
        case TimerKind.TAKE_BACK:
            return take_back(context, ticket)
        case TimerKind.SURVEY:
            return ask_how_it_was(context, ticket)
        case _:
            return _do(context, ticket, timer, work)


def _score(context: Context, ticket: Ticket, work: _Work) -> bool:
    """Score what score_route did not; what cannot be scored is put before a person."""
    try:
        worked_on = within(LONGEST_SCORING, lambda: triage(context, ticket.id))
    except Exception as error:
        hopeless = isinstance(error, TimeoutError) or context.now >= given_up_at(ticket)
        if not hopeless:
            raise
        logger.error("scoring given up", ticket_id=ticket.id, error=type(error).__name__)
        worked_on = to_review_unscored(context, ticket.id)
        work.given_up = True
    work.rescued = worked_on is not None and not ticket.awaits
    work.ticket_id = worked_on.id if worked_on else ticket.id
    return True


def _do(context: Context, ticket: Ticket, timer: Timer, work: _Work) -> bool:
    """Advance the ticket with what is to be told; False if it loses every race.

    Another ticket that tells the same person at the same moment is a race too, so that losing one
    does not mean that somebody has done this step.
    """
    done = _step(context, ticket, timer, work.seen)
    plan = Plan(changes=[Change(before=ticket, after=done.ticket, entries=done.entries)])
    put = put_out(context, done.notices, plan)
    if timer.kind is TimerKind.CLOSE:
        plan.writes.extend(_forgotten(context, ticket))
    try:
        (work.ticket,) = plan.commit(context)
    except ConflictError:
        work.lost += 1
        context.wait(work.lost)
        return True
    work.boxes.update(dict.fromkeys(put))
    work.unanswered |= went_round(ticket.escalation, done.ticket.escalation)
    return True


def _forgotten(context: Context, ticket: Ticket) -> Iterator[Write]:
    """The writes after which nobody finds a closed ticket by its words; those of very many messages
    are left to the table, which forgets them by itself.
    """
    ids = (ticket.id, *parts_of(context, ticket))
    return forget_words(context.tables, ticket.site, ids[:MOST_FORGOTTEN])


def _step(context: Context, ticket: Ticket, timer: Timer, seen: Seen) -> Step:
    if timer.kind is TimerKind.CLOSE:
        return close(ticket, context.now, retention_of(context, ticket))
    site, away = context.site(ticket.site), seen.away(context, ticket.site)
    due = replace(ticket, timer=timer)
    return step(due, site, context.now, away, seen.reach(context))
