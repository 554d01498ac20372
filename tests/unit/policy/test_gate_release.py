"""No release calls less urgent what the last one called urgent, unless a person answers for it."""

from dataclasses import replace
from pathlib import Path

import pytest

from ops import release_record
from ops.release_record import record_release
from tests.shipped import shipped_scorer
from triagewire.errors import PolicyError
from triagewire.policy.gate.release import (
    Record,
    Release,
    lost,
    lowered,
    read_record,
    record_of,
    recorded_release,
    release_of,
    write_record,
)
from triagewire.policy.gate.runs import Scorer
from triagewire.policy.gate.tickets import Ticket, kept_tickets, shipped_tickets, topic_of
from triagewire.policy.load import CHECKS, RECORD, Draft, default_rules, load
from triagewire.policy.model import AcceptedLowering
from triagewire.policy.rehearsal import Report, compare, rehearse
from triagewire.scoring.rules import rules_from

MOON = "I have a moonstone question"
FEVER: dict[str, Ticket] = {"moon": {"text": MOON, "expect": {"team": "clinical"}}}


def scorer(score: int) -> Scorer:
    """Rules that know one illness, as urgent as is said."""
    moonstone = {"reason": "x", "topic": "symptom", "score": score, "when": "moonstone"}
    return Scorer(rules_from({"clinical": {"rules": {"moonstone": moonstone}}}))


@pytest.fixture(scope="module")
def shipped() -> dict[str, Ticket]:
    return kept_tickets(shipped_tickets(CHECKS))


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scored_before: None) -> Path:
    """A record of its own that a test may rewrite."""
    path = tmp_path / "release.json"
    monkeypatch.setattr(release_record, "RECORD", path)
    return path


# What was urgent and is not


def test_what_was_urgent_and_still_is_has_not_been_lowered() -> None:
    release = release_of("the last", scorer(5), FEVER)

    assert lowered(release, scorer(5)) == ()


def test_what_was_urgent_and_is_not_has_been_lowered() -> None:
    release = release_of("the last", scorer(5), FEVER)

    assert lowered(release, scorer(4)) == ("moon",)


def test_what_was_not_urgent_cannot_be_lowered() -> None:
    assert release_of("the last", scorer(4), FEVER).urgent == ()


def test_new_words_under_an_old_id_do_not_hide_the_old_ones() -> None:
    renamed: dict[str, Ticket] = {"moon": {"text": "What are your hours?", "expect": {"score": 1}}}

    release = release_of("the last", scorer(5), FEVER, renamed)

    assert lowered(release, scorer(4)) == ("moon",)


# The gate's answer to it


@pytest.fixture
def rehearsed(starter: Path) -> tuple[Report, Draft]:
    """A policy without other problems, to which the moon is no emergency."""
    return Report(problems=(), scorer=scorer(4)), load(starter)


LAST = Release(name="policy version 7", urgent=tuple(FEVER.items()), rules=scorer(5).rules)


def test_a_lowering_keeps_a_policy_out_and_names_the_ticket(
    rehearsed: tuple[Report, Draft],
) -> None:
    report = compare(*rehearsed, LAST)

    assert not report.fit
    assert report.lowered == ("moon",)
    assert "tickets.moon: was urgent in policy version 7 and would not be now" in report.problems[0]
    assert report.accepted is None


def test_a_reason_lets_a_lowering_through_and_is_kept_with_the_tickets(
    rehearsed: tuple[Report, Draft],
) -> None:
    report = compare(*rehearsed, LAST, " Dr. Osei: the moon is not an illness ")

    assert report.fit
    assert report.accepted == AcceptedLowering(
        reason="Dr. Osei: the moon is not an illness", tickets=("moon",)
    )


def test_white_space_is_no_reason(rehearsed: tuple[Report, Draft]) -> None:
    assert not compare(*rehearsed, LAST, "  ").fit


def test_a_reason_that_nothing_needs_is_not_kept(rehearsed: tuple[Report, Draft]) -> None:
    report = compare(*rehearsed, replace(LAST, urgent=(), rules=scorer(4).rules), "just in case")

    assert (report.fit, report.accepted) == (True, None)


@pytest.mark.usefixtures("scored_before")
def test_no_reason_excuses_a_red_flag(starter: Path) -> None:
    (starter / "checks.yaml").write_text(
        f"tickets: {{ moon: {{ text: {MOON}, red_flag: true, expect: {{ score: 5 }} }} }}",
        encoding="utf-8",
    )
    draft = load(starter)

    report = compare(rehearse(draft), draft, LAST, "it is nothing")

    missed = [each for each in report.problems if "tickets.moon: red flag missed at" in each]
    assert len(missed) == len(draft.policy.sites)
    assert not report.fit


# The record of the shipped rules


def test_the_record_says_what_the_shipped_rules_score(shipped: dict[str, Ticket]) -> None:
    """When this fails, look at what changed and run `triagewire policy check --record`."""
    before = read_record(RECORD)

    assert record_of(shipped_scorer(), shipped, before).scores == before.scores


def test_no_urgent_ticket_of_the_record_is_less_urgent_now(shipped: dict[str, Ticket]) -> None:
    release = recorded_release(read_record(RECORD), shipped)

    assert len(release.urgent) > 400
    assert lowered(release, shipped_scorer()) == ()


def test_an_edit_of_the_shipped_rules_that_loses_an_emergency_is_found(
    shipped: dict[str, Ticket],
) -> None:
    parts = default_rules()
    for part in parts.values():
        for rule in part.get("rules", {}).values():
            rule |= {"enabled": rule["topic"] != "exposure"}

    tickets = {name: each for name, each in shipped.items() if topic_of(each) == "exposure"}
    names = lowered(recorded_release(read_record(RECORD), tickets), Scorer(rules_from(parts)))

    assert len(names) > 5
    assert any(name.startswith("exposure-") for name in names)


def test_the_record_is_rewritten_from_the_rules_as_they_are(record: Path) -> None:
    assert record_release("") == len(read_record(record).scores) > 1000


def test_the_record_is_not_rewritten_where_an_urgent_ticket_was_lost(record: Path) -> None:
    write_record(record, Record(scores={"gone": 5, "parking": 5, "opening-hours": 1}))

    with pytest.raises(PolicyError) as refused:
        record_release("")

    assert [each.split(": answer")[0] for each in refused.value.problems] == [
        "gone: was urgent and is gone",
        "parking: was urgent and is scored 1 now",
    ]
    assert set(read_record(record).scores) == {"gone", "parking", "opening-hours"}


def test_a_reason_for_a_lost_ticket_stays_in_the_record(record: Path) -> None:
    write_record(record, Record(scores={"parking": 5}))

    record_release("parking was never an emergency")
    record_release("")

    accepted = AcceptedLowering(reason="parking was never an emergency", tickets=("parking",))
    assert read_record(record).accepted == (accepted,)


def test_nothing_is_lost_of_an_empty_record() -> None:
    assert lost(Record(scores={}), Record(scores={"moon": 4})) == ()
