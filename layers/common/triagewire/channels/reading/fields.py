"""Typed reading of received data: every complaint names the path of the field, never its value."""

import math
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, cast

from triagewire.errors import InvalidFieldError

MOST_LINE_CHARACTERS = 998
"""The longest line of a mail (RFC 5322 §2.1.1): enough for any subject or name; the rest is cut."""
MOST_ID_CHARACTERS = 256

_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def readable(text: str) -> str:
    """Text that any encoder takes: half a character (lone surrogate) becomes U+FFFD."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def readable_all[T](value: T) -> T:
    """A value of ours in which every text, however deep, is such that any encoder takes it."""
    found: Any = value
    if isinstance(value, str):
        found = readable(value)
    elif isinstance(value, tuple):
        found = tuple(map(readable_all, value))
    elif is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: readable_all(getattr(value, each.name)) for each in fields(value)}
        found = replace(value, **parts)
    return cast(T, found)


def one_line(text: str) -> str:
    """Text without line breaks and control characters: it can forge no header and no log line."""
    return _BREAKS.sub(" ", readable(text)).strip()[:MOST_LINE_CHARACTERS]


class Fields:
    """One JSON object, read by key. A null, an empty text and an absent key all read as None."""

    __slots__ = ("_data", "_where")

    def __init__(self, data: object, where: str = "") -> None:
        if not isinstance(data, Mapping):
            raise InvalidFieldError(where or "body", "must be an object")
        self._data: Mapping[str, object] = data
        self._where = where

    def path(self, key: str) -> str:
        """How a complaint names this key: `data.patient.mrn`."""
        return f"{self._where}.{key}" if self._where else key

    def keys(self) -> Set[str]:
        """The keys that were given."""
        return self._data.keys()

    def required[T](self, key: str, value: T | None) -> T:
        """The value, or an InvalidFieldError saying that the key is missing."""
        if value is None:
            raise InvalidFieldError(self.path(key), "is missing")
        return value

    def prose(self, key: str) -> str | None:
        """What a person wrote: kept as it is, line breaks and all."""
        value = self._data.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise InvalidFieldError(self.path(key), "must be text")
        return readable(value) if value.strip() else None

    def exact(self, key: str) -> str | None:
        """A text to the last character, as it came: what a signature covers, or what it is."""
        value = self._data.get(key)
        if value is not None and not isinstance(value, str):
            raise InvalidFieldError(self.path(key), "must be text")
        return value

    def value(self, key: str) -> object:
        """Whatever came under the key, for answers of a form, which may have any shape."""
        return self._data.get(key)

    def line(self, key: str) -> str | None:
        """A single line: a name, a subject, an address."""
        value = self.prose(key)
        return (one_line(value) or None) if value else None

    def identifier(self, key: str) -> str | None:
        """An id, which some senders write as a number. Too long to be one: refused, never cut."""
        value = self._data.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        elif value is not None and not isinstance(value, str):
            raise InvalidFieldError(self.path(key), "must be text")
        identifier = one_line(value) if value else ""
        if len(identifier) > MOST_ID_CHARACTERS:
            raise InvalidFieldError(
                self.path(key), f"must have at most {MOST_ID_CHARACTERS} characters"
            )
        return identifier or None

    def number(self, key: str) -> float | None:
        """A finite number."""
        value = self._data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidFieldError(self.path(key), "must be a number")
        if abs(value) > 1e15 or not math.isfinite(value):
            raise InvalidFieldError(self.path(key), "is out of range")
        return float(value)

    def flag(self, key: str) -> bool | None:
        """True, false, or not stated."""
        value = self._data.get(key)
        if value is None or isinstance(value, bool):
            return value
        raise InvalidFieldError(self.path(key), "must be true or false")

    def moment(self, key: str) -> datetime | None:
        """An ISO 8601 time with an offset, as UTC."""
        value = self.line(key)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise InvalidFieldError(self.path(key), "must be an ISO 8601 time") from None
        raise InvalidFieldError(self.path(key), "must carry an offset such as Z or +02:00")

    def day(self, key: str) -> date | None:
        """A calendar date, YYYY-MM-DD."""
        value = self.line(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise InvalidFieldError(self.path(key), "must be a date, YYYY-MM-DD") from None

    def lines(self, key: str) -> tuple[str, ...]:
        """A list of single lines; empty ones are left out."""
        entries: list[str] = []
        for index, value in self._list(key):
            if not isinstance(value, str):
                raise InvalidFieldError(f"{self.path(key)}[{index}]", "must be text")
            if line := one_line(value):
                entries.append(line)
        return tuple(entries)

    def inner(self, key: str) -> "Fields":
        """The object under the key; absent reads as an empty one."""
        value = self._data.get(key)
        return Fields({} if value is None else value, self.path(key))

    def has(self, key: str) -> bool:
        """Whether the key was given with something other than null."""
        return self._data.get(key) is not None

    def objects(self, key: str) -> tuple["Fields", ...]:
        """The objects of the list under the key."""
        return tuple(Fields(value, f"{self.path(key)}[{at}]") for at, value in self._list(key))

    def _list(self, key: str) -> Iterator[tuple[int, object]]:
        value = self._data.get(key)
        if value is not None and not isinstance(value, list | tuple):
            raise InvalidFieldError(self.path(key), "must be a list")
        return enumerate(value or ())
