"""Lists of open tickets: a queue page by page, and what somebody holds in all their sites.

The index lags behind the table by moments, so each ticket is looked at as it is stored, and one
that has left meanwhile is not listed.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from triagewire.access import Principal
from triagewire.arrival import Channel
from triagewire.clock.sla import is_breached
from triagewire.errors import DeniedError, NotFoundError
from triagewire.flow.context import Context
from triagewire.flow.readable import readable_tickets
from triagewire.store.queues import Queued, QueueRead, Wanted, queue_entries, read_queue
from triagewire.store.tickets import BATCH
from triagewire.ticket import Status, Ticket

MOST_READS = 10
"""How many reads of the index a request may take: what is sought for longer comes with the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which tickets of a queue are listed; None is all of them, nobody's `assignee` is "". `late`
    asks for those of which a promise is broken and still to be kept.
    """

    urgency: int | None = None
    status: Status | None = None
    assignee: str | None = None
    topic: str | None = None
    language: str | None = None
    channel: Channel | None = None
    late: bool = False

    @property
    def indexed(self) -> Wanted:
        """As much of it as the index shows."""
        return Wanted(urgency=self.urgency, status=self.status, assignee=self.assignee)

    @property
    def reads(self) -> bool:
        """Whether the ticket itself must be read to know."""
        return self.late or (self.topic, self.language, self.channel) != (None, None, None)

    def holds(self, ticket: Ticket, context: Context) -> bool:
        """Whether a ticket as it is stored is one of them."""
        verdict = ticket.verdict
        heard = (verdict.language if verdict else "") or ticket.language
        return (
            self.urgency in (None, int(ticket.urgency))
            and self.status in (None, ticket.status)
            and self.assignee in (None, ticket.assignee or "")
            and self.topic in (None, verdict.topic if verdict else None)
            and self.language in (None, heard)
            and self.channel in (None, *ticket.channels)
            and (not self.late or is_late(ticket, context))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of tickets; `after` says where the next one begins, None that there is none."""

    tickets: tuple[Ticket, ...]
    after: str | None


def is_late(ticket: Ticket, context: Context) -> bool:
    """Whether a promise on a ticket is broken, and still to be kept."""
    clocks = (ticket.clock, ticket.resolution)
    owed = (each for each in clocks if each is not None and each.running)
    return ticket.is_open and any(is_breached(each, context.now) for each in owed)


@dataclass(frozen=True, slots=True)
class QueueWalk:
    """The most urgent first, then by due time; `most` on a page. A page without any ticket may have
    one after it.
    """

    context: Context
    site: str
    team: str
    sought: Sought
    most: int

    def page(self, after: str = "") -> Listed:
        """The page behind a rank. Where nothing is sought, it costs one query and one read."""
        found: list[Ticket] = []
        place: str | None = after
        for _ in range(MOST_READS):
            read = self._read(place or "", len(found))
            place = read.after
            for entry, ticket in self._stored(read.entries):
                found.append(ticket)
                if len(found) == self.most:
                    return Listed(tickets=tuple(found), after=_behind(entry, read))
            if place is None:
                break
        return Listed(tickets=tuple(found), after=place)

    def _read(self, after: str, found: int) -> QueueRead:
        most = BATCH if self.sought.reads else self.most - found
        wanted, tables = self.sought.indexed, self.context.tables
        return read_queue(tables, self.site, self.team, wanted, most=most, after=after)

    def _stored(self, entries: Iterable[Queued]) -> Iterator[tuple[Queued, Ticket]]:
        listed = list(entries)
        stored = readable_tickets(self.context, [each.ticket_id for each in listed])
        for entry in listed:
            ticket = stored.get(entry.ticket_id)
            if ticket is None or not ticket.is_open or ticket.team != self.team:
                continue
            if self.sought.holds(ticket, self.context):
                yield entry, ticket


def queue(
    context: Context, principal: Principal, site_id: str, team: str, sought: Sought, *, most: int
) -> QueueWalk:
    """A queue that the principal may see, to be walked page by page. Raises NotFoundError."""
    if team not in principal.open_site(site_id).teams:
        raise NotFoundError("no such queue")
    if not principal.may_see(site_id, team):
        raise DeniedError("no such queue", site=site_id, team=team)
    return QueueWalk(context, site_id, team, sought, most)


def held(context: Context, principal: Principal, after: str, most: int) -> Listed:
    """What the principal holds in all their sites, the most urgent first. `after` is the rank that
    the page before ended with.
    """
    mine = Wanted(assignee=principal.id)
    queues = (
        queue_entries(context.tables, site_id, team, mine) for site_id, team in principal.queues()
    )
    ahead = heapq.merge(*queues, key=lambda each: each.rank)
    entries = list(islice((each for each in ahead if each.rank > after), most + 1))
    stored = readable_tickets(context, [each.ticket_id for each in entries[:most]])
    found = (stored.get(each.ticket_id) for each in entries[:most])
    tickets = tuple(each for each in found if each and each.is_open and _is_mine(each, principal))
    return Listed(tickets=tickets, after=entries[most - 1].rank if len(entries) > most else None)


def _behind(entry: Queued, read: QueueRead) -> str | None:
    """Where to go on behind an entry of a read."""
    return None if read.after is None and entry == read.entries[-1] else entry.rank


def _is_mine(ticket: Ticket, principal: Principal) -> bool:
    return ticket.assignee == principal.id and principal.may_see(ticket.site, ticket.team)
