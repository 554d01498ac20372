"""An integration engine that speaks FHIR: a Communication signed with Standard Webhooks."""

import json

import pytest

from ops.senders.epic import signed_epic
from tests.unit.channels.builders import NOW, SECRET, a_source, an_outcome, the_arrival
from tests.unit.channels.fhir_bodies import WORDS, Resource, a_communication
from triagewire.channels.outcome import Outcome, OutcomeKind


def received(payload: Resource, **options: object) -> Outcome:
    headers, body = signed_epic(SECRET, NOW, payload, event_id="msg_2Lq")
    fhir = {**headers, "Content-Type": "application/fhir+json"}
    return an_outcome((fhir, body), a_source("epic", **options))


def in_an_event(data: Resource) -> Resource:
    time = "2026-11-23T10:05:00-05:00"
    return {"type": "patient_message.received", "timestamp": time, "data": data}


def test_a_bare_communication_arrives_under_the_event_s_own_id() -> None:
    arrival = the_arrival(received(a_communication()))

    assert (arrival.text, arrival.event_id, arrival.source) == (WORDS, "msg_2Lq", "epic")
    assert (arrival.requester.name, arrival.thread) == ("Lou Tran", "Communication/c81")


def test_a_communication_may_be_the_data_of_an_event() -> None:
    stated = a_communication(sent=None, meta=None)

    arrival = the_arrival(received(in_an_event(stated)))

    assert arrival.text == WORDS
    assert str(arrival.occurred_at) == "2026-11-23 15:05:00+00:00"


def test_the_group_s_own_assigning_system_needs_no_prefix_here_either() -> None:
    subject = {"identifier": {"system": "urn:oid:1.2.36.146", "value": "00112233"}}

    outcome = received(a_communication(subject=subject), patient_system="urn:oid:1.2.36.146")

    assert the_arrival(outcome).requester.patient_id == "00112233"


@pytest.mark.parametrize("wrap", [in_an_event, dict])
def test_a_withdrawn_communication_is_ignored(wrap: type[Resource]) -> None:
    outcome = received(wrap(a_communication(status="entered-in-error")))

    assert outcome.kind is OutcomeKind.IGNORED


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"resourceType": "Patient"}, "resourceType: must be Communication"),
        (in_an_event({"resourceType": "Bundle"}), "data.resourceType: must be Communication"),
        (in_an_event(a_communication(payload=[7])), "data.payload[0]: must be an object"),
    ],
)
def test_another_resource_is_quarantined(payload: Resource, reason: str) -> None:
    outcome = received(payload)

    assert (outcome.kind, outcome.reason) == (OutcomeKind.QUARANTINED, reason)


def test_a_forged_communication_is_refused() -> None:
    headers, _ = signed_epic(SECRET, NOW, a_communication(), event_id="msg_2Lq")
    other = json.dumps(a_communication(id="c82")).encode()

    assert an_outcome((headers, other), a_source("epic")).status == 401
