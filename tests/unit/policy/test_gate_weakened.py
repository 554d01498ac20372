"""A group's own rules may add to the shipped red flags; taking from one needs a person's reason."""

from pathlib import Path

import pytest

from tests.shipped import shipped_rules
from triagewire.policy.gate.release import Release
from triagewire.policy.gate.runs import Scorer
from triagewire.policy.gate.weakened import weakened
from triagewire.policy.load import Draft, load
from triagewire.policy.rehearsal import Report, compare
from triagewire.scoring.rulebook import Rules
from triagewire.scoring.rules import rules_from

STROKE = {
    "reason": "x",
    "topic": "symptom",
    "score": 5,
    "when": ["[face] drooping", "[face] numb"],
}
SHIPPED = {
    "clinical-brain": {
        "concepts": {"face": {"en": ["face", "mouth"], "es": ["cara"]}},
        "measures": {"fever": {"quantity": "temperature", "min": 38.0}},
        "rules": {
            "stroke": STROKE,
            "dizzy": {**STROKE, "score": 4, "when": ["dizzy"]},
            "foggy": {**STROKE, "score": 4, "when": ["foggy"], "doubt": True, "unless": ["tired"]},
        },
    }
}


def rules(**own: object) -> Rules:
    return rules_from({**SHIPPED, "clinical": own})


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"rules": {"stroke": {"enabled": False}}}, "clinical.stroke"),
        ({"rules": {"stroke": {"score": 4}}}, "clinical.stroke"),
        ({"rules": {"stroke": {"when": ["[face] drooping"]}}}, "clinical.stroke"),
        ({"rules": {"stroke": {"doubt": True}}}, "clinical.stroke"),
        ({"rules": {"stroke": {"weak": True}}}, "clinical.stroke"),
        ({"rules": {"stroke": {"voice": "staff"}}}, "clinical.stroke"),
        ({"rules": {"foggy": {"enabled": False}}}, "clinical.foggy"),
        ({"rules": {"foggy": {"unless": ["tired", "busy"]}}}, "clinical.foggy"),
        ({"concepts": {"face": {"en": ["face"], "es": ["cara"]}}}, "clinical.concepts.face"),
        ({"concepts": {"face": {"en": ["face", "mouth"], "es": []}}}, "clinical.concepts.face"),
        ({"measures": {"fever": {"min": 39.4}}}, "clinical.measures.fever"),
        ({"measures": {"fever": {"max": 41.0}}}, "clinical.measures.fever"),
    ],
)
def test_taking_from_a_red_flag_or_from_a_doubt_weakens_it(
    own: dict[str, object], told: str
) -> None:
    assert weakened(rules(), rules(**own)) == (told,)


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"rules": {"stroke": {"reason": "our own words"}}},
        {"rules": {"stroke": {"when": ["[face] numb", "[face] drooping", "[face] crooked"]}}},
        {"rules": {"dizzy": {"enabled": False}}},
        {"rules": {"own": STROKE}},
        {"concepts": {"face": {"en": ["face", "mouth", "smile"], "es": ["cara"]}}},
        {"measures": {"fever": {"min": 37.8}}},
    ],
)
def test_adding_to_the_shipped_rules_weakens_nothing(own: dict[str, object]) -> None:
    assert weakened(rules(), rules(**own)) == ()


@pytest.fixture
def without_labour(starter: Path) -> tuple[Report, Draft]:
    """A policy that is fit but for a red flag that it switched off."""
    (starter / "rules").mkdir(exist_ok=True)
    (starter / "rules" / "clinical.yaml").write_text(
        "rules:\n  labour: { enabled: false }\n", encoding="utf-8"
    )
    draft = load(starter)
    return Report(problems=(), scorer=Scorer(rules_from(draft.policy.rules))), draft


def test_switching_a_red_flag_off_keeps_a_policy_out_and_names_its_line(
    without_labour: tuple[Report, Draft],
) -> None:
    report = compare(*without_labour, Release(name="the shipped release"))

    assert report.weakened == ("clinical.labour",)
    assert len(report.problems) == 1
    assert "rules/clinical.yaml:2: " in report.problems[0]
    assert "labour: weakens a shipped red flag" in report.problems[0]


def test_a_reason_lets_a_weaker_red_flag_through_and_names_it(
    without_labour: tuple[Report, Draft],
) -> None:
    report = compare(*without_labour, Release(name="x"), "Dr. Osei: no obstetrics here")

    assert report.fit
    assert report.accepted is not None
    assert report.accepted.rules == ("clinical.labour",)


def test_what_the_active_policy_has_weakened_already_is_not_asked_again(
    without_labour: tuple[Report, Draft],
) -> None:
    report, draft = without_labour
    active = Release(name="policy version 3", rules=rules_from(draft.policy.rules))

    assert compare(report, draft, active).weakened == ()


def test_the_shipped_rules_do_not_weaken_themselves() -> None:
    assert weakened(shipped_rules(), shipped_rules()) == ()
