"""Messages that are hardly words go to a person, with a reason that says so."""

import pytest

from triagewire.scoring.score import Engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import Urgency


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        (ScoringInput(text="", attachments=True), "attachment-only"),
        (ScoringInput(text=" \n", subject="Re: my foot", attachments=True), "attachment-only"),
        (ScoringInput(text="https://photos.example/a1b2"), "link-only"),
        (ScoringInput(text="www.photos.example/a1b2 https://x.example"), "link-only"),
        (ScoringInput(text="😭"), "emoji-only"),
        (ScoringInput(text="???"), "emoji-only"),
        (ScoringInput(text="refill"), "one-word"),
        (ScoringInput(text="Help!"), "one-word"),
        (ScoringInput(text=""), "no-words"),
    ],
)
def test_what_is_hardly_words_is_reviewed_at_the_urgent_clock(
    message: ScoringInput, rule: str, engine: Engine
) -> None:
    verdict = score(message, engine)

    assert (verdict.review, verdict.candidate) == (True, Urgency.CLINICAL_URGENT)
    assert rule in [reason.rule for reason in verdict.reasons]
    assert all(reason.why for reason in verdict.reasons)


def test_one_word_that_is_an_emergency_stays_one(engine: Engine) -> None:
    verdict = score(ScoringInput(text="chestpain"), engine)

    assert (verdict.score, verdict.review) == (Urgency.CLINICAL_URGENT, False)


@pytest.mark.parametrize("text", ["Thanks!", "gracias"])
def test_a_bare_thanks_is_all_that_it_means(text: str, engine: Engine) -> None:
    assert not score(ScoringInput(text=text), engine).review


def test_a_file_beside_words_is_no_doubt(engine: Engine) -> None:
    verdict = score(
        ScoringInput(text="Please move my appointment to Friday.", attachments=True), engine
    )

    assert not verdict.review
