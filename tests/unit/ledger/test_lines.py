"""An event as a line of text: the same event is the same bytes, and comes back as it was."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_stamp, an_entry
from tests.strategies import entries
from triagewire.errors import InvalidFieldError
from triagewire.ledger.chain import digest, extend
from triagewire.ledger.lines import FIELDS, from_line, to_line

(EVENT,) = extend("TICKET#A", 0, "", [an_entry(detail={"team": "clinical"})], a_stamp())
LINE = to_line(EVENT)


def field_of(text: str) -> str:
    """Which field a line is refused for."""
    with pytest.raises(InvalidFieldError) as refused:
        from_line(text)
    return refused.value.field


def changed(**changes: object) -> str:
    """The line with some fields changed, written as `to_line` writes."""
    return rewritten(lambda content: content | changes)


def rewritten(change: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    """The line with its content changed."""
    content = change(json.loads(LINE))
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@given(st.lists(entries, min_size=1, max_size=5))
def test_an_event_comes_back_from_its_line_with_the_hash_it_had(said: list[Any]) -> None:
    for event in extend("TICKET#A", 0, "", said, a_stamp()):
        again = from_line(to_line(event))

        assert again == event
        assert digest(again) == event.hash


@given(st.lists(entries, min_size=1, max_size=5))
def test_an_event_is_one_line(said: list[Any]) -> None:
    for event in extend("TICKET#A", 0, "", said, a_stamp()):
        assert "\n" not in to_line(event)


def test_a_line_holds_every_field_of_an_event() -> None:
    assert set(json.loads(LINE)) == FIELDS


def test_the_same_event_in_another_zone_is_the_same_line() -> None:
    assert to_line(replace(EVENT, at=EVENT.at.astimezone())) == LINE


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_line_without_one_of_its_fields_is_refused_by_that_name(name: str) -> None:
    without = rewritten(lambda content: {k: v for k, v in content.items() if k != name})

    assert field_of(without) == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("subject", 7),
        ("sequence", "1"),
        ("sequence", True),
        ("sequence", 1.0),
        ("policy_version", None),
        ("at", "2026-03-02"),
        ("at", "2026-03-02T14:00:00+00:00"),
        ("at", "2026-03-02T15:00:00.000000+01:00"),
        ("at", "yesterday"),
        ("action", "invented"),
        ("detail", ["a list"]),
        ("detail", {"team": {"nested": "object"}}),
        ("detail", {"teams": [1]}),
        ("hash", None),
    ],
)
def test_a_field_that_no_event_could_have_is_named(name: str, value: object) -> None:
    assert field_of(changed(**{name: value})) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "1" * 5_000,
        "[" * 100_000,
        LINE + " ",
        LINE.replace(":", ": ", 1),
        LINE.replace('"actor"', '"actor":"somebody else","actor"', 1),
        LINE.replace("refill", "\\u0072efill"),
        changed(extra=1),
        changed(sequence=float("inf")),
        changed(detail={"share": float("nan")}),
    ],
)
def test_what_no_event_was_ever_written_as_is_refused_as_a_line(text: str) -> None:
    assert field_of(text) == "line"


def test_no_refusal_repeats_what_stood_in_the_line() -> None:
    with pytest.raises(InvalidFieldError) as refused:
        from_line(changed(at="Ada Marlow"))

    assert "Ada" not in str(refused.value)
