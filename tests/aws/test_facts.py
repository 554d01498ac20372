"""Bounces and delivery reports are recorded on their ticket; they open none and reopen none."""

import json
from collections.abc import Iterable
from datetime import timedelta

import pytest

from tests.aws.arriving import arrives, mailed, store_fact, token_of
from tests.aws.arriving import told as tell
from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, HOURS, REFILL
from tests.aws.senders import by_portal
from tests.aws.wire import Fault
from tests.builders import minutes
from triagewire.arrival import Fact, FactKind
from triagewire.ids import thread_token
from triagewire.ledger.event import Action, Event
from triagewire.ticket import Status

BOUNCE, DELIVERY = FactKind.BOUNCE, FactKind.DELIVERY


def reports(clinic: Clinic, ticket: str) -> list[Event]:
    """What carriers said of a ticket's mail."""
    return [each for each in clinic.ledger(ticket) if each.action is Action.DELIVERY_REPORTED]


def delivery(clinic: Clinic, ticket: str, states: Iterable[str]) -> None:
    """Delivery states of the ticket's mail, in the order in which they reach us."""
    for number, state in enumerate(states):
        tell(clinic, DELIVERY, f"d-{number}", state=state, thread_token=token_of(ticket))


def test_a_delivery_is_recorded_on_the_ticket_of_its_token(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))

    tell(clinic, DELIVERY, state="delivered", thread_token=token_of(ticket))

    (report,) = reports(clinic, ticket)
    assert (report.detail["kind"], report.detail["state"]) == ("delivery", "delivered")
    assert clinic.ticket(ticket).delivery == "delivered"


def test_a_fact_finds_its_ticket_by_the_senders_thread(clinic: Clinic) -> None:
    ticket = arrives(clinic, mailed(APPOINTMENT, "m-1", thread="T-1"))

    tell(clinic, FactKind.AUTOMATIC_ANSWER, thread="T-1")

    assert len(reports(clinic, ticket)) == 1


def test_a_fact_that_comes_again_is_recorded_once(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    for _ in range(3):
        tell(clinic, BOUNCE, "b-1", permanent=True, thread_token=token_of(ticket))

    assert len(reports(clinic, ticket)) == 1


def test_a_fact_whose_record_comes_again_is_recorded_once(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    fact = Fact(
        site="north", source="mailbox", kind=BOUNCE, event_id="b", thread_token=token_of(ticket)
    )
    store_fact(fact, clinic.now)
    records = clinic.records()
    for _ in range(3):
        assert clinic.hand_over(records) == []

    assert len(reports(clinic, ticket)) == 1


def test_a_fact_whose_recording_failed_comes_again(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    fact = Fact(
        site="north", source="mailbox", kind=BOUNCE, event_id="b", thread_token=token_of(ticket)
    )
    store_fact(fact, clinic.now)
    records = clinic.records()
    with clinic.wire.faulty(Fault.REFUSED, 0, times=9):
        assert len(clinic.hand_over(records)) == 1

    clinic.settle()

    assert len(reports(clinic, ticket)) == 1


def test_a_fact_of_no_known_ticket_makes_none(clinic: Clinic) -> None:
    tell(clinic, BOUNCE, "b-1", permanent=True)
    tell(clinic, BOUNCE, "b-2", permanent=True, thread="nobody's")
    tell(clinic, BOUNCE, "b-3", permanent=True, thread_token=thread_token(b"another", "A" * 26))

    assert clinic.tickets() == []


def test_a_token_of_another_site_is_not_believed(clinic: Clinic) -> None:
    west = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1", site="west"))

    tell(clinic, BOUNCE, permanent=True, thread_token=token_of(west))

    assert reports(clinic, west) == []


# Unreachable


def test_mail_that_comes_back_for_good_marks_its_ticket(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))

    tell(clinic, BOUNCE, permanent=True, thread_token=token_of(ticket))

    assert clinic.ticket(ticket).unreachable


def test_a_passing_bounce_marks_nothing(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(HOURS, clinic.now, "evt-1"))

    tell(clinic, BOUNCE, permanent=False, thread_token=token_of(ticket))

    after = clinic.ticket(ticket)
    assert (after.unreachable, after.status) == (False, Status.RESOLVED)


def test_an_unreachable_tickets_waiting_mail_is_withheld(clinic: Clinic) -> None:
    clinic.post(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    clinic.hand_over(clinic.records())
    (ticket,) = clinic.tickets()

    tell(clinic, BOUNCE, permanent=True, thread_token=token_of(ticket.id))

    # The bounce is handed over before the mail, because its key comes first.
    assert clinic.mails() == []
    assert Action.REPLY_WITHHELD in clinic.actions(ticket.id)


@pytest.mark.parametrize(
    ("kind", "changes"), [(BOUNCE, {"permanent": True}), (DELIVERY, {"state": "undelivered"})]
)
def test_a_ticket_whose_only_answer_never_arrived_goes_to_a_person(
    clinic: Clinic, kind: FactKind, changes: dict[str, object]
) -> None:
    ticket = clinic.take(by_portal(HOURS, clinic.now, "evt-1"))
    clinic.now += minutes(5)

    tell(clinic, kind, "fact-1", thread_token=token_of(ticket), **changes)

    after = clinic.ticket(ticket)
    assert (after.status, after.team, after.assignee) == (Status.REOPENED, "scheduling", "sami")
    assert len(clinic.mails()) == 1


def test_a_ticket_whose_only_answer_never_arrived_is_promised_a_response_anew(
    clinic: Clinic,
) -> None:
    """Without a promise nobody would hear that it lies there."""
    ticket = clinic.take(by_portal(HOURS, clinic.now, "evt-1"))
    clinic.now += minutes(5)

    tell(clinic, BOUNCE, thread_token=token_of(ticket), permanent=True)

    after = clinic.ticket(ticket)
    assert after.reopened == 1
    assert after.clock is not None
    assert (after.clock.started_at, after.clock.stopped_at) == (clinic.now, None)
    assert Action.REOPENED in clinic.actions(ticket)


def test_a_bounce_of_an_answer_to_a_closed_ticket_is_recorded_and_told(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(HOURS, clinic.now, "evt-1"))
    clinic.sweep(clinic.now + timedelta(days=31))

    tell(clinic, BOUNCE, thread_token=token_of(ticket), permanent=True)

    after = clinic.ticket(ticket)
    assert (after.status, after.unreachable, after.notices) == (Status.CLOSED, True, 1)


@pytest.mark.parametrize("kind", list(FactKind))
def test_no_fact_reopens_what_a_person_closed(clinic: Clinic, kind: FactKind) -> None:
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.resolve(ticket, "nora")

    tell(clinic, kind, permanent=True, state="failed", thread_token=token_of(ticket))

    after = clinic.ticket(ticket)
    assert (after.status, after.reopened) == (Status.RESOLVED, 0)


@pytest.mark.parametrize("kind", list(FactKind))
def test_no_fact_moves_an_open_tickets_promise(clinic: Clinic, kind: FactKind) -> None:
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    before = clinic.ticket(ticket)

    tell(clinic, kind, permanent=True, state="delivered", thread_token=token_of(ticket))

    after = clinic.ticket(ticket)
    assert (after.clock, after.timer, after.status) == (before.clock, before.timer, before.status)


@pytest.mark.parametrize("kind", [FactKind.COMPLAINT, FactKind.OPT_OUT])
def test_who_wants_no_texts_gets_no_automatic_ones(clinic: Clinic, kind: FactKind) -> None:
    ticket = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))

    tell(clinic, kind, thread_token=token_of(ticket))

    assert clinic.ticket(ticket).quiet


# What is late changes nothing


@pytest.mark.parametrize(
    ("states", "known"),
    [
        (["queued", "sent", "delivered"], "delivered"),
        (["delivered", "sent", "queued"], "delivered"),
        (["delivered", "failed"], "delivered"),
        (["failed", "delivered"], "delivered"),
        (["read", "delivered"], "read"),
        (["a word of theirs"], ""),
    ],
)
def test_a_late_state_never_takes_back_what_is_known(
    clinic: Clinic, states: list[str], known: str
) -> None:
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    delivery(clinic, ticket, states)

    assert clinic.ticket(ticket).delivery == known
    assert len(reports(clinic, ticket)) == len(states)


def test_a_carriers_free_words_do_not_reach_the_ledger(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    delivery(clinic, ticket, ["ada.marlow@mail.example is unknown"])

    assert "marlow" not in json.dumps([dict(each.detail) for each in reports(clinic, ticket)])


def test_an_event_id_with_an_address_stands_in_no_key(clinic: Clinic) -> None:
    tell(clinic, BOUNCE, "bounce-of-ada.marlow@mail.example")

    (fact,) = [item for item in clinic.items() if item["pk"]["S"].startswith("FACT#")]
    assert fact["pk"]["S"] == "FACT#north#mailbox"
    assert "marlow" not in fact["sk"]["S"]
    assert int(fact["expires"]["N"]) - clinic.now.timestamp() == 90 * 24 * 3600
