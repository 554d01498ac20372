"""An article answers when it is sure, and never another question than its own."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, OPENING_HOURS, REPLIES, a_message, a_site, a_ticket
from tests.shipped import shipped_engine
from tests.unit.replies.questions import QUESTIONS, Asked
from triagewire.flow.judge import subject_of
from triagewire.policy.load import load
from triagewire.policy.model import Site
from triagewire.policy.replies import Article
from triagewire.replies.automatic import find_article
from triagewire.replies.matching import MOST_WORDS, Question, matches, sure
from triagewire.scoring.score import score
from triagewire.verdict import Urgency

USUAL_WEEK = datetime(2026, 3, 3, 18, tzinfo=UTC)
THANKSGIVING_WEEK = datetime(2026, 11, 23, 18, tzinfo=UTC)
LEAST_RECALL = 0.9


@cache
def mesa() -> Site:
    return load(Path(__file__).parents[3] / "policy").policy.sites["mesa"]


def answered(asked: Asked) -> str:
    """The article that the whole way from words to answer gives, or nothing."""
    message = a_message(text=asked.text, subject="", language=None)
    verdict = score(subject_of(a_ticket(), message, USUAL_WEEK), shipped_engine())
    if verdict.score is not Urgency.SELF_SERVE or verdict.review:
        return ""
    now = THANKSGIVING_WEEK if asked.ahead else USUAL_WEEK
    found = find_article(message, verdict, mesa(), now)
    return found.article_id if found else ""


def found(text: str, *articles: Article, **question: str) -> str | None:
    """Which of some articles on opening hours answers."""
    named = {str(number): article for number, article in enumerate(articles)}
    site = a_site(replies=replace(REPLIES, articles=named))
    asked = Question(text=text, topic=question.pop("topic", "hours"), **question)
    best = sure(matches(asked, site, MONDAY_MORNING))
    return best.article_id if best else None


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.text[:60])
def test_no_question_gets_the_answer_to_another(asked: Asked) -> None:
    assert answered(asked) in ("", asked.article)


def test_most_questions_that_an_article_answers_are_answered() -> None:
    gave = [(answered(asked), asked.article) for asked in QUESTIONS]
    right = sum(bool(given) and given == meant for given, meant in gave)
    wrong = sum(bool(given) and given != meant for given, meant in gave)
    wanted = sum(bool(meant) for _, meant in gave)

    assert wrong == 0
    assert right / wanted >= LEAST_RECALL


def test_a_word_that_no_article_has_is_for_a_person() -> None:
    assert found("What are your hours?", OPENING_HOURS) == "0"
    assert found("What are your laboratory hours?", OPENING_HOURS) is None


def test_the_requester_s_own_name_asks_for_nothing() -> None:
    signed = "What are your hours?\nAda Marlow"

    assert found(signed, OPENING_HOURS) is None
    assert found(signed, OPENING_HOURS, name="Ada Marlow") == "0"


@pytest.mark.parametrize(
    ("subject", "article"),
    [
        ("Re: your message", "0"),
        ("Question", "0"),
        ("Office hours", "0"),
        ("New message from the website contact form", "0"),
        ("Flu shots", None),
        ("Mi cita", None),
    ],
)
def test_a_subject_that_any_mail_has_asks_for_nothing(subject: str, article: str | None) -> None:
    assert found("What are your hours?", OPENING_HOURS, subject=subject) == article


def test_of_two_that_fit_alike_neither_is_sure() -> None:
    assert found("What are your hours?", OPENING_HOURS, OPENING_HOURS) is None


def test_the_article_that_says_it_in_its_title_goes_before_one_that_mentions_it() -> None:
    parking = replace(
        OPENING_HOURS, title={"en": "Parking"}, text={"en": "Parking is free in our hours."}
    )

    assert found("What are your hours?", parking, OPENING_HOURS) == "1"


def test_a_greeting_without_a_question_is_answered_by_no_article() -> None:
    assert found("Hello, thank you!", OPENING_HOURS) is None


def test_a_long_message_tells_more_than_it_asks() -> None:
    assert found("hours " * MOST_WORDS, OPENING_HOURS) == "0"
    assert found("hours " * (MOST_WORDS + 1), OPENING_HOURS) is None


def test_an_article_on_another_topic_answers_nothing() -> None:
    assert found("What are your hours?", OPENING_HOURS, topic="billing") is None


@pytest.mark.parametrize("word", ["thanksgiving", "navidad", "laboratory", "17", "dr", "why"])
def test_one_word_more_can_make_it_another_question(word: str) -> None:
    assert found(f"What are your hours {word}?", OPENING_HOURS) in (None, "0")
    assert (found(f"What are your hours {word}?", OPENING_HOURS) is None) is (word != "why")


@given(st.text(max_size=200))
def test_whatever_is_asked_is_answered_with_an_article_or_not(text: str) -> None:
    assert found(text, OPENING_HOURS) in (None, "0")
