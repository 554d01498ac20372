"""Requests of staff that a program may settle: which they are, what a program is told, and the link
by which it says how it went.

A request stays a ticket of its team with its clocks running: a program may be quicker than people,
and nobody waits for one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from triagewire.arrival import RequesterKind, StaffRequest
from triagewire.automated import Automated, AutomationState
from triagewire.errors import BadLinkError
from triagewire.message import Message
from triagewire.policy.automation import RequestType, When
from triagewire.policy.model import Site
from triagewire.replies.matching import folded
from triagewire.signed import CALLBACK, Said, read_signed, signed
from triagewire.team import IT
from triagewire.ticket import Ticket
from triagewire.verdict import Urgency

CONTRACT = 1
"""The version of what an event says; a change that a reader must know of counts it up."""
CALLBACK_HOLDS = timedelta(days=7)
"""How long a program may still say how it went."""

FOR_PEOPLE = frozenset({"business_impact", "patient_impact"})
"""Fields of which no program is told: whom a request holds up may be a patient."""

_BETWEEN = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackLink:
    """What a genuine callback says: for which ticket a program was asked, and when (UTC)."""

    ticket_id: str
    requested_at: datetime
    type: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request that a program may settle: the name of its type, and the type."""

    name: str
    type: RequestType


def wanted_from_program(ticket: Ticket, said: Sequence[Message], site: Site) -> Wanted | None:
    """The first type of a site that a routed request is of, with all that it needs filled in.

    `said` is what its requester wrote, in order. None for whatever a person must look at first: a
    patient's, an urgent or clinical or reviewed one, one of an unknown or doubted sender.
    """
    if not is_for_programs(ticket) or any(_is_doubted(each) for each in said):
        return None
    fields = fields_of(said)
    words = words_of(said)
    for name, kind in site.automation.types.items():
        if not kind.enabled or not is_of(kind.when, ticket, words, fields):
            continue
        if all(fields.get(needed) for needed in kind.needs):
            return Wanted(name, kind)
    return None


def is_for_programs(ticket: Ticket) -> bool:
    """Whether a ticket is a plain request of staff to IT that nobody has given to a program; not
    what was said beside something grave, of which only people speak with the requester.
    """
    fresh = ticket.automation is None and ticket.at_work
    return is_plain_request(ticket) and fresh and not ticket.quiet


def is_plain_request(ticket: Ticket) -> bool:
    """Whether a ticket is one of staff to IT which nobody doubts, and no patient suffers by."""
    verdict = ticket.verdict
    if verdict is None or ticket.requester.kind is not RequesterKind.STAFF:
        return False
    plain = not (verdict.review or ticket.in_review or verdict.crisis)
    return plain and verdict.team in IT and verdict.score < Urgency.CLINICAL_STANDARD


def _is_doubted(message: Message) -> bool:
    return message.doubtful_sender or message.automatic or bool(message.pointer)


def is_of(when: When, ticket: Ticket, words: str, fields: Mapping[str, str]) -> bool:
    """Whether a request is one of those that a type asks for; a type that asks for nothing matches
    nothing. `words` are folded.
    """
    if not when.asks:
        return False
    topic = ticket.verdict.topic if ticket.verdict else ""
    application = in_words(fields.get("application", ""))
    return all(
        (
            not when.topics or topic in when.topics,
            not when.words or any(_holds(words, each) for each in when.words),
            not when.applications
            or any(_holds(f"{words}{application}", each) for each in when.applications),
        )
    )


def words_of(said: Sequence[Message]) -> str:
    """All words of some messages, folded."""
    return in_words("\n".join(f"{each.subject}\n{each.text}" for each in said))


def fields_of(said: Sequence[Message]) -> dict[str, str]:
    """The fields that were filled in, by name; what was stated first stays."""
    found: dict[str, str] = {}
    for message in said:
        for name, value in asdict(message.staff_request or StaffRequest()).items():
            if value and name not in found:
                found[name] = value
    return found


def requested(wanted: Wanted, now: datetime) -> Automated:
    """How a ticket shows that programs were asked."""
    return Automated(
        type=wanted.name,
        state=AutomationState.REQUESTED,
        requested_at=now,
        due_at=now + timedelta(minutes=wanted.type.minutes),
        at=now,
    )


def event_of(ticket: Ticket, automated: Automated, fields: Mapping[str, str]) -> dict[str, Any]:
    """What programs are told, but for the callback: no word of a message, only its fields, and of
    these none that is for people.
    """
    who = {"email": ticket.requester.email, "name": ticket.requester.name}
    return {
        "version": CONTRACT,
        "ticket": ticket.id,
        "site": ticket.site,
        "type": automated.type,
        "requester": {name: value for name, value in who.items() if value},
        "fields": {name: value for name, value in fields.items() if name not in FOR_PEOPLE},
        "due_at": automated.due_at.isoformat(),
    }


def callback_token(key: bytes, link: CallbackLink) -> str:
    """The token of a callback; the same request gives the same token."""
    said = Said(ticket_id=link.ticket_id, at=link.requested_at, rest=link.type)
    return signed(key, CALLBACK, said)


def read_callback_token(key: bytes, token: str, now: datetime) -> CallbackLink:
    """What a token says. Raises BadLinkError for one that is malformed, forged, or too old."""
    said = read_signed(key, CALLBACK, token)
    if said.at + CALLBACK_HOLDS <= now:
        raise BadLinkError("no link that holds")
    return CallbackLink(ticket_id=said.ticket_id, requested_at=said.at, type=said.rest)


def in_words(text: str) -> str:
    """A text's words in small letters without accents, each between spaces."""
    return f" {_BETWEEN.sub(' ', folded(text)).strip()} "


def _holds(words: str, wanted: str) -> bool:
    return bool(wanted.strip()) and in_words(wanted) in words
