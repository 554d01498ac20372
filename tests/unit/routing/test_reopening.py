"""What a message on a resolved ticket does: pure thanks leave it in peace, all else opens it."""

from datetime import timedelta
from functools import cache

import pytest

from tests.builders import MONDAY_MORNING, a_message, a_ticket, a_verdict
from tests.shipped import shipped_engine
from tests.unit.routing.phrases import HIDES_SOMETHING, PURE_THANKS, messages
from triagewire.arrival import Attachment
from triagewire.routing.follow_up import Authority, Conversation, Landing, landing
from triagewire.scoring.doubt import Doubt, doubted
from triagewire.scoring.score import score
from triagewire.scoring.subject import ScoringInput
from triagewire.ticket import Status
from triagewire.verdict import Verdict

NOW = MONDAY_MORNING + timedelta(days=2)
NAMES = ("Ada Marlow", "Nora Quist", "Dr Okafor", "Dr Lind", "Will Burns")
RESOLVED = a_ticket(
    a_verdict(4),
    id="RESOLVED",
    status=Status.RESOLVED,
    timer=None,
    resolved_at=MONDAY_MORNING,
)
THANKS = messages(PURE_THANKS)
HIDDEN = messages(HIDES_SOMETHING)


@cache
def scored(text: str, subject: str = "") -> Verdict:
    """The shipped rules' verdict on a follow-up."""
    return score(ScoringInput(text=text, subject=subject), shipped_engine())


def lands(
    text: str,
    subject: str = "",
    *,
    asked: bool = False,
    verdict: Verdict | None = None,
    **stated: object,
) -> Landing:
    """How a follow-up on a resolved ticket lands; a subject stood on the ticket before."""
    judged = verdict or scored(text, subject)
    conversation = Conversation(
        ticket=RESOLVED,
        authority=Authority.TOKEN,
        subject_known=bool(subject),
        asked=asked,
        names=NAMES,
    )
    said = a_message(text=text, subject=subject, **stated)
    return landing(a_ticket(judged, id="NEW"), judged, said, conversation, NOW)


def test_the_tables_are_large_enough_to_mean_something() -> None:
    assert len({*THANKS, *HIDDEN}) >= 250


@pytest.mark.parametrize("subject", ["", "Re: Refill"])
@pytest.mark.parametrize("text", HIDDEN)
def test_whatever_hides_behind_thanks_opens_the_ticket(text: str, subject: str) -> None:
    assert lands(text, subject) is Landing.REOPENS


@pytest.mark.parametrize("subject", ["", "Re: Refill", "Re: chest pain last week"])
def test_nearly_all_pure_thanks_leave_the_ticket_resolved(subject: str) -> None:
    opened = [text for text in THANKS if lands(text, subject) is Landing.REOPENS]

    assert len(opened) <= 0.05 * len(THANKS), opened


@pytest.mark.parametrize("text", THANKS)
def test_thanks_with_a_file_open_it_for_nobody_has_looked_at_the_file(text: str) -> None:
    photo = Attachment(name="IMG_0412.jpg", media_type="image/jpeg")

    assert lands(text, attachments=(photo,)) is Landing.REOPENS


@pytest.mark.parametrize("text", ["ok", "Perfect", "Sure", "👍", "That works for me", "Ok thanks"])
def test_where_we_asked_something_a_nod_is_an_answer(text: str) -> None:
    assert lands(text, asked=True) is Landing.REOPENS


@pytest.mark.parametrize("text", ["Thank you!", "Thanks so much, have a nice day", "Gracias"])
def test_thanks_alone_answer_nothing(text: str) -> None:
    assert lands(text, asked=True) is Landing.RECORDED


def test_thanks_above_a_danger_sign_that_nobody_has_judged_open_the_ticket() -> None:
    quoted = Doubt("quoted-text", "a danger sign in a part of the mail that was quoted")
    verdict = doubted(scored("Thank you!", "Re: Refill"), (quoted,))

    assert lands("Thank you!", "Re: Refill", verdict=verdict) is Landing.REOPENS


def test_a_new_subject_is_read_as_well() -> None:
    verdict = scored("Thank you!", "chest pain since this morning")
    said = a_message(text="Thank you!", subject="chest pain since this morning")
    conversation = Conversation(ticket=RESOLVED, authority=Authority.TOKEN)

    how = landing(a_ticket(verdict, id="NEW"), verdict, said, conversation, NOW)

    assert how is Landing.REOPENS


def test_a_name_that_is_also_a_word_of_health_does_not_hide_it() -> None:
    assert lands("Thanks. Burns!") is Landing.REOPENS
