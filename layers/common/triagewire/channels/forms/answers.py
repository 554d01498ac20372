"""The answers of a form that somebody else built: which of them say who asks, and what is asked.

Form builders know questions, not requesters. The source's option `fields` says which question is
which of our `NAMES`; without it a builder's own types decide, where they leave no doubt. Whatever
is not understood as one of these stays in the text under its question, so that no word is lost.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import unquote, urlsplit

from triagewire.arrival import Arrival, Attachment, Requester, RequesterKind
from triagewire.channels.reading.fields import (
    MOST_ID_CHARACTERS,
    MOST_LINE_CHARACTERS,
    Fields,
    one_line,
    readable,
)
from triagewire.channels.reading.identities import email_address, kind_of, phone_number
from triagewire.channels.reading.record import MOST_ATTACHMENTS, context_from, file_name
from triagewire.channels.reading.staff import STAFF_FIELDS, staff_request_from
from triagewire.channels.request import WebhookRequest
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError
from triagewire.ids import derived_event_id

NAMES = (
    "text",
    "subject",
    "name",
    "email",
    "phone",
    "patient_id",
    "date_of_birth",
    "language",
    "request_type",
    *STAFF_FIELDS,
)
"""What the option `fields` of a form may map to a question, or to several: `name: first, last`."""

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8})*", re.IGNORECASE)
_LANGUAGE_NAMES = {
    "english": "en",
    "inglés": "en",
    "ingles": "en",
    "spanish": "es",
    "español": "es",
    "espanol": "es",
    "castellano": "es",
}
_FEWEST_DIGITS = 5
_EMBEDDED = re.compile(r"data:[\w.+-]{1,100}/[\w.+-]{1,100}[;,]")
_NO_WORDS = frozenset({"id", "ids", "ref", "refs"})
"""Keys of an answer under which a builder's own identifiers stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answered question. `keys` are the names that the sender knows it by.

    `suits` is the one of `NAMES` that the builder's type speaks for. A `hidden` field was set by
    the page and not by the person: it counts only where it is mapped.
    """

    keys: tuple[str, ...]
    question: str = ""
    text: str = ""
    suits: str = ""
    files: tuple[Attachment, ...] = ()
    hidden: bool = False

    @property
    def line(self) -> str:
        """The answer under its question."""
        question = one_line(self.question).rstrip(" :")
        return f"{question}: {self.text}" if question else self.text


def arrival_from(
    answers: Sequence[Answered],
    source: Source,
    event_id: str,
    occurred_at: datetime | None = None,
    remarks: tuple[str, ...] = (),
) -> Arrival:
    """A filled form. One without words is a ticket too, with a remark that says so."""
    chosen, doubts = _chosen(answers, source.options.fields)
    read = {
        name: value
        for name, given in chosen.items()
        if (value := _READERS[name](" ".join(each.text for each in given), source)) is not None
    }
    text = _text(answers, chosen, read)
    files = tuple(file for answer in answers for file in answer.files)
    if len(files) > MOST_ATTACHMENTS:
        doubts = (*doubts, f"{len(files) - MOST_ATTACHMENTS} more files are not listed")
    born = date.fromisoformat(read["date_of_birth"]) if "date_of_birth" in read else None
    return Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=event_id,
        requester=_requester(read, source, born),
        text=text,
        subject=read.get("subject", ""),
        language=read.get("language"),
        context=context_from(Fields({}), born, occurred_at),
        request_type=read.get("request_type"),
        staff_request=staff_request_from(read),
        attachments=files[:MOST_ATTACHMENTS],
        remarks=(*remarks, *doubts, *(() if text else ("form without words",))),
        occurred_at=occurred_at,
    )


def _requester(read: Mapping[str, str], source: Source, born: date | None) -> Requester:
    """Who says that they ask: anybody can fill in a form, under any name."""
    return Requester(
        kind=kind_of(source, RequesterKind.UNKNOWN),
        patient_id=read.get("patient_id"),
        email=read.get("email"),
        phone=read.get("phone"),
        name=read.get("name"),
        date_of_birth=born,
    )


def _chosen(
    answers: Sequence[Answered], mapped: Mapping[str, str]
) -> tuple[dict[str, tuple[Answered, ...]], tuple[str, ...]]:
    """The answers that stand for each of our names, and where there was a choice that is ours to
    leave: of two addresses one may be that of a relative, and a wrong one is written to.
    """
    if mapped:
        named = {name: _under(mapped[name], answers) for name in NAMES if name in mapped}
        return {name: given for name, given in named.items() if given}, ()
    suited = {
        name: tuple(each for each in answers if each.suits == name and each.text) for name in NAMES
    }
    doubtful = [name for name, given in suited.items() if len(given) > 1 and name != "text"]
    chosen = {name: given for name, given in suited.items() if given and name not in doubtful}
    if "text" in chosen:
        chosen["text"] = chosen["text"][:1]
    return chosen, tuple(
        f"several answers could be the {name}; the option fields can name one" for name in doubtful
    )


def _under(theirs: str, answers: Sequence[Answered]) -> tuple[Answered, ...]:
    """The answers under a mapped key, or under several that a comma parts, in the mapped order."""
    wanted = [key.strip() for key in theirs.split(",")]
    return tuple(
        answer for key in wanted for answer in answers if key in answer.keys and answer.text
    )


def _text(
    answers: Sequence[Answered], chosen: Mapping[str, tuple[Answered, ...]], read: Iterable[str]
) -> str:
    """What the person wrote, and below it every other answer under its question."""
    said = chosen.get("text", ())
    named = {id(answer) for given in chosen.values() for answer in given}
    understood = {id(answer) for name in read for answer in chosen[name]}
    rest = [
        answer.line
        for answer in answers
        if answer.text
        and id(answer) not in understood
        and (id(answer) in named or not answer.hidden)
    ]
    return "\n".join([*(answer.text for answer in said), *rest])


def _line(text: str, _source: Source) -> str | None:
    """One line; a longer one would be cut, and stays in the text instead."""
    line = one_line(text)
    return line if line and len(text) <= MOST_LINE_CHARACTERS else None


def _identifier(text: str, source: Source) -> str | None:
    return _line(text, source) if len(text) <= MOST_ID_CHARACTERS else None


def _phone(text: str, source: Source) -> str | None:
    """A number. "none" and "as above" are no numbers: all who write so would look like one."""
    digits = sum(character.isdigit() for character in text)
    if digits < _FEWEST_DIGITS or len(text) > MOST_ID_CHARACTERS:
        return None
    return phone_number(one_line(text), source.options.country_code)


def _day(text: str, _source: Source) -> str | None:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return None


def _language(text: str, _source: Source) -> str | None:
    """A language tag (BCP 47), or the name of a language that the product speaks."""
    stated = text.strip().lower()
    if stated in _LANGUAGE_NAMES:
        return _LANGUAGE_NAMES[stated]
    found = _LANGUAGE.fullmatch(stated)
    return found[1] if found else None


_READERS: Mapping[str, Callable[[str, Source], str | None]] = {
    "text": lambda text, _source: text or None,
    "subject": _line,
    "name": _line,
    "email": lambda text, _source: email_address(text),
    "phone": _phone,
    "patient_id": _identifier,
    "date_of_birth": _day,
    "language": _language,
    "request_type": _line,
    **dict.fromkeys(STAFF_FIELDS, _line),
}
"""Each gives None for what it cannot read, which then stays in the text as it was written."""


def words(value: object) -> str:
    """Any JSON value as a person would read it: lists by commas, objects by their parts."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        # A drawn signature comes as a picture inside the text, and is longer than all words.
        return "(embedded file)" if _EMBEDDED.match(value) else readable(value).strip()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return ", ".join(part for part in map(words, value) if part)
    if isinstance(value, Mapping):
        kept = (words(part) for key, part in value.items() if key not in _NO_WORDS)
        return ", ".join(part for part in kept if part)
    return ""


def linked_file(address: object) -> Attachment | None:
    """A file that lies at the form builder; None for what is no web address.

    The address is kept and never fetched. Any other scheme could be made to run on a click.
    """
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        return None
    try:
        path = urlsplit(address).path
    except ValueError:
        path = ""
    return Attachment(name=file_name(one_line(unquote(path))), link=readable(address))


def moment(fields: Fields, key: str) -> datetime | None:
    """A time of the sender's where it can be read: a form is not turned away for its clock."""
    stated = words(fields.value(key))
    try:
        return Fields({key: stated}).moment(key)
    except InvalidFieldError:
        return None


def derived_id(request: WebhookRequest, source: Source, now: datetime) -> str:
    """An id for a form that came without one: its content, on this day.

    The day is part of it because the same few words a month later are a new request.
    """
    content = now.date().isoformat().encode() + b"\0" + request.body
    return derived_event_id(source.site, source.name, content)
