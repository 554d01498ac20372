"""What must hold for any message: no rule lowers an urgent hit, no set decides for another."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shipped import shipped_engine, shipped_rules
from triagewire.arrival import PatientContext
from triagewire.scoring.score import Engine, build_engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import RuleSet, Verdict

EMERGENCIES = st.sampled_from(
    [
        "I have crushing chest pain.", "I can't breathe.", "My face is drooping on one side.",
        "I want to kill myself.", "She is unresponsive.", "Me duele mucho el pecho.",
        "I'm vomiting blood.", "My husband choked me last night.",
    ]
)  # fmt: skip
REQUESTS = st.sampled_from(
    [
        "Please refill my metformin.", "I was charged twice.", "What are your hours?",
        "No fever, no rash.", "I never had a seizure.", "My uncle had a stroke in 1999.",
        "What should I do if I ever get a rash?", "It is probably nothing.", "Thanks!",
        "My wife says it is anxiety.", "The portal gives me a heart attack.", "",
    ]
)  # fmt: skip
ANY_TEXT = st.text(max_size=300)


def verdict_on(text: str, **facts: Any) -> Verdict:  # noqa: ANN401 (any field of the input)
    return score(ScoringInput(text=text, **facts), shipped_engine())


@given(REQUESTS, EMERGENCIES, REQUESTS)
@settings(deadline=None, max_examples=150)
def test_a_live_emergency_is_5_whatever_else_is_said(before: str, live: str, after: str) -> None:
    verdict = verdict_on(f"{before} {live} {after}")

    assert (verdict.score, verdict.team, verdict.review) == (5, "clinical", False)


@given(ANY_TEXT, EMERGENCIES)
@settings(deadline=None, max_examples=150)
def test_noise_around_an_emergency_never_hides_it(noise: str, live: str) -> None:
    verdict = verdict_on(f"{noise}\n\n{live}")

    assert verdict.score == 5 or verdict.review


@given(ANY_TEXT)
@settings(deadline=None, max_examples=200)
def test_any_text_gets_a_verdict_that_is_whole(text: str) -> None:
    verdict = verdict_on(text)

    assert verdict.candidate >= verdict.score
    assert 0 <= verdict.confidence <= 1
    assert verdict.review or verdict.reasons


@given(EMERGENCIES, st.sampled_from(["billing", "hours", "appointment", "refill"]))
@settings(deadline=None, max_examples=40)
def test_the_requesters_own_topic_never_lowers(live: str, topic: str) -> None:
    assert verdict_on(live, request_type=topic).score == 5


@pytest.mark.parametrize("text", ["my head hurts after I hit it", "I have a cough", "temp 100.9"])
def test_the_record_only_raises(text: str) -> None:
    plain = verdict_on(text)
    records = [
        PatientContext(medications=("warfarin",)),
        PatientContext(conditions=("leukemia on chemo",)),
        PatientContext(age_years=80),
        PatientContext(pregnant=True, recent_procedures=("hip replacement",)),
    ]

    for record in records:
        assert verdict_on(text, context=record).candidate >= plain.candidate
        assert verdict_on(text, context=record).score >= plain.score


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("I fell and hit my head", PatientContext(medications=("apixaban 5 mg",))),
        ("I have a fever of 100.9", PatientContext(conditions=("acute leukemia, chemotherapy",))),
        ("I keep vomiting", PatientContext(conditions=("Addison's disease",))),
        ("she has a fever and feels warm, my baby", PatientContext(age_years=0.1)),
    ],
)
def test_the_record_makes_some_words_urgent(text: str, record: PatientContext) -> None:
    assert verdict_on(text, context=record).score == 5


def test_an_appointment_tomorrow_makes_a_form_urgent() -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    context = PatientContext(next_appointment=now + timedelta(days=1))

    assert verdict_on("Prior auth still pending", context=context, now=now).score == 3


def test_an_unsure_recogniser_sends_to_review() -> None:
    verdict = verdict_on("what are your hours", speech=0.4)

    assert (verdict.review, verdict.candidate, verdict.score) == (True, 5, 4)


def test_an_unsure_recogniser_does_not_hold_back_an_emergency() -> None:
    assert verdict_on("I have chest pain", speech=0.2).review is False


@pytest.mark.parametrize("changed", [RuleSet.ADMINISTRATIVE, RuleSet.IT])
def test_another_rule_set_cannot_change_what_the_clinical_one_says(changed: RuleSet) -> None:
    rules = shipped_rules()
    emptied = replace(getattr(rules, changed.value), rules=(), concepts={})
    other = build_engine(replace(rules, **{changed.value: emptied}))
    for text in (
        "chest pain and a bill",
        "denies chest pain",
        "my knee hurts a bit",
        "cheast pane",
    ):
        with_all = [r for r in verdict_on(text).reasons if r.set is RuleSet.CLINICAL]
        without = [
            r for r in score(ScoringInput(text=text), other).reasons if r.set is RuleSet.CLINICAL
        ]
        assert {r.rule for r in with_all} == {r.rule for r in without}


KILLERS = [
    "a" * 200_000, "chest " * 33_000, "no " * 66_000, "a b c d " * 25_000, "((((" * 50_000,
    "no chest pain, " * 13_000, "1/2/3/" * 33_000, "<b" * 100_000, "can't " * 33_000,
]  # fmt: skip


@pytest.mark.parametrize("text", KILLERS, ids=lambda text: text[:12])
def test_no_text_makes_scoring_slow(text: str) -> None:
    quarter = text[: len(text) // 4]
    verdict_on(text)

    assert _cpu(text) < 6 * _cpu(quarter) + 0.05


def _cpu(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        verdict_on(text)
        best = min(best, time.process_time() - start)
    return best


def test_the_engine_keeps_nothing_of_a_message(engine: Engine) -> None:
    first = verdict_on("my knee hurts a bit")
    verdict_on("chest pain")

    assert verdict_on("my knee hurts a bit") == first
