"""One webhook to one outcome: order of the checks, the answers, and that nothing ever escapes."""

import base64
import json
from dataclasses import replace

import msgspec
import pytest

from ops.senders.epic import signed_epic
from ops.senders.letter import Signed
from ops.senders.typeform import signed_typeform
from tests.unit.channels.builders import (
    JSON,
    NOW,
    ORIGIN,
    OTHER_SECRET,
    SECRET,
    a_browser_form,
    a_portal_message,
    a_request,
    a_source,
    a_source_of,
    an_outcome,
    the_arrival,
)
from triagewire.arrival import Arrival, Attachment, Channel, PatientContext, Requester
from triagewire.channels.options import ADAPTERS
from triagewire.channels.outcome import OutcomeKind
from triagewire.channels.receiving import (
    MOST_TEXT_BYTES,
    bounded,
    receive,
    receive_event,
    unavailable,
)
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import standard_signature
from triagewire.ids import ticket_id

CANARY = "Zebulon-Quux-1937"


def signed_raw(body: bytes) -> Signed:
    """Any bytes, rightly signed with Standard Webhooks."""
    seconds = str(int(NOW.timestamp()))
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    content = b".".join((b"msg_1", seconds.encode(), body))
    return {
        "Content-Type": JSON,
        "webhook-id": "msg_1",
        "webhook-timestamp": seconds,
        "webhook-signature": standard_signature(key, content).decode(),
    }, body


def portal(**data: object) -> Signed:
    return signed_epic(SECRET, NOW, a_portal_message(**data), event_id="msg_1")


def test_a_retry_gets_the_same_answer() -> None:
    first, second = (an_outcome(portal(), a_source("epic")) for _ in range(2))

    assert (first.status, first.body) == (second.status, second.body) == (202, first.body)


def test_the_answer_names_the_ticket_of_the_event() -> None:
    outcome = an_outcome(portal(), a_source("epic"))

    expected = ticket_id("riverside", "epic", "msg_1")
    assert json.loads(outcome.body) == {"outcome": "accepted", "ticket_id": expected}


def test_another_site_s_secret_is_refused() -> None:
    assert an_outcome(portal(), a_source("epic"), OTHER_SECRET).status == 401


def test_either_live_secret_is_believed() -> None:
    outcome = receive(a_request(portal()), a_source("epic"), (OTHER_SECRET, SECRET), NOW)

    assert outcome.kind is OutcomeKind.ACCEPTED


@pytest.mark.parametrize("secrets", [(), ("",)])
def test_a_source_without_a_secret_asks_the_sender_to_come_again(secrets: tuple[str, ...]) -> None:
    outcome = receive(a_request(portal()), a_source("epic"), secrets, NOW)

    assert outcome.status == 503
    assert outcome.headers["retry-after"] == "5"


def test_a_body_over_the_source_s_limit_is_refused_before_it_is_verified() -> None:
    request = replace(a_request(portal()), body=b"x" * 101)

    assert receive(request, a_source("epic", body_limit_bytes=100), (SECRET,), NOW).status == 413


@pytest.mark.parametrize("media_type", ["", "text/plain", "multipart/form-data; boundary=x"])
def test_another_media_type_is_refused(media_type: str) -> None:
    request = a_request(portal(), content_type=media_type)

    outcome = receive(request, a_source("standard"), (SECRET,), NOW)

    assert (outcome.status, outcome.reason) == (415, "content-type: must be application/json")


def test_the_media_type_s_parameters_and_case_do_not_matter() -> None:
    request = a_request(portal(), content_type="Application/JSON; charset=UTF-8")

    assert receive(request, a_source("epic"), (SECRET,), NOW).status == 202


def test_a_packed_body_is_refused() -> None:
    request = a_request(portal(), content_encoding="gzip")

    assert receive(request, a_source("epic"), (SECRET,), NOW).status == 415


def test_another_method_is_refused() -> None:
    request = a_request(portal(), method="PUT")

    assert receive(request, a_source("epic"), (SECRET,), NOW).status == 405


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "the body is not JSON", id="nothing at all"),
        pytest.param(b"{", "the body is not JSON", id="half an object"),
        pytest.param(b"[]", "body: must be an object", id="a list"),
        pytest.param(b"\xff\xfe{}", "the body is not UTF-8", id="another encoding"),
        pytest.param(b"[" * 300_000, "the body is nested too deeply", id="a depth bomb"),
        pytest.param(b'{"a":' * 90_000, "the body is nested too deeply", id="nested objects"),
        pytest.param(b'{"data": NaN}', "the body holds a number that", id="not a number"),
        pytest.param(b'{"a": -Infinity}', "the body holds a number that", id="infinity"),
        pytest.param(b'{"a": ' + b"9" * 9_000 + b"}", "the body is not JSON", id="a huge number"),
        pytest.param(b'{"type":"a","type":"b"}', "the body gives a key twice", id="a key twice"),
        pytest.param(b'{"type": 1e999}', "type: must be text", id="a float out of range"),
    ],
)
def test_a_signed_body_that_cannot_be_read_is_kept(body: bytes, reason: str) -> None:
    outcome = an_outcome(signed_raw(body), a_source("epic"))

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 202)
    assert outcome.reason.startswith(reason)
    assert outcome.raw == body


def test_a_byte_order_mark_does_not_cost_the_message() -> None:
    body = b"\xef\xbb\xbf" + json.dumps(a_portal_message()).encode()

    assert an_outcome(signed_raw(body), a_source("epic")).kind is OutcomeKind.ACCEPTED


def test_a_million_keys_are_read_and_ignored() -> None:
    filler = ",".join(f'"{number}":0' for number in range(90_000))
    body = b"{%b,%b" % (filler.encode(), json.dumps(a_portal_message()).encode()[1:])

    source = a_source("epic", body_limit_bytes=2_000_000)
    assert an_outcome(signed_raw(body), source).kind is OutcomeKind.ACCEPTED


def test_a_quarantined_body_is_one_event_through_all_retries() -> None:
    first, second = (an_outcome(signed_raw(b"{"), a_source("epic")) for _ in range(2))

    assert first.event_id == second.event_id
    assert first.ticket_ids == second.ticket_ids
    assert (first.event_id or "").startswith("derived:sha256:")


@pytest.mark.parametrize("name", ["webhook_id", "svix_id", "x_zendesk_webhook_invocation_id"])
def test_a_header_that_nobody_signed_makes_no_second_event_of_a_copy(name: str) -> None:
    signed, source = signed_typeform(SECRET, {"answers": "none"}), a_source("typeform")
    first = receive(a_request(signed), source, (SECRET,), NOW)

    again = receive(a_request(signed, **{name: "another"}), source, (SECRET,), NOW)

    assert first.kind is OutcomeKind.QUARANTINED
    assert again.ticket_ids == first.ticket_ids


def test_a_text_longer_than_a_table_item_is_cut_with_a_remark() -> None:
    arrival = the_arrival(an_outcome(portal(body="é" * 150_000), a_source("epic")))

    assert len(arrival.text.encode()) == MOST_TEXT_BYTES
    assert arrival.remarks == ("text cut: 75000 characters at the end were left out",)


def test_details_that_cannot_be_true_are_quarantined() -> None:
    signed = portal(context={"conditions": ["asthma"] * 20_000})

    assert an_outcome(signed, a_source("epic")).reason == (
        "the details of the message are over the limit"
    )


def test_a_fault_of_a_parser_keeps_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError(CANARY)

    monkeypatch.setattr("triagewire.channels.epic._requester", broken)

    outcome = an_outcome(portal(), a_source("epic"))

    assert outcome.kind is OutcomeKind.QUARANTINED
    assert outcome.reason == "the body could not be read (KeyError)"


def test_our_own_failure_asks_a_browser_s_page_to_try_again() -> None:
    event = {"httpMethod": "POST", "headers": {"origin": ORIGIN}, "body": "{}"}

    outcome = unavailable(event, a_browser_form())

    assert outcome.status == 503
    assert outcome.headers["retry-after"] == "5"
    assert outcome.headers["access-control-allow-origin"] == ORIGIN


def test_an_event_of_the_gateway_is_received_whole() -> None:
    headers, body = portal()
    event = {"httpMethod": "POST", "headers": headers, "body": body.decode()}

    assert receive_event(event, a_source("epic"), (SECRET,), NOW).status == 202


def test_an_event_that_is_far_too_long_is_refused() -> None:
    event = {"httpMethod": "POST", "headers": None, "body": "x" * 7_000_000}

    assert receive_event(event, a_source("epic"), (SECRET,), NOW).status == 413


def test_an_event_of_which_the_base64_is_broken_is_refused() -> None:
    event = {"httpMethod": "POST", "headers": {}, "body": "?", "isBase64Encoded": True}

    assert receive_event(event, a_source("epic"), (SECRET,), NOW).status == 400


def test_a_request_without_a_body_needs_no_media_type_but_still_a_proof() -> None:
    request = a_request(({}, b""))

    outcome = receive(request, a_source("epic"), (SECRET,), NOW)

    assert (outcome.status, outcome.reason) == (401, "webhook-id: is missing")


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_sender_may_try_the_address_before_it_keeps_it(adapter: str) -> None:
    request = WebhookRequest(method="HEAD", headers={}, body=b"")

    outcome = receive(request, a_source_of(adapter), (), NOW)

    assert (outcome.status, outcome.body, outcome.arrivals) == (200, "", ())


def test_half_a_character_anywhere_in_a_message_costs_no_message() -> None:
    half = "Device: \ud800"
    arrival = Arrival(
        site="north",
        source="desk",
        channel=Channel.HELPDESK,
        event_id=half,
        requester=Requester(name=half),
        text=half,
        full_text=half,
        context=PatientContext(conditions=(half,)),
        attachments=(Attachment(name=half, link=half),),
        remarks=(half,),
    )

    kept = bounded(arrival)

    assert kept.text == kept.requester.name == kept.attachments[0].link == "Device: \ufffd"
    assert kept.channel is Channel.HELPDESK
    msgspec.json.encode(kept)
