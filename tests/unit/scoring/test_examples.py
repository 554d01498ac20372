"""The examples of every class, in our own wording, measured as `docs/scoring.md` says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.scoring.conftest import Judge

EXAMPLES = Path(__file__).parent / "examples"
URGENT = [
    "urgent_plain_words", "urgent_inside_request", "urgent_typing", "crisis", "urgent_third_party",
    "urgent_negation_trap", "urgent_recurrence", "urgent_spanish", "urgent_staff",
]  # fmt: skip


def examples(*files: str) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for name in files
        for line in (EXAMPLES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def of_class(name: str) -> Iterator[dict[str, Any]]:
    return (row for row in examples("urgent", "other", "it") if row["class"] == name)


@pytest.mark.parametrize("name", URGENT)
def test_an_emergency_of_every_class_scores_5(judge: Judge, name: str) -> None:
    rows = list(of_class(name))
    missed = [
        row["text"] for row in rows if judge(row["text"], row.get("voice", "patient")).score < 5
    ]

    assert len(missed) <= 0.05 * len(rows), missed


def test_no_emergency_passes_unseen_by_a_person(judge: Judge) -> None:
    unseen = []
    for row in examples("urgent"):
        verdict = judge(row["text"], row.get("voice", "patient"))
        if verdict.score < 5 and not verdict.review:
            unseen.append(row["text"])

    assert unseen == []


def test_what_is_no_emergency_rarely_pages(judge: Judge) -> None:
    rows = [row for row in examples("other", "it") if "max_score" in row]
    paged = [
        row["text"] for row in rows if judge(row["text"], row.get("voice", "patient")).score == 5
    ]

    assert len(paged) <= 0.02 * len(rows), paged


def test_what_is_clear_rarely_waits_for_a_person(judge: Judge) -> None:
    rows = [row for row in examples("other", "it") if "max_score" in row]
    waits = [row["text"] for row in rows if judge(row["text"], row.get("voice", "patient")).review]

    assert len(waits) <= 0.08 * len(rows), waits


def test_requests_reach_their_team(judge: Judge) -> None:
    rows = [row for row in examples("other", "it") if "team" in row]
    lost = [
        row["text"]
        for row in rows
        if judge(row["text"], row.get("voice", "patient")).team != row["team"]
    ]

    assert len(lost) <= 0.04 * len(rows), lost


def test_ambiguous_messages_go_to_a_person_at_the_urgent_clock(judge: Judge) -> None:
    rows = [row for row in examples("other") if row.get("review")]
    verdicts = [judge(row["text"]) for row in rows]

    assert sum(verdict.review for verdict in verdicts) >= 0.9 * len(rows)
    assert all(verdict.candidate == 5 for verdict in verdicts if verdict.review)
