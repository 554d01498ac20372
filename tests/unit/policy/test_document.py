"""YAML with a memory: plain values, and the line of every one of them."""

from pathlib import Path

import pytest

from triagewire.errors import PolicyError
from triagewire.policy.document import Document, overlay, read


def written(folder: Path, text: str) -> Document:
    file = folder / "site.yaml"
    file.write_text(text, encoding="utf-8")
    return read(file, "sites/site.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("17:30", "17:30", id="a time of day is no number in base sixty"),
        pytest.param("no", "no", id="a word is no truth value"),
        pytest.param("2026-12-25", "2026-12-25", id="a date is left to the schema"),
        pytest.param("true", True, id="true is one"),
        pytest.param("-15", -15, id="a number is a number"),
        pytest.param("0800", "0800", id="digits after a zero are no number to base eight"),
        pytest.param("0.5", 0.5, id="so is a fraction"),
        pytest.param("~", None, id="nothing is nothing"),
    ],
)
def test_a_plain_value_is_what_it_looks_like(tmp_path: Path, text: str, value: object) -> None:
    assert written(tmp_path, f"field: {text}").data == {"field": value}


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    document = written(tmp_path, "teams:\n  billing:\n    lead: biller.haas\n")

    assert document.origin(("teams", "billing", "lead")) == "sites/site.yaml:3"


def test_a_place_that_is_not_there_is_shown_by_what_is_around_it(tmp_path: Path) -> None:
    document = written(tmp_path, "teams:\n  billing:\n    lead: biller.haas\n")

    assert document.origin(("teams", "billing", "handles", 0)) == "sites/site.yaml:2"


def test_a_key_that_is_there_twice_is_a_mistake_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"^sites/site.yaml:3: phone: is there twice$"):
        written(tmp_path, "phone: 555-0140\nzone: UTC\nphone: 555-0141\n")


def test_what_is_not_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"^sites/site.yaml:2: "):
        written(tmp_path, "name: Riverside\n  zone: [\n")


def test_bytes_that_are_no_text_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "site.yaml"
    file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(PolicyError, match="is not YAML text"):
        read(file, "sites/site.yaml")


@pytest.mark.parametrize("text", ["teams: &own [*own]", "teams: " + 3000 * "[" + 3000 * "]"])
def test_what_holds_itself_or_never_ends_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PolicyError, match=r"^sites/site.yaml:1: is nested too deeply"):
        written(tmp_path, text)


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert written(tmp_path, "# to be filled\n").data == {}


def test_an_overlay_joins_mappings_and_replaces_everything_else() -> None:
    base = Document(data={"phone": "1", "hours": {"mon": ["a"], "tue": ["b"]}})
    over = Document(data={"phone": "2", "hours": {"tue": ["c", "d"]}})

    assert overlay(base, over).data == {"phone": "2", "hours": {"mon": ["a"], "tue": ["c", "d"]}}


def test_an_overlaid_value_is_shown_where_it_was_overlaid(tmp_path: Path) -> None:
    base = written(tmp_path, "targets:\n  review: 15\n  refill: 120\n")
    (tmp_path / "own").mkdir()
    own = tmp_path / "own" / "mesa.yaml"
    own.write_text("targets:\n\n  review: 10\n", encoding="utf-8")

    joined = overlay(base, read(own, "sites/mesa.yaml"))

    assert joined.origin(("targets", "review")) == "sites/mesa.yaml:3"
    assert joined.origin(("targets", "refill")) == "sites/site.yaml:3"


def test_what_is_missing_in_a_joined_mapping_is_shown_where_it_was_overlaid(tmp_path: Path) -> None:
    base = written(tmp_path, "phone: 555-0140\n")
    own = tmp_path / "mesa.yaml"
    own.write_text("zone: UTC\n", encoding="utf-8")

    assert overlay(base, read(own, "sites/mesa.yaml")).origin(("catch_all",)) == "sites/mesa.yaml:1"
