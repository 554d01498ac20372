"""Intercom: the signature, and whose words a notification carries."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.senders.intercom import signed_intercom
from tests.unit.channels.builders import NOW, a_request, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival, Channel, RequesterKind
from triagewire.channels.intercom import SIGNATURE, verify
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive
from triagewire.channels.request import WebhookRequest
from triagewire.errors import RefusedError

SOURCE = a_source("intercom")
SECRET = "3b1f7c52-intercom-client-secret"
PING = (
    b'{\n    "type":"notification_event",\n    "app_id":"i6wc9ipe",\n    "data":{\n'
    b'        "type":"notification_event_data",\n        "item":{\n            "type":"ping",\n'
    b'            "message":"something something interzen"\n        }\n    },\n    "links":{\n\n'
    b'    },\n    "id":null,\n    "topic":"ping",\n    "delivery_status":null,\n'
    b'    "delivery_attempts":1,\n    "delivered_at":0,\n    "first_sent_at":1553288147,\n'
    b'    "created_at":1553288147,\n    "self":null\n}\n'
)
LEAD = {"type": "lead", "id": "5c9553cb", "name": "Dana Whitfield", "email": "dana@mail.example"}
ADMIN = {"type": "admin", "id": "1957471", "name": "Front Desk", "email": "desk@clinic.example"}
BOT = {"type": "bot", "id": "9608808", "name": "Fin", "email": "operator@intercom.example"}


def a_part(author: dict[str, str], body: str | None, **fields: object) -> dict[str, object]:
    usual = {"type": "conversation_part", "id": "28", "part_type": "comment", "attachments": []}
    return {**usual, "body": body, "created_at": 1553291307, "author": author, **fields}


def a_conversation(*parts: dict[str, object], **fields: object) -> dict[str, object]:
    return {
        "type": "conversation",
        "id": "21322009097",
        "created_at": 1553290933,
        "user": {**LEAD, "user_id": "75067020", "do_not_track": None},
        "assignee": ADMIN,
        "conversation_message": {
            "type": "conversation_message",
            "id": "331499307",
            "subject": "",
            "body": "<p>Hello</p><p>My rash is back.</p>",
            "author": {"type": "user", "id": LEAD["id"]},
            "attachments": [],
        },
        "conversation_parts": {
            "type": "conversation_part.list",
            "conversation_parts": list(parts),
            "total_count": len(parts),
        },
        **fields,
    }


def a_ticket(*parts: dict[str, object], **attributes: object) -> dict[str, object]:
    return {
        "type": "ticket",
        "id": "215472629311235",
        "ticket_id": "66040342",
        "ticket_attributes": {
            "_default_title_": "Cannot open the portal",
            "_default_description_": "It says my account is locked.",
            "Platforms": None,
            **attributes,
        },
        "ticket_type": {"type": "ticket_type", "id": "2979330", "is_internal": False},
        "contacts": {
            "type": "contact.list",
            "contacts": [{"type": "contact", "id": LEAD["id"], "external_id": "f7c0"}],
        },
        "created_at": 1768113868,
        "ticket_parts": {
            "type": "ticket_part.list",
            "ticket_parts": [
                a_part(BOT, "<p>You will get replies in your email: desk@clinic.example</p>"),
                a_part(ADMIN, None, part_type="ticket_state_updated_by_admin"),
                *parts,
            ],
        },
    }


def a_notification(topic: str, item: object, **fields: object) -> dict[str, object]:
    return {
        "type": "notification_event",
        "app_id": "i6wc9ipe",
        "data": {"type": "notification_event_data", "item": item},
        "id": "notif_2c71fff0",
        "topic": topic,
        "delivery_attempts": 1,
        "created_at": 1553291308,
        **fields,
    }


def received(payload: bytes | dict[str, object]) -> Outcome:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return an_outcome(signed_intercom(SECRET, body), SOURCE, SECRET)


def arrived(topic: str, item: object, **fields: object) -> Arrival:
    return the_arrival(received(a_notification(topic, item, **fields)))


def believe(signature: str, body: bytes = PING, *secrets: str) -> None:
    request = WebhookRequest(headers={SIGNATURE: signature}, body=body)
    verify(request, SOURCE, secrets or (SECRET,), NOW)


def test_the_signature_of_the_documentation_is_believed() -> None:
    digest = hmac.new(SECRET.encode(), PING, hashlib.sha1).hexdigest()

    believe(f"sha1={digest}")
    believe(f"sha1={digest}", PING, "newer", SECRET)


def test_another_method_than_that_of_intercom_is_refused() -> None:
    digest = hmac.new(SECRET.encode(), PING, hashlib.sha256).hexdigest()

    with pytest.raises(RefusedError):
        believe(f"sha256={digest}")


@given(signature=st.text(), body=st.binary())
def test_malformed_requests_are_only_ever_a_refusal(signature: str, body: bytes) -> None:
    with pytest.raises(RefusedError) as refusal:
        believe(signature, body)

    assert refusal.value.status == 401


@given(position=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_no_body_with_a_changed_byte_is_believed(position: int, flip: int) -> None:
    headers, body = signed_intercom(SECRET, PING)
    changed = bytearray(body)
    changed[position % len(body)] ^= flip

    with pytest.raises(RefusedError):
        believe(headers[SIGNATURE], bytes(changed))


def test_the_check_of_the_address_is_answered() -> None:
    request = a_request(({}, b""), method="HEAD")

    outcome = receive(request, SOURCE, (SECRET,), NOW)

    assert (outcome.kind, outcome.status, outcome.body) == (OutcomeKind.IGNORED, 200, "")


def test_a_ping_has_no_id_and_is_no_message() -> None:
    outcome = received(PING)

    assert (outcome.kind, outcome.status, outcome.event_id) == (OutcomeKind.IGNORED, 200, None)


def test_a_new_conversation_arrives_with_its_words() -> None:
    arrival = arrived("conversation.user.created", a_conversation())

    assert arrival.text == "Hello\nMy rash is back."
    assert (arrival.event_id, arrival.thread) == ("notif_2c71fff0", "21322009097")
    assert (arrival.channel, arrival.requester.kind) == (Channel.HELPDESK, RequesterKind.UNKNOWN)
    assert (arrival.requester.name, arrival.requester.email) == (LEAD["name"], LEAD["email"])
    assert arrival.occurred_at == datetime(2019, 3, 22, 21, 42, 13, tzinfo=UTC)


def test_newer_versions_put_the_first_message_under_source() -> None:
    first = {"type": "email", "subject": "<p>Rash</p>", "body": "<p>It itches.</p>", "author": LEAD}
    item = a_conversation(source=first)

    arrival = arrived("conversation.contact.created", item)

    assert (arrival.text, arrival.subject) == ("It itches.", "Rash")


def test_where_a_robot_spoke_first_the_contact_s_own_words_are_heard() -> None:
    first = {"type": "conversation", "body": "<p>How can I help?</p>", "author": BOT}
    item = a_conversation(a_part(LEAD, "<p>Chest pain</p>"), source=first)

    arrival = arrived("conversation.user.created", item)

    assert (arrival.text, arrival.automatic) == ("Chest pain", False)


def test_a_reply_is_the_last_part_that_the_contact_wrote() -> None:
    item = a_conversation(
        a_part(LEAD, "<p>Anybody?</p>"),
        a_part(ADMIN, "<p>Hi Dana</p>"),
        a_part(LEAD, "<p>I have a fever now.</p>", id="29"),
        a_part(BOT, "<p>We will be back soon.</p>"),
        a_part(LEAD, None, part_type="close"),
    )

    arrival = arrived("conversation.user.replied", item)

    assert arrival.text == "I have a fever now."
    assert arrival.thread == "21322009097"
    assert arrival.occurred_at == datetime(2019, 3, 22, 21, 48, 27, tzinfo=UTC)


def test_a_reply_in_which_no_contact_wrote_is_quarantined() -> None:
    item = a_conversation(a_part(ADMIN, "<p>Hi Dana</p>"))

    outcome = received(a_notification("conversation.user.replied", item))

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert outcome.reason.endswith("conversation_parts: has no message of a contact")


def test_a_file_without_words_still_arrives() -> None:
    link = "https://downloads.intercom.example/i/o/1/rash.jpg?expires=1&signature=a"
    file = {"type": "upload", "name": "rash.jpg", "content_type": "image/jpeg", "filesize": 9}
    item = a_conversation(a_part(LEAD, "", attachments=[{**file, "url": link}]))

    arrival = arrived("conversation.user.replied", item)

    assert (arrival.attachments[0].link, arrival.attachments[0].size_bytes) == (link, 9)
    assert arrival.remarks == ("message without words",)


def test_a_new_ticket_arrives_with_its_answers() -> None:
    arrival = arrived("ticket.created", a_ticket(Device="Phone"))

    assert arrival.text == "It says my account is locked.\nDevice: Phone"
    assert (arrival.subject, arrival.thread) == ("Cannot open the portal", "215472629311235")


def test_an_address_of_staff_or_of_a_robot_is_never_the_requester_s() -> None:
    requester = arrived("ticket.created", a_ticket()).requester

    assert (requester.email, requester.name) == (None, None)


def test_the_contact_s_own_part_of_a_ticket_tells_who_it_is() -> None:
    ticket = a_ticket(a_part({**LEAD, "type": "user"}, "<p>Hello?</p>"))

    assert arrived("ticket.created", ticket).requester.email == LEAD["email"]


def test_a_reply_on_a_ticket_belongs_to_it() -> None:
    said = a_part({**LEAD, "type": "user"}, "<p>Still locked.</p>")
    item = {"type": "ticket_ticket_part", "ticket": a_ticket(said), "ticket_part": said}

    arrival = arrived("ticket.contact.replied", item)

    assert (arrival.text, arrival.thread) == ("Still locked.", "215472629311235")
    assert arrival.requester.email == LEAD["email"]


def test_an_internal_ticket_gets_no_automatic_text() -> None:
    ticket = {**a_ticket(), "ticket_type": {"is_internal": True}}

    assert arrived("ticket.created", ticket).automatic


@pytest.mark.parametrize(
    "topic",
    [
        "conversation.admin.replied",
        "conversation.admin.noted",
        "conversation.admin.single.created",
        "conversation.contact.attached",
        "conversation.operator.replied",
        "conversation.read",
        "ticket.admin.replied",
        "ticket.note.created",
        "contact.created",
        "admin.logged_in",
    ],
)
def test_what_no_contact_said_is_ignored(topic: str) -> None:
    outcome = received(a_notification(topic, a_conversation()))

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)


def test_a_message_without_an_id_gets_one_that_a_repeat_gets_too() -> None:
    said = a_part(LEAD, "<p>Hello?</p>")
    first = arrived("conversation.user.replied", a_conversation(said), id=None)
    repeat = arrived(
        "conversation.user.replied", a_conversation(said), id=None, delivery_attempts=2
    )
    other = arrived("conversation.user.replied", a_conversation({**said, "id": "30"}), id=None)

    assert first.event_id.startswith("derived:sha256:")
    assert first.event_id == repeat.event_id != other.event_id


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"topic": None}, "topic: is missing"),
        (a_notification("conversation.user.created", {"id": "1"}), "is missing"),
        (a_notification("conversation.user.created", []), "data.item: must be an object"),
        (b'{"topic": "ping", "topic": "ping"}', "the body gives a key twice"),
    ],
)
def test_what_cannot_be_read_is_kept(payload: Any, reason: str) -> None:  # noqa: ANN401  JSON
    outcome = received(payload)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert reason in outcome.reason


def test_a_ticket_s_answers_of_any_kind_arrive() -> None:
    """Ticket types ask for numbers, boxes, lists and files too, not for words alone."""
    file = {"name": "rash.png", "url": "https://files.intercom.example/i/o/1/rash.png"}
    filled = {"Pain 0-10": 9, "Fever": True, "Where": ["Chest", "Arm"], "Photo": [file]}

    arrival = arrived("ticket.created", a_ticket(**filled))

    assert arrival.text == (
        "It says my account is locked.\nFever: yes\nPain 0-10: 9\nWhere: Chest, Arm"
    )
    assert [(each.name, each.link) for each in arrival.attachments] == [("rash.png", file["url"])]


def test_a_captured_conversation_of_a_lead_without_an_address_arrives() -> None:
    """As a public integration captured it: the name stands at `user`, the e-mail is empty."""
    lead = {**LEAD, "email": "", "do_not_track": None}
    said = {
        "type": "conversation_message",
        "id": "331494375",
        "url": "https://www.clinic.example/",
        "subject": "",
        "body": "<p>Hello everyone!</p>",
        "author": {"type": "user", "id": LEAD["id"]},
        "attachments": [],
    }

    arrival = arrived(
        "conversation.user.created", a_conversation(user=lead, conversation_message=said)
    )

    assert (arrival.text, arrival.requester.name) == ("Hello everyone!", "Dana Whitfield")
    assert (arrival.requester.email, arrival.thread) == (None, "21322009097")
