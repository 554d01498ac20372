"""Web forms: signed by the clinic's own backend, or straight from a browser."""

import json

import pytest

from ops.senders.web import signed_web
from tests.unit.channels.builders import (
    FORM,
    JSON,
    NOW,
    ORIGIN,
    SECRET,
    a_browser_form,
    a_request,
    a_source,
    an_outcome,
    from_browser,
    the_arrival,
)
from triagewire.arrival import Channel, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive
from triagewire.channels.request import WebhookRequest

FILLED = {
    "text": "Do you have parking?",
    "name": "Rae Lindqvist",
    "email": "rae@mail.example",
    "submission_id": "6f1c2f5e-7a51-4d0e-9a55-0f6f3c1f2b11",
}


def browsed(request: WebhookRequest, **options: object) -> Outcome:
    return receive(request, a_browser_form(**options), (), NOW)


def filled(**fields: object) -> WebhookRequest:
    return from_browser(json.dumps({**FILLED, **fields}).encode())


def test_a_signed_form_arrives_from_a_patient() -> None:
    signed = signed_web(SECRET, NOW, FILLED, event_id="form-9")

    arrival = the_arrival(an_outcome(signed, a_source("web")))

    assert (arrival.channel, arrival.event_id) == (Channel.WEB, "form-9")
    assert arrival.requester.kind is RequesterKind.PATIENT
    assert arrival.requester.email == "rae@mail.example"


def test_a_signed_form_may_come_as_form_fields() -> None:
    signed = signed_web(SECRET, NOW, FILLED, event_id="form-9", form=True)

    assert the_arrival(an_outcome(signed, a_source("web"))).text == FILLED["text"]


def test_a_signed_form_without_words_is_quarantined() -> None:
    signed = signed_web(SECRET, NOW, {"name": "Rae"}, event_id="form-9")

    assert an_outcome(signed, a_source("web")).reason == "text: is missing"


def test_a_signed_source_does_not_believe_an_origin() -> None:
    outcome = receive(filled(), a_source("web"), (SECRET,), NOW)

    assert outcome.status == 401


def test_a_browser_s_form_arrives_from_an_unknown_requester() -> None:
    arrival = the_arrival(browsed(filled()))

    assert arrival.requester.kind is RequesterKind.UNKNOWN
    assert arrival.event_id == FILLED["submission_id"]


def test_form_fields_of_a_browser_are_read_in_their_character_set() -> None:
    body = b"message=Me+duele+la+mu%F1eca&on_behalf=on"
    media_type = f"{FORM}; charset=ISO-8859-1"

    arrival = the_arrival(browsed(from_browser(body, media_type=media_type)))

    assert arrival.text == "Me duele la muñeca"
    assert arrival.requester.on_behalf


def test_further_questions_of_the_form_are_kept() -> None:
    outcome = browsed(filled(pharmacy="Elm Street"), extra_fields=["pharmacy", "insurer"])

    assert the_arrival(outcome).text == "Do you have parking?\npharmacy: Elm Street"


@pytest.mark.parametrize(
    "origin", ["", "null", "https://evil.example", f"{ORIGIN}.evil.example", ORIGIN.upper()]
)
def test_another_origin_is_refused(origin: str) -> None:
    outcome = browsed(from_browser(b'{"text": "x"}', origin=origin))

    assert outcome.status == 403
    assert "access-control-allow-origin" not in outcome.headers


def test_an_error_can_be_read_by_the_page() -> None:
    outcome = browsed(filled(text=5))

    assert (outcome.status, outcome.reason) == (422, "text: must be text")
    assert outcome.headers["access-control-allow-origin"] == ORIGIN
    assert outcome.headers["vary"] == "Origin"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"text": "  "}', b"\xff"])
def test_a_form_that_cannot_be_read_is_a_422(body: bytes) -> None:
    outcome = browsed(from_browser(body))

    assert (outcome.kind, outcome.status) == (OutcomeKind.REFUSED, 422)


def test_a_preflight_is_answered() -> None:
    request = a_request(({"Origin": ORIGIN}, b""), method="OPTIONS")

    outcome = browsed(request)

    assert outcome.status == 204
    assert outcome.headers["access-control-allow-origin"] == ORIGIN
    assert outcome.headers["access-control-allow-methods"] == "POST, OPTIONS"


def test_a_preflight_of_another_origin_is_refused() -> None:
    request = a_request(({"Origin": "https://evil.example"}, b""), method="OPTIONS")

    assert browsed(request).status == 403


def test_a_filled_honeypot_is_dropped_but_looks_accepted() -> None:
    outcome = browsed(filled(leave_blank="https://pills.example"))

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 202)


def test_a_form_without_an_id_is_one_event_for_a_day() -> None:
    request = from_browser(b'{"text": "Do you have parking?"}', media_type=JSON)

    first, second = (the_arrival(browsed(request)).event_id for _ in range(2))

    assert first == second
    assert first.startswith("derived:sha256:")
