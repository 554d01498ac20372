"""Who is on call: turns that cannot be meant are refused, and so is a time with nobody."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.unit.policy.refusals import FILE, Edit, found, refused
from triagewire.policy.checks import problems_of
from triagewire.policy.load import load

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
WEEKEND = "{ sat: [{ opens: 00:00, closes: 00:00 }] }"


def with_on_call(edited: Edit, text: str) -> Path:
    """The starter policy with another rota at Riverside."""
    untouched = edited(FILE, "zone:", "zone:")
    return edited(FILE, _rota_in(untouched), f"on_call:\n{text}")


def _rota_in(folder: Path) -> str:
    """The whole `on_call` of the file: its line and the deeper ones after it."""
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if line.startswith("on_call:"))
    deeper = (n for n in range(first + 1, len(lines)) if not lines[n].startswith(" "))
    return "".join(lines[first : next(deeper)])


PLAIN = "  rota: [dr.reyes, dr.whitfield]\n  since: 2026-01-05\n"


@pytest.mark.parametrize(
    ("line", "field", "problem"),
    [
        ("  handover: 08:00Z", "handover", "is site time: write it without an offset"),
        ("  every: 0", "every", "must be at least 1"),
        ("  every: 53", "every", "must be at most a year"),
        ("  unit: months", "unit", "Input should be 'days' or 'weeks'"),
        ("  feed: -1", "feed", "must not be below 0, which is no feed"),
        ("  feed: 1001", "feed", "must not be above 1000"),
        (
            "  overrides: [{ member: '', begins: 2026-12-01T08:00, ends: 2026-12-02T08:00 }]",
            "overrides.0.member",
            "names nobody: write the id of a member",
        ),
        (
            "  overrides: [{ member: dr.who, begins: 2026-12-01T08:00, ends: 2026-12-02T08:00 }]",
            "overrides.0.member",
            "dr.who is not among the members",
        ),
        (
            "  overrides: [{ member: it.sato, begins: 2026-12-01T08:00, ends: 2026-12-02T08:00 }]",
            "overrides.0.member",
            "it.sato needs the teams clinical and review to open what pages them",
        ),
        (
            "  overrides: [{ member: dr.reyes, begins: 2026-12-02T08:00, ends: 2026-12-01T08:00 }]",
            "overrides.0.ends",
            "must be later than begins",
        ),
        (
            "  overrides: [{ member: dr.reyes, begins: 2026-12-01T08:00Z, "
            "ends: 2026-12-02T08:00 }]",
            "overrides.0.begins",
            "is site time: write it without an offset",
        ),
        (
            "  swaps: [{ one: 2026-01-04, other: 2026-01-12 }]",
            "swaps.0.one",
            "is before the rota begins, on 2026-01-05: name a date of a turn",
        ),
        (
            "  swaps: [{ one: 2026-01-13, other: 2026-01-12 }]",
            "swaps.0",
            "both dates are of one turn: name a date of each of the two turns",
        ),
        (
            "  swaps: [{ one: 2026-01-12, other: 2026-01-26 }]",
            "swaps.0",
            "both turns are those of dr.whitfield: nothing would change",
        ),
        (
            "  swaps: [{ one: 2026-01-05, other: 2026-01-12 }, "
            "{ one: 2026-01-14, other: 2026-01-19 }]",
            "swaps.1",
            "a turn of it is swapped by swaps.0 already",
        ),
        (
            f"  also: {{ weekend: {{ week: {WEEKEND}, rota: [], since: 2026-01-05 }} }}",
            "also.weekend.rota",
            "needs at least one member",
        ),
        (
            f"  also: {{ weekend: {{ week: {WEEKEND}, rota: [dr.who], since: 2026-01-05 }} }}",
            "also.weekend.rota.0",
            "dr.who is not among the members",
        ),
        (
            "  also: { weekend: { week: {}, rota: [dr.reyes], since: 2026-01-05 } }",
            "also.weekend.week",
            "no day has any opening hours",
        ),
        (
            f"  also: {{ override: {{ week: {WEEKEND}, rota: [dr.reyes], since: 2026-01-05 }} }}",
            "also.override",
            "is no name for a part of the week",
        ),
        (
            f"  also: {{ weekend: {{ week: {WEEKEND}, rota: [dr.reyes, dr.whitfield], "
            "since: 2026-01-05, unit: days, swaps: [{ one: 2026-01-07, other: 2026-01-10 }] } }",
            "also.weekend.swaps.0.one",
            "is no turn: the part of the week has no hours then",
        ),
    ],
)
def test_a_rota_that_could_not_be_meant_is_refused(
    edited: Edit, line: str, field: str, problem: str
) -> None:
    folder = with_on_call(edited, f"{PLAIN}{line}\n")

    refused(folder, f"on_call.{field}", problem, at=line)


def test_overrides_may_not_overlap_and_may_meet(edited: Edit) -> None:
    first = "    - { member: dr.reyes, begins: 2026-12-01T08:00, ends: 2026-12-03T08:00 }\n"
    meets = "    - { member: dr.whitfield, begins: 2026-12-03T08:00, ends: 2026-12-04T08:00 }\n"
    overlaps = "    - { member: dr.whitfield, begins: 2026-12-03T07:00, ends: 2026-12-04T08:00 }"

    folder = with_on_call(edited, f"{PLAIN}  overrides:\n{first}{meets}{overlaps}\n")

    told = "overlaps the one from 2026-12-01 08:00 to 2026-12-03 08:00: let one end where"
    refused(folder, "on_call.overrides.2", told, at=overlaps)
    assert not any("overrides.1:" in each for each in found(folder))


def test_parts_of_the_week_may_not_share_an_hour(edited: Edit) -> None:
    rest = "rota: [dr.reyes], since: 2026-01-05 }"
    late = "    late: { week: { sat: [{ opens: 20:00, closes: 22:00 }] }, " + rest
    folder = with_on_call(
        edited, f"{PLAIN}  also:\n    weekend: {{ week: {WEEKEND}, {rest}\n{late}\n"
    )

    told = "shares hours of sat with weekend: give each hour to one of them"
    refused(folder, "on_call.also.late.week", told, at=late)


def gaps_of(folder: Path) -> list[str]:
    """What the policy check says at NOW, with the time in mind."""
    draft = load(folder)
    return problems_of(draft.policy, draft.document, NOW)


def test_the_starter_policy_has_somebody_on_call_at_every_hour() -> None:
    assert gaps_of(Path(__file__).parents[3] / "policy") == []


LEAVE = "dr.reyes: { leave: [{ begins: 2026-12-07, ends: 2026-12-13 }],"


def test_a_leave_that_leaves_nobody_on_call_is_refused_with_what_to_do(edited: Edit) -> None:
    with_on_call(edited, PLAIN)
    folder = edited(FILE, "dr.reyes: {", LEAVE)
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    line = 1 + next(number for number, text in enumerate(lines) if "  rota:" in text)

    assert gaps_of(folder) == [
        f"policy/{FILE}:{line}: sites.riverside.on_call.rota: nobody is on call from "
        "2026-12-07 08:00 to 2026-12-14 00:00: dr.reyes is on leave: add an override for that "
        "time, or swap the turn"
    ]


@pytest.mark.parametrize(
    "mended",
    [
        "  swaps: [{ one: 2026-12-07, other: 2026-12-14 }]",
        "  overrides: [{ member: dr.whitfield, begins: 2026-12-07T08:00, ends: 2026-12-14T08:00 }]",
    ],
    ids=["a swap", "an override"],
)
def test_a_swap_or_an_override_closes_the_gap(edited: Edit, mended: str) -> None:
    with_on_call(edited, f"{PLAIN}{mended}\n")
    folder = edited(FILE, "dr.reyes: {", LEAVE)

    assert gaps_of(folder) == []


def test_a_gap_beyond_thirty_days_is_no_problem_yet(edited: Edit) -> None:
    with_on_call(edited, PLAIN)
    folder = edited(FILE, "dr.reyes: {", LEAVE.replace("12-07", "12-24").replace("12-13", "12-30"))

    assert gaps_of(folder) == []


def test_without_a_time_no_gap_is_looked_for(edited: Edit) -> None:
    with_on_call(edited, PLAIN)

    assert found(edited(FILE, "dr.reyes: {", LEAVE)) == []
