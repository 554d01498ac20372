"""Open tickets take up the calendar of a new policy; closed ones never do.

escalate looks each minute whether another version is active than the one whose calendars the open
tickets measure by. Then it walks through the open tickets of every site whose calendar changed,
the urgent ones first and some hundreds a minute; each is one write that holds only on the version
it was decided from. Nothing is lost by a crash: the walk goes on where it was noted last, and a
ticket that has taken up the calendar does not change again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from triagewire.clock.calendar import Calendar
from triagewire.clock.promise import Clock
from triagewire.clock.sla import recalendared
from triagewire.errors import ConflictError, PolicyMissingError
from triagewire.escalation.timers import next_timer
from triagewire.flow.context import Context, Plan
from triagewire.ledger.event import Action, Entry
from triagewire.observability import logger
from triagewire.policy.model import Policy, Site
from triagewire.store.clocked import Clocked, read_clocked, write_clocked
from triagewire.store.policies import load_policy
from triagewire.store.queues import Queued, queue_entries
from triagewire.store.tickets import Change, load_ticket
from triagewire.ticket import Ticket

MOST = 500
"""How many tickets a sweep looks at; the rest waits a minute."""
MOST_VERSIONS = 10
"""So many publications at most are looked back on; more are not made within a walk."""
ATTEMPTS = 5
TAKEN_UP = timedelta(minutes=1)
"""So long after a publication no function decides by an older version any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclocked:
    """How many tickets got other due times, and of how many that failed."""

    moved: int = 0
    failed: int = 0


def reclock(context: Context) -> Reclocked:
    """Take the walk through the open tickets further, if there is one to take."""
    active = context.policy.version
    noted = read_clocked(context.tables) or Clocked(version=active - 1)
    if noted.version == active:
        return Reclocked()
    before = _changed_calendars(context, noted.version)
    if not before:
        _note(context, replace(noted, version=active, going=0, after="", sure=True))
        return Reclocked()
    if noted.going != active or not noted.after:
        noted = replace(noted, going=active, after="", sure=_taken_up(context))
    ahead = _ahead(context, before, noted.after)
    result = _walk(context, ahead[:MOST], before)
    _note(context, _further(noted, ahead, sure=noted.sure and not result.failed))
    return result


def reclocked(ticket: Ticket, before: Calendar, site: Site, at: datetime) -> Ticket:
    """An open ticket after its site's calendar was changed `at`: both promises and the timer.

    What was told to be breached meanwhile stays so.
    """

    def measured(clock: Clock | None, told: datetime | None) -> Clock | None:
        if clock is None:
            return None
        return recalendared(clock, before, site.calendar, max(at, told) if told else at)

    after = replace(
        ticket,
        clock=measured(ticket.clock, ticket.escalation.breached_at),
        resolution=measured(ticket.resolution, ticket.escalation.resolution_breached_at),
    )
    return replace(after, timer=next_timer(after, site))


def _changed_calendars(context: Context, version: int) -> dict[str, Calendar]:
    """The old calendar of each site that has had another one since a version.

    Every version in between counts: one that was soon taken back has promised too.
    """
    active = context.policy.version
    recent = range(max(version, active - MOST_VERSIONS), active)
    changed: dict[str, Calendar] = {}
    for each in dict.fromkeys((version, *recent)):
        changed |= _calendars_of(context, each)
    return changed


def _calendars_of(context: Context, version: int) -> dict[str, Calendar]:
    """The calendar in a version of each site that has another one now."""
    now = context.policy.policy.sites
    before = _policy(context, version)
    if before is None:
        # By what the tickets measure is not known any more, so each is measured again. Before the
        # first publication there were none.
        return {site_id: site.calendar for site_id, site in now.items()} if version else {}
    return {
        site_id: site.calendar
        for site_id, site in before.sites.items()
        if site_id in now and site.calendar != now[site_id].calendar
    }


def _policy(context: Context, version: int) -> Policy | None:
    try:
        return load_policy(context.tables, version).policy
    except (PolicyMissingError, msgspec.MsgspecError):
        return None


def _taken_up(context: Context) -> bool:
    published = context.policy.published_at
    return published is None or context.now >= published + TAKEN_UP


def _ahead(context: Context, sites: Mapping[str, Calendar], passed: str) -> list[Queued]:
    """The open tickets that the walk has not come to, in the order of the walk."""
    entries = (
        entry
        for site_id in sites
        for team in context.site(site_id).teams
        for entry in queue_entries(context.tables, site_id, team)
    )
    return sorted((each for each in entries if _place(each) > passed), key=_place)


def _place(entry: Queued) -> str:
    """Where in the walk a ticket comes: it stays when the due time moves, unlike its rank."""
    return f"{entry.rank[:1]}#{entry.ticket_id}"


def _further(noted: Clocked, ahead: list[Queued], *, sure: bool) -> Clocked:
    """What to note of a walk: how far it came, that it is done, or that it begins once more."""
    if len(ahead) > MOST:
        return replace(noted, after=_place(ahead[MOST - 1]), sure=sure)
    if sure:
        return replace(noted, version=noted.going, going=0, after="")
    return replace(noted, after="")


def _walk(context: Context, entries: list[Queued], before: Mapping[str, Calendar]) -> Reclocked:
    moved = failed = 0
    for entry in entries:
        try:
            moved += _take_up(context, entry.ticket_id, before)
        except Exception as error:
            failed += 1
            name = type(error).__name__
            logger.error("calendar not taken up", ticket_id=entry.ticket_id, error=name)
    return Reclocked(moved=moved, failed=failed)


def _take_up(context: Context, ticket_id: str, before: Mapping[str, Calendar]) -> bool:
    """Read, decide, write; again from the start when somebody else was quicker."""
    at = min(context.now, context.policy.published_at or context.now)
    for _ in range(ATTEMPTS):
        ticket = load_ticket(context.tables, ticket_id)
        if ticket is None or not ticket.is_open or ticket.site not in before:
            return False
        after = reclocked(ticket, before[ticket.site], context.site(ticket.site), at)
        if after == ticket:
            return False
        plan = Plan(changes=[Change(before=ticket, after=after, entries=(_entry(ticket, after),))])
        try:
            plan.commit(context)
        except ConflictError:
            continue
        return True
    raise ConflictError(f"ticket {ticket_id} is changing too fast")


def _entry(before: Ticket, after: Ticket) -> Entry:
    return Entry(
        action=Action.RECLOCKED,
        why="the calendar of the site was changed",
        detail={
            "due_before": _due(before.clock),
            "due_at": _due(after.clock),
            "resolution_due_before": _due(before.resolution),
            "resolution_due_at": _due(after.resolution),
        },
    )


def _due(clock: Clock | None) -> str | None:
    return None if clock is None else clock.due_at.isoformat()


def _note(context: Context, clocked: Clocked) -> None:
    try:
        write_clocked(context.tables, clocked)
    except ConflictError:
        logger.info("another run takes up the calendars")
