"""Thanks and nothing else; whatever is not certain counts as something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.routing.thanks import only_thanks, settles


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "thank you so much for your help 🙏",
        "Great, thank you. Have a nice day!",
        "Ok thanks",
        "Perfect — thanks again.",
        "THANK YOU VERY MUCH",
        "Muchas gracias, muy amable",
        "Got it, thanks for letting me know",
        "I appreciate it",
    ],
)
def test_thanks(text: str) -> None:
    assert only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "got it",
        "Thanks, but the pain is worse",
        "Thanks. My chest hurts.",
        "no thanks",
        "Thank you for everything. Goodbye.",
        "thank you for everything",
        "Thanks for nothing",
        "Thanks?",
        "Thanks 😢",
        "thanks 💊",
        "Thank you, you can stop calling",
        "Gracias, pero me duele",
        "thanks " * 25,
        "thankyou" + "\n" * 300,
        "Thanks for your help, I won't need it any more",
        "can't thank you enough",
    ],
)
def test_something_else(text: str) -> None:
    assert not only_thanks(text)


@given(
    st.sampled_from(["Thanks", "Thank you so much"]), st.from_regex(r"[^\W_]{1,12}", fullmatch=True)
)
def test_one_unknown_word_is_enough_to_reopen(thanks: str, word: str) -> None:
    known = only_thanks(f"thanks {word}")

    assert only_thanks(f"{thanks} {word}") is known
    assert not only_thanks(f"{thanks} xx{word}")


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert only_thanks(text) in (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!\nSent from my bed with chest pain",
        "thank you\nsent from my chest that hurts a lot",
        "Thank you\nSent from my phone 911",
        "Gracias\nenviado desde mi pecho me duele mucho",
        "Thanks\nGet Outlook for help",
    ],
)
def test_what_only_looks_like_the_line_of_a_device_is_read(text: str) -> None:
    assert not settles(text)


@pytest.mark.parametrize(
    "device",
    [
        "Sent from my iPhone",
        "Sent from my iPhone 15 Pro Max",
        "Sent from my Verizon, Samsung Galaxy smartphone",
        "Sent from my T-Mobile 4G LTE Device",
        "Enviado desde mi iPhone",
        "Enviado desde mi teléfono Samsung Galaxy.",
        "Get Outlook for iOS",
    ],
)
def test_the_line_of_a_device_is_no_word_of_anybody(device: str) -> None:
    assert settles(f"Thank you so much!\n\n{device}")
