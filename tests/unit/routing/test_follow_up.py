"""How a message lands on the ticket of its conversation."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, a_message, a_requester, a_ticket, a_verdict, for_review
from tests.strategies import statements, verdicts
from triagewire.arrival import Attachment, Requester
from triagewire.message import Message
from triagewire.routing.follow_up import (
    Authority,
    Conversation,
    Landing,
    bare_subject,
    is_participant,
    landing,
)
from triagewire.routing.person import contradicts, identities
from triagewire.ticket import Status, Ticket
from triagewire.verdict import Verdict

OPEN = a_ticket(a_verdict(2), id="OPEN")
NOW = MONDAY_MORNING + timedelta(days=10)
RESOLVED = replace(OPEN, status=Status.RESOLVED, timer=None, resolved_at=MONDAY_MORNING)
WAITING = replace(OPEN, status=Status.NEW, awaits=True)
MESSAGE = a_message(text="And one more thing.")
RIGHTS = [Authority.TOKEN, Authority.PARTICIPANT]


def lands(
    on: Ticket | None,
    verdict: Verdict | None = None,
    message: Message = MESSAGE,
    authority: Authority = Authority.TOKEN,
) -> Landing:
    judged = verdict or a_verdict(2)
    newcomer = a_ticket(judged, id="NEW")
    conversation = Conversation(ticket=on, authority=authority)
    return landing(newcomer, judged, message, conversation, NOW)


@pytest.mark.parametrize("authority", RIGHTS)
def test_it_joins_what_is_open_and_reopens_what_is_resolved(authority: Authority) -> None:
    assert lands(OPEN, authority=authority) is Landing.JOINS
    assert lands(RESOLVED, authority=authority) is Landing.REOPENS


@pytest.mark.parametrize("authority", RIGHTS)
def test_long_after_it_was_resolved_it_is_another_need(authority: Authority) -> None:
    closed = NOW - timedelta(days=30)

    assert lands(replace(RESOLVED, resolved_at=closed), authority=authority) is Landing.REOPENS
    earlier = replace(RESOLVED, resolved_at=closed - timedelta(seconds=1))
    assert lands(earlier, authority=authority) is Landing.APART


def test_without_a_ticket_or_a_right_it_stays_apart() -> None:
    assert lands(None) is Landing.APART
    assert lands(OPEN, authority=Authority.NONE) is Landing.APART


def test_nothing_lands_on_a_ticket_that_stands_for_an_unreadable_body() -> None:
    assert lands(on=replace(OPEN, unreadable=True)) is Landing.APART


def test_nothing_lands_at_the_end_of_merges_that_go_round_in_a_circle() -> None:
    merged = replace(RESOLVED, status=Status.MERGED, merged_into="OTHER", resolved_at=None)

    assert lands(on=merged) is Landing.APART


def test_thanks_are_only_recorded() -> None:
    assert lands(RESOLVED, message=a_message(text="Thank you!")) is Landing.RECORDED


@pytest.mark.parametrize(
    ("verdict", "message"),
    [
        (a_verdict(4), a_message(text="Thank you!")),
        (a_verdict(2, crisis=True), a_message(text="Thank you!")),
        (a_verdict(2), a_message(text="Thank you!", attachments=(Attachment(name="a.jpg"),))),
        (a_verdict(2), a_message(text="Thank you!", pointer="Communication/1")),
    ],
    ids=["scored clinical", "crisis", "with a picture", "with more to read elsewhere"],
)
def test_thanks_with_anything_else_reopen(verdict: Verdict, message: Message) -> None:
    assert lands(RESOLVED, verdict, message) is Landing.REOPENS


def test_a_score_that_comes_from_the_old_subject_does_not_reopen_for_thanks() -> None:
    thanks, verdict = a_message(text="Thank you!", subject="Re: Refill"), a_verdict(4)
    newcomer = a_ticket(verdict, id="NEW")
    known = Conversation(ticket=RESOLVED, authority=Authority.TOKEN, subject_known=True)

    assert landing(newcomer, verdict, thanks, known, NOW) is Landing.RECORDED


@pytest.mark.parametrize(
    "subject", ["Refill", "RE: refill", "Re: Fwd: Refill ", "AW: re[2]: refill"]
)
def test_a_subject_is_compared_without_the_marks_of_mail_programs(subject: str) -> None:
    assert bare_subject(subject) == "refill"


@pytest.mark.parametrize(
    ("on", "verdict", "how"),
    [
        (OPEN, a_verdict(2), Landing.RECORDED),
        (OPEN, a_verdict(4), Landing.JOINS),
        (OPEN, for_review(candidate=4), Landing.RECORDED),
        (OPEN, for_review(candidate=5), Landing.JOINS),
        (OPEN, a_verdict(5), Landing.JOINS),
        (RESOLVED, a_verdict(4), Landing.RECORDED),
        (RESOLVED, a_verdict(5), Landing.APART),
        (RESOLVED, for_review(candidate=5), Landing.APART),
    ],
)
def test_of_a_robot_only_what_is_grave_counts(on: Ticket, verdict: Verdict, how: Landing) -> None:
    assert lands(on, verdict, replace(MESSAGE, automatic=True)) is how


@given(verdicts, st.sampled_from([OPEN, RESOLVED]), st.sampled_from(RIGHTS))
def test_no_robot_ever_reopens(verdict: Verdict, on: Ticket, authority: Authority) -> None:
    robot = replace(MESSAGE, automatic=True)

    assert lands(on, verdict, robot, authority) is not Landing.REOPENS


@given(verdicts, st.sampled_from(RIGHTS))
def test_no_word_of_a_person_is_only_recorded_unless_it_is_thanks(
    verdict: Verdict, authority: Authority
) -> None:
    for on in (OPEN, RESOLVED):
        assert lands(on, verdict, MESSAGE, authority) in (Landing.JOINS, Landing.REOPENS)


def test_words_take_in_the_recording_that_waits_for_them() -> None:
    assert lands(WAITING) is Landing.WORDS


def test_a_strangers_words_take_in_nobodys_recording() -> None:
    stranger = Conversation(ticket=WAITING, authority=Authority.TOKEN, other_sender=True)
    judged = a_verdict(4)

    how = landing(a_ticket(judged, id="NEW"), judged, MESSAGE, stranger, NOW)

    assert how is Landing.APART


def test_a_recording_adds_nothing_to_its_words() -> None:
    assert lands(OPEN, message=a_message(text="", awaits=True)) is Landing.RECORDED


@given(statements(), statements())
def test_a_participant_shares_an_identity_and_contradicts_nothing(
    sender: tuple[str, Requester], known: tuple[str, Requester]
) -> None:
    ticket = replace(OPEN, requester=known[1])

    found = is_participant(MESSAGE, sender[1], ticket)

    shared = set(identities(sender[1])) & set(identities(known[1]))
    assert found is (bool(shared) and not contradicts(sender[1], known[1]))


def test_a_doubtful_sender_is_nobodys_participant() -> None:
    assert is_participant(MESSAGE, a_requester(), OPEN)
    assert not is_participant(replace(MESSAGE, doubtful_sender=True), a_requester(), OPEN)


def test_a_recording_of_another_phone_is_another_call() -> None:
    caller = Requester(phone="+15550101111")

    assert not is_participant(MESSAGE, caller, replace(WAITING, requester=a_requester()))
