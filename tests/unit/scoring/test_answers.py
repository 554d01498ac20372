"""Short answers, what was asked, how it goes on: words that mean something only beside others."""

import time

import pytest

from triagewire.scoring.answers import Answer, answer_of, is_short, leads_with
from triagewire.scoring.course import is_worse
from triagewire.scoring.questions import (
    asks_if_well,
    asks_of_danger,
    no_is_bad_news,
    questions_in,
)
from triagewire.scoring.score import Engine


@pytest.mark.parametrize(
    "text",
    [
        "yes please",
        "Ok, Tuesday works!",
        "👍",
        "👍🏽👍🏽",
        "thank you",
        "Done.",
        "Sounds good, see you Thursday",
        "ok no problem",
        "Perfecto, muchas gracias",
        "Sí, por favor",
        "el martes me queda bien",
    ],
)
def test_a_nod_says_nothing_new(text: str) -> None:
    assert answer_of(text) is not Answer.MORE


def test_a_nod_may_be_signed_with_the_requesters_own_name() -> None:
    assert answer_of("Thanks,\nAda Marlow", ["Ada Marlow"]) is Answer.AGREES
    assert answer_of("Thanks,\nAda Marlow") is Answer.MORE


@pytest.mark.parametrize(
    "text",
    [
        "ok but it hurts",
        "yes and no",
        "ok 2",
        "done, still bleeding",
        "goodbye",
        "thank you for everything, goodbye",
        "ok 😭",
        "🆘",
        "sure, whatever, I give up",
        "ok " * 40,
        "",
        "no sé",
    ],
)
def test_any_word_of_health_worry_or_change_is_more_than_a_nod(text: str) -> None:
    assert answer_of(text) is Answer.MORE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("yes", Answer.YES),
        ("Yeah.", Answer.YES),
        ("sí", Answer.YES),
        ("a little", Answer.SOME),
        ("yes, sometimes", Answer.SOME),
        ("No", Answer.NO),
        ("no, not really", Answer.NO),
    ],
)
def test_a_bare_answer_is_told_from_a_nod(text: str, kind: Answer) -> None:
    assert answer_of(text) is kind


def test_a_longer_answer_shows_by_how_it_begins() -> None:
    assert leads_with("yeah since last night", Answer.YES)
    assert leads_with("No, none at all, why?", Answer.NO)
    assert is_short("yeah since last night")
    assert not is_short("it began " * 10)


@pytest.mark.parametrize(
    "question",
    [
        "Any chest pain or trouble breathing?",
        "Does he have any swelling of the face or tongue?",
        "Are you thinking of hurting yourself?",
        "Did you take more pills than prescribed?",
        "Any fever or redness around the wound?",
        "Let me know if you have any bleeding.",
        "¿Tiene dolor de pecho?",
    ],
)
def test_a_question_about_a_danger_sign_is_known(question: str, engine: Engine) -> None:
    assert asks_of_danger(questions_in(question), engine)


@pytest.mark.parametrize(
    "text",
    [
        "Which pharmacy do you use?",
        "Can you be here at nine?",
        "Do you want us to cancel the appointment?",
        "Your refill is ready. If you develop chest pain, call 911.",
        "Would you like to pay by card?",
    ],
)
def test_a_question_of_the_office_and_standing_advice_ask_for_no_danger(
    text: str, engine: Engine
) -> None:
    assert not asks_of_danger(questions_in(text), engine)


@pytest.mark.parametrize(
    ("question", "bad"),
    [
        ("Any chest pain or trouble breathing?", False),
        ("Are you able to breathe ok?", True),
        ("Is the baby moving?", True),
        ("Do you feel safe at home?", True),
    ],
)
def test_a_no_may_be_the_bad_answer(question: str, bad: bool) -> None:
    assert no_is_bad_news(question) is bad


@pytest.mark.parametrize(
    "question",
    [
        "Is he waking up when you shake him?",
        "Are you able to keep fluids down?",
        "Did the bleeding stop?",
        "Has the swelling gone down?",
        "Can he bear weight?",
        "Is your vision normal?",
        "¿Se mueve el bebé?",
        "¿Respira bien?",
    ],
)
def test_a_question_that_asks_if_a_body_works_is_known(question: str) -> None:
    assert asks_if_well(questions_in(question))


@pytest.mark.parametrize(
    "question",
    [
        "Is Tuesday ok for you?",
        "Can you come at nine?",
        "Could we send it to the pharmacy?",
        "Can we move your appointment to Friday?",
        "Could Dr. Osei see you on Friday?",
        "Can the nurse call you back?",
        "Any chest pain?",
        "¿Le queda bien el martes?",
    ],
)
def test_a_question_that_asks_something_else_is_none(question: str) -> None:
    assert not asks_if_well(questions_in(question))


@pytest.mark.parametrize(
    "text",
    [
        "Please tell me: do you have chest pain. Reply Y or N.",
        "If you have chest pain reply YES",
        "Please do you have chest pain",
        "Si tiene dolor de pecho responda SI",
    ],
)
def test_what_says_how_to_reply_is_a_question(text: str, engine: Engine) -> None:
    assert asks_of_danger(questions_in(text), engine)


@pytest.mark.parametrize(
    "text",
    [
        "it's worse now",
        "still no better and now vomiting",
        "spreading",
        "it's higher today",
        "the swelling isn't going down",
        "It isn\u2019t getting better",
        "the pain came back",
        "he is not worse but the rash is spreading",
        "more redness than yesterday",
        "está peor",
        "sigue igual",
        "no mejora",
    ],
)
def test_a_turn_for_the_worse_is_heard(text: str) -> None:
    assert is_worse(text)


@pytest.mark.parametrize(
    "text",
    [
        "no worse than before",
        "it is not getting worse",
        "much better, thanks",
        "thanks again",
        "could I have a higher dose",
        "I'm back from vacation",
        "no está peor",
    ],
)
def test_a_denied_turn_and_other_words_are_none(text: str) -> None:
    assert not is_worse(text)


@pytest.mark.parametrize(
    "bomb",
    [
        " " * 200_000,
        "any " * 50_000,
        "a? " * 50_000,
        "no " * 60_000,
        "ok " * 60_000,
        "-_" * 90_000,
        "reply " * 40_000,
    ],
)
def test_no_text_takes_long(bomb: str, engine: Engine) -> None:
    begun = time.perf_counter()

    answer_of(bomb)
    leads_with(bomb, Answer.YES)
    is_worse(bomb)
    asks_of_danger(questions_in(bomb), engine)
    asks_if_well(questions_in(bomb))

    assert time.perf_counter() - begun < 3
