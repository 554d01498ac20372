"""How a site stands: what waits in its teams, how old and how late it is, and who carries it.

It is counted from the queues' index alone, which lags behind the tables by moments.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from triagewire.access import Principal
from triagewire.flow.context import Context
from triagewire.flow.presence import AtWork, who_is_at_work
from triagewire.store.queues import Queued, queue_entries
from triagewire.ticket import Status

AGES = {
    "1h": timedelta(hours=1),
    "4h": timedelta(hours=4),
    "1d": timedelta(days=1),
    "3d": timedelta(days=3),
}
OLDER = "older"


@dataclass(slots=True)
class Backlog:
    """What is open in one team. `ageing` counts by how long ago it came in: up to an hour, from
    there to four, and so on. A ticket that an earlier version stored does not show when, and counts
    as older; it shows its age once it is written again.
    """

    team: str
    open: int = 0
    late: int = 0
    nobody: int = 0
    waiting: int = 0
    by_urgency: Counter[int] = field(default_factory=Counter)
    ageing: Counter[str] = field(default_factory=Counter)
    oldest_received_at: datetime | None = None
    oldest_due_at: datetime | None = None

    def add(self, entry: Queued, now: datetime) -> None:
        """Count one open ticket."""
        self.open += 1
        self.late += entry.late(now)
        self.nobody += not entry.assignee
        self.waiting += entry.status is Status.WAITING
        self.by_urgency[entry.urgency] += 1
        self.ageing[age_of(entry.received_at, now)] += 1
        self.oldest_received_at = _earlier(self.oldest_received_at, entry.received_at)
        if entry.runs:
            self.oldest_due_at = _earlier(self.oldest_due_at, entry.due_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A member, and what of the shown teams' open tickets is theirs."""

    member: AtWork
    held: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A site as one principal may see it."""

    teams: tuple[Backlog, ...]
    members: tuple[Carried, ...]


def work(context: Context, principal: Principal, site_id: str) -> Work:
    """How the teams of a site stand that the principal may see: their own, or all. Raises
    NotFoundError for a site that is not theirs.
    """
    site = principal.open_site(site_id)
    held: Counter[str] = Counter()
    late: Counter[str] = Counter()
    backlogs = []
    for team in (each for each in site.teams if principal.may_see(site_id, each)):
        entries = tuple(queue_entries(context.tables, site_id, team))
        backlogs.append(_backlog(team, entries, context.now))
        held.update(each.assignee for each in entries)
        late.update(each.assignee for each in entries if each.late(context.now))
    members = who_is_at_work(context, principal, site_id)
    carried = (
        Carried(member=each, held=held[each.member], late=late[each.member]) for each in members
    )
    return Work(teams=tuple(backlogs), members=tuple(carried))


def age_of(received_at: datetime | None, now: datetime) -> str:
    """Which age a ticket counts to."""
    if received_at is None:
        return OLDER
    return next((name for name, most in AGES.items() if now - received_at <= most), OLDER)


def _backlog(team: str, entries: Iterable[Queued], now: datetime) -> Backlog:
    found = Backlog(team)
    for entry in entries:
        found.add(entry, now)
    return found


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((each for each in (one, other) if each is not None), default=None)
