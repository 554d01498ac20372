"""What a mail holds beside its writer's own words."""

import time

from triagewire.scoring.quoted import not_heard, quoted_part, said_now

COVER = "Please advise."
DANGER = "Mom is not breathing well since this morning."


def under(text: str, quoted: str) -> str:
    marked = "\n".join(f"> {line}" for line in quoted.splitlines())
    return f"{text}\n\nOn Tue, 3 Nov 2026 at 09:12, Ben <b@mail.example> wrote:\n{marked}"


def test_the_quoted_part_is_what_the_writer_did_not_write_now() -> None:
    assert DANGER in quoted_part(COVER, under(COVER, DANGER))
    assert COVER not in quoted_part(COVER, under(COVER, DANGER))
    assert quoted_part(COVER, "") == ""


def test_what_was_said_in_the_conversation_before_is_not_news() -> None:
    quoted = quoted_part(COVER, under(COVER, DANGER))

    assert DANGER not in not_heard(quoted, [f"Mom\n{DANGER}"])
    assert DANGER in not_heard(quoted, ["Mom\nShe is well."])


def test_it_is_known_again_where_a_mailer_broke_its_lines_anew() -> None:
    wrapped = DANGER.replace(" well", " well\n")

    assert "breathing" not in not_heard(quoted_part(COVER, under(COVER, wrapped)), [DANGER])


def test_a_short_line_is_not_known_from_a_longer_sentence_that_denies_it() -> None:
    assert not_heard("chest pain", ["I have no chest pain."]) == "chest pain"


def test_the_standing_advice_of_a_clinic_is_not_news() -> None:
    advice = "If you have chest pain or trouble breathing, call 911."

    assert not_heard(advice, ()) == ""


def test_advice_that_somebody_says_of_a_person_is_news() -> None:
    said = "If this is how he breathes I will call 911."

    assert not_heard(said, ()) == said


def test_what_is_handed_on_is_the_message() -> None:
    marked = f"{COVER}\n---------- Forwarded message ---------\nFrom: Ben\n{DANGER}"

    assert said_now(COVER, marked, "") == marked
    assert said_now(COVER, f"{COVER}\n{DANGER}", "Fwd: Mom") == f"{COVER}\n{DANGER}"


def test_what_was_handed_on_in_an_earlier_mail_is_not() -> None:
    quoted = under(COVER, f"Please see below\n---------- Forwarded message ---------\n{DANGER}")

    assert said_now(COVER, quoted, "Re: Mom") == COVER


def test_no_quoted_text_takes_long() -> None:
    begun = time.perf_counter()
    for bomb in ("if you call " * 20_000, "> " * 100_000, "a. " * 100_000, "[x] " * 50_000):
        not_heard(quoted_part("ok", bomb), [bomb])
        said_now("ok", bomb, bomb[:1_000])

    assert time.perf_counter() - begun < 5
