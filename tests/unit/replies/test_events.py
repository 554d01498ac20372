"""What a reply says that leaves by webhook, and how it is signed."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, a_message, a_requester, a_source, a_ticket
from triagewire.arrival import Channel, RequesterKind
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import verify_standard_webhooks
from triagewire.message import Direction
from triagewire.replies.events import event_body, event_headers, event_id

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_b3RoZXItc2VjcmV0LW9mLXRoZS10ZXN0cw=="
NOW = datetime.fromtimestamp(1614265330, UTC)


def test_the_published_vector_of_the_standard_is_met() -> None:
    headers = event_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', [SECRET], NOW)

    assert headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=200), st.sampled_from([SECRET, OTHER]))
def test_each_secret_in_rotation_verifies_it(body: bytes, known: str) -> None:
    headers = event_headers("msg_1", body, [SECRET, OTHER], NOW)
    request = WebhookRequest(method="POST", headers=headers, body=body)

    verify_standard_webhooks(request, a_source("portal", "standard"), (known,), NOW)


@pytest.mark.parametrize("secrets", [[], ["whsec_"], ["not base64 at all!"]])
def test_nothing_leaves_unsigned(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="no secret"):
        event_headers("msg_1", b"{}", secrets, NOW)


def test_a_secret_without_its_prefix_signs_too() -> None:
    bare = SECRET.removeprefix("whsec_")

    assert event_headers("m", b"", [bare], NOW) == event_headers("m", b"", [SECRET], NOW)
    assert base64.b64decode(bare)


def test_the_body_says_what_the_receiver_needs_to_post_it_where_it_belongs() -> None:
    requester = a_requester(
        kind=RequesterKind.PATIENT, patient_id="MRN-7", email=None, phone="+13125550100"
    )
    ticket = a_ticket(requester=requester)
    message = a_message(
        direction=Direction.OUTBOUND,
        channel=Channel.EHR,
        text="Su receta está lista.",
        subject="Re: Receta",
        language="es",
        thread="conv-9",
    )

    event = json.loads(event_body("MSG#1", message, ticket, "portal"))

    assert event == {
        "type": "reply.created",
        "timestamp": MONDAY_MORNING.isoformat().replace("+00:00", "Z"),
        "data": {
            "ticket": ticket.id,
            "site": "north",
            "source": "portal",
            "thread": "conv-9",
            "message": "MSG#1",
            "subject": "Re: Receta",
            "text": "Su receta está lista.",
            "language": "es",
            "automatic": False,
            "requester": {"kind": "patient", "patient_id": "MRN-7", "phone": "+13125550100"},
        },
    }


def test_half_of_a_pair_does_not_break_the_body() -> None:
    message = a_message(direction=Direction.OUTBOUND, text="\ud83d broken")

    assert json.loads(event_body("MSG#1", message, a_ticket(), "portal"))


def test_two_messages_never_share_an_id() -> None:
    assert event_id("A", "MSG#1") != event_id("A", "MSG#2") != event_id("B", "MSG#1")
    assert event_id("A", "MSG#1") == event_id("A", "MSG#1")
