"""Messages to score as JSON lines: the format that evaluations script on, read field by field."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from triagewire.arrival import PatientContext
from triagewire.errors import InvalidFieldError
from triagewire.scoring.subject import ScoringInput, Voice

_HISTORY = ("history", "pmh")
_LISTS = ("conditions", "medications", "recent_procedures")


def subjects_in(lines: Iterable[str]) -> Iterator[tuple[str, ScoringInput]]:
    """The id (or "") and the message of every line that is not blank.

    Raises InvalidFieldError that names the line and the field of the first unusable one.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                data = line_of(line)
                yield str(data.get("id") or ""), subject_of(data)
            except InvalidFieldError as problem:
                raise InvalidFieldError(f"line {number}", str(problem)) from None


def line_of(line: str) -> Mapping[str, Any]:
    """One line as an object; raises InvalidFieldError for anything else."""
    return _mapping(_json(line), "line")


def subject_of(data: Mapping[str, Any]) -> ScoringInput:
    """The message of a line. Raises InvalidFieldError naming the field, never its value."""
    context = _mapping(data.get("context") or {}, "context")
    onset = _text(context, "onset", "context.onset")
    return ScoringInput(
        text=_required_text(data),
        subject=_text(data, "subject"),
        voice=_voice(data),
        language=_text(data, "lang") or None,
        channel=_text(data, "channel") or None,
        automatic=_flag(data.get("automatic"), "automatic"),
        context=_context(context),
        request_type=_text(data, "request_type") or None,
        speech=_number(data.get("speech"), "speech"),
        intake=(onset,) if onset else (),
        now=_moment(data.get("now"), "now"),
    )


def _context(data: Mapping[str, Any]) -> PatientContext:
    history = tuple(text for key in _HISTORY if (text := _text(data, key, f"context.{key}")))
    conditions, medications, procedures = (_texts(data, key) for key in _LISTS)
    years, worded = _age(data.get("age"))
    return PatientContext(
        age_years=years,
        conditions=conditions + history + worded,
        medications=medications,
        recent_procedures=procedures,
        pregnant=_flag(data.get("pregnant"), "context.pregnant"),
        next_appointment=_moment(data.get("next_appointment"), "context.next_appointment"),
    )


def _age(value: object) -> tuple[float | None, tuple[str, ...]]:
    """Years, or words that hold an age ("6 months") for the rules to read."""
    worded = isinstance(value, str) and any(char.isdigit() for char in value)
    if isinstance(value, str) and worded and not value.strip().replace(".", "", 1).isdigit():
        return None, (f"{value} old",)
    return _number(value, "context.age"), ()


def _json(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise InvalidFieldError("line", "is not JSON") from None


def _mapping(value: object, field: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidFieldError(field, "must be an object")
    return value


def _required_text(data: Mapping[str, Any]) -> str:
    if "text" not in data:
        raise InvalidFieldError("text", "is missing")
    if not isinstance(data["text"], str):
        raise InvalidFieldError("text", "must be a text")
    return data["text"]


def _text(data: Mapping[str, Any], key: str, field: str = "") -> str:
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise InvalidFieldError(field or key, "must be a text")
    return value or ""


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidFieldError(f"context.{key}", "must be a list of texts")
    return tuple(value)


def _voice(data: Mapping[str, Any]) -> Voice:
    match data.get("voice"):
        case None | "patient":
            return "patient"
        case "staff":
            return "staff"
        case _:
            raise InvalidFieldError("voice", "must be patient or staff")


def _number(value: object, field: str) -> float | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise InvalidFieldError(field, "must be a number")
    try:
        return float(value)
    except ValueError:
        raise InvalidFieldError(field, "must be a number") from None


def _flag(value: object, field: str) -> bool:
    if value is not None and not isinstance(value, bool):
        raise InvalidFieldError(field, "must be true or false")
    return bool(value)


def _moment(value: object, field: str) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidFieldError(field, "must be an ISO 8601 time")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidFieldError(field, "must be an ISO 8601 time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
