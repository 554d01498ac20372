"""A draft in a file of the policy: what stands there stays, byte for byte."""

import shutil
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.template import ROOT
from tests.trending import found, judged, late, many, moved, the
from triagewire.errors import InvalidFieldError, PolicyError
from triagewire.policy.document import parsed
from triagewire.policy.load import load
from triagewire.trends.finding import Draft, Kind
from triagewire.trends.written import checked_file, written

DRAFT = Draft(
    file="sites/north.yaml",
    place="routing",
    name="trend-portal",
    text="  # why\n  trend-portal:\n    when: { topics: [portal] }\n    team: scheduling\n",
)
SITES = sorted((ROOT / "policy" / "sites").glob("*.yaml"))
RULE = {"when": {"topics": ["portal"]}, "team": "scheduling"}


def of(text: str) -> dict[str, object]:
    data: dict[str, object] = parsed(text, "north.yaml").data
    return data


@pytest.mark.parametrize("path", SITES, ids=lambda path: path.stem)
def test_every_line_of_a_real_file_stays_and_the_rule_comes_last(path: Path) -> None:
    before = path.read_text(encoding="utf-8")

    after = written(before, DRAFT)

    assert all(each in ("equal", "insert") for each in _changes(before, after))
    routing = of(after)["routing"]
    assert isinstance(routing, dict)
    assert [*routing][-1] == "trend-portal"
    assert of(after) == {**of(before), "routing": routing}


def _changes(before: str, after: str) -> list[str]:
    matcher = SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    return [code for code, *_ in matcher.get_opcodes()]


def test_a_block_that_is_indented_deeper_is_gone_on_with_as_deep() -> None:
    after = written("routing:\n      own:\n          team: billing\nname: North\n", DRAFT)

    assert "\n      trend-portal:\n        when:" in after
    assert after.endswith("\nname: North\n")


def test_comments_above_the_next_section_stay_with_it() -> None:
    after = written("routing:\n  own: { team: billing }\n\n# about names\nname: North\n", DRAFT)

    assert after.endswith("team: scheduling\n\n# about names\nname: North\n")


def test_a_place_that_holds_nothing_yet_is_filled() -> None:
    assert of(written("routing:\nname: North\n", DRAFT))["routing"] == {"trend-portal": RULE}


def test_the_line_ends_of_the_file_are_kept_and_a_last_line_gets_one() -> None:
    after = written("name: North\r\nphone: 555-0140", DRAFT)

    assert after.count("\r\n") == after.count("\n")
    assert after.startswith("name: North\r\nphone: 555-0140\r\n\r\nrouting:\r\n")


def test_a_rule_of_that_name_is_not_written_twice() -> None:
    once = written("name: North\n", DRAFT)

    with pytest.raises(InvalidFieldError, match="trend-portal under routing"):
        written(once, DRAFT)


@pytest.mark.parametrize("place", ["routing: { own: { team: billing } }", "routing: {}"])
def test_a_place_on_one_line_is_left_to_a_person(place: str) -> None:
    with pytest.raises(InvalidFieldError, match="on one line"):
        written(f"{place}\n", DRAFT)


def test_a_file_that_is_no_yaml_is_not_touched() -> None:
    with pytest.raises(PolicyError):
        written("routing: [", DRAFT)


def test_what_would_change_anything_else_is_refused() -> None:
    sly = Draft(file=DRAFT.file, place="routing", name="x", text="  x: { team: a }\nname: Other\n")

    with pytest.raises((InvalidFieldError, PolicyError)):
        written("name: North\n", sly)


def test_a_draft_for_a_person_is_a_comment_and_nothing_else() -> None:
    sly = Draft(file="rules/it.yaml", place="", name="x", text="rules: {}\n", by_hand=True)

    with pytest.raises(InvalidFieldError, match="must be a comment"):
        written("", sly)


def test_a_comment_is_not_written_twice() -> None:
    draft = the(Kind.UNDER_TRIAGE, found(*judged(many(2, "U"), 5))).draft
    assert draft is not None

    once = written("", draft)

    assert written(once, draft) == once


@pytest.mark.parametrize(
    "file", ["../secrets.yaml", "sites/../../x.yaml", "/etc/passwd", "group.yaml", "sites/a.yml"]
)
def test_a_draft_is_written_into_a_site_or_a_rule_set_only(file: str) -> None:
    with pytest.raises(InvalidFieldError, match="names no file"):
        checked_file(Draft(file=file, place="routing", name="x", text=""))


@given(
    st.lists(
        st.sampled_from(["# a\n", "\n", "name: North\n", "  # deep\n"]), max_size=6, unique=True
    ),
    st.booleans(),
)
def test_whatever_stands_around_it_only_the_rule_is_added(lines: list[str], own: bool) -> None:
    text = ("routing:\n  own: { team: billing }\n" if own else "") + "".join(lines)

    after = written(text, DRAFT)

    before = of(text)
    assert of(after) == {**before, "routing": {**(_rules(before)), "trend-portal": RULE}}


def _rules(data: dict[str, object]) -> dict[str, object]:
    known = data.get("routing") or {}
    assert isinstance(known, dict)
    return known


def test_what_is_drafted_of_real_findings_can_be_read_with_the_policy(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "policy", tmp_path / "policy"))
    shutil.copy(folder / "sites" / "mesa.yaml", folder / "sites" / "north.yaml")
    lives = [
        *moved(many(8, "W"), "scheduling"),
        *late(many(8, "L", topic="appointment")),
        *judged(many(2, "U"), 5),
        *judged(many(8, "T", rules=("visit",), source="mailbox"), 2, topic="appointment"),
    ]
    drafts = [each.draft for each in found(*lives) if each.draft]
    assert len(drafts) == 4

    for draft in drafts:
        path = folder / draft.file
        path.parent.mkdir(exist_ok=True)
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(written(text, draft), encoding="utf-8")

    site = load(folder).policy.sites["north"]
    assert site.routing["trend-portal-to-scheduling"].team == "scheduling"
    assert site.ladders.scores["administrative_standard"].before
