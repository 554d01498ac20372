"""`triagewire policy diff` on files: what differs, whose verdict would change, and no words."""

import json
from pathlib import Path

import pytest

from ops.cli import main
from ops.policy_changes import changes_of_rules
from tests.template import ROOT
from triagewire.policy.load import default_rules
from triagewire.scoring.rules import rules_from

MESSAGES = [
    {"id": "m-1", "text": "Crushing chest pain since an hour"},
    {"id": "m-2", "text": "Can I park behind the clinic?"},
    {"id": "m-3", "text": "My zorblax is back and it is worse than last year"},
]


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    path = tmp_path / "messages.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in MESSAGES), encoding="utf-8")
    return path


@pytest.fixture
def louder(tmp_path: Path) -> Path:
    """The starter policy with a red flag of the group's own."""
    rule = {
        "rules": {
            "zorblax": {
                "reason": "The group's own red flag",
                "source": "the group's medical director",
                "score": 5,
                "topic": "symptom",
                "when": ["zorblax"],
            }
        }
    }
    return with_rules(tmp_path / "louder", rule)


def with_rules(directory: Path, rules: object) -> Path:
    for source in (ROOT / "policy").rglob("*.yaml"):
        target = directory / source.relative_to(ROOT / "policy")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    (directory / "rules").mkdir(exist_ok=True)
    (directory / "rules" / "clinical.yaml").write_text(json.dumps(rules), encoding="utf-8")
    return directory


def diff(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main(["policy", "diff", *map(str, arguments)])
    return code, capsys.readouterr().out


def test_a_rule_added_is_named(louder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = diff(capsys, ROOT / "policy", louder)

    assert code == 0
    assert "clinical rule zorblax: added" in said


def test_a_message_that_would_become_urgent_is_shown_by_its_id(
    louder: Path, messages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = diff(capsys, "defaults", louder, "--tickets", messages)

    assert code == 0
    assert "m-3  now urgent" in said
    assert "+ zorblax" in said


def test_no_word_of_a_message_is_shown_unasked(
    louder: Path, messages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "last year" not in diff(capsys, "defaults", louder, "--tickets", messages)[1]
    shown = diff(capsys, "defaults", louder, "--tickets", messages, "--show-words")[1]
    assert "PHI: My zorblax is back" in shown


def test_a_policy_that_would_lower_an_urgent_message_fails_the_command(
    louder: Path, messages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = diff(capsys, louder, "defaults", "--tickets", messages, "--json")
    told = json.loads(said)

    assert code == 1
    assert told["totals"]["lowered"] == 1
    assert told["changed"][0]["ticket"] == "m-3"
    assert told["changed"][0]["rules_lost"] == ["zorblax"]


def test_a_policy_differs_in_nothing_from_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert "nothing" in diff(capsys, "defaults", "defaults")[1]


def test_a_version_needs_a_stack(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "diff", "active", "defaults"]) == 1
    assert "give --stack" in capsys.readouterr().err


def test_a_line_that_is_no_message_is_named_without_its_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"text": "fine"}\n{"text": 7, "id": "secret"}\n', encoding="utf-8")

    assert main(["policy", "diff", "defaults", "defaults", "--tickets", str(broken)]) == 1
    said = capsys.readouterr().err
    assert "line 2" in said
    assert "secret" not in said


def test_a_phrase_added_to_a_concept_is_shown() -> None:
    before = default_rules()
    grown = {"concepts": {"chest": {"en": ["chest", "zorblax"]}}}
    after = {**before, "clinical": {**before.get("clinical", {}), **grown}}

    lines = changes_of_rules(rules_from(before), rules_from(after))

    assert any("clinical concept chest.en: + zorblax" in line for line in lines)
