"""Messages of which an EHR sends only the id: read before they are judged, or shown to a person."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError

import boto3
import pytest

from ops.senders.athena import signed_athena
from ops.senders.fhir import headed_fhir
from tests.aws.clinic import Clinic
from tests.aws.said import CHEST_PAIN, REFILL
from tests.aws.senders import Event, gateway_event
from tests.builders import a_policy, a_site, sources_of
from tests.conftest import Written
from tests.unit.channels.fhir_bodies import (
    Resource,
    a_communication,
    event_r4,
    notified,
    status_r4,
    status_r5,
)
from triagewire import reading, secrets
from triagewire.channels.fhir_reader import Asked
from triagewire.channels.fhir_values import UNREAD
from triagewire.channels.source import source_from
from triagewire.flow.inflating import READ
from triagewire.ledger.event import Action
from triagewire.settings import settings
from triagewire.ticket import REVIEW, Ticket

WEBHOOK_SECRET = "the-subscription-s-header"
READER_SECRET = "the-client-s-secret"
BASE = "https://fhir.clinic.example/r4"
ATHENA = "urn:athenahealth:athenanet"
LOGIN = "https://login.clinic.example/token"

type Answer = Resource | Exception


@dataclass(slots=True)
class Ehr:
    """The EHR's server: what it answers, and what it was asked."""

    answers: Callable[[str], Answer] = field(default=lambda _address: TimeoutError())
    asked: list[Asked] = field(default_factory=list)

    def send(self, asked: Asked) -> bytes:
        self.asked.append(asked)
        answer = self.answers(asked.address)
        if isinstance(answer, Exception):
            raise answer
        return json.dumps(answer).encode()

    def holds(self, *texts: str) -> None:
        """Let it hold a message for each text: `m0`, `m1` and so on."""
        messages = {
            f"{BASE}/Communication/m{at}": a_message(at, text) for at, text in enumerate(texts)
        }
        self.answers = lambda address: messages.get(address, refusal(404))

    @property
    def addresses(self) -> list[str]:
        return [each.address for each in self.asked]


def a_message(number: int, text: str) -> Resource:
    return a_communication(id=f"m{number}", payload=[{"contentString": text}])


def refusal(code: int) -> HTTPError:
    return HTTPError("https://fhir.clinic.example", code, "no", hdrs=None, fp=None)  # type: ignore[arg-type]


@pytest.fixture
def ehr(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ehr]:
    """A clinic whose source `ehr` has a reader, and `plain` has none."""
    server = Ehr()
    monkeypatch.setattr(reading, "send", server.send)
    name = {"north/ehr": READER_SECRET}
    manager: Any = boto3.client("secretsmanager")
    arn = manager.create_secret(Name="readers", SecretString=json.dumps(name))["ARN"]
    monkeypatch.setenv("READER_SECRETS_ARN", arn)
    hooks = json.dumps({f"north/{each}": [WEBHOOK_SECRET] for each in ("ehr", "plain", "cases")})
    manager.put_secret_value(SecretId="WEBHOOK_SECRETS_ARN", SecretString=hooks)
    start_cold()
    clinic.publish(with_sources())
    yield server
    start_cold()


def start_cold() -> None:
    settings.cache_clear()
    secrets.reader_secrets.cache_clear()
    secrets.webhook_secrets.cache_clear()
    reading._tokens.clear()
    reading._resting.clear()


def with_sources(**reader: object) -> Any:  # noqa: ANN401
    given = {"base_url": BASE, **reader}
    added = {
        name: source_from({"site": "north", "name": name, "adapter": kind, "options": options})
        for name, kind, options in (
            ("ehr", "fhir", {"reader": given}),
            ("plain", "fhir", {}),
            ("cases", "athena", {}),
        )
    }
    return a_policy(site=a_site(sources={**sources_of("north"), **added}))


def an_id(clinic: Clinic, number: int = 0, source: str = "ehr", focus: str = "") -> Event:
    """A notification of the level `id-only`."""
    event = event_r4(str(number), focus or f"Communication/m{number}")
    signed = headed_fhir(WEBHOOK_SECRET, notified(status_r4(event)))
    return gateway_event("north", source, signed, clinic.now)


def a_case(clinic: Clinic, event_id: str, topic: str) -> Event:
    """athenahealth's notification of one and the same case."""
    patient = {"identifier": {"system": f"{ATHENA}:patient:1", "value": "8269"}}
    event = {
        "id": event_id,
        "focus": {"identifier": {"system": f"{ATHENA}:patientcase:1", "value": "55"}},
        "additionalContext": [patient],
    }
    status = {**status_r5(), "notificationEvent": [event], "topic": f"https://api.example/{topic}"}
    body = json.dumps(notified(status)).encode()
    return gateway_event("north", "cases", signed_athena(WEBHOOK_SECRET, body), clinic.now)


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
    reading._tokens["north/ehr"] = ("withdrawn", float("inf"))
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


def test_neither_words_nor_secrets_are_logged(clinic: Clinic, ehr: Ehr, written: Written) -> None:
    ehr.holds("My sister Zebulonia is bleeding.")
    taken(clinic, an_id(clinic, 0))
    ehr.answers = lambda _address: ValueError("Zebulonia")
    taken(clinic, an_id(clinic, 1))

    log = written.getvalue()
    assert "text not read from the EHR" in log
    for secret in ("Zebulonia", "m1", "p17", READER_SECRET, WEBHOOK_SECRET):
        assert secret not in log
