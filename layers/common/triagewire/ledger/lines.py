"""A ledger event as one line of text, for the locked copies, exports and their verifier.

Canonical JSON of every field: sorted keys, no spaces, UTF-8. The same event is always the same
bytes, and a line that was written in any other way is refused.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from triagewire.errors import InvalidFieldError
from triagewire.ledger.chain import content
from triagewire.ledger.event import Action, Event
from triagewire.ledger.moments import read_exact

TEXTS = ("subject", "at", "actor", "action", "why", "request_id", "previous", "hash")
NUMBERS = ("sequence", "policy_version")
FIELDS = frozenset((*TEXTS, *NUMBERS, "detail"))
CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def to_line(event: Event) -> str:
    """The line of an event, without a newline."""
    return canonical({**content(event), "hash": event.hash})


def from_line(text: str) -> Event:
    """The event of a line. Raises InvalidFieldError naming the field, or `line`, for what
    `to_line` would not have written.
    """
    found = read_line(text)
    return Event(
        subject=found["subject"],
        sequence=found["sequence"],
        at=read_exact(found["at"]),
        actor=found["actor"],
        action=_action(found["action"]),
        why=found["why"],
        detail=found["detail"],
        policy_version=found["policy_version"],
        request_id=found["request_id"],
        previous=found["previous"],
        hash=found["hash"],
    )


def read_line(text: str) -> dict[str, Any]:
    """The fields of a line, whose action a later version may have added: while one is deployed, its
    events are copied by code that does not know them yet. Raises InvalidFieldError.
    """
    found = read_canonical(text, "line")
    _whole(found)
    _time(found["at"])
    check_detail(found["detail"])
    return found


def hash_fits(found: Mapping[str, Any]) -> bool:
    """Whether the fields of a line have the hash that an event of these fields has."""
    content = canonical({name: value for name, value in found.items() if name != "hash"})
    computed = hashlib.sha256(content.encode()).hexdigest()
    return bool(computed == found["hash"])


def canonical(content: Mapping[str, Any]) -> str:
    """A JSON object as the one text that stands for it: sorted keys, no spaces."""
    return CANONICAL.encode(content)


def read_canonical(text: str, field: str) -> dict[str, Any]:
    """The object of a canonical text. Raises InvalidFieldError naming `field` for any other."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidFieldError(field, "is no JSON") from None
    if not isinstance(found, dict):
        raise InvalidFieldError(field, "is no object")
    try:
        again = canonical(found)
    except (ValueError, RecursionError):
        raise InvalidFieldError(field, "has a number that is none, or too many levels") from None
    if again != text:
        raise InvalidFieldError(field, "is not in its canonical form")
    return found


def _whole(found: Mapping[str, Any]) -> None:
    """That every field is there, nothing else is, and each is of its type."""
    for name in sorted(FIELDS - found.keys()):
        raise InvalidFieldError(name, "is missing")
    if found.keys() - FIELDS:
        raise InvalidFieldError("line", "has a field that no event has")
    for name in TEXTS:
        if not isinstance(found[name], str):
            raise InvalidFieldError(name, "is no text")
    for name in NUMBERS:
        if type(found[name]) is not int:
            raise InvalidFieldError(name, "is no whole number")


def _time(text: str) -> None:
    try:
        read_exact(text)
    except ValueError:
        raise InvalidFieldError("at", "is no time in UTC to the microsecond") from None


def _action(text: str) -> Action:
    try:
        return Action(text)
    except ValueError:
        raise InvalidFieldError("action", "is none that this version knows") from None


def check_detail(found: object) -> None:
    """Raises InvalidFieldError for what no detail of an event may be."""
    if not isinstance(found, dict):
        raise InvalidFieldError("detail", "is no object")
    for value in found.values():
        listed = value if isinstance(value, list) else []
        plain = value is None or isinstance(value, str | int | float | bool | list)
        if not plain or not all(isinstance(each, str) for each in listed):
            raise InvalidFieldError("detail", "holds what no detail may be")
