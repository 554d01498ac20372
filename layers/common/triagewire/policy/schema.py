"""The shape of a policy, checked by pydantic: every mistake is reported, each with file, line and
field.
"""

import dataclasses
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from triagewire.channels.source import source_from
from triagewire.errors import InvalidFieldError, PolicyError
from triagewire.ladder import LadderStep, Tell
from triagewire.policy.document import Document, Place
from triagewire.policy.model import Policy

_A_MAPPING = "must be a mapping of fields, as in { name: value }"
_A_WORD_OR_MORE = {f"str-enum[{Tell.__name__}]": False, LadderStep.__name__: True}
"""What pydantic calls the two kinds of a ladder's step, and whether that one is a mapping."""
_A_DATE = "must be a date such as 2026-12-25"
_PLAIN = {
    "missing": "is missing",
    "unexpected_keyword_argument": "is no field here: look at its spelling, or leave it out",
    "tuple_type": "must be a list, as in [ first, second ]",
    "dict_type": _A_MAPPING,
    "dataclass_type": _A_MAPPING,
    "string_type": "must be text: write it in quotes",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "time_parsing": "must be a time from 00:00 to 23:59, such as 08:30; a day ends at 00:00",
    "date_from_datetime_parsing": _A_DATE,
    "date_parsing": _A_DATE,
    "datetime_from_date_parsing": "must be a time such as 2026-03-01T08:00:00-05:00",
    "datetime_parsing": "must be a time such as 2026-03-01T08:00:00-05:00",
}
"""What to do about a value of the wrong shape, by pydantic's name of the mistake."""


def checked(document: Document) -> Policy:
    """The policy that a document describes. Raises PolicyError with all its problems at once."""
    return fitting(Policy, document, tuple(_source_problems(document)))


def fitting[T](kind: type[T], document: Document, known: tuple[str, ...] = ()) -> T:
    """A document as a value of a dataclass. Raises PolicyError with all its problems at once and
    those that are `known` already.
    """
    problems = [*known]
    try:
        found = _adapter(kind).validate_python(document.data)
    except ValidationError as error:
        problems += [
            problem_at(document, _place(found["loc"]), _told(found["type"], found["msg"]))
            for found in error.errors(include_input=False, include_url=False)
            if _is_meant(found["loc"], document.data)
        ]
        raise PolicyError(tuple(problems)) from None
    if problems:
        raise PolicyError(tuple(problems))
    return found


def problem_at(document: Document, place: Place, problem: str) -> str:
    """One line for a person: file, line, field and what is wrong."""
    name, _, why = problem.removeprefix("Value error, ").partition(": ")
    if why and (*place, name) in document.origins:  # `require` names a field of the thing it checks
        place, problem = (*place, name), why
    field = ".".join(str(part) for part in place)
    return f"{document.origin(place)}: {field}: {problem.removeprefix('Value error, ')}"


def _told(kind: str, message: str) -> str:
    return _PLAIN.get(kind, message)


def _place(location: tuple[str | int, ...]) -> Place:
    """pydantic's location without what it adds for mapping keys and for one kind of two."""
    return tuple(part for part in location if part != "[key]" and part not in _A_WORD_OR_MORE)


def _is_meant(location: tuple[str | int, ...], data: Any) -> bool:  # noqa: ANN401
    """Whether a mistake is one of the kind of value that was written, where there are two kinds."""
    for part in location:
        if part in _A_WORD_OR_MORE:
            return isinstance(data, dict) is _A_WORD_OR_MORE[str(part)]
        if isinstance(data, list) and isinstance(part, int):
            data = data[part]
        elif isinstance(data, dict):
            data = data.get(part)
    return True


def _source_problems(document: Document) -> Iterator[str]:
    """What a source's own adapter says of its options."""
    sites = document.data.get("sites", {})
    for site_id, site in sites.items():
        for name, source in (site.get("sources") or {}).items():
            try:
                source_from(source)
            except InvalidFieldError as error:
                place = ("sites", site_id, "sources", name, *error.field.split("."))
                yield problem_at(document, place, error.problem)


def _adapter[T](kind: type[T]) -> TypeAdapter[T]:
    """pydantic's reader of a dataclass, told that an unknown field is a mistake."""
    for each in set(_dataclasses(kind)):
        each.__pydantic_config__ = {"extra": "forbid"}
    return TypeAdapter(kind)


def _dataclasses(kind: Any) -> Iterator[Any]:  # noqa: ANN401
    """A dataclass and every dataclass its fields hold."""
    if dataclasses.is_dataclass(kind):
        yield kind
        for inner in get_type_hints(kind).values():
            yield from _dataclasses(inner)
    for inner in get_args(kind):
        yield from _dataclasses(inner)
