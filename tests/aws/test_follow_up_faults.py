"""Whatever befalls one call while a follow-up, a recording or a fact is handled, it lands once."""

from tests.aws.arriving import arrives, mailed, store_fact, token_of
from tests.aws.clinic import Clinic
from tests.aws.said import CHEST_PAIN, HOURS, REFILL
from tests.aws.senders import by_portal
from tests.aws.test_awaiting import recording, standing, words
from tests.aws.test_faults import each_call, every_fault, loads_fit, nothing
from tests.aws.wire import Fault
from tests.builders import a_stamp, minutes
from triagewire import aws
from triagewire.arrival import Fact, FactKind
from triagewire.flow.receive import receive
from triagewire.ids import ticket_id
from triagewire.ledger.event import Action
from triagewire.ticket import Status

FIRST = ticket_id("north", "portal", "evt-1")


def a_closed_refill(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.resolve(FIRST, "nora")
    clinic.now += minutes(30)


def an_urgent_answer(clinic: Clinic) -> None:
    arrival = mailed(CHEST_PAIN, "re-1", thread_token=token_of(FIRST), thread="root@mail.example")
    receive(aws.tables(), arrival, a_stamp(clinic.now))
    clinic.hand_over(clinic.records())


@every_fault
def test_a_follow_up_reopens_once_and_is_paged(fault: Fault) -> None:
    for clinic in each_call(a_closed_refill, an_urgent_answer, fault):
        an_urgent_answer(clinic)
        clinic.settle()
        clinic.sweep(clinic.now + minutes(2))

        ticket = clinic.ticket(FIRST)
        assert (ticket.reopened, len(ticket.merged_from), ticket.status) == (1, 1, Status.REOPENED)
        assert clinic.actions(FIRST).count(Action.REOPENED) == 1
        assert clinic.paged()
        assert loads_fit(clinic)


def a_call(clinic: Clinic) -> None:
    for arrival in (recording(), words()):
        receive(aws.tables(), arrival, a_stamp(clinic.now))
        clinic.hand_over(clinic.records())


@every_fault
def test_a_recording_and_its_words_are_one_ticket(fault: Fault) -> None:
    for clinic in each_call(nothing, a_call, fault):
        a_call(clinic)
        clinic.settle()
        clinic.pass_minutes(4)

        ticket = standing(clinic)
        assert len(ticket.merged_from) == 1
        assert loads_fit(clinic)


def an_answered_question(clinic: Clinic) -> None:
    clinic.take(by_portal(HOURS, clinic.now, "evt-1"))
    clinic.now += minutes(5)


def its_answer_comes_back(clinic: Clinic) -> None:
    token = token_of(FIRST)
    fact = Fact(
        site="north",
        source="mailbox",
        kind=FactKind.BOUNCE,
        event_id="b-1",
        permanent=True,
        thread_token=token,
    )
    store_fact(fact, clinic.now)
    clinic.hand_over(clinic.records())


@every_fault
def test_a_bounce_is_recorded_once_and_a_person_takes_over(fault: Fault) -> None:
    for clinic in each_call(an_answered_question, its_answer_comes_back, fault):
        its_answer_comes_back(clinic)
        clinic.settle()

        ticket = clinic.ticket(FIRST)
        assert (ticket.status, ticket.unreachable, ticket.assignee) == (
            Status.REOPENED,
            True,
            "sami",
        )
        assert clinic.actions(FIRST).count(Action.DELIVERY_REPORTED) == 1
        assert loads_fit(clinic)


def a_stranger_writes_in_a_thread(clinic: Clinic) -> None:
    doubtful = mailed(REFILL, "m-2", thread="root@mail.example", doubtful_sender=True)
    receive(aws.tables(), doubtful, a_stamp(clinic.now))
    clinic.hand_over(clinic.records())


def a_thread(clinic: Clinic) -> None:
    arrives(clinic, mailed(REFILL, "m-1", thread="root@mail.example"))


@every_fault
def test_a_strangers_ticket_is_linked_once_both_ways(fault: Fault) -> None:
    for clinic in each_call(a_thread, a_stranger_writes_in_a_thread, fault):
        a_stranger_writes_in_a_thread(clinic)
        clinic.settle()

        one, other = (ticket_id("north", "mailbox", event) for event in ("m-1", "m-2"))
        assert (clinic.ticket(one).linked, clinic.ticket(other).linked) == ((other,), (one,))
        assert loads_fit(clinic)
