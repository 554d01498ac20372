"""Bodies of EHRs with anything anywhere: each is read, ignored or kept for a person."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.senders.athena import signed_athena
from ops.senders.epic import signed_epic
from tests.unit.channels.builders import NOW, SECRET, a_source, an_outcome
from tests.unit.channels.fhir_bodies import (
    Resource,
    a_bundle,
    a_communication,
    event_r4,
    notified,
    sent,
    status_r4,
    status_r5,
)
from triagewire.channels.ehr.reader import message_from
from triagewire.channels.outcome import OutcomeKind
from triagewire.errors import TriagewireError

FULL = a_communication(
    topic={"text": "Knee", "coding": [{"code": "c"}]},
    category=[{"text": "Advice"}],
    inResponseTo=[{"reference": "Communication/c70"}],
    note=[{"text": "n"}],
    sender={"reference": "#me"},
    contained=[
        {
            "resourceType": "RelatedPerson",
            "id": "me",
            "name": [{"given": ["Lou"], "family": "Tran"}],
            "telecom": [{"system": "phone", "value": "(415) 555-0199"}],
            "patient": {"identifier": {"system": "urn:x", "value": "5"}},
        }
    ],
    payload=[
        {"contentString": "<p>x</p>"},
        {"contentAttachment": {"contentType": "text/plain", "data": "eA==", "size": 1}},
        {"contentReference": {"reference": "Binary/5"}},
    ],
)
ATHENA = notified(
    {
        **status_r5("Patient/a-1.E-2"),
        "topic": "https://api.example/SubscriptionTopic/PatientCase.create",
    },
    {"resourceType": "AuditEvent", "id": "e", "extension": [{"url": "x"}], "type": {"code": "y"}},
)
BODIES = {
    "alone": FULL,
    "bundle": a_bundle({"resourceType": "MessageHeader", "focus": [{"reference": "x/Y"}]}, FULL),
    "r4": notified(status_r4(event_r4("2"), event_r4(3, None)), FULL),
    "r5": notified(status_r5("Communication/c81", None), FULL),
    "athena": ATHENA,
}
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    """Every container of a body, with each of its keys."""
    found = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(found):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


@st.composite
def spoilt(draw: st.DrawFn, name: str) -> Resource:
    """A body in which up to three things were replaced or taken away."""
    body = deepcopy(BODIES[name])
    for _ in range(draw(st.integers(1, 3))):
        container, key = draw(st.sampled_from(list(places(body))))
        if isinstance(container, dict) and draw(st.booleans()):
            del container[key]
        else:
            container[key] = draw(ANYTHING)
        if not body:
            break
    return body


@settings(max_examples=60)
@pytest.mark.parametrize("name", BODIES)
@given(data=st.data())
def test_whatever_stands_in_a_body_it_is_understood_or_kept(name: str, data: st.DataObject) -> None:
    body = data.draw(spoilt(name))
    content = json.dumps(body).encode()
    outcomes = [
        sent(body),
        an_outcome(signed_athena(SECRET, content), a_source("athena")),
        an_outcome(signed_epic(SECRET, NOW, body, event_id="e"), a_source("epic")),
    ]

    for outcome in outcomes:
        assert outcome.kind is not OutcomeKind.REFUSED
        assert not outcome.reason.startswith("the body could not be read")
        repr(outcome.arrivals).encode()


@settings(max_examples=60)
@given(body=spoilt("bundle") | spoilt("alone"))
def test_whatever_an_ehr_answers_it_is_a_message_or_a_known_fault(body: Resource) -> None:
    try:
        message_from(json.dumps(body).encode(), "Communication/c81", a_source("fhir"))
    except TriagewireError:
        return
