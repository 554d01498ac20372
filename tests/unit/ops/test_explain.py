"""`triagewire explain`: a nurse can follow from the words to the score."""

import io
import json

import pytest

from ops.cli import main
from ops.drawing import WIDTH, drawn
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import Reason, RuleSet, Urgency, Verdict


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["explain", *arguments]) == 0
    return capsys.readouterr().out


def test_the_words_that_matched_are_marked(capsys: pytest.CaptureFixture[str]) -> None:
    assert "«chest pain»" in explained(capsys, "--text", "I have chest pain and a cough")


def test_every_reason_says_why_and_whence(capsys: pytest.CaptureFixture[str]) -> None:
    said = explained(capsys, "--text", "crushing chest pain")

    assert "clinical/chest-sensation: scores 5" in said
    assert "Pain, pressure" in said
    assert "Schmitt-Thompson" in said
    assert said.rstrip().endswith("→ 5 clinical urgent, clinical, symptom")


def test_a_modifier_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "negated" in explained(capsys, "--text", "no chest pain, I want my lab results")


def test_what_nobody_understands_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    said = explained(capsys, "--text", "zorblax")

    assert "→ review, on the clock of clinical urgent" in said


def test_the_message_may_come_from_a_pipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("the label printer is jammed"))

    assert "it_endpoint" in explained(capsys, "--voice", "staff")


def test_machines_get_the_same_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(explained(capsys, "--json", "--text", "what are your hours on friday"))

    assert told["verdict"]["score"] == 1
    assert told["conclusion"].startswith("→ 1 self-serve")


def a_verdict_about(*spans: str) -> Verdict:
    return Verdict(
        score=Urgency.CLINICAL_STANDARD,
        topic="symptom",
        team="clinical",
        confidence=0.5,
        review=True,
        candidate=Urgency.CLINICAL_URGENT,
        reasons=tuple(
            Reason(rule=f"net-{n}", set=RuleSet.CLINICAL, text_span=span, effect="may be urgent")
            for n, span in enumerate(spans)
        ),
    )


def test_overlapping_matches_are_marked_as_one() -> None:
    said = drawn(
        ScoringInput(text="sudden bad headache today"),
        a_verdict_about("sudden bad", "bad headache"),
        {},
    )

    assert "«sudden bad headache» today" in said


def test_points_of_the_safety_net_are_added_up() -> None:
    said = drawn(
        ScoringInput(text="sudden, dizzy"),
        a_verdict_about("sudden", "dizzy"),
        {"net-0": 2.0, "net-1": 1.5},
    )

    assert "(+2 points)" in said
    assert "points of the safety net named above: 3.5" in said


def test_no_line_is_wider_than_a_terminal() -> None:
    said = drawn(
        ScoringInput(text="dizzy and ill " * 40), a_verdict_about("dizzy and ill " * 14), {}
    )

    assert max(map(len, said.splitlines())) <= WIDTH
