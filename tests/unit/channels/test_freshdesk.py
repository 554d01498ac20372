"""Freshdesk: the shared secret, and what becomes of each rule that an administrator wrote."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.channels.builders import JSON, NOW, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival, Channel, RequesterKind
from triagewire.channels.freshdesk import verify
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.request import WebhookRequest, folded
from triagewire.channels.signatures import SHARED_HEADER
from triagewire.errors import RefusedError

SECRET = "k9Wq-freshdesk-shared"
SOURCE = a_source("freshdesk")
# The shape of a real rule's post, `triggered_event` and all; the people are invented.
CREATED = (
    b'{"freshdesk_webhook":\n    {\n    "triggered_event":"{ticket_action:created}",\n'
    b'    "ticket_id":"11",\n    "ticket_url":"http://clinic.freshdesk.example/helpdesk/tickets/11",'
    b'\n    "ticket_type":"Incident",\n    "ticket_subject":"Refill \xe2\x98\x83",\n'
    b'    "ticket_description":"<div>Two tablets left \xe2\x98\x83.<br>Please refill.</div>",\n'
    b'    "ticket_status":"Pending",\n    "ticket_priority":"High",\n'
    b'    "requester_name":"Dana Whitfield",\n    "requester_email":"Dana@mail.example"\n    }\n}\n'
)


def posted(body: bytes, source: object = None, **headers: str) -> Outcome:
    named = {SHARED_HEADER: SECRET, "Content-Type": JSON, **headers}
    return an_outcome((named, body), source or SOURCE, SECRET)  # type: ignore[arg-type]


def received(event: str | None = "{ticket_action:created}", **fields: object) -> Outcome:
    hook = json.loads(CREATED)["freshdesk_webhook"] | {"triggered_event": event} | fields
    return posted(json.dumps({"freshdesk_webhook": hook}).encode())


def arrived(event: str | None = "{ticket_action:created}", **fields: object) -> Arrival:
    return the_arrival(received(event, **fields))


def believe(headers: dict[str, str], *secrets: str, **options: object) -> None:
    request = WebhookRequest(headers=folded(headers), body=b"{}")
    verify(request, a_source("freshdesk", **options), secrets or (SECRET,), NOW)


def test_the_shared_header_is_believed() -> None:
    believe({"X-Triagewire-Secret": SECRET})


def test_the_policy_may_name_another_header() -> None:
    believe({"X-Desk-Key": SECRET}, header="X-Desk-Key")


def test_the_previous_secret_is_believed_during_a_rotation() -> None:
    believe({"X-Triagewire-Secret": SECRET}, "newer", SECRET)


@pytest.mark.parametrize("header", ["", "Authorization"])
def test_basic_credentials_are_believed(header: str) -> None:
    encoded = base64.b64encode(b"desk:pass").decode()

    believe({"Authorization": f"Basic {encoded}"}, "desk:pass", header=header)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-triagewire-secret": "another"},
        {"x-triagewire-secret": "clé"},
        {"authorization": "Basic !!"},
        {"authorization": "Basic"},
        {"authorization": SECRET},
    ],
)
def test_anything_else_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(RefusedError) as refusal:
        believe(headers)

    assert refusal.value.status == 401


@given(given=st.text(), credentials=st.text())
def test_malformed_headers_are_only_ever_a_refusal(given: str, credentials: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        believe({"x-triagewire-secret": given, "authorization": credentials})

    assert refusal.value.status == 401


def test_a_new_ticket_arrives_with_its_words() -> None:
    arrival = the_arrival(posted(CREATED))

    assert arrival.text == "Two tablets left ☃.\nPlease refill."
    assert (arrival.subject, arrival.thread) == ("Refill ☃", "11")
    assert (arrival.channel, arrival.requester.kind) == (Channel.HELPDESK, RequesterKind.UNKNOWN)
    assert arrival.requester.name == "Dana Whitfield"
    assert arrival.requester.email == "dana@mail.example"


def test_a_repeat_is_the_same_ticket_and_is_answered_with_200() -> None:
    first, second = posted(CREATED), posted(CREATED)

    assert first.arrivals[0].event_id.startswith("derived:sha256:")
    assert (first.status, first.ticket_ids) == (200, second.ticket_ids)


def test_another_event_of_the_ticket_has_another_id() -> None:
    words = "Dana Whitfield : <div>Still nothing?</div>"
    note = arrived("{note_type:public}", ticket_latest_public_comment=words)

    assert note.event_id != arrived().event_id
    assert note.thread == arrived().thread


def test_a_public_note_is_its_newest_comment_without_the_writer_s_name() -> None:
    words = "Dana Whitfield : <div>Still nothing?</div>"

    arrival = arrived("{note_type:public}", ticket_latest_public_comment=words)

    assert arrival.text == "Still nothing?"
    assert arrival.full_text == "Dana Whitfield :\nStill nothing?"


def test_a_colon_of_the_writer_s_own_cuts_nothing() -> None:
    words = "Update : the fever is gone"

    assert arrived("{note_type:public}", ticket_latest_public_comment=words).text == words


def test_a_note_whose_words_are_not_sent_is_quarantined() -> None:
    outcome = received("{note_type:public}")

    assert outcome.kind is OutcomeKind.QUARANTINED
    assert outcome.reason == "freshdesk_webhook.ticket_latest_public_comment: is missing"


@pytest.mark.parametrize(
    "event",
    [
        pytest.param("{note_type:private}", id="a private note"),
        pytest.param("{status:{from:4,to:6}}", id="a change of status"),
        pytest.param("{priority:{from:1,to:4}}", id="a change of priority"),
        pytest.param("{reply_sent:sent}", id="an answer of staff"),
        pytest.param("{ticket_action:deleted}", id="a deletion"),
    ],
)
def test_what_asks_for_nothing_is_ignored(event: str) -> None:
    outcome = received(event, ticket_latest_public_comment="words of staff")

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)


def test_a_private_note_is_ignored_however_it_is_told() -> None:
    assert received("{note_type:public}", is_public="false").kind is OutcomeKind.IGNORED


def test_an_unknown_event_with_new_words_is_heard() -> None:
    words = "Dana Whitfield : <p>Hello?</p>"

    assert arrived("{user_action:replied}", ticket_latest_public_comment=words).text == "Hello?"


def test_a_template_without_an_event_is_a_message() -> None:
    assert arrived(None).text.startswith("Two tablets left")


def test_a_ticket_without_words_still_arrives() -> None:
    assert arrived(ticket_description="<div></div>").remarks == ("message without words",)


def test_a_picture_in_the_words_is_kept_as_a_link() -> None:
    markup = '<div><img src="https://files.freshdesk.example/a/rash.jpg?t=1&amp;u=2"></div>'

    arrival = arrived(ticket_description=markup)

    assert arrival.attachments[0].name == "rash.jpg"
    assert arrival.attachments[0].link == "https://files.freshdesk.example/a/rash.jpg?t=1&u=2"


def test_quoted_mail_stays_in_the_full_text() -> None:
    markup = "<div>Yes please.</div><blockquote><p>Shall we call you?</p></blockquote>"

    arrival = arrived(ticket_description=markup)

    assert arrival.text == "Yes please."
    assert "Shall we call you?" in arrival.full_text


def test_the_policy_may_map_another_template_without_the_outer_object() -> None:
    source = a_source("freshdesk", fields={"text": "what", "email": "who.mail", "thread": "nr"})
    body = b'{"what": "Call me", "who": {"mail": "dana@mail.example"}, "nr": 12}'

    arrival = the_arrival(posted(body, source))

    assert (arrival.text, arrival.thread) == ("Call me", "12")
    assert arrival.requester.email == "dana@mail.example"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"freshdesk_webhook": {"ticket_id": "1"}}', "freshdesk_webhook.text: is missing"),
        (b'{"freshdesk_webhook": "?"}', "freshdesk_webhook: must be an object"),
        (b'{"freshdesk_webhook": {"text": "a "b" c"}}', "the body is not JSON"),
        (b"\xff\xfe", "the body is not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_kept(body: bytes, reason: str) -> None:
    outcome = posted(body)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert (outcome.reason, outcome.raw) == (reason, body)


def test_files_of_a_template_are_kept_as_links() -> None:
    file = {"name": "scan.pdf", "content_type": "application/pdf"}
    linked = {**file, "attachment_url": "https://clinic.freshdesk.example/data/scan.pdf"}

    (attachment,) = arrived(attachments=[linked]).attachments

    assert (attachment.name, attachment.media_type) == ("scan.pdf", "application/pdf")
    assert attachment.link == "https://clinic.freshdesk.example/data/scan.pdf"
