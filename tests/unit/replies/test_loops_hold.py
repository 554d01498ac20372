"""Whatever a robot does to hide, it repeats itself; whatever a person writes, it is new."""

import time
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, REPLIES, minutes
from triagewire.replies.limits import Texts, one_more, too_many
from triagewire.replies.loops import Heard, heard, is_robots_address, why_silent

KEY = b"k" * 32
NONE = Texts(site="north", address_hash="a")
SOME = """
    blue horse letter garden window paper silver orchard kettle lantern marble saddle thimble
    walnut yarn zebra acorn basket candle drawer engine feather glove hammer
    """
WORDS = st.sampled_from(SOME.split())


def said(text: str, subject: str = "", full_text: str = "") -> Heard:
    return heard(text, full_text, subject, REPLIES, KEY)


def texts_to(messages: list[tuple[datetime, str]]) -> int:
    """How many of these get a text."""
    texts = NONE
    for at, text in messages:
        message = said(text)
        if not why_silent(message, texts, at) and not too_many(texts.sent, at):
            texts = one_more(texts, at, message.said, at)
    return len(texts.sent)


@given(
    template=st.lists(WORDS, min_size=12, max_size=50),
    holes=st.lists(st.integers(0, 49), max_size=4),
    gaps=st.lists(st.integers(1, 3 * 24 * 60), min_size=1, max_size=40),
)
def test_a_text_with_other_numbers_and_dates_is_the_same_text(
    template: list[str], holes: list[int], gaps: list[int]
) -> None:
    now, mails = MONDAY_MORNING, []
    for nth, gap in enumerate(gaps):
        now += minutes(gap)
        words = [
            (str(1000 + nth * 37), "Monday", "March")[at % 3] if at in holes else word
            for at, word in enumerate(template)
        ]
        mails.append((now, " ".join(words)))

    assert texts_to([each for each in mails if each[0] <= MONDAY_MORNING + timedelta(days=30)]) <= 2


@given(
    seconds=st.integers(95, 7000),
    jitter=st.lists(st.floats(0, 4), min_size=5, max_size=30),
)
def test_a_rhythm_that_only_a_program_keeps_ends_whatever_it_says(
    seconds: int, jitter: list[float]
) -> None:
    now, texts = MONDAY_MORNING, NONE
    for nth, each in enumerate(jitter):
        message = said(f"{chr(97 + nth % 26) * (nth + 3)} word{'x' * nth} {'y' * (nth + 1)}")
        if why_silent(message, texts, now):
            break  # it answers our texts, and there is none
        texts = one_more(texts, now, message.said, now)
        now += timedelta(seconds=seconds + each)

    assert len(texts.sent) <= 2


@given(st.lists(st.integers(130, 2 * 24 * 60), min_size=3, max_size=3))
def test_three_questions_of_a_person_get_three_texts(gaps: list[int]) -> None:
    questions = (
        "Could you send me the form for my school?",
        "I moved last month, what do you need to change my address?",
        "My new insurance card came today, where do I send a copy?",
    )
    now, mails = MONDAY_MORNING, []
    for gap, question in zip(gaps, questions, strict=True):
        now += minutes(gap)
        mails.append((now, question))

    assert texts_to(mails) == 3


@given(st.text(max_size=400), st.text(max_size=60))
def test_whatever_is_written_the_first_of_an_address_is_silenced_for_its_own_words_alone(
    text: str, subject: str
) -> None:
    why = why_silent(said(text, subject), NONE, MONDAY_MORNING)

    assert why in ("", "it gives our own text back", "it reads like the text of a robot")


def test_what_is_remembered_of_a_message_holds_no_word_of_it() -> None:
    remembered = one_more(NONE, MONDAY_MORNING, said("My name is Ada Marlow of Elm Street").said)

    assert b"Ada" not in remembered.answered[0].said
    assert (
        said("one two three four").said
        != heard("one two three four", "", "", REPLIES, b"other" * 8).said
    )


@pytest.mark.parametrize("delay", [minutes(3), timedelta(days=20)])
def test_our_own_text_given_back_is_known_from_the_first_time(delay: timedelta) -> None:
    ours = REPLIES.acknowledgement.text["en"].format(expected="Friday", phone="555")

    why = why_silent(said(f"> {ours}", "Fwd"), NONE, MONDAY_MORNING + delay)

    assert why == "it gives our own text back"


def test_our_text_quoted_below_is_known_too() -> None:
    ours = REPLIES.after_hours.text["es"].format(expected="lunes", phone="555")

    assert why_silent(said("Notice 4", full_text=f"Notice 4\n> {ours}"), NONE, MONDAY_MORNING)


@pytest.mark.parametrize(
    "text",
    [
        "We have received your request. A ticket has been created.",
        "Thank you for contacting Acme. We will get back to you within two days.",
        "Gracias por escribirnos. Hemos recibido su mensaje.",
        "Vielen Dank für Ihre Nachricht. Wir sind im Urlaub.",
        "Merci pour votre message. Je suis actuellement absente.",
        "Your message could not be delivered: mailbox not found.",
    ],
)
def test_the_words_of_a_robot_are_known_from_the_first_time(text: str) -> None:
    assert why_silent(said(text), NONE, MONDAY_MORNING) == "it reads like the text of a robot"


@pytest.mark.parametrize(
    "text",
    [
        "Did you receive my request from Monday?",
        "I got your message but I have another question about the bill.",
        "Can you call me back? I am on vacation until Friday.",
        "What is my case number?",
        "Necesito cambiar mi cita, estoy de vacaciones.",
    ],
)
def test_a_person_may_say_one_such_thing(text: str) -> None:
    assert why_silent(said(text), NONE, MONDAY_MORNING) == ""


@pytest.mark.parametrize(
    ("address", "robots"),
    [
        ("no-reply@shop.example", True),
        ("NoReply+17@shop.example", True),
        ("do_not_reply@shop.example", True),
        ("postmaster@isp.example", True),
        ("bounce-991@lists.example", True),
        ("desk+token@north.example", True),
        ("DESK@north.example", True),
        ("norbert.reply@mail.example", False),
        ("ada@mail.example", False),
        ("bouncer.joe@mail.example", False),
        ("nora@mail.example", False),
        ("", False),
        (None, False),
    ],
)
def test_the_addresses_of_robots_and_our_own(address: str | None, robots: bool) -> None:
    assert is_robots_address(address, ("", "desk@north.example")) is robots


def test_a_very_long_message_is_looked_at_as_fast_as_a_short_one() -> None:
    began = time.process_time()
    said("your request " * 200_000, "a" * 10_000, "thank you for " * 200_000)

    assert time.process_time() - began < 2
