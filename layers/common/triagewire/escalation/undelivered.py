"""A message that SNS gave up on, read from what it sends back: only ids are taken from it, and only
those of a message that the ledger says was sent.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from triagewire.channels.reading.fields import Fields
from triagewire.errors import InvalidFieldError, UnreadableError
from triagewire.escalation.bundle import bundle_id
from triagewire.escalation.notice import NoticeKind
from triagewire.ladder import Way
from triagewire.ledger.event import Action, Event

REPORT = "report"
"""The kind of a message about a report of measures, which is of no ticket."""
OF_TICKETS = frozenset(NoticeKind) - {
    NoticeKind.UNREACHABLE,
    NoticeKind.REACHABLE,
    NoticeKind.EMERGENCY,
    NoticeKind.SOURCE_SILENT,
    NoticeKind.SOURCE_HEARD,
    NoticeKind.SOURCE_LIMITED,
    NoticeKind.SOURCE_UNLIMITED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """Which message did not reach whom, and by which way; `is_report` for the word of a report."""

    message: str
    person: str
    way: Way
    is_report: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """One notice about a ticket in a message that was sent `at` (UTC)."""

    id: str
    ticket_id: str
    kind: NoticeKind
    at: datetime


def undelivered(body: str, attributes: Mapping[str, object]) -> Undelivered:
    """What SNS says that it could not deliver; `attributes` are those of the queue's record, where
    they stand for a subscription that asks for the bare text.

    Raises UnreadableError or InvalidFieldError for anything but a notice of ours, as an alarm is.
    """
    sent = Fields(attributes, "messageAttributes")
    if "notice" not in attributes:
        sent = _enveloped(body)
    way = _value(sent, "way")
    if way not in list(Way):
        raise InvalidFieldError("way", "is none by which a notice goes")
    return Undelivered(
        message=_value(sent, "notice"),
        person=_value(sent, "person"),
        way=Way(way),
        is_report=_stated(sent, "kind") == REPORT,
    )


def _enveloped(body: str) -> Fields:
    try:
        envelope = Fields(json.loads(body))
    except (ValueError, RecursionError):
        raise UnreadableError("what came back is no JSON") from None
    return envelope.inner("MessageAttributes")


def _value(sent: Fields, name: str) -> str:
    """An attribute that must be there."""
    return sent.required(name, _stated(sent, name))


def _stated(sent: Fields, name: str) -> str | None:
    """An attribute as an envelope of SNS has it, or a record of SQS."""
    attribute = sent.inner(name)
    return attribute.line("Value") or attribute.line("stringValue")


def lost_notices(what: Undelivered, events: Iterable[Event]) -> tuple[Lost, ...]:
    """The notices about tickets in a message that did not arrive, by what the ledger says was sent
    to its person.

    Raises UnreadableError for a message that was never sent so, or that is about no ticket at all:
    somebody must look at it.
    """
    for event in reversed(list(events)):
        if event.action is not Action.TOLD or what.way.value not in _listed(event, "ways"):
            continue
        ids = _listed(event, "notices")
        if ids and bundle_id(ids) == what.message:
            return _lost(ids, what.person, event.at)
    raise UnreadableError("no such message was sent lately")


def _listed(event: Event, name: str) -> list[str]:
    found = event.detail.get(name)
    return found if isinstance(found, list) else []


def _lost(notices: Iterable[str], person: str, at: datetime) -> tuple[Lost, ...]:
    parts = [(each, each.removesuffix(f"-{person}").rsplit("-", 2)) for each in notices]
    lost = tuple(
        Lost(id=notice, ticket_id=part[0], kind=NoticeKind(part[2]), at=at)
        for notice, part in parts
        if part[-1] in OF_TICKETS
    )
    if not lost:
        raise UnreadableError("it is about no ticket")
    return lost
