"""A mail's headers, each read without raising, whatever is in them."""

import re
from collections.abc import Iterable

from triagewire.channels.mail.charset import decoded_words
from triagewire.channels.reading.fields import MOST_ID_CHARACTERS, one_line

MOST_HEADER_CHARACTERS = 20_000
"""Longer ones are cut before anything is computed over them; a real one has a few hundred."""

_IDS = re.compile(r"<([^<>]{1,998})>")
_COMMENT = re.compile(r"\([^()]{0,998}\)")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
_MOST_RECEIVED = 3
_ADDRESSED = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


class MailHeaders:
    """Headers by name without regard to case; of a repeated one the first is the real one: the
    receiving system writes above what it was given.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._all: dict[str, list[str]] = {}
        for name, value in pairs:
            kept = self._all.setdefault(name.strip().lower(), [])
            kept.append(value[:MOST_HEADER_CHARACTERS])

    def get(self, name: str) -> str | None:
        """The first header of the name (given in small letters), or None."""
        return self._all.get(name, [None])[0]

    def has(self, name: str) -> bool:
        """Whether the header is there, with whatever value."""
        return name in self._all

    def every(self, name: str) -> tuple[str, ...]:
        """All headers of the name, top to bottom."""
        return tuple(self._all.get(name, ()))

    def line(self, name: str) -> str:
        """The value as one decoded line, or ''."""
        return one_line(decoded_words(self.get(name) or ""))

    def word(self, name: str) -> str:
        """The value's first word in small letters, without parameters and comments."""
        said = _COMMENT.sub(" ", self.get(name) or "").strip()
        return re.split(r"[;(\s]", said, maxsplit=1)[0].lower()

    def parameter(self, name: str, key: str) -> str:
        """A parameter of a structured header in small letters, or ''."""
        found = re.search(rf";\s*{key}\s*=\s*\"?([^\";\s]{{1,80}})", self.get(name) or "", re.I)
        return found[1].lower() if found else ""

    def message_id(self) -> str | None:
        """The mail's own id without its brackets, its case kept (RFC 5322 §3.6.4). A sentence in
        its place and the beginning of a long one are none: other mails would have the same.
        """
        stated = self.get("message-id") or ""
        found = _IDS.findall(stated)[:1] or stated.split()
        named = one_line(found[0]).strip("<>") if len(found) == 1 else ""
        return named if 0 < len(named) <= MOST_ID_CHARACTERS else None

    def thread(self) -> str | None:
        """The mail that began the conversation, the same for all that follow: the first of
        `References`, else `In-Reply-To`, else this mail itself (RFC 5322 §3.6.4).
        """
        begun = _ids(self.get("references") or "")[:1]
        answered = _ids(self.get("in-reply-to") or "")[-1:]
        return next(iter([*begun, *answered]), None) or self.message_id()

    def answers(self) -> bool:
        """Whether the mail names one that it answers, or comes without any header that could."""
        named = self._all.keys() & {"in-reply-to", "references"}
        return bool(named) or "message-id" not in self._all

    def language(self) -> str | None:
        """The first language of `Content-Language` (RFC 3282), the primary tag alone."""
        first = (self.get("content-language") or "").partition(",")[0].strip()
        found = _LANGUAGE.fullmatch(first)
        return found[1].lower() if found else None

    def addressed(self) -> tuple[str, ...]:
        """Every header that says to whom the mail came; a blind copy is named where it was received
        (`for`, RFC 5321 §4.4).
        """
        named = tuple(value for name in _ADDRESSED for value in self.every(name))
        return (*named, *self.every("received")[:_MOST_RECEIVED])


def _ids(value: str) -> list[str]:
    """The message ids of a header; some mailers leave the brackets off."""
    found = _IDS.findall(value) or value.split()
    return [named for each in found if (named := one_line(each).strip("<>")[:MOST_ID_CHARACTERS])]
