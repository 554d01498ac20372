"""An EHR that the clinic of the tests reads messages from, and what it sends of its own."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError

import boto3
import pytest

from ops.senders.athena import signed_athena
from ops.senders.fhir import headed_fhir
from tests.aws.clinic import Clinic
from tests.aws.senders import Event, gateway_event
from tests.builders import a_policy, a_site, sources_of
from tests.unit.channels.fhir_bodies import (
    Resource,
    a_bundle,
    a_communication,
    event_r4,
    notified,
    status_r4,
    status_r5,
)
from triagewire import reading, secrets
from triagewire.channels.ehr.reader import Asked
from triagewire.channels.source import source_from
from triagewire.policy.model import Policy
from triagewire.settings import settings

WEBHOOK_SECRET = "the-subscription-s-header"
READER_SECRET = "the-client-s-secret"
BASE = "https://fhir.clinic.example/r4"
SOURCES = ("ehr", "plain", "cases", "read-cases")
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


@contextmanager
def connected(clinic: Clinic, patch: pytest.MonkeyPatch) -> Iterator[Ehr]:
    """A clinic whose sources `ehr` and `read-cases` have a reader; the others have none."""
    server = Ehr()
    patch.setattr(reading, "send", server.send)
    name = {f"north/{each}": READER_SECRET for each in ("ehr", "read-cases")}
    manager: Any = boto3.client("secretsmanager")
    arn = manager.create_secret(Name="readers", SecretString=json.dumps(name))["ARN"]
    patch.setenv("READER_SECRETS_ARN", arn)
    hooks = json.dumps({f"north/{each}": [WEBHOOK_SECRET] for each in SOURCES})
    manager.put_secret_value(SecretId="WEBHOOK_SECRETS_ARN", SecretString=hooks)
    start_cold()
    clinic.publish(with_sources())
    try:
        yield server
    finally:
        start_cold()


def start_cold() -> None:
    settings.cache_clear()
    secrets.reader_secrets.cache_clear()
    secrets.webhook_secrets.cache_clear()
    reading._tokens.clear()
    reading._resting.clear()


def with_sources(**reader: object) -> Policy:
    given = {"base_url": BASE, **reader}
    added = {
        name: source_from({"site": "north", "name": name, "adapter": kind, "options": options})
        for name, kind, options in (
            ("ehr", "fhir", {"reader": given}),
            ("plain", "fhir", {}),
            ("cases", "athena", {}),
            ("read-cases", "athena", {"reader": {"base_url": BASE}}),
        )
    }
    return a_policy(site=a_site(sources={**sources_of("north"), **added}))


def an_id(clinic: Clinic, number: int = 0, source: str = "ehr", focus: str = "") -> Event:
    """A notification of the level `id-only`."""
    event = event_r4(str(number), focus or f"Communication/m{number}")
    signed = headed_fhir(WEBHOOK_SECRET, notified(status_r4(event)))
    return gateway_event("north", source, signed, clinic.now)


def a_case(clinic: Clinic, event_id: str, topic: str, source: str = "cases") -> Event:
    """athenahealth's notification of one and the same case."""
    patient = {"identifier": {"system": f"{ATHENA}:patient:1", "value": "8269"}}
    event = {
        "id": event_id,
        "focus": {"identifier": {"system": f"{ATHENA}:patientcase:1", "value": "55"}},
        "additionalContext": [patient],
    }
    status = {**status_r5(), "notificationEvent": [event], "topic": f"https://api.example/{topic}"}
    body = json.dumps(notified(status)).encode()
    return gateway_event("north", source, signed_athena(WEBHOOK_SECRET, body), clinic.now)


def found_for(patient: str, text: str) -> Resource:
    """What a search for the case finds: one message about a patient."""
    subject = {"identifier": {"system": f"{ATHENA}:patient:1", "value": patient}}
    message = a_communication(subject=subject, payload=[{"contentString": text}])
    return a_bundle(message, kind="searchset")
