"""Work that lies with nobody, or with somebody who does not take it up: given to who is at work.

Each ticket is one transaction that holds only on the version it was decided from, so of two that
would give the same ticket one gives way. What fails here or is never begun is done by the ticket's
own timer.
"""

import heapq
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from itertools import repeat

from triagewire.errors import ConflictError
from triagewire.escalation.timers import accept_by, next_timer
from triagewire.flow.context import Context, Plan
from triagewire.flow.placing import Placed, give, hand_to, let_go
from triagewire.ledger.event import Action, Entry
from triagewire.observability import count, logger
from triagewire.policy.model import Site
from triagewire.routing.duty import on_duty, team_on_duty
from triagewire.routing.homing import at_home
from triagewire.routing.presence import is_there, may_keep, nobody_left, queues_served
from triagewire.routing.queueing import may_own
from triagewire.store.loads import read_loads
from triagewire.store.presence import away_members
from triagewire.store.queues import Queued, queue_entries
from triagewire.store.table import Write
from triagewire.store.tickets import Change, load_ticket
from triagewire.ticket import AT_WORK, REVIEW, Status, Ticket, TimerKind

ATTEMPTS = 5
MINUTE = timedelta(minutes=1)
TRY_AGAIN = timedelta(minutes=60)
"""When to look again for an owner while people are at work but have no room: mostly somebody's
load falls before that, and then `drain` looks at once.
"""
MOST_DRAINED = 10
MOST_IN_VAIN = 3
"""After so many tickets that nobody can take, the others are left to their timers."""
UNTOUCHED = frozenset({Status.ROUTED, Status.REOPENED})


class ReturnReason(StrEnum):
    """Why a ticket leaves the hands of its owner without their doing."""

    AWAY = "away"
    OFF_DUTY = "off_duty"
    NOT_ACCEPTED = "not_accepted"
    NO_ACCESS = "no_access"


WHY = {
    ReturnReason.AWAY: "its owner is away and had not taken it up",
    ReturnReason.OFF_DUTY: "its owner is off duty and had not taken it up",
    ReturnReason.NOT_ACCEPTED: "its owner had not taken it up in time",
    ReturnReason.NO_ACCESS: "its owner may not open it any more",
}

type Again = Callable[[Context, Ticket, Site], Plan | None]
"""What is to become of a ticket as it stands; None where nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptied:
    """How many untouched tickets went back from those who are not at work, and how many failed."""

    returned: int = 0
    failed: int = 0


def give_again(context: Context, ticket_id: str, kind: TimerKind) -> bool:
    """Do what a due ASSIGN or RETURN timer asks for; False where it was overtaken."""
    again = _assigned if kind is TimerKind.ASSIGN else _returned
    return _change(context, ticket_id, again)


def give_back(context: Context, site_id: str, gone: Callable[[str], bool]) -> Emptied:
    """Return what lies untouched with members of a site of whom `gone` says that they are not at
    work; what they have taken up stays theirs, unless the roster lets them open it no more.

    A failure is logged and counted, and keeps no other ticket from going back.
    """
    returned = failed = 0
    site = context.site(site_id)
    for team, entry in _in_queues(context, site_id, site.teams):
        if not _is_to_go(entry, team, site, gone):
            continue
        try:
            returned += _change(context, entry.ticket_id, _returned_if_absent)
        except Exception as error:
            failed += 1
            _not_done("ticket not given back", entry.ticket_id, error)
    return Emptied(returned=returned, failed=failed)


def _is_to_go(entry: Queued, team: str, site: Site, gone: Callable[[str], bool]) -> bool:
    if not entry.assignee:
        return False
    if not may_own(site, entry.assignee, team):
        return _may_be(entry, AT_WORK)
    return gone(entry.assignee) and _may_be(entry, UNTOUCHED)


def back_to(ticket: Ticket, owner: str | None, why: str, site: Site, context: Context) -> Placed:
    """A ticket that nobody holds, given back to who had it, or to who stands in for them, if at
    work in its queue; else to whoever is.
    """
    away = away_members(context.tables, ticket.site, context.now)
    there = set(team_on_duty(site, ticket.team or REVIEW, context.now, away))
    before = site.members.get(owner or "")
    stands_in = before.substitute if before else ""
    member = next((each for each in (owner, stands_in) if each in there), None)
    if member is None:
        return give(at_home(ticket, site), why, site, context)
    loads = read_loads(context.tables, ticket.site)
    back = "back to its owner" if member == owner else f"stands in for {owner}"
    return hand_to(ticket, member, f"{why}; {back}", loads, site, context)


def drain(context: Context, site_id: str, team: str) -> int:
    """Give the most urgent tickets that lie with nobody to who of a team has room now, or to who
    else gets work of the same queues; returns how many were given.

    To be called after load fell or somebody came. Never raises: each ticket has its own timer.
    """
    try:
        site = context.site(site_id)
        return _drained(context, _in_queues(context, site_id, queues_served(site, team)))
    except Exception as error:
        _not_done("queue not drained", f"{site_id}/{team}", error)
        return 0


def _drained(context: Context, entries: Iterator[tuple[str, Queued]]) -> int:
    given = in_vain = 0
    for _, entry in entries:
        if entry.assignee or not _may_be(entry, UNTOUCHED):
            continue
        if _change(context, entry.ticket_id, _given_if_possible):
            given += 1
        else:
            in_vain += 1
        if given == MOST_DRAINED or in_vain == MOST_IN_VAIN:
            break
    return given


def _in_queues(
    context: Context, site_id: str, teams: Collection[str]
) -> Iterator[tuple[str, Queued]]:
    """The open tickets of several queues with their team, the most urgent of all of them first."""
    queues = (zip(repeat(team), queue_entries(context.tables, site_id, team)) for team in teams)
    return heapq.merge(*queues, key=lambda each: each[1].rank)


def _may_be(entry: Queued, wanted: Collection[Status]) -> bool:
    return entry.status is None or entry.status in wanted


def _change(context: Context, ticket_id: str, again: Again) -> bool:
    """Read, decide, write; again from the start when somebody else was quicker. Whether it was
    changed; one that never holds still is left to its timer.
    """
    for attempt in context.tries(ATTEMPTS):
        ticket = load_ticket(context.tables, ticket_id)
        if ticket is None or not ticket.at_work:
            return False
        plan = again(attempt, ticket, context.site(ticket.site))
        if plan is None:
            return False
        try:
            plan.commit(context)
        except ConflictError:
            continue
        return True
    return False


def _assigned(context: Context, ticket: Ticket, site: Site) -> Plan | None:
    """The ticket with an owner, or with a later moment to look for one."""
    if ticket.assignee is not None:
        return None
    willing = replace(ticket, declined=()) if nobody_left(ticket, site) else ticket
    return _plan(ticket, _given(willing, "an owner was looked for again", site, context), ())


def _given_if_possible(context: Context, ticket: Ticket, site: Site) -> Plan | None:
    """The ticket with an owner who has not let it lie before; else nothing changes."""
    if ticket.assignee is not None:
        return None
    placed = give(ticket, "there is room for it now", site, context)
    if placed.ticket.assignee is None or placed.ticket.assignee in ticket.declined:
        return None
    return _plan(ticket, placed, ())


def _returned(context: Context, ticket: Ticket, site: Site) -> Plan | None:
    if ticket.assignee is None or ticket.accepted_at is not None:
        return None
    return _back(context, ticket, site, _reason(context, ticket, site))


def _returned_if_absent(context: Context, ticket: Ticket, site: Site) -> Plan | None:
    if ticket.assignee is None or (ticket.accepted_at is not None and may_keep(ticket, site)):
        return None
    reason = _reason(context, ticket, site)
    return None if reason is ReturnReason.NOT_ACCEPTED else _back(context, ticket, site, reason)


def _reason(context: Context, ticket: Ticket, site: Site) -> ReturnReason:
    if not may_keep(ticket, site):
        return ReturnReason.NO_ACCESS
    away = away_members(context.tables, ticket.site, context.now)
    if is_there(ticket, site, context.now, away):
        return ReturnReason.NOT_ACCEPTED
    return ReturnReason.AWAY if ticket.assignee in away else ReturnReason.OFF_DUTY


def _back(context: Context, ticket: Ticket, site: Site, reason: ReturnReason) -> Plan:
    """The ticket taken from its owner and given anew. Who let it lie gets it no more; who is only
    absent may get it again.
    """
    owner = ticket.assignee or ""
    let_lie = reason is ReturnReason.NOT_ACCEPTED
    declined = tuple(dict.fromkeys((*ticket.declined, owner))) if let_lie else ticket.declined
    free, off = let_go(replace(ticket, declined=declined), context)
    placed = _given(free, WHY[reason], site, context)
    if placed.ticket.assignee in declined or (let_lie and placed.ticket.assignee is None):
        placed = _to_lead(free, placed, site, context)
    entry = Entry(
        action=Action.RETURNED,
        why=WHY[reason],
        detail={
            "team": ticket.team,
            "member": None,
            "from_member": owner,
            "reason": reason.value,
            "urgency": int(ticket.urgency),
        },
    )
    return _plan(ticket, placed, off, entry)


def _to_lead(free: Ticket, placed: Placed, site: Site, context: Context) -> Placed:
    """For what everybody who could have it has let lie: to the team's lead, if at work; else it
    stays in the queue, for one more round after the time that an owner has.
    """
    now, team = context.now, free.team or REVIEW
    away = away_members(context.tables, free.site, now)
    if placed.ticket.assignee is None and not any(team_on_duty(site, team, now, away)):
        return placed
    loads = read_loads(context.tables, free.site)
    lead = site.teams[team].lead if team in site.teams else ""
    able = on_duty(site, lead, now, away) and may_own(site, lead, team)
    if able and lead not in free.declined:
        why = "nobody else at work takes it up: to the lead"
        return hand_to(free, lead, why, loads, site, context)
    waiting = replace(free, try_at=accept_by(free, site, now))
    why = "nobody at work takes it up: it waits in its queue"
    return hand_to(waiting, None, why, loads, site, context)


def _given(free: Ticket, why: str, site: Site, context: Context) -> Placed:
    """Given to whom the balance chooses; where that is nobody, not looked at again every few
    minutes while people are at work and have no room.
    """
    placed = give(at_home(free, site), why, site, context)
    ticket, now = placed.ticket, context.now
    if ticket.assignee is not None:
        return placed
    away = away_members(context.tables, ticket.site, now)
    present = any(team_on_duty(site, ticket.team or REVIEW, now, away))
    soonest = now + TRY_AGAIN if present or ticket.try_at is None else now
    if ticket.try_at is not None and ticket.try_at > soonest:
        return placed
    later = replace(ticket, try_at=max(soonest, now + MINUTE))
    return replace(placed, ticket=replace(later, timer=next_timer(later, site)))


def _plan(before: Ticket, placed: Placed, off: tuple[Write, ...], *entries: Entry) -> Plan:
    change = Change(before=before, after=placed.ticket, entries=(*entries, placed.entry))
    return Plan(changes=[change], writes=[*off, *placed.writes])


def _not_done(what: str, subject: str, error: Exception) -> None:
    count("NotGivenAnew")
    logger.error(what, subject=subject, error=type(error).__name__)
