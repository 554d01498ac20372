"""The links of requesters and programs: only what was signed here, for its purpose, holds."""

import base64
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, a_message
from triagewire.errors import BadLinkError
from triagewire.escalation.links import acknowledge_token
from triagewire.replies.automation import (
    CALLBACK_HOLDS,
    CallbackLink,
    callback_token,
    read_callback_token,
)
from triagewire.replies.feedback_tokens import (
    HOLDS,
    SURVEY,
    Asks,
    FeedbackLink,
    feedback_token,
    link_of,
    read_feedback_token,
)

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
TICKET = "A7" * 13
SECOND = timedelta(seconds=1)
ASKED = FeedbackLink(asks=Asks.SURVEY, ticket_id=TICKET, asked_at=MONDAY_MORNING)
REQUESTED = CallbackLink(ticket_id=TICKET, requested_at=MONDAY_MORNING, type="password_reset")

tickets = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=26, max_size=26)
names = st.from_regex(r"[a-z][a-z0-9_-]{0,40}", fullmatch=True)


@given(tickets, st.sampled_from(Asks), names)
def test_a_link_says_what_it_was_made_for(ticket: str, asks: Asks, article: str) -> None:
    link = FeedbackLink(asks=asks, ticket_id=ticket, asked_at=MONDAY_MORNING, article=article)

    assert read_feedback_token(KEY, feedback_token(KEY, link), MONDAY_MORNING) == link


@given(tickets, names)
def test_a_callback_says_what_it_was_made_for(ticket: str, kind: str) -> None:
    link = CallbackLink(ticket_id=ticket, requested_at=MONDAY_MORNING, type=kind)

    assert read_callback_token(KEY, callback_token(KEY, link), MONDAY_MORNING) == link


@given(st.integers(min_value=0), st.characters(categories=["L", "N"], include_characters="-_"))
def test_a_link_with_one_other_character_is_none(at: int, character: str) -> None:
    token = feedback_token(KEY, ASKED)
    place = at % len(token)
    forged = f"{token[:place]}{character}{token[place + 1 :]}"
    if forged == token:
        return

    with pytest.raises(BadLinkError):
        read_feedback_token(KEY, forged, MONDAY_MORNING)


@given(st.text())
def test_no_text_is_a_link_and_none_breaks_it(text: str) -> None:
    for read in (read_feedback_token, read_callback_token):
        with pytest.raises(BadLinkError):
            read(KEY, text, MONDAY_MORNING)


@given(st.binary(min_size=30, max_size=120))
def test_no_bytes_that_nobody_signed_are_a_link(raw: bytes) -> None:
    token = base64.urlsafe_b64encode(raw).decode().rstrip("=")

    for read in (read_feedback_token, read_callback_token):
        with pytest.raises(BadLinkError):
            read(KEY, token, MONDAY_MORNING)


def test_what_another_key_signed_is_no_link() -> None:
    with pytest.raises(BadLinkError):
        read_feedback_token(KEY, feedback_token(OTHER_KEY, ASKED), MONDAY_MORNING)


def test_the_link_of_one_purpose_is_none_of_another() -> None:
    others = [
        callback_token(KEY, REQUESTED),
        acknowledge_token(KEY, TICKET, "nora", MONDAY_MORNING + timedelta(days=1)),
    ]

    for token in others:
        with pytest.raises(BadLinkError):
            read_feedback_token(KEY, token, MONDAY_MORNING)
    with pytest.raises(BadLinkError):
        read_callback_token(KEY, feedback_token(KEY, ASKED), MONDAY_MORNING)


def test_a_link_holds_for_two_weeks_and_a_callback_for_one() -> None:
    survey, callback = feedback_token(KEY, ASKED), callback_token(KEY, REQUESTED)

    assert read_feedback_token(KEY, survey, MONDAY_MORNING + HOLDS - SECOND) == ASKED
    assert read_callback_token(KEY, callback, MONDAY_MORNING + CALLBACK_HOLDS - SECOND) == REQUESTED
    with pytest.raises(BadLinkError):
        read_feedback_token(KEY, survey, MONDAY_MORNING + HOLDS)
    with pytest.raises(BadLinkError):
        read_callback_token(KEY, callback, MONDAY_MORNING + CALLBACK_HOLDS)


def test_a_link_is_short_enough_for_a_text_message_and_ends_in_a_letter() -> None:
    token = feedback_token(KEY, ASKED)

    assert len(token) <= 60
    assert token[-1].isalnum()


def test_only_a_question_and_an_articles_answer_bring_a_link() -> None:
    survey = a_message(ticket_id=TICKET, automatic=True, made_by=SURVEY)
    answer = a_message(ticket_id=TICKET, automatic=True, made_by="article:hours")

    assert link_of(survey) == ASKED
    assert link_of(answer) == FeedbackLink(
        asks=Asks.ARTICLE, ticket_id=TICKET, asked_at=MONDAY_MORNING, article="hours"
    )
    assert link_of(a_message(automatic=True, made_by="template:acknowledgement")) is None
    assert link_of(a_message(made_by=SURVEY)) is None
