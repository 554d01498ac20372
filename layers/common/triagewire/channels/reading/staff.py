"""The fields of a staff request, whatever form they came by: bounded lines, and nothing lost."""

from collections.abc import Mapping
from dataclasses import fields

from triagewire.arrival import StaffRequest
from triagewire.channels.reading.fields import MOST_LINE_CHARACTERS, Fields, one_line

STAFF_FIELDS = tuple(each.name for each in fields(StaffRequest))
"""What the fields are called: in our contracts, and in the option `fields` of a form."""


def staff_fields(given: Fields) -> dict[str, str]:
    """What was filled in, as text. A box is "yes" or "no", for staff are asked about impact so."""
    flags = {True: "yes", False: "no"}
    return {
        name: flags[value]
        if isinstance(value := given.value(name), bool)
        else given.prose(name) or ""
        for name in STAFF_FIELDS
    }


def staff_request_from(stated: Mapping[str, str]) -> StaffRequest | None:
    """The stated fields, each a single line; None where nothing was filled in."""
    read = {name: line for name in STAFF_FIELDS if (line := one_line(stated.get(name) or ""))}
    return StaffRequest(**read) if read else None


def left_over(stated: Mapping[str, str]) -> tuple[str, ...]:
    """Every answer that a line would cut, whole and under its name: it belongs into the text."""
    return tuple(
        f"{name}: {stated[name]}"
        for name in STAFF_FIELDS
        if len(stated.get(name) or "") > MOST_LINE_CHARACTERS
    )
