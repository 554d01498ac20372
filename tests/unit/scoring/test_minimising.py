"""Playing down carries no weight, and the requester's own topic is no urgency."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shipped import shipped_engine
from triagewire.scoring.score import Engine, score
from triagewire.scoring.subject import ScoringInput, Voice
from triagewire.verdict import Urgency

EXAMPLES = Path(__file__).parent / "examples" / "urgent.jsonl"
MINIMISING = (
    "It's probably nothing.",
    "It might be nothing, but",
    "My wife says it is just anxiety.",
    "Sorry to bother you, it can wait.",
    "No rush at all.",
    "I'm sure it is fine.",
    "The doctor told me it is only stress.",
    "Probably just something I ate.",
    "I don't want to make a fuss.",
    "Not urgent, whenever you have time.",
    "I feel silly asking.",
    "I am not worried about it.",
    "Seguro que no es nada.",
    "No es urgente, cuando puedan.",
)
TOPICS = (
    "billing",
    "appointment",
    "medication_refill",
    "hours",
    "prior_auth",
    "records",
    "portal",
    "it",
    "other",
    "general question",
    "Not urgent",
    "feedback",
)


def urgent() -> list[tuple[str, Voice]]:
    rows = map(json.loads, EXAMPLES.read_text(encoding="utf-8").splitlines())
    return [(row["text"], row.get("voice", "patient")) for row in rows]


@pytest.fixture(scope="module")
def pages(engine: Engine) -> list[tuple[str, Voice]]:
    """The urgent examples that score 5 by themselves."""
    return [
        (text, voice)
        for text, voice in urgent()
        if score(ScoringInput(text=text, voice=voice), engine).score is Urgency.CLINICAL_URGENT
    ]


def test_every_urgent_example_stays_one_whatever_stands_around_it_or_over_it(
    pages: list[tuple[str, Voice]], engine: Engine
) -> None:
    lowered = []
    for number, (text, voice) in enumerate(pages):
        said = MINIMISING[number % len(MINIMISING)]
        topic = TOPICS[number % len(TOPICS)]
        for whole in (f"{said} {text}", f"{text}\n{said}", f"{text.rstrip('.')}. {said}"):
            verdict = score(ScoringInput(text=whole, voice=voice, request_type=topic), engine)
            if verdict.score is not Urgency.CLINICAL_URGENT:
                lowered.append((whole, verdict.review))

    # The few that fall must still be seen: an idiom across the lines ("heart / doctor").
    assert len(lowered) <= 0.002 * 3 * len(pages), lowered
    assert all(review for _, review in lowered), lowered


CLEAR = (
    "I have crushing chest pain and can hardly breathe.",
    "My husband's face is drooping and his speech is slurred.",
    "She took the whole bottle of pills an hour ago.",
    "No puedo respirar y me duele mucho el pecho.",
    "I want to end my life tonight.",
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(CLEAR),
    st.lists(st.sampled_from(MINIMISING), max_size=4),
    st.lists(st.sampled_from(MINIMISING), max_size=4),
    st.one_of(st.none(), st.sampled_from(TOPICS), st.text(max_size=40)),
    st.sampled_from((" ", "\n", "\n\n")),
)
def test_no_pile_of_them_and_no_topic_lowers_an_emergency(
    text: str, before: list[str], after: list[str], topic: str | None, between: str
) -> None:
    whole = between.join((*before, text, *after))

    verdict = score(ScoringInput(text=whole, request_type=topic), shipped_engine())

    assert verdict.score is Urgency.CLINICAL_URGENT


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.sampled_from(TOPICS), st.text(max_size=40)), st.sampled_from(range(40)))
def test_the_topic_of_the_form_changes_no_urgency(topic: str, number: int) -> None:
    text, voice = urgent()[number * 20]

    alone = score(ScoringInput(text=text, voice=voice), shipped_engine())
    stated = score(ScoringInput(text=text, voice=voice, request_type=topic), shipped_engine())

    assert (stated.score, stated.candidate, stated.review) == (
        alone.score,
        alone.candidate,
        alone.review,
    )
