"""Messages of which an EHR sends only the id: read before they are judged, or shown to a person."""

from collections.abc import Iterator
from threading import Event as Signal
from urllib.error import URLError

import boto3
import pytest

from tests.aws.clinic import Clinic
from tests.aws.ehr import (
    ATHENA,
    BASE,
    LOGIN,
    READER_SECRET,
    WEBHOOK_SECRET,
    Answer,
    Ehr,
    a_case,
    an_id,
    connected,
    found_for,
    refusal,
    with_sources,
)
from tests.aws.said import CHEST_PAIN, REFILL
from tests.aws.senders import Event
from tests.conftest import Written
from tests.unit.channels.fhir_bodies import a_communication
from triagewire import reading
from triagewire.channels.ehr.values import UNREAD
from triagewire.channels.options import Reader
from triagewire.flow import policies
from triagewire.flow.inflating import READ
from triagewire.ledger.event import Action
from triagewire.ticket import REVIEW, Ticket


@pytest.fixture
def ehr(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ehr]:
    with connected(clinic, monkeypatch) as server:
        yield server


def taken(clinic: Clinic, event: Event) -> Ticket:
    return clinic.ticket(clinic.take(event))


def unread(clinic: Clinic, ticket: Ticket) -> bool:
    """Whether a person is shown that the text is in the EHR, on the clock of what is feared."""
    (message,) = clinic.said(ticket.id)
    assert (message.text, message.remarks) == ("", (UNREAD,))
    assert ticket.verdict is not None
    return (ticket.team, ticket.verdict.topic, int(ticket.urgency)) == (REVIEW, "unread", 5)


def test_the_words_are_what_is_scored_and_what_staff_see(clinic: Clinic, ehr: Ehr) -> None:
    ehr.holds(CHEST_PAIN)

    ticket = taken(clinic, an_id(clinic))

    assert (ticket.team, int(ticket.urgency)) == ("clinical", 5)
    assert len(clinic.paged()) == 1
    (message,) = clinic.said(ticket.id)
    assert (message.text, message.remarks) == (CHEST_PAIN, (READ,))
    assert message.pointer == "Communication/m0"


def test_that_it_was_read_is_in_the_ledger_without_a_word_of_it(clinic: Clinic, ehr: Ehr) -> None:
    ehr.holds(REFILL)

    ticket = taken(clinic, an_id(clinic))

    assert clinic.actions(ticket.id)[:3] == [Action.RECEIVED, Action.FETCHED, Action.SCORED]
    fetched = clinic.ledger(ticket.id)[1]
    assert (fetched.why, dict(fetched.detail)) == (READ, {"source": "ehr"})


def test_the_message_says_who_asks(clinic: Clinic, ehr: Ehr) -> None:
    ehr.holds(REFILL)

    requester = taken(clinic, an_id(clinic)).requester

    assert (requester.patient_id, requester.name) == ("Patient/p17", "Lou Tran")


def test_two_messages_of_one_patient_about_one_thing_become_one_ticket(
    clinic: Clinic, ehr: Ehr
) -> None:
    ehr.holds(REFILL, REFILL)

    first = taken(clinic, an_id(clinic, 0))
    second = taken(clinic, an_id(clinic, 1))

    assert second.merged_into == first.id


def test_a_stored_secret_alone_is_the_bearer_token(clinic: Clinic, ehr: Ehr) -> None:
    ehr.holds(REFILL)
    taken(clinic, an_id(clinic))

    (asked,) = ehr.asked
    assert asked.headers["Authorization"] == f"Bearer {READER_SECRET}"


def test_a_token_is_fetched_once_and_used_until_it_ends(clinic: Clinic, ehr: Ehr) -> None:
    clinic.publish(with_sources(token_url=LOGIN, client_id="desk"))
    ehr.holds(REFILL, CHEST_PAIN)
    held, given = ehr.answers, {"access_token": "t0ken", "expires_in": 300}
    ehr.answers = lambda address: given if address == LOGIN else held(address)

    for number in (0, 1):
        taken(clinic, an_id(clinic, number))

    assert ehr.addresses == [LOGIN, f"{BASE}/Communication/m0", f"{BASE}/Communication/m1"]
    assert ehr.asked[1].headers["Authorization"] == "Bearer t0ken"


def test_a_token_that_was_withdrawn_is_fetched_again(clinic: Clinic, ehr: Ehr) -> None:
    clinic.publish(with_sources(token_url=LOGIN, client_id="desk"))
    reader = Reader(base_url=BASE, token_url=LOGIN, client_id="desk")
    reading._tokens["north/ehr", reader] = ("withdrawn", float("inf"))
    ehr.holds(REFILL)
    held, given = ehr.answers, {"access_token": "t0ken", "expires_in": 300}

    def answers(address: str) -> Answer:
        if address == LOGIN:
            return given
        withdrawn = "withdrawn" in ehr.asked[-1].headers["Authorization"]
        return refusal(401) if withdrawn else held(address)

    ehr.answers = answers

    assert clinic.said(taken(clinic, an_id(clinic)).id)[0].text == REFILL


@pytest.mark.parametrize(
    "answer",
    [
        TimeoutError(),
        URLError("no route"),
        ConnectionResetError(),
        refusal(302),
        refusal(401),
        refusal(404),
        refusal(410),
        refusal(500),
        {"resourceType": "OperationOutcome"},
        a_communication(id="m0", status="entered-in-error"),
        a_communication(id="m0", payload=None),
        a_communication(id="somebody-else-s"),
        RecursionError(),
    ],
)
def test_whatever_the_ehr_does_a_person_is_told_to_read_there(
    clinic: Clinic, ehr: Ehr, answer: Answer
) -> None:
    ehr.answers = lambda _address: answer

    ticket = taken(clinic, an_id(clinic))

    assert unread(clinic, ticket)
    assert Action.FETCHED not in clinic.actions(ticket.id)


def test_a_source_without_a_reader_asks_nobody(clinic: Clinic, ehr: Ehr) -> None:
    ehr.holds(REFILL)

    assert unread(clinic, taken(clinic, an_id(clinic, source="plain")))
    assert ehr.asked == []


def test_a_reader_without_a_secret_asks_nobody(clinic: Clinic, ehr: Ehr) -> None:
    boto3.client("secretsmanager").put_secret_value(SecretId="readers", SecretString="{}")

    assert unread(clinic, taken(clinic, an_id(clinic)))
    assert ehr.asked == []


@pytest.mark.parametrize(
    "focus", ["https://169.254.169.254/Communication/m0", "Communication/..", "Patient/p17"]
)
def test_no_address_of_a_payload_is_gone_to(clinic: Clinic, ehr: Ehr, focus: str) -> None:
    assert unread(clinic, taken(clinic, an_id(clinic, focus=focus)))
    assert ehr.asked == []


def test_a_server_that_is_down_holds_up_no_batch(clinic: Clinic, ehr: Ehr) -> None:
    for number in range(5):
        clinic.post(an_id(clinic, number))
    clinic.settle()

    assert len(ehr.asked) == 1
    assert all(unread(clinic, each) for each in clinic.tickets())


def test_a_server_that_never_ends_is_given_up(
    clinic: Clinic, ehr: Ehr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_SECONDS", 0.05)
    never = Signal()
    ehr.answers = lambda _address: {"answered": never.wait(5)}

    assert unread(clinic, taken(clinic, an_id(clinic)))
    never.set()


def test_a_token_is_shown_to_no_other_server(clinic: Clinic, ehr: Ehr) -> None:
    former = Reader(base_url=BASE, token_url="https://former.example/token", client_id="desk")
    reading._tokens["north/ehr", former] = ("former", float("inf"))
    clinic.publish(with_sources(token_url=LOGIN, client_id="desk"))
    ehr.answers = lambda _address: {"access_token": "t0ken", "expires_in": 300}

    taken(clinic, an_id(clinic))

    assert all("former" not in asked.headers["Authorization"] for asked in ehr.asked)


def test_a_message_that_is_missing_costs_the_next_one_nothing(clinic: Clinic, ehr: Ehr) -> None:
    ehr.holds(REFILL)

    assert unread(clinic, taken(clinic, an_id(clinic, 7)))
    assert clinic.said(taken(clinic, an_id(clinic, 0)).id)[0].text == REFILL


def test_a_record_that_comes_again_is_not_read_again(clinic: Clinic, ehr: Ehr) -> None:
    ehr.holds(REFILL)
    clinic.post(an_id(clinic))
    records = clinic.records()

    for _ in range(2):
        assert clinic.hand_over(records) == []

    assert len(ehr.asked) == 1


def test_what_score_route_left_is_not_read_by_escalate(clinic: Clinic, ehr: Ehr) -> None:
    ehr.holds(REFILL)
    clinic.post(an_id(clinic))

    clinic.pass_minutes(2)

    assert ehr.asked == []
    assert unread(clinic, clinic.tickets()[0])


def test_a_later_note_of_a_case_finds_its_ticket(clinic: Clinic, ehr: Ehr) -> None:
    first = taken(clinic, a_case(clinic, "e-1", "PatientCase.create"))
    later = taken(clinic, a_case(clinic, "e-2", "PatientCase.add-note"))

    assert (first.team, first.requester.patient_id) == (REVIEW, f"{ATHENA}:patient:1|8269")
    assert (later.merged_into, clinic.ticket(first.id).team) == (first.id, REVIEW)
    assert ehr.asked == []


def test_a_case_is_searched_for_by_its_number(clinic: Clinic, ehr: Ehr) -> None:
    ehr.answers = lambda _address: found_for("8269", REFILL)

    ticket = taken(clinic, a_case(clinic, "e-1", "PatientCase.create", "read-cases"))

    token = "urn%3Aathenahealth%3Aathenanet%3Apatientcase%3A1%7C55"
    assert ehr.addresses == [f"{BASE}/Communication?identifier={token}"]
    assert clinic.said(ticket.id)[0].text == REFILL
    assert (ticket.requester.patient_id, ticket.requester.name) == (
        f"{ATHENA}:patient:1|8269",
        "Lou Tran",
    )


def test_words_about_another_patient_are_not_taken(clinic: Clinic, ehr: Ehr) -> None:
    ehr.answers = lambda _address: found_for("1111", REFILL)

    ticket = taken(clinic, a_case(clinic, "e-1", "PatientCase.create", "read-cases"))

    assert (ticket.team, clinic.said(ticket.id)[0].text) == (REVIEW, "")
    assert Action.FETCHED not in clinic.actions(ticket.id)


def test_a_source_that_left_the_policy_is_asked_nothing(clinic: Clinic, ehr: Ehr) -> None:
    clinic.post(an_id(clinic))
    clinic.publish()
    policies.current_policy.cache_clear()
    clinic.settle()

    assert unread(clinic, clinic.tickets()[0])
    assert ehr.asked == []


def test_neither_words_nor_secrets_are_logged(clinic: Clinic, ehr: Ehr, written: Written) -> None:
    ehr.holds("My sister Zebulonia is bleeding.")
    taken(clinic, an_id(clinic, 0))
    ehr.answers = lambda _address: ValueError("Zebulonia")
    taken(clinic, an_id(clinic, 1))

    log = written.getvalue()
    assert "text not read from the EHR" in log
    for secret in ("Zebulonia", "m1", "p17", READER_SECRET, WEBHOOK_SECRET):
        assert secret not in log
