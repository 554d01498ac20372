"""Microsoft Teams: the signature of an outgoing webhook, and what staff read as an answer."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.senders.teams import signed_teams
from tests.unit.channels.builders import NOW, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival, Channel, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.request import WebhookRequest
from triagewire.channels.teams import verify
from triagewire.errors import RefusedError

SOURCE = a_source("teams")
SECRET = base64.b64encode(b"synthetic security token 32 byte").decode()
CONVERSATION = "19:253b1f341670408fb6fe51050b6e5ceb@thread.skype;messageid=1532374393188"
MARKUP = (
    '<div><div><span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">'
    "Triagewire</span>&nbsp;the label printer is offline</div>\n</div>"
)
MESSAGE: dict[str, object] = {
    "type": "message",
    "id": "1532374393188",
    "timestamp": "2026-11-23T14:59:13.188Z",
    "localTimestamp": "2026-11-23T06:59:13.1882432-08:00",
    "serviceUrl": "https://smba.example/amer/",
    "channelId": "msteams",
    "from": {
        "id": "29:1fTQxtvlfFS2",
        "name": "Priya N.",
        "aadObjectId": "8c1e6d1e-0a51-4d0f-9f40-3c6f5d1f4f10",
    },
    "conversation": {"isGroup": True, "id": CONVERSATION, "name": "IT help"},
    "recipient": None,
    "textFormat": "plain",
    "attachments": [{"contentType": "text/html", "content": MARKUP}],
    "entities": [{"type": "clientInfo", "locale": "en-US", "country": "US"}],
    "text": "<at>Triagewire</at>&nbsp;the label printer is offline\n",
    "locale": "en-US",
}


def received(**fields: object) -> Outcome:
    return posted(json.dumps({**MESSAGE, **fields}).encode())


def posted(body: bytes) -> Outcome:
    return an_outcome(signed_teams(SECRET, body), SOURCE, SECRET)


def arrived(**fields: object) -> Arrival:
    return the_arrival(received(**fields))


def said(outcome: Outcome) -> str:
    answer = json.loads(outcome.body)
    assert answer["type"] == "message"
    return str(answer["text"])


def believe(authorization: str, body: bytes = b"{}", *secrets: str) -> None:
    request = WebhookRequest(headers={"authorization": authorization}, body=body)
    verify(request, SOURCE, secrets or (SECRET,), NOW)


def test_the_signature_of_the_documentation_is_believed() -> None:
    body = '{"text": "ça va"}'.encode()
    digest = hmac.new(base64.b64decode(SECRET), body, hashlib.sha256).digest()

    believe(f"HMAC {base64.b64encode(digest).decode()}", body)
    believe(f"HMAC {base64.b64encode(digest).decode()}", body, "no base64!", SECRET)


def test_the_token_is_decoded_and_not_used_as_it_is_written() -> None:
    digest = hmac.new(SECRET.encode(), b"{}", hashlib.sha256).digest()

    with pytest.raises(RefusedError):
        believe(f"HMAC {base64.b64encode(digest).decode()}")


@pytest.mark.parametrize("secret", ["", "no base64!", "ключ"])
def test_a_token_that_is_no_key_believes_nothing(secret: str) -> None:
    digest = hmac.new(b"", b"{}", hashlib.sha256).digest()

    with pytest.raises(RefusedError):
        believe(f"HMAC {base64.b64encode(digest).decode()}", b"{}", secret)


@given(authorization=st.text() | st.text().map("HMAC {}".format), body=st.binary())
def test_malformed_requests_are_only_ever_a_refusal(authorization: str, body: bytes) -> None:
    with pytest.raises(RefusedError) as refusal:
        believe(authorization, body)

    assert refusal.value.status == 401


@given(position=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_no_body_with_a_changed_byte_is_believed(position: int, flip: int) -> None:
    headers, body = signed_teams(SECRET, b'{"type":"message","text":"help"}')
    changed = bytearray(body)
    changed[position % len(body)] ^= flip

    with pytest.raises(RefusedError):
        believe(headers["Authorization"], bytes(changed))


def test_a_message_arrives_from_staff() -> None:
    arrival = arrived()

    assert arrival.text == "the label printer is offline"
    assert arrival.event_id == f"{CONVERSATION}:1532374393188"
    assert (arrival.channel, arrival.requester.kind) == (Channel.CHAT, RequesterKind.STAFF)
    assert arrival.requester.name == "Priya N."
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 59, 13, 188000, tzinfo=UTC)
    assert arrival.attachments == ()


def test_the_person_is_told_the_ticket() -> None:
    outcome = received()

    assert outcome.status == 200
    assert outcome.ticket_ids[0] in said(outcome)


def test_a_reply_belongs_to_the_thread_it_answers() -> None:
    assert arrived(id="1532374400000").thread == arrived().thread == CONVERSATION


def test_a_chat_without_threads_is_not_one_long_conversation() -> None:
    chat = {"id": "19:chat@thread.v2"}

    first, second = arrived(conversation=chat, id="1"), arrived(conversation=chat, id="2")

    assert first.thread != second.thread


def test_a_local_time_of_seven_digits_is_read() -> None:
    arrival = arrived(timestamp=None)

    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 59, 13, 188243, tzinfo=UTC)


def test_a_mentioned_colleague_keeps_the_name() -> None:
    mention = {
        "type": "mention",
        "text": "<at>Lee</at>",
        "mentioned": {"id": "29:9", "name": "Lee"},
    }
    text = "<at>Triagewire</at> <at>Lee</at> cannot log in"

    assert arrived(text=text, entities=[mention]).text == "@Lee cannot log in"


def test_marks_and_markup_read_as_a_person_sees_them() -> None:
    text = "<at>Triagewire</at>&nbsp;<p>error &lt;4711&gt;</p><p>in room&nbsp;4 &amp; 5</p>"

    assert arrived(text=text).text == "error <4711>\nin room 4 & 5"


def test_a_message_only_in_markup_arrives() -> None:
    assert arrived(text="").text == "the label printer is offline"


def test_a_file_keeps_its_link() -> None:
    link = "https://group.sharepoint.example/sites/it/error.png"
    file = {"contentType": "image/png", "name": "error.png", "contentUrl": link}

    arrival = arrived(text="<at>Triagewire</at>", attachments=[file])

    assert (arrival.attachments[0].name, arrival.attachments[0].link) == ("error.png", link)
    assert arrival.remarks == ("message without words",)


@pytest.mark.parametrize("text", ["<at>Triagewire</at>&nbsp;\n", "", None])
def test_a_mention_without_words_gets_a_hint(text: str | None) -> None:
    outcome = received(text=text, attachments=[])

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)
    assert "after the name" in said(outcome)


def test_something_else_than_a_message_is_ignored() -> None:
    assert received(type="conversationUpdate").kind is OutcomeKind.IGNORED


def test_somebody_without_a_name_is_named_by_the_directory_s_id() -> None:
    who = {"id": "29:1", "aadObjectId": "8c1e6d1e"}

    assert arrived(**{"from": who}).requester.name == "8c1e6d1e"


@pytest.mark.parametrize("missing", ["id", "conversation"])
def test_a_message_without_an_id_gets_one_of_its_content(missing: str) -> None:
    assert arrived(**{missing: None}).event_id.startswith("derived:sha256:")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{}", "type: is missing"),
        (b'{"type": "message", "text": 7}', "text: must be text"),
        (b'{"type": "message", "attachments": "x"}', "attachments: must be a list"),
        (b"[]", "body: must be an object"),
    ],
)
def test_what_cannot_be_read_is_kept_and_the_person_is_told_so(body: bytes, reason: str) -> None:
    outcome = posted(body)

    assert (outcome.kind, outcome.reason) == (OutcomeKind.QUARANTINED, reason)
    assert outcome.ticket_ids[0] in said(outcome)
