"""What every subject says of its own ledger, for who verifies it: how many events, and the last."""

import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from triagewire.errors import InvalidFieldError, SealBrokenError
from triagewire.ledger.event import Event
from triagewire.ledger.verification import UNREADABLE, Stated
from triagewire.store.chained import read_head
from triagewire.store.codec import Item, read_text, text
from triagewire.store.denials import denials
from triagewire.store.exports import exports
from triagewire.store.ledger import stored_event
from triagewire.store.policy_ledger import POLICY_LEDGER
from triagewire.store.presence import presence_subject, read_attendance
from triagewire.store.sealed import read_sealed
from triagewire.store.searches import searches
from triagewire.store.sessions import SESSION, read_session
from triagewire.store.table import PK, SK, Tables, query
from triagewire.store.tickets import TICKET, ticket_items, ticket_pk
from triagewire.store.told import read_told, told_subject
from triagewire.ticket import Ticket

GONE = Stated(0, "")
"""What a ticket says that is not there. No ticket is ever removed."""
SPOILT = (
    SealBrokenError,
    KeyError,
    ValueError,
    TypeError,
    OverflowError,
    RecursionError,
    msgspec.MsgspecError,
    zlib.error,
)
"""What reading an item raises that is not as any code of ours writes it."""


def stated_heads(tables: Tables, subjects: Iterable[str]) -> dict[str, Stated]:
    """What subjects say of their ledgers, UNREADABLE where somebody altered that. Absent are those
    that the table forgets in time, as sessions, and those that no code of this version knows.
    Raises KeyUnavailableError for whoever may not open tickets.
    """
    asked = list(subjects)
    tickets = [each for each in asked if each.startswith(ticket_pk(""))]
    stated = dict.fromkeys(tickets, GONE)
    for item in ticket_items(tables, [each.removeprefix(ticket_pk("")) for each in tickets]):
        stated[read_text(item, PK)] = _by_ticket(tables, item)
    for subject in asked:
        if subject in stated:
            continue
        try:
            head = _other(tables, subject)
        except SPOILT:
            head = UNREADABLE
        if head is not None:
            stated[subject] = head
    return stated


def _by_ticket(tables: Tables, item: Item) -> Stated:
    try:
        ticket = read_sealed(tables, item, "document", Ticket)
    except SPOILT:
        return UNREADABLE
    return Stated(ticket.version, ticket.ledger_head)


def every_ticket(tables: Tables) -> Iterator[str]:
    """The subject of every ticket. Reads the whole table: for an operator, never for a function."""
    for item in _scan(
        tables,
        tables.tickets,
        FilterExpression=f"{SK} = :ticket",
        ExpressionAttributeValues={":ticket": text(TICKET)},
        ProjectionExpression=PK,
    ):
        yield read_text(item, PK)


def every_event(tables: Tables) -> Iterator[tuple[str, int, Event | None]]:
    """Every item of the ledger: whose it is by its key, its number, and the event, None for what is
    not as an event is stored. Reads the whole table.
    """
    for item in _scan(tables, tables.ledger, ConsistentRead=True):
        yield _read(item)


def subjects_of(tables: Tables, day: date) -> Iterator[str]:
    """Whose ledgers have an event of a day (UTC), each as often. Reads the whole table."""
    for item in _scan(
        tables,
        tables.ledger,
        ConsistentRead=True,
        FilterExpression="#day = :day OR begins_with(#at, :day)",
        ExpressionAttributeNames={"#day": "day", "#at": "at"},
        ExpressionAttributeValues={":day": text(day.isoformat())},
        ProjectionExpression=PK,
    ):
        yield read_text(item, PK)


def events_of(tables: Tables, subject: str) -> Iterator[tuple[str, int, Event | None]]:
    """The same of one subject."""
    found = query(
        tables.client,
        TableName=tables.ledger,
        KeyConditionExpression=f"{PK} = :subject",
        ExpressionAttributeValues={":subject": text(subject)},
        ConsistentRead=True,
    )
    yield from map(_read, found)


def _read(item: Item) -> tuple[str, int, Event | None]:
    subject, place = read_text(item, PK), read_text(item, SK)
    try:
        return subject, int(place), stored_event(item)
    except (InvalidFieldError, ValueError):
        return subject, int(place) if place.isdecimal() else 0, None


def _other(tables: Tables, subject: str) -> Stated | None:
    kind, _, rest = subject.partition("#")
    site, _, member = rest.partition("#")
    if kind == SESSION:
        session = read_session(tables, rest)
        return None if session is None else Stated(session.version, session.ledger_head)
    if subject == presence_subject(site, member):
        said = read_attendance(tables, site, member)
        return Stated(said.version, said.ledger_head)
    if subject == told_subject(rest):
        told = read_told(tables, rest)
        return Stated(told.version, told.ledger_head)
    return _counted(tables, subject, site, member)


def _counted(tables: Tables, subject: str, site: str, member: str) -> Stated | None:
    """A subject whose item names both in so many words."""
    for at in (POLICY_LEDGER, exports(site), searches(site, member), denials(site, member)):
        if at.subject == subject:
            return Stated(*read_head(tables, at))
    return None


def _scan(tables: Tables, table: str, **arguments: Any) -> Iterator[Item]:  # noqa: ANN401
    arguments["TableName"] = table
    while True:
        answer = tables.client.scan(**arguments)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
