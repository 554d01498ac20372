"""Web forms: signed by the clinic's own backend, or straight from a browser."""

import json
from datetime import timedelta

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
from triagewire.channels.receiving import receive, receive_event, refusing_event
from triagewire.channels.request import WebhookRequest
from triagewire.errors import RefusedError

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


def test_every_box_that_was_ticked_under_one_name_is_kept() -> None:
    body = b"text=Hello&symptom=cough&symptom=wheeze&email=old%40x.example&email=rae%40mail.example"

    arrival = the_arrival(
        browsed(from_browser(body, media_type=FORM), extra_fields=["symptom", "pets"])
    )

    assert arrival.text == "Hello\nsymptom: cough, wheeze"
    assert arrival.requester.email == "rae@mail.example"


def test_ticked_boxes_may_come_as_a_list_in_json() -> None:
    request = filled(symptom=["cough", "wheeze"], smoker=False)

    arrival = the_arrival(browsed(request, extra_fields=["symptom", "smoker"]))

    assert arrival.text == "Do you have parking?\nsymptom: cough, wheeze\nsmoker: no"


def test_a_form_with_an_upload_names_the_file_and_says_that_it_was_not_kept() -> None:
    body = (
        b'--b1\r\nContent-Disposition: form-data; name="text"\r\n\r\nMe duele la mu\xc3\xb1eca\r\n'
        b'--b1\r\nContent-Disposition: form-data; name="photo"; filename="C:\\wrist.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\xff\r\n"
        b'--b1\r\nContent-Disposition: form-data; name="more"; filename=""\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\r\n--b1--\r\n"
    )

    arrival = the_arrival(
        browsed(from_browser(body, media_type="multipart/form-data; boundary=b1"))
    )

    assert arrival.text == "Me duele la muñeca"
    assert [(file.name, file.size_bytes) for file in arrival.attachments] == [("wrist.jpg", 3)]
    assert arrival.remarks == ("the files of the form were not kept, only their names",)


def test_a_multipart_form_that_cannot_be_read_is_a_422() -> None:
    outcome = browsed(from_browser(b"text=x", media_type="multipart/form-data"))

    assert outcome.status == 422


@pytest.mark.parametrize("status", [429, 503])
def test_a_page_can_read_when_to_try_again(status: int) -> None:
    event = {"httpMethod": "POST", "headers": {"Origin": ORIGIN}, "body": "!"}
    refusal = RefusedError(status, "please send again later", 7)

    outcome = refusing_event(event, a_browser_form(), refusal)

    assert (outcome.status, outcome.headers["retry-after"]) == (status, "7")
    assert outcome.headers["access-control-allow-origin"] == ORIGIN
    assert outcome.headers["access-control-expose-headers"] == "retry-after"


def test_an_over_long_form_can_still_be_told_so() -> None:
    event = {"httpMethod": "POST", "headers": {"Origin": ORIGIN}, "body": "x" * 5_000_000}

    outcome = receive_event(event, a_browser_form(), (), NOW)

    assert outcome.status == 413
    assert outcome.headers["access-control-allow-origin"] == ORIGIN


def test_the_same_words_on_another_day_are_another_event() -> None:
    request = from_browser(b'{"text": "Do you have parking?"}')

    later = receive(request, a_browser_form(), (), NOW + timedelta(days=30))

    assert the_arrival(later).event_id != the_arrival(browsed(request)).event_id


def test_an_id_with_nothing_in_it_is_none() -> None:
    assert the_arrival(browsed(filled(submission_id=" "))).event_id.startswith("derived:")


def test_words_under_a_name_that_nobody_told_us_are_kept_with_a_remark() -> None:
    """Somebody adds a question to the page and forgets the policy: no answer may be lost."""
    body = b"message=hello&symptoms=chest+pain&utm_source=mail&leave_blank=&on_behalf="

    arrival = the_arrival(receive(from_browser(body, media_type=FORM), a_browser_form(), (), NOW))

    assert arrival.text == "hello"
    assert arrival.full_text == "hello\nsymptoms: chest pain\nutm_source: mail"
    assert arrival.remarks == (
        "fields that the option extra_fields does not name are kept in the full text",
    )


def test_a_second_message_beside_the_text_is_kept() -> None:
    form = from_browser(b'{"text": "hi", "message": "and chest pain", "requester": {"name": "R"}}')

    arrival = the_arrival(receive(form, a_browser_form(), (), NOW))

    assert arrival.full_text == "hi\nmessage: and chest pain\nrequester: R"


def test_a_form_of_known_names_has_no_other_full_text() -> None:
    form = from_browser(b'{"message": " hi ", "name": "Rae", "pharmacy": "Main St"}')

    arrival = the_arrival(receive(form, a_browser_form(extra_fields=["pharmacy"]), (), NOW))

    assert (arrival.full_text, arrival.remarks) == ("", ())
