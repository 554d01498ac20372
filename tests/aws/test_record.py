"""The whole path with a record server: what it says raises, is kept, and is told to nobody else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest

from tests.aws.clinic import Clinic, bare
from tests.aws.senders import by_portal
from tests.aws.wire import Fault
from tests.builders import a_policy, a_site
from tests.conftest import Written
from tests.shipped import shipped_engine
from tests.unit.channels.record_bodies import (
    ID,
    a_condition,
    a_patient,
    an_appointment,
    an_order,
    found,
)
from triagewire import record_reading, secrets
from triagewire.channels.ehr.reader import Asked
from triagewire.channels.ehr.record_server import RecordServer
from triagewire.flow.record import RECORD_READ
from triagewire.ledger.event import Action
from triagewire.policy.model import Policy
from triagewire.scoring.score import Engine
from triagewire.settings import settings
from triagewire.ticket import Ticket

SECRET = "the-record-reader-s-secret"
SERVER = RecordServer(base_url="https://fhir.clinic.example/r4", patient_system="urn:mrn")
BUMPED = "I bumped my head on the cabinet door yesterday, just a small lump. Anything I should do?"
CHEST_PAIN = "I have crushing chest pain and can hardly breathe."
HOURS = "Do you validate parking for visitors?"


@dataclass(slots=True)
class Fhir:
    """The record server of the clinic; an answer that is an exception is raised."""

    answers: dict[str, object] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def send(self, asked: Asked, _seconds: float) -> bytes:
        place = asked.address.removeprefix(SERVER.base)
        self.asked.append(place)
        assert asked.headers["Authorization"] == f"Bearer {SECRET}"
        fitting = [name for name in self.answers if place.startswith(name)]
        answer = self.answers[max(fitting, key=len)] if fitting else found()
        if isinstance(answer, Exception):
            raise answer
        return json.dumps(answer).encode()


@pytest.fixture(scope="module")
def engine() -> Engine:
    return shipped_engine()


@pytest.fixture
def fhir(monkeypatch: pytest.MonkeyPatch) -> Fhir:
    """It knows Ada under her number: apixaban, and a visit tomorrow."""
    server = Fhir(
        {
            "Patient?": found(a_patient()),
            f"Patient/{ID}": a_patient(),
            "Condition": found(a_condition("Zebulonian fever (disorder)")),
            "MedicationRequest": found(an_order()),
            "Appointment": found(an_appointment()),
        }
    )
    monkeypatch.setattr(record_reading, "send", server.send)
    return server


@pytest.fixture
def clinic(engine: Engine, fhir: Fhir, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A clinic with the shipped rules whose site names that server."""
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: engine)
    with bare() as clinic:
        manager: Any = boto3.client("secretsmanager")
        stored = manager.create_secret(Name="readers", SecretString=json.dumps({"north": SECRET}))
        monkeypatch.setenv("READER_SECRETS_ARN", stored["ARN"])
        start_cold()
        clinic.publish(with_record())
        yield clinic
        clinic.check()
    start_cold()


def start_cold() -> None:
    settings.cache_clear()
    secrets.reader_secrets.cache_clear()
    for each in (record_reading._tokens, record_reading._resting, record_reading._kept):
        each.clear()


def with_record(server: RecordServer | None = SERVER) -> Policy:
    return a_policy(site=a_site(record=server))


def taken(clinic: Clinic, text: str, event_id: str = "evt-1") -> Ticket:
    return clinic.ticket(clinic.take(by_portal(text, clinic.now, event_id)))


def unknown(ticket: Ticket) -> tuple[str, ...]:
    assert ticket.verdict is not None
    return ticket.verdict.unknown


def test_a_bumped_head_pages_when_the_record_holds_a_blood_thinner(
    clinic: Clinic, fhir: Fhir
) -> None:
    ticket = taken(clinic, BUMPED)

    assert (ticket.team, int(ticket.urgency), len(clinic.paged())) == ("clinical", 5, 1)
    assert fhir.asked[0] == "Patient?identifier=urn%3Amrn%7CMRN-4401&_count=2"


def test_without_a_record_server_the_same_words_page_nobody(clinic: Clinic, fhir: Fhir) -> None:
    clinic.publish(with_record(None))

    ticket = taken(clinic, BUMPED)

    assert (clinic.paged(), fhir.asked, unknown(ticket)) == ([], [], ("record",))


def test_what_was_read_stands_with_the_message(clinic: Clinic) -> None:
    (message,) = clinic.said(taken(clinic, BUMPED).id)

    assert message.record is not None
    assert message.record.facts.medications == ("apixaban 5 MG Oral Tablet [Eliquis]",)
    assert message.record.facts.next_appointment is not None
    assert message.context.medications == ()


def test_the_ledger_knows_kinds_and_numbers_and_nothing_else(clinic: Clinic) -> None:
    ticket = taken(clinic, BUMPED)

    read = next(each for each in clinic.ledger(ticket.id) if each.action is Action.FETCHED)
    assert (read.why, dict(read.detail)) == (
        RECORD_READ,
        {
            "conditions": 1,
            "medications": 1,
            "procedures": 0,
            "appointments": 1,
            "unknown": [],
        },
    )


def test_words_that_page_ask_no_server(clinic: Clinic, fhir: Fhir) -> None:
    taken(clinic, CHEST_PAIN)

    assert (len(clinic.paged()), fhir.asked) == (1, [])


@pytest.mark.parametrize("fault", [TimeoutError(), ConnectionResetError(), RecursionError()])
def test_a_server_that_is_down_costs_a_batch_one_try(
    clinic: Clinic, fhir: Fhir, fault: Exception
) -> None:
    fhir.answers = {"": fault}
    for number in range(4):
        clinic.post(by_portal(f"{HOURS} {number}", clinic.now, f"evt-{number}"))
    clinic.settle()

    assert len(fhir.asked) == 1
    assert {unknown(each) for each in clinic.tickets()} == {("record",)}


def test_a_part_that_cannot_be_had_is_named_in_the_verdict_and_the_ledger(
    clinic: Clinic, fhir: Fhir
) -> None:
    fhir.answers["Procedure"] = TimeoutError()

    ticket = taken(clinic, HOURS)

    scored = next(each for each in clinic.ledger(ticket.id) if each.action is Action.SCORED)
    assert unknown(ticket) == ("procedures",)
    assert scored.detail["unknown"] == ["procedures"]


def test_a_record_of_somebody_else_raises_nothing_and_is_for_a_person(
    clinic: Clinic, fhir: Fhir
) -> None:
    fhir.answers["Patient/"] = fhir.answers[f"Patient/{ID}"] = a_patient(birthDate="2001-01-01")

    ticket = taken(clinic, "Could you renew my lisinopril? I have three tablets left.")

    (message,) = clinic.said(ticket.id)
    assert (ticket.team, int(ticket.urgency)) == ("review", 5)
    assert message.record is not None
    assert message.record.facts.medications == ()


def test_a_record_that_comes_again_is_not_read_again(clinic: Clinic, fhir: Fhir) -> None:
    clinic.post(by_portal(BUMPED, clinic.now, "evt-1"))
    records = clinic.records()

    for _ in range(2):
        assert clinic.hand_over(records) == []

    assert fhir.asked.count(f"Patient/{ID}") == 1


def test_escalate_reads_no_records(clinic: Clinic, fhir: Fhir) -> None:
    clinic.post(by_portal(BUMPED, clinic.now, "evt-1"))

    clinic.pass_minutes(2)

    assert fhir.asked == []
    assert unknown(clinic.tickets()[0]) == ("record",)


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.LOST, Fault.CONFLICT])
def test_a_record_that_cannot_be_stored_pages_all_the_same(clinic: Clinic, fault: Fault) -> None:
    clinic.post(by_portal(BUMPED, clinic.now, "evt-1"))
    stored = [0]

    def first_transaction(_number: int, call: Any) -> Fault | None:  # noqa: ANN401
        stored[0] += call.operation == "TransactWriteItems"
        return fault if call.operation == "TransactWriteItems" and stored[0] == 1 else None

    with clinic.wire.failing(first_transaction):
        clinic.settle()

    assert len(clinic.paged()) == 1


def test_no_content_of_a_record_leaves_the_message(clinic: Clinic, written: Written) -> None:
    ticket = taken(clinic, BUMPED)

    seen = [
        written.getvalue(),
        str(clinic.ledger(ticket.id)),
        str(clinic.notices("page")),
        str(clinic.mails()),
    ]
    leaked = [word for word in ("apixaban", "Zebulonian", SECRET) for each in seen if word in each]
    assert leaked == []
