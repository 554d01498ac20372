"""Policy data becomes rules, or says exactly what is wrong with it."""

from typing import Any

import pytest

from triagewire.errors import PolicyError
from triagewire.policy.load import default_rules
from triagewire.scoring.patterns import PatternSyntaxError, expand, parse
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import build_engine, score
from triagewire.scoring.subject import ScoringInput

RULE = {"reason": "a test", "score": 5, "topic": "symptom", "when": ["purple knees"]}


def data_with(**rules: object) -> dict[str, Any]:
    return {"clinical-own": {"rules": rules}}


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({**RULE, "score": 2}, "clinical.own.score: must be 4 to 5"),
        ({**RULE, "when": []}, "clinical.own.when: is missing"),
        ({**RULE, "when": ["{nowhere} ~ pain"]}, "the concept 'nowhere' is not in this rule set"),
        ({**RULE, "when": ["a {b} c"]}, "a concept must stand alone"),
        ({**RULE, "team": "reception"}, "clinical.own.team: is not a team"),
        ({**RULE, "colour": 1}, "clinical.own.colour: is not a field of a rule"),
        ({**RULE, "unless": ["mild"]}, "nothing switches off an urgent rule"),
        ({**RULE, "voice": "robot"}, "must be staff or patient"),
        ("text", "clinical.own: must be a mapping"),
    ],
)
def test_a_bad_rule_is_refused_by_id_and_field(rule: object, problem: str) -> None:
    with pytest.raises(PolicyError) as refused:
        rules_from(data_with(own=rule))

    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("measure", "problem"),
    [
        ({"minimum": 38}, "clinical.measures.fever.minimum: is none of quantity, min and max"),
        ({"min": 40, "max": 38}, "clinical.measures.fever.max: must not be below min"),
    ],
)
def test_a_measure_that_would_not_mean_what_it_says_is_refused(
    measure: dict[str, float], problem: str
) -> None:
    with pytest.raises(PolicyError) as refused:
        rules_from({"clinical": {"measures": {"fever": {"quantity": "temperature", **measure}}}})

    assert problem in str(refused.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(PolicyError) as refused:
        rules_from(data_with(one={**RULE, "score": 1}, two={**RULE, "team": "x"}))

    assert len(refused.value.problems) == 2


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(PolicyError, match="dental: is not a rule set"):
        rules_from({"dental": {}})


def test_the_same_rule_in_two_shipped_parts_is_refused() -> None:
    with pytest.raises(PolicyError, match="is defined twice"):
        rules_from(
            {
                "clinical-a": {"rules": {"own": RULE}},
                "clinical-b": {"rules": {"own": RULE}},
                "clinical": {},
            }
        )


def test_a_group_can_add_a_rule_of_its_own() -> None:
    data = {**default_rules(), "clinical": {"rules": {"knees": RULE}}}
    verdict = score(ScoringInput(text="I have purple knees"), build_engine(rules_from(data)))

    assert verdict.score == 5


def test_a_group_can_switch_a_rule_off() -> None:
    data = {**default_rules(), "clinical": {"rules": {"sickle": {"enabled": False}}}}
    data["clinical-own"] = {"rules": {"sickle": RULE}}
    rules = rules_from(data)

    assert "sickle" not in {rule.id for rule in rules.clinical.rules}


@pytest.mark.parametrize(
    ("phrase", "sequences"),
    [
        ("turning blue", [("turning", "blue")]),
        ("(lip|face) swells", [("face", "swells"), ("lip", "swells")]),
        ("very? sick", [("sick",), ("very", "sick")]),
    ],
)
def test_a_phrase_stands_for_its_sequences(phrase: str, sequences: list[tuple[str, ...]]) -> None:
    assert expand(phrase) == sequences


def test_a_phrase_that_explodes_is_refused() -> None:
    with pytest.raises(PatternSyntaxError):
        expand(" ".join(["(a|b|c|d)"] * 6))


def test_a_pattern_reads_its_operators() -> None:
    groups = parse("{chest} ~ {pain} & {@immune}")

    assert [len(group.terms) for group in groups] == [2, 1]
    assert groups[1].terms[0].record
