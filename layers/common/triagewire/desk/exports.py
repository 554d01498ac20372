"""A queue as comma-separated values, which no spreadsheet takes for formulas."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime

from triagewire.clock.promise import Clock
from triagewire.ledger.paper import cell
from triagewire.ticket import Ticket

MEDIA_TYPE = "text/csv; charset=utf-8"
COLUMNS = (
    "id",
    "site",
    "team",
    "status",
    "urgency",
    "review",
    "topic",
    "assignee",
    "language",
    "channels",
    "received_at",
    "routed_at",
    "assigned_at",
    "accepted_at",
    "responded_at",
    "due_at",
    "resolution_due_at",
    "wake_at",
    "breached_at",
    "handoffs",
    "bounces",
    "reopened",
    "version",
)
_PLAIN = re.compile(r"[^A-Za-z0-9_-]+")


def csv_text(tickets: Iterable[Ticket]) -> str:
    """The lines of a queue with their heading; ids, codes and times only."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([cell(value) for value in _row(ticket)] for ticket in tickets)
    return out.getvalue()


def file_name(site_id: str, team: str, now: datetime) -> str:
    """What the file is called when it is saved."""
    return _PLAIN.sub("-", f"{site_id}-{team}-{now:%Y-%m-%dT%H%M}Z") + ".csv"


def _row(ticket: Ticket) -> tuple[object, ...]:
    verdict = ticket.verdict
    return (
        ticket.id,
        ticket.site,
        ticket.team,
        ticket.status.value,
        int(ticket.urgency),
        str(ticket.in_review).lower(),
        verdict.topic if verdict else None,
        ticket.assignee,
        (verdict.language if verdict else None) or ticket.language,
        " ".join(channel.value for channel in ticket.channels),
        ticket.received_at,
        ticket.routed_at,
        ticket.assigned_at,
        ticket.accepted_at,
        ticket.responded_at,
        _due(ticket.clock),
        _due(ticket.resolution),
        ticket.wake_at,
        ticket.escalation.breached_at,
        ticket.handoffs,
        ticket.bounces,
        ticket.reopened,
        ticket.version,
    )


def _due(clock: Clock | None) -> datetime | None:
    """When a promise is due that is still to be kept."""
    return None if clock is None or clock.stopped_at is not None else clock.due_at
