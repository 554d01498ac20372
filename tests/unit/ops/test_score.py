"""`triagewire score`: one line in, one line out, and an error never stops the next line."""

import json
from typing import Any

import pytest

from ops.score import score_lines
from triagewire.policy.load import default_rules
from triagewire.scoring.rules import Rules, rules_from


@pytest.fixture(scope="module")
def rules() -> Rules:
    return rules_from(default_rules())


def answers(rules: Rules, *lines: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in score_lines(lines, rules, "v7")]


def test_an_answer_has_the_promised_fields(rules: Rules) -> None:
    (answer,) = answers(rules, '{"id": "a", "text": "chest pain"}')

    assert (answer["id"], answer["score"], answer["team"]) == ("a", 5, "clinical")
    assert (answer["topic"], answer["review"], answer["policy_version"]) == ("symptom", False, "v7")
    reason = answer["reasons"][0]
    assert (reason["rule"], reason["set"]) == ("chest-sensation", "clinical")
    assert (reason["text_span"], reason["effect"]) == ("chest pain", "scores 5")
    assert reason["why"].startswith("Pain, pressure")
    assert "Schmitt-Thompson" in reason["source"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("nonsense", "line: is not JSON"),
        ("[]", "line: must be an object"),
        ('{"id": 1}', "text: is missing"),
        ('{"text": 5}', "text: must be a text"),
        ('{"text": "a", "voice": "robot"}', "voice: must be patient or staff"),
        ('{"text": "a", "context": {"age": "old"}}', "context.age: must be a number"),
        ('{"text": "a", "context": {"conditions": "x"}}', "context.conditions: must be a list"),
        ('{"text": "a", "context": {"pregnant": "x"}}', "context.pregnant: must be true or false"),
        ('{"text": "a", "context": {"next_appointment": "x"}}', "context.next_appointment: must"),
    ],
)
def test_a_bad_line_names_its_field_and_the_next_is_scored(
    rules: Rules, line: str, error: str
) -> None:
    bad, good = answers(rules, line, '{"id": "b", "text": "chest pain"}')

    assert bad["error"].startswith(error)
    assert good["score"] == 5


def test_the_subject_line_counts(rules: Rules) -> None:
    (answer,) = answers(rules, '{"text": "call me", "subject": "chest pain"}')

    assert answer["score"] == 5


def test_the_onset_and_the_age_of_the_context_count(rules: Rules) -> None:
    line = {"text": "Mom is dizzy", "context": {"age": "62", "onset": "vomiting blood since noon"}}
    worded = {"text": "she has a fever", "context": {"age": "6 weeks"}}
    first, second = answers(rules, json.dumps(line), json.dumps(worded))

    assert first["score"] == 5
    assert second["score"] >= 4


def test_blank_lines_are_no_messages(rules: Rules) -> None:
    assert answers(rules, "", "  \n") == []
