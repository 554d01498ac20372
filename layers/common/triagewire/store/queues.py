"""The queues' index: the open tickets of each team, the most urgent first, then by due time.

It lags behind the table by moments. What it shows of a ticket is enough to count, to filter and to
choose by; whoever decides something reads the ticket.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from triagewire.store.codec import Item, read_text, stamp, text
from triagewire.store.table import Tables, query
from triagewire.ticket import Status, Ticket

NEWCOMERS = "#new"
"""Where the index keeps the tickets that have no team yet; no team has such a name."""
SCANNED = 500
"""How many entries one read looks through when it looks for some of them only."""
LAST = "~"
"""Behind every rank."""
RUNS, STANDS = "runs", "stands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """An open ticket as the index shows it; `rank` sorts the most urgent of any queue first.

    `due_at` (UTC) is of a promise whose time `runs`: neither kept nor paused. What an earlier
    version stored shows no `status` and no `received_at`, and its time seems to stand.
    """

    ticket_id: str
    rank: str
    status: Status | None = None
    assignee: str = ""
    urgency: int = 0
    due_at: datetime | None = None
    received_at: datetime | None = None
    runs: bool = False

    def late(self, now: datetime) -> bool:
        """Whether a promise on it is broken at `now`, and still to be kept."""
        return self.runs and self.due_at is not None and self.due_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries of a queue are looked for; None is all of them, nobody's `assignee` is ""."""

    urgency: int | None = None
    status: Status | None = None
    assignee: str | None = None

    @property
    def scans(self) -> bool:
        """Whether a read has to look through more than it finds."""
        return self.status is not None or self.assignee is not None


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRead:
    """What one read of the index found. `after` is the rank from which to go on; None at the end
    of the queue.
    """

    entries: tuple[Queued, ...]
    after: str | None


def queue_of(site: str, team: str | None) -> str:
    """The partition of the index in which the open tickets of a team stand."""
    return f"{site}#{NEWCOMERS if team is None else team}"


def read_queue(
    tables: Tables,
    site: str,
    team: str,
    wanted: Wanted = EVERYTHING,
    *,
    most: int,
    after: str = "",
) -> QueueRead:
    """One read of a queue behind the rank `after`: at most so many of those wanted, and perhaps
    none though there are more.
    """
    # One more than asked for tells whether the queue goes on.
    limit = SCANNED if wanted.scans else most + 1
    answer = tables.client.query(Limit=limit, **_asked(tables, site, team, wanted, after))
    entries = [_entry(item) for item in answer["Items"]]
    if len(entries) > most:
        return QueueRead(entries=tuple(entries[:most]), after=entries[most - 1].rank)
    last = answer.get("LastEvaluatedKey")
    return QueueRead(entries=tuple(entries), after=read_text(last, "queue_rank") if last else None)


def queue_entries(
    tables: Tables, site: str, team: str, wanted: Wanted = EVERYTHING
) -> Iterator[Queued]:
    """Every open ticket of a queue that is wanted, read from the index page by page, as far as the
    caller looks.
    """
    for item in query(tables.client, **_asked(tables, site, team, wanted)):
        yield _entry(item)


def queue_rank(ticket: Ticket) -> str:
    """Sorts the most urgent first, then what is due first: of two promises the earlier one that is
    not kept yet. Behind that it says what an overview counts.
    """
    clocks = [clock for clock in (ticket.clock, ticket.resolution) if clock is not None]
    owed = [clock for clock in clocks if clock.stopped_at is None]
    due = min((clock.due_at for clock in owed or clocks), default=ticket.received_at)
    runs = any(clock.running for clock in owed)
    parts = (str(9 - int(ticket.urgency)), _stamp(due), ticket.id, _stamp(ticket.received_at))
    return "#".join((*parts, RUNS if runs else STANDS))


def _asked(tables: Tables, site: str, team: str, wanted: Wanted, after: str = "") -> dict[str, Any]:
    """The arguments of the query. A rank with a blank behind it comes right after that rank."""
    asked: dict[str, Any] = {
        "TableName": tables.tickets,
        "IndexName": "queue",
        "KeyConditionExpression": "queue = :queue",
        "ExpressionAttributeValues": {":queue": text(queue_of(site, team))},
    }
    if after or wanted.urgency is not None:
        level = "" if wanted.urgency is None else f"{9 - wanted.urgency}#"
        asked["KeyConditionExpression"] += " AND queue_rank BETWEEN :from AND :to"
        asked["ExpressionAttributeValues"] |= {
            ":from": text(f"{after} " if after else level),
            ":to": text(level + LAST),
        }
    if wanted.scans:
        _sift(asked, wanted)
    return asked


def _sift(asked: dict[str, Any], wanted: Wanted) -> None:
    """Let the index give only what is wanted, and what an earlier version stored, which does not
    show what it is: whoever reads the ticket will know.
    """
    values, tests = asked["ExpressionAttributeValues"], []
    if wanted.status is not None:
        tests.append("#status = :status")
        values[":status"] = text(wanted.status.value)
    if wanted.assignee:
        tests.append("assignee = :assignee")
        values[":assignee"] = text(wanted.assignee)
    elif wanted.assignee is not None:
        tests.append("attribute_not_exists(assignee)")
    asked["FilterExpression"] = f"({' AND '.join(tests)}) OR attribute_not_exists(#status)"
    asked["ExpressionAttributeNames"] = {"#status": "status"}


def _entry(item: Item) -> Queued:
    rank, status = read_text(item, "queue_rank"), read_text(item, "status")
    level, due, _, received, runs = (*rank.split("#"), "", "", "", "")[:5]
    return Queued(
        ticket_id=read_text(item, "pk").removeprefix("TICKET#"),
        rank=rank,
        status=Status(status) if status else None,
        assignee=read_text(item, "assignee"),
        urgency=9 - int(level),
        due_at=datetime.fromisoformat(due) if due else None,
        received_at=datetime.fromisoformat(received) if received else None,
        runs=runs == RUNS,
    )


def _stamp(at: datetime) -> str:
    return stamp(at.astimezone(UTC))
