"""Reading a record within its second: what is used, what is given up, and who is left alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event as Signal
from typing import Any
from urllib.error import HTTPError, URLError

import pytest

from tests.conftest import Written
from tests.unit.channels.record_bodies import (
    BASE,
    ID,
    NOW,
    a_condition,
    a_patient,
    an_order,
    found,
)
from triagewire import record_reading
from triagewire.arrival import PatientRecord
from triagewire.channels.ehr.reader import Asked
from triagewire.channels.ehr.record_asking import PatientKey
from triagewire.channels.ehr.record_server import RecordServer
from triagewire.record_reading import RecordReading

LOGIN = "https://login.clinic.example/token"
SERVER = RecordServer(base_url=BASE)
WITH_LOGIN = RecordServer(base_url=BASE, token_url=LOGIN, client_id="desk")
KEY = PatientKey(id=ID)
NUMBER = PatientKey(system="urn:oid:1.2", number="4401")


@dataclass(slots=True)
class Server:
    """A FHIR server: what it answers by the beginning of the path, and what it was asked."""

    answers: dict[str, object] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=lambda: {"north": "s3cret"})

    def send(self, asked: Asked, _seconds: float) -> bytes:
        self.asked.append(asked)
        place = asked.address.removeprefix(BASE)
        named = [each for each in self.answers if place.startswith(each)]
        answer = self.answers[max(named, key=len)] if named else found()
        if isinstance(answer, Signal):
            answer.wait(5)
        if isinstance(answer, Exception):
            raise answer
        return json.dumps(answer if not isinstance(answer, Signal) else found()).encode()

    def get(self) -> dict[str, str]:
        return self.secrets

    @property
    def tokens(self) -> list[str]:
        return [each.headers["Authorization"] for each in self.asked if each.address != LOGIN]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that knows the patient, a condition and a drug."""
    clear()
    made = Server(
        answers={
            f"Patient/{ID}": a_patient(),
            "Patient?": found(a_patient()),
            "Condition": found(a_condition()),
            "MedicationRequest": found(an_order()),
            LOGIN: {"access_token": "t0ken", "expires_in": 300},
        }
    )
    monkeypatch.setattr(record_reading, "send", made.send)
    monkeypatch.setattr(record_reading, "reader_secrets", lambda: made)
    yield made
    clear()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_reading, "SECONDS", 0.1)


def clear() -> None:
    for each in (record_reading._tokens, record_reading._resting, record_reading._kept):
        each.clear()


def read(
    key: PatientKey = KEY, server: RecordServer = SERVER, reading: RecordReading | None = None
) -> PatientRecord | None:
    return (reading or RecordReading()).read("north", server, key, NOW)


def refusal(code: int) -> HTTPError:
    headers: Any = None
    return HTTPError(BASE, code, "no", headers, None)


def test_a_record_is_read_whole(server: Server) -> None:
    record = read()

    assert record is not None
    assert record.facts.conditions == ("Asplenia (disorder)",)
    assert record.facts.medications == ("apixaban 5 MG Oral Tablet [Eliquis]",)
    assert (record.facts.age_years, record.unknown) == (64.79, ())
    assert set(server.tokens) == {"Bearer s3cret"}


def test_a_patient_known_by_number_is_looked_up_first(server: Server) -> None:
    record = read(NUMBER)

    assert record is not None
    assert record.facts.conditions != ()
    assert server.asked[0].address.startswith(f"{BASE}Patient?identifier=")
    assert server.asked[1].address == f"{BASE}Patient/{ID}"


@pytest.mark.parametrize("answer", [found(), found(a_patient(), a_patient(id="p18"))])
def test_a_number_of_nobody_or_of_two_leads_to_no_record(server: Server, answer: object) -> None:
    server.answers["Patient?"] = answer

    assert read(NUMBER) is None
    assert len(server.asked) == 1


def test_a_patient_who_is_not_there_costs_the_next_one_nothing(server: Server) -> None:
    server.answers["Patient?"] = found()
    assert read(NUMBER) is None

    assert read(KEY) is not None


def test_what_has_not_come_in_time_is_unknown_and_the_rest_is_used(
    server: Server, impatient: None
) -> None:
    server.answers["Condition"] = never = Signal()

    record = read()
    never.set()

    assert record is not None
    assert record.facts.medications == ("apixaban 5 MG Oral Tablet [Eliquis]",)
    assert record.unknown == ("conditions",)


def test_the_token_counts_within_the_second(server: Server, impatient: None) -> None:
    server.answers[LOGIN] = never = Signal()

    assert read(server=WITH_LOGIN) is None
    never.set()


def test_the_secret_counts_within_the_second(
    server: Server, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = Signal()
    monkeypatch.setattr(record_reading, "reader_secrets", lambda: never.wait(5))

    assert read() is None
    never.set()


@pytest.mark.parametrize(
    "down", [TimeoutError(), URLError("no route"), refusal(500), refusal(503), refusal(429)]
)
def test_a_server_that_is_down_is_left_alone_for_a_while(server: Server, down: Exception) -> None:
    server.answers = dict.fromkeys(("Patient", "Condition", "Med", "Proc", "Enc", "App"), down)
    assert read() is None
    asked = len(server.asked)

    assert read() is None
    assert read(PatientKey(id="p99")) is None
    assert len(server.asked) == asked


def test_a_login_that_refuses_us_is_left_alone_too(server: Server) -> None:
    server.answers[LOGIN] = refusal(400)

    assert [read(server=WITH_LOGIN), read(server=WITH_LOGIN)] == [None, None]
    assert len(server.asked) == 1


def test_a_kind_that_we_may_not_read_is_unknown_and_the_record_is_kept(server: Server) -> None:
    server.answers["MedicationStatement"] = refusal(403)

    first, second = read(), read()

    assert first is not None
    assert first.unknown == ("statements",)
    assert second is first


def test_a_record_is_kept_for_some_minutes(server: Server) -> None:
    first = read()
    asked = len(server.asked)

    assert read() is first
    assert len(server.asked) == asked


def test_a_record_of_which_a_part_was_late_is_read_again(server: Server, impatient: None) -> None:
    server.answers["Condition"] = never = Signal()
    assert read() is not None
    never.set()
    server.answers["Condition"] = found(a_condition())

    record = read()

    assert record is not None
    assert record.unknown == ()


def test_no_more_than_some_records_are_kept(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_reading, "MOST_KEPT", 2)
    for name in ("a", "b", "c"):
        server.answers[f"Patient/{name}"] = a_patient(id=name)
        read(PatientKey(id=name))

    assert [key.id for _, key in record_reading._kept] == ["b", "c"]


def test_a_kept_record_is_of_one_site_and_server(server: Server) -> None:
    read()
    asked = len(server.asked)

    read(server=RecordServer(base_url="https://other.example/r4"))

    assert len(server.asked) > asked


def test_a_token_is_fetched_once(server: Server) -> None:
    for patient in (ID, "p18"):
        server.answers[f"Patient/{patient}"] = a_patient(id=patient)
        read(PatientKey(id=patient), WITH_LOGIN)

    assert [each.address for each in server.asked].count(LOGIN) == 1
    assert set(server.tokens) == {"Bearer t0ken"}


def test_a_token_that_was_withdrawn_is_fetched_anew(server: Server) -> None:
    read(server=WITH_LOGIN)
    server.answers["Procedure"] = refusal(401)
    read(PatientKey(id="p18"), WITH_LOGIN)

    assert record_reading._tokens == {}


def test_a_site_without_a_secret_asks_nobody(server: Server) -> None:
    server.secrets = {}

    assert read() is None
    assert server.asked == []


def test_one_invocation_waits_a_few_seconds_for_all_records_together(server: Server) -> None:
    reading = RecordReading(left=0.0)

    assert read(reading=reading) is None
    assert server.asked == []
    assert RecordReading().left == record_reading.INVOCATION_SECONDS


def test_neither_patients_nor_secrets_are_logged(server: Server, written: Written) -> None:
    server.answers["Condition"] = {"resourceType": "Zebulonia"}
    server.answers["Procedure"] = refusal(403)
    read(NUMBER)
    server.answers["Patient?"] = {"entry": "Zebulonia"}
    read(PatientKey(system="urn:oid:1.2", number="4402"))

    log = written.getvalue()
    assert "record read in part" in log
    assert not [each for each in ("Zebulonia", "4401", "4402", "s3cret", ID) if each in log]
