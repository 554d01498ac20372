"""A publication is held against the active policy; what a person answers for is kept with it."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from ops import policy as command
from ops.policy import publish_directory
from tests.aws.clinic import Clinic
from tests.builders import a_policy
from tests.shipped import scorer_of
from triagewire import aws
from triagewire.errors import PolicyError
from triagewire.policy.document import Document
from triagewire.policy.gate.release import Release
from triagewire.policy.load import Draft
from triagewire.policy.rehearsal import Report
from triagewire.scoring.rules import rules_from
from triagewire.store.active import active_version
from triagewire.store.ledger import read_events
from triagewire.store.policies import load_checks, load_policy

STARTER = Path(__file__).parents[2] / "policy"
RULE = "rules:\n  moon: {{ reason: x, topic: symptom, score: {score}, when: zorbles hum }}\n"
OWN = "tickets: { moon: { text: The zorbles hum again, expect: { team: clinical } } }\n"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A group to which the zorbles hum is an emergency, with a ticket that says so."""
    folder = Path(shutil.copytree(STARTER, tmp_path / "policy"))
    (folder / "rules").mkdir()
    (folder / "checks.yaml").write_text(OWN, encoding="utf-8")
    moon_is(5, folder)
    return folder


@pytest.fixture(autouse=True)
def nothing_else_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rehearsal has tests of its own: here it finds every policy fit."""

    def fit(draft: Draft, _now: datetime) -> Report:
        return Report(problems=(), scorer=scorer_of(rules_from(draft.policy.rules)))

    monkeypatch.setattr(command, "rehearse", fit)
    monkeypatch.setattr(command, "Scorer", scorer_of)


def moon_is(score: int, folder: Path) -> None:
    (folder / "rules" / "clinical.yaml").write_text(RULE.format(score=score), encoding="utf-8")


def published(folder: Path, clinic: Clinic, reason: str = "") -> int:
    return publish_directory(folder, aws.tables(), "ana", clinic.now, reason)


def test_what_the_active_policy_calls_urgent_may_not_become_less(
    bare_clinic: Clinic, directory: Path
) -> None:
    published(directory, bare_clinic)
    moon_is(4, directory)

    with pytest.raises(PolicyError, match="moon: was urgent in policy version 1"):
        published(directory, bare_clinic)

    assert active_version(aws.tables()) == 1


def test_a_ticket_that_was_taken_away_with_its_rule_is_not_forgotten(
    bare_clinic: Clinic, directory: Path
) -> None:
    published(directory, bare_clinic)
    moon_is(4, directory)
    (directory / "checks.yaml").unlink()

    with pytest.raises(PolicyError, match="moon: was urgent in policy version 1"):
        published(directory, bare_clinic)


def test_a_shipped_ticket_that_an_earlier_version_left_out_is_not_forgotten(
    bare_clinic: Clinic, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = Document(data={"tickets": {"hum": {"text": "The zorbles hum", "expect": {}}}})
    monkeypatch.setattr(command, "shipped_tickets", lambda _folder: shipped)
    (directory / "checks.yaml").unlink()
    published(directory, bare_clinic)
    moon_is(4, directory)

    with pytest.raises(PolicyError, match="hum: was urgent in policy version 1"):
        published(directory, bare_clinic)


def test_the_reason_and_the_tickets_stand_in_the_ledger_and_in_the_version(
    bare_clinic: Clinic, directory: Path
) -> None:
    published(directory, bare_clinic)
    moon_is(4, directory)

    version = published(directory, bare_clinic, "Dr. Osei: seen twice, harmless")

    *_, event = read_events(aws.tables(), "POLICY")
    assert event.actor == "administrator:ana"
    assert event.detail == {
        "version": 2,
        "reason": "Dr. Osei: seen twice, harmless",
        "lowered": ["moon"],
    }
    accepted = load_policy(aws.tables(), version).accepted
    assert accepted is not None
    assert (accepted.reason, accepted.tickets) == ("Dr. Osei: seen twice, harmless", ("moon",))


def test_an_ordinary_publication_has_nothing_to_answer_for(
    bare_clinic: Clinic, directory: Path
) -> None:
    version = published(directory, bare_clinic, "not needed")

    event, _access = read_events(aws.tables(), "POLICY")
    assert (event.why, event.detail) == ("all checks passed", {"version": 1})
    assert load_policy(aws.tables(), version).accepted is None


def test_the_tickets_that_a_version_passed_are_kept_beside_it(
    bare_clinic: Clinic, directory: Path
) -> None:
    version = published(directory, bare_clinic)

    assert load_checks(aws.tables(), version)["moon"]["text"] == "The zorbles hum again"


def test_a_version_without_kept_tickets_has_none(bare_clinic: Clinic) -> None:
    assert load_checks(aws.tables(), 1) == {}


def test_before_the_first_publication_the_shipped_release_is_the_last(
    bare_clinic: Clinic, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moon_is(4, directory)
    moon = ("moon", {"text": "The zorbles hum again", "expect": {"team": "clinical"}})
    shipped = Release(name="the shipped release", urgent=(moon,))
    monkeypatch.setattr(command, "shipped_release", lambda: shipped)

    with pytest.raises(PolicyError, match="moon: was urgent in the shipped release"):
        published(directory, bare_clinic)


def test_rules_that_this_release_cannot_read_leave_the_shipped_release(
    bare_clinic: Clinic, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare_clinic.publish(a_policy(rules={"clinical": {"rules": {"old": {"score": 9}}}}))
    moon_is(4, directory)
    moon = ("moon", {"text": "The zorbles hum again", "expect": {"team": "clinical"}})
    shipped = Release(name="the shipped release", urgent=(moon,))
    monkeypatch.setattr(command, "shipped_release", lambda: shipped)

    with pytest.raises(PolicyError, match="moon: was urgent in the shipped release"):
        published(directory, bare_clinic)
