"""A follow-up is understood in its conversation: nods, answers, turns for the worse, third
messages, and what stands under a cover note. Scoring is the real one.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.aws.arriving import arrives, mailed, token_of
from tests.aws.clinic import Clinic, bare
from tests.builders import MEMBERS, a_message, a_policy, a_requester, a_site, minutes
from tests.shipped import shipped_engine
from triagewire import aws
from triagewire.arrival import Attachment
from triagewire.ledger.event import Action
from triagewire.message import Delivery, Direction
from triagewire.policy.roster import Member
from triagewire.scoring.score import Engine
from triagewire.store.messages import add_message
from triagewire.store.table import commit
from triagewire.ticket import REVIEW, Status, Ticket
from triagewire.verdict import Urgency

REFILL = "Could you renew my lisinopril? I have three tablets left."
RASH = "I have a mild rash on my arm since last week, what cream should I use?"
MOVE = "I would like to move my appointment from Tuesday to Thursday."
UNSURE = "It is happening again like last time, call me."
URGENT = "I have crushing chest pain and can hardly breathe."
DANGER = "Any chest pain or trouble breathing?"


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The shipped rules, compiled once."""
    return shipped_engine()


@pytest.fixture
def heard(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A clinic that scores with them."""
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: engine)
    with ExitStack() as stack:
        clinic = stack.enter_context(bare())
        clinic.publish(a_policy())
        yield clinic
        clinic.check()


def first(clinic: Clinic, text: str, **changes: object) -> str:
    """Ada's first message."""
    return arrives(clinic, mailed(text, "m-0", subject="My request", **changes))


def again(
    clinic: Clinic, ticket: str, text: str, number: int = 1, after: float = 30, **changes: object
) -> Ticket:
    """Ada writes on the same ticket, later; returns that ticket as it is then."""
    clinic.now += minutes(after)
    stated = {"subject": "Re: My request", "thread_token": token_of(ticket), **changes}
    arrives(clinic, mailed(text, f"m-{number}", **stated))
    return clinic.ticket(ticket)


def we_ask(clinic: Clinic, ticket: str, text: str, number: int = 7) -> None:
    """A nurse has written back."""
    clinic.now += minutes(5)
    message = a_message(
        ticket_id=ticket,
        at=clinic.now,
        number=number,
        direction=Direction.OUTBOUND,
        text=text,
        author="nick",
        delivery=Delivery.SENT,
    )
    commit(aws.tables(), [add_message(aws.tables(), message, "north")])


def rules_of(ticket: Ticket) -> list[str]:
    return [reason.rule for reason in ticket.verdict.reasons] if ticket.verdict else []


# Nods


@pytest.mark.parametrize(
    "nod", ["yes please", "ok tuesday works", "👍", "thank you", "done", "Thanks,\nAda"]
)
@pytest.mark.parametrize("need", [REFILL, MOVE])
def test_a_nod_lands_and_changes_no_verdict(heard: Clinic, need: str, nod: str) -> None:
    ticket = first(heard, need)
    before = heard.ticket(ticket)

    after = again(heard, ticket, nod)

    assert (after.verdict, after.team, after.clock) == (before.verdict, before.team, before.clock)
    assert len(after.merged_from) == 1
    assert len(heard.tickets()) == 2


@pytest.mark.parametrize(
    "text",
    ["ok but it hurts", "thanks, I feel faint", "done, I took ten", "😭", "ok ok ok ok ok no"],
)
def test_a_word_of_health_a_number_or_a_worry_is_scored_as_it_always_was(
    heard: Clinic, text: str
) -> None:
    after = again(heard, first(heard, REFILL), text)

    assert after.urgency is Urgency.CLINICAL_URGENT


@pytest.mark.parametrize("text", [URGENT, UNSURE])
def test_nothing_is_swallowed_on_what_is_urgent_or_under_review(heard: Clinic, text: str) -> None:
    ticket = first(heard, text)

    again(heard, ticket, "ok thank you, done")

    (landed,) = heard.ticket(ticket).merged_from
    assert "nothing-new" not in rules_of(heard.ticket(landed))


def test_a_nod_with_a_photograph_is_looked_at(heard: Clinic) -> None:
    photo = (Attachment(name="arm.jpg", media_type="image/jpeg"),)

    after = again(heard, first(heard, RASH), "done", attachments=photo)

    assert after.team == REVIEW


def test_a_nod_of_somebody_else_is_looked_at(heard: Clinic) -> None:
    spouse = a_requester(patient_id=None, email="sam@mail.example", phone=None, name="Sam Marlow")

    after = again(heard, first(heard, REFILL), "done", requester=spouse)

    assert after.team == REVIEW


def test_a_nod_wakes_a_ticket_and_leaves_a_trace_in_the_ledger(heard: Clinic) -> None:
    ticket = first(heard, MOVE)

    after = again(heard, ticket, "ok tuesday works")

    assert after.status is Status.ROUTED
    assert "nothing-new" in rules_of(heard.ticket(after.merged_from[0]))


# Answers


@pytest.mark.parametrize("answer", ["yes", "a little", "sí", "yeah since last night", "👍", "some"])
def test_a_yes_to_a_danger_sign_that_we_asked_about_is_reviewed_at_the_urgent_clock(
    heard: Clinic, answer: str
) -> None:
    ticket = first(heard, REFILL)
    we_ask(heard, ticket, f"Hello Ada. {DANGER}")

    after = again(heard, ticket, answer, after=3)

    assert (after.team, after.urgency) == (REVIEW, Urgency.CLINICAL_URGENT)
    assert "answers-danger-question" in rules_of(after)


def test_a_plain_no_to_it_stays_with_its_team(heard: Clinic) -> None:
    ticket = first(heard, REFILL)
    we_ask(heard, ticket, DANGER)

    assert again(heard, ticket, "no", after=3).team == "clinical"


def test_a_no_to_a_question_about_being_well_is_reviewed(heard: Clinic) -> None:
    ticket = first(heard, REFILL)
    we_ask(heard, ticket, "Are you able to breathe normally?")

    assert again(heard, ticket, "no", after=3).team == REVIEW


@pytest.mark.parametrize("need", [REFILL, MOVE])
@pytest.mark.parametrize(
    "question",
    ["Is he waking up when you shake him?", "Did the bleeding stop?", "¿Se mueve el bebé?"],
)
def test_a_no_to_how_a_body_works_is_reviewed_though_no_rule_knows_the_question(
    heard: Clinic, need: str, question: str
) -> None:
    ticket = first(heard, need)
    we_ask(heard, ticket, question)

    assert again(heard, ticket, "no", after=3).team == REVIEW


def test_a_yes_after_a_line_that_asks_nothing_answers_the_question_before(heard: Clinic) -> None:
    ticket = first(heard, MOVE)
    we_ask(heard, ticket, DANGER)
    again(heard, ticket, "one moment please, I ask my wife", after=3)
    we_ask(heard, ticket, "Take your time.", number=8)

    assert "answers-danger-question" in rules_of(again(heard, ticket, "yes", number=2, after=3))


def test_a_no_to_a_question_of_the_office_stays_where_it_is(heard: Clinic) -> None:
    ticket = first(heard, MOVE)
    we_ask(heard, ticket, "Is Tuesday ok for you?")

    assert again(heard, ticket, "no", after=3).team == "scheduling"


def test_a_yes_to_a_question_of_the_office_adds_nothing(heard: Clinic) -> None:
    ticket = first(heard, REFILL)
    we_ask(heard, ticket, "Do you want us to send it to the pharmacy on Main Street?")

    assert again(heard, ticket, "yes", after=3).team == "clinical"


def test_a_bare_yes_on_a_clinical_ticket_without_a_known_question_is_looked_at(
    heard: Clinic,
) -> None:
    assert again(heard, first(heard, REFILL), "yes").team == REVIEW


def test_the_question_may_stand_in_what_the_answer_quotes(heard: Clinic) -> None:
    whole = f"yes\n\nOn Mon, 2 Mar 2026 at 09:12, Desk <d@clinic.example> wrote:\n> {DANGER}"

    after = again(heard, first(heard, REFILL), "yes", full_text=whole)

    assert "answers-danger-question" in rules_of(after)


def test_a_question_that_was_put_by_another_way_than_the_desk_is_heard_beside_ours(
    heard: Clinic,
) -> None:
    ticket = first(heard, REFILL)
    we_ask(heard, ticket, "We have sent it to the pharmacy.")
    whole = f"yes\n\nOn Mon, 2 Mar 2026 at 09:12, Jiwoo Kim <j@clinic.example> wrote:\n> {DANGER}"

    after = again(heard, ticket, "yes", after=3, full_text=whole)

    assert "answers-danger-question" in rules_of(after)


# Worse


@pytest.mark.parametrize("text", ["it's worse now", "spreading"])
def test_a_turn_for_the_worse_on_a_clinical_ticket_is_reviewed_at_the_urgent_clock(
    heard: Clinic, text: str
) -> None:
    after = again(heard, first(heard, RASH), text)

    assert (after.team, after.urgency) == (REVIEW, Urgency.CLINICAL_URGENT)
    assert "worse-than-before" in rules_of(after)


def test_a_turn_that_is_an_emergency_pages(heard: Clinic) -> None:
    ticket = first(heard, RASH)

    after = again(heard, ticket, "It is worse and now my tongue is swelling, hard to breathe")

    assert after.must_page
    assert heard.paged()


# Again and again


def test_the_third_message_within_an_hour_is_reviewed_once(heard: Clinic) -> None:
    ticket = first(heard, MOVE)
    second = again(heard, ticket, "Thursday morning would be best for the appointment.", 1, 10)
    assert second.team == "scheduling"

    third = again(heard, ticket, "Please tell me about moving my appointment.", 2, 10)

    assert (third.team, third.urgency) == (REVIEW, Urgency.CLINICAL_URGENT)
    assert "third-message" in rules_of(third)
    fourth = again(heard, ticket, "Has anybody moved my appointment?", 3, 5)
    assert rules_of(fourth).count("third-message") == 1
    assert "third-message" not in rules_of(heard.ticket(fourth.merged_from[-1]))


def test_three_calls_about_one_need_are_three_messages_without_any_thread(heard: Clinic) -> None:
    ticket = first(heard, MOVE)
    for number in (1, 2):
        heard.now += minutes(10)
        arrives(heard, mailed(f"{MOVE} Please. {number}", f"m-{number}", subject="My request"))

    assert heard.ticket(ticket).team == REVIEW


def test_an_answer_of_ours_begins_the_count_anew(heard: Clinic) -> None:
    ticket = first(heard, MOVE)
    again(heard, ticket, "Thursday morning would be best for the appointment.", 1, 5)
    we_ask(heard, ticket, "We will find a time for you.")

    third = again(heard, ticket, "Please tell me about moving my appointment.", 2, 5)

    assert third.team == "scheduling"


def test_three_messages_in_more_than_an_hour_are_nothing_unusual(heard: Clinic) -> None:
    ticket = first(heard, MOVE)
    again(heard, ticket, "Thursday morning would be best for the appointment.", 1, 40)

    assert again(heard, ticket, "Please move my appointment.", 2, 40).team == "scheduling"


def test_nods_are_not_counted(heard: Clinic) -> None:
    ticket = first(heard, MOVE)
    again(heard, ticket, "thank you", 1, 5)

    assert again(heard, ticket, "Please move my appointment.", 2, 5).team == "scheduling"


def test_a_feared_danger_that_nobody_has_looked_at_pages_with_the_third_message(
    heard: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the second opinion's word on pages, which would bear this out at once.
    monkeypatch.setattr("triagewire.scoring.second_opinion.advice.FEW_WORDS", 99)
    ticket = first(heard, "My father had a fall and vomits a little, he is 81.")
    assert heard.ticket(ticket).team == REVIEW
    again(heard, ticket, "Please call me about my father.", 1, 10)

    third = again(heard, ticket, "Is anybody reading this about my father?", 2, 10)

    assert third.must_page
    assert "third-message" in rules_of(third)


# What stands under it


def quoting(cover: str, quoted: str) -> dict[str, Any]:
    marked = f"{cover}\n\nOn Mon, 2 Mar 2026, Ben <b@mail.example> wrote:\n> {quoted}"
    return {"text": cover, "full_text": marked}


def test_a_danger_sign_under_a_cover_note_is_reviewed_and_does_not_page(heard: Clinic) -> None:
    said = quoting("Please advise about the appointment.", "Mom is not breathing well.")

    ticket = heard.ticket(first(heard, **said))

    assert (ticket.team, ticket.must_page) == (REVIEW, False)
    assert "quoted-text" in rules_of(ticket)


def test_what_the_conversation_has_heard_before_is_no_news(heard: Clinic) -> None:
    ticket = first(heard, "Mom is not breathing well.")
    clinic_said = quoting("Here is her address: 1 Elm Road.", "Mom is not breathing well.")

    again(heard, ticket, **clinic_said)

    (landed,) = heard.ticket(ticket).merged_from
    assert "quoted-text" not in rules_of(heard.ticket(landed))


def test_what_is_handed_on_is_scored_as_the_message(heard: Clinic) -> None:
    said = quoting("FYI", "Mom is not breathing well.")

    ticket = arrives(heard, mailed(event_id="f-1", subject="Fwd: Mom", **said))

    assert heard.ticket(ticket).must_page


def test_the_standing_advice_under_our_own_mail_is_no_danger_sign(heard: Clinic) -> None:
    said = quoting(MOVE, "If you have chest pain, call 911.")

    assert heard.ticket(first(heard, **said)).team == "scheduling"


# Languages


def test_what_nobody_here_reads_names_the_interpreter_that_is_needed(heard: Clinic) -> None:
    ticket = heard.ticket(first(heard, "Tôi muốn xin thuốc cho con tôi, cảm ơn"))

    assert ticket.team == REVIEW
    (routed,) = (each for each in heard.ledger(ticket.id) if each.action is Action.ROUTED)
    assert "needs an interpreter: Vietnamese" in routed.why


def test_a_reviewer_who_reads_it_gets_it(heard: Clinic) -> None:
    both = {
        "remy": Member(name="Remy Tran", teams=(REVIEW,), languages=("en", "vi")),
        "ruth": Member(name="Ruth Katz", teams=(REVIEW,)),
    }
    heard.publish(a_policy(site=a_site(members=MEMBERS | both)))

    ticket = heard.ticket(first(heard, "Tôi muốn xin thuốc cho con tôi, cảm ơn"))

    assert (ticket.assignee, ticket.verdict and ticket.verdict.language) == ("remy", "vi")


# Whatever fails


def test_a_conversation_that_cannot_be_read_leaves_the_verdict_on_the_words(
    heard: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("triagewire.flow.hearing.answer_of", failing)
    ticket = first(heard, REFILL)

    assert again(heard, ticket, "thank you, done").merged_from
    assert again(heard, ticket, URGENT, 2).must_page
