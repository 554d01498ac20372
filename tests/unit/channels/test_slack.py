"""Slack: the published signature vector, and what becomes of each callback."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.senders.slack import signed_slack
from tests.unit.channels.builders import NOW, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival, Channel, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.request import WebhookRequest
from triagewire.channels.slack import verify
from triagewire.errors import RefusedError

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
SOURCE = a_source("slack")
# From the sender's documentation on verifying requests.
PUBLISHED = WebhookRequest(
    headers={
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    },
    body=(
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2F"
        b"commands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    ),
)
PUBLISHED_AT = datetime.fromtimestamp(1531420618, UTC)


def received(payload: dict[str, object], *, command: bool = False) -> Outcome:
    return an_outcome(signed_slack(SECRET, NOW, payload, command=command), SOURCE, SECRET)


def an_event(**event: object) -> dict[str, object]:
    said = {
        "type": "message",
        "user": "U123",
        "channel": "C77",
        "ts": "1763910000.000200",
        "text": "The label printer in room 4 is offline",
        **event,
    }
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev0123", "event": said}


def a_command(**fields: object) -> dict[str, object]:
    usual = {"command": "/it", "user_id": "U123", "user_name": "kim", "trigger_id": "13.37.abc"}
    return {**usual, "text": "cannot log in to the EHR", **fields}


def arrived(**event: object) -> Arrival:
    return the_arrival(received(an_event(**event)))


def test_the_published_vector_is_believed() -> None:
    verify(PUBLISHED, SOURCE, (SECRET,), PUBLISHED_AT)


def test_the_published_vector_is_refused_six_minutes_later() -> None:
    with pytest.raises(RefusedError, match="x-slack-request-timestamp"):
        verify(PUBLISHED, SOURCE, (SECRET,), PUBLISHED_AT + timedelta(minutes=6))


@given(position=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_no_body_with_a_changed_byte_is_believed(position: int, flip: int) -> None:
    body = bytearray(PUBLISHED.body)
    body[position % len(body)] ^= flip
    changed = WebhookRequest(headers=PUBLISHED.headers, body=bytes(body))

    with pytest.raises(RefusedError):
        verify(changed, SOURCE, (SECRET,), PUBLISHED_AT)


@given(signature=st.text(), seconds=st.text())
def test_malformed_headers_are_only_ever_a_refusal(signature: str, seconds: str) -> None:
    headers = {"x-slack-signature": signature, "x-slack-request-timestamp": seconds}

    with pytest.raises(RefusedError) as refusal:
        verify(WebhookRequest(headers=headers, body=b""), SOURCE, (SECRET,), PUBLISHED_AT)

    assert refusal.value.status == 401


def test_the_challenge_is_answered() -> None:
    outcome = received({"type": "url_verification", "challenge": "3eZbrw1aBm2rZgRNFdxV2595"})

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)
    assert json.loads(outcome.body) == {"challenge": "3eZbrw1aBm2rZgRNFdxV2595"}


def test_a_message_arrives_from_staff() -> None:
    arrival = arrived()

    assert arrival.text == "The label printer in room 4 is offline"
    assert (arrival.event_id, arrival.thread) == ("Ev0123", "C77:1763910000.000200")
    assert (arrival.channel, arrival.requester.kind) == (Channel.CHAT, RequesterKind.STAFF)
    assert arrival.occurred_at == datetime(2025, 11, 23, 15, 0, tzinfo=UTC)


def test_a_reply_belongs_to_the_thread_it_answers() -> None:
    assert arrived(thread_ts="1763900000.000100").thread == "C77:1763900000.000100"


def test_marks_read_as_a_person_sees_them() -> None:
    text = "<@UBOT1> ask <@U9|lee> in <#C2|ops>: <https://e.example|the page> &amp; &lt;here&gt;"

    assert arrived(text=text).text == "ask @lee in #ops: the page (https://e.example) & <here>"


def test_a_file_without_words_still_arrives() -> None:
    link = "https://files.slack.example/files-pri/T1-F1/error.png"
    files = [{"name": "error.png", "mimetype": "image/png", "size": 2048, "url_private": link}]

    arrival = arrived(text="", subtype="file_share", files=files)

    assert (arrival.attachments[0].name, arrival.attachments[0].size_bytes) == ("error.png", 2048)
    assert arrival.attachments[0].link == link


def test_a_link_that_is_no_web_address_is_not_kept() -> None:
    files = [
        {"name": "x", "url_private": "javascript:alert(1)", "permalink": "https://a.example/x"}
    ]

    assert arrived(files=files).attachments[0].link == "https://a.example/x"


def test_a_message_of_blanks_still_arrives() -> None:
    assert arrived(text="  ").remarks == ("message without words",)


def test_a_shared_message_is_heard_too() -> None:
    shared = [{"is_share": True, "text": "the EHR is down", "fallback": "[9:41] lee: the EHR"}]

    alone, commented = arrived(text="", attachments=shared), arrived(attachments=shared)

    assert alone.text == "the EHR is down"
    assert commented.text == "The label printer in room 4 is offline"
    assert commented.full_text == f"{commented.text}\n\nthe EHR is down"


def test_a_repeat_is_the_same_event() -> None:
    first = received(an_event())
    headers, body = signed_slack(SECRET, NOW, an_event())
    again = {**headers, "X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}

    repeat = an_outcome((again, body), SOURCE, SECRET)

    assert (repeat.ticket_ids, repeat.body) == (first.ticket_ids, first.body)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({"bot_id": "B1"}, id="a bot"),
        pytest.param({"subtype": "message_changed"}, id="an edit"),
        pytest.param({"subtype": "channel_join"}, id="a join"),
        pytest.param({"type": "reaction_added"}, id="a reaction"),
    ],
)
def test_what_no_person_wrote_is_ignored(event: dict[str, object]) -> None:
    assert received(an_event(**event)).kind is OutcomeKind.IGNORED


def test_a_command_arrives() -> None:
    arrival = the_arrival(received(a_command(), command=True))

    assert arrival.text == "cannot log in to the EHR"
    assert (arrival.event_id, arrival.requester.name) == ("13.37.abc", "kim")


def test_a_command_is_told_its_ticket() -> None:
    outcome = received(a_command(), command=True)

    assert outcome.status == 200
    assert outcome.ticket_ids[0] in json.loads(outcome.body)["text"]


def test_an_empty_command_gets_a_hint() -> None:
    outcome = received(a_command(text=""), command=True)

    assert outcome.kind is OutcomeKind.IGNORED
    assert json.loads(outcome.body)["response_type"] == "ephemeral"


def a_shortcut(kind: str = "message_action", **message: object) -> dict[str, object]:
    said = {"type": "message", "user": "U9", "ts": "1763910000.000200", "text": "EHR is slow"}
    payload = {
        "type": kind,
        "callback_id": "ticket",
        "trigger_id": "13.37.def",
        "team": {"id": "T1"},
        "channel": {"id": "C77", "name": "general"},
        "user": {"id": "U123", "name": "kim"},
        "message": {key: value for key, value in {**said, **message}.items() if value is not None},
    }
    return {"payload": json.dumps(payload)}


def test_a_shortcut_makes_a_ticket_of_somebody_s_message() -> None:
    arrival = the_arrival(received(a_shortcut(), command=True))

    assert (arrival.text, arrival.requester.name) == ("EHR is slow", "U9")
    assert (arrival.event_id, arrival.thread) == (
        "T1:C77:1763910000.000200",
        "C77:1763910000.000200",
    )


def test_of_a_robot_s_message_the_requester_is_who_pressed() -> None:
    outcome = received(a_shortcut(bot_id="B1", user=None), command=True)

    assert the_arrival(outcome).requester.name == "kim"


def test_other_buttons_and_dialogues_are_ignored_with_an_empty_answer() -> None:
    outcome = received(a_shortcut("view_submission"), command=True)

    assert (outcome.kind, outcome.status, outcome.body) == (OutcomeKind.IGNORED, 200, "")


@pytest.mark.parametrize("payload", ["{", "[]", '{"type": "message_action"}'])
def test_an_unreadable_shortcut_is_kept(payload: str) -> None:
    outcome = received({"payload": payload}, command=True)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)


def test_an_event_without_an_id_is_named_by_its_place_in_the_channel() -> None:
    payload = {**an_event(), "event_id": None}

    assert the_arrival(received(payload)).event_id == "T1:C77:1763910000.000200"


def test_an_unreadable_event_is_kept_and_answered_with_200() -> None:
    outcome = received({"type": "event_callback", "event": "?"})

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert outcome.reason == "event: must be an object"


def test_a_long_paste_that_slack_made_a_snippet_is_heard() -> None:
    file = {
        "id": "F04EEHX1EES",
        "name": "Untitled",
        "title": "Untitled",
        "mimetype": "text/plain",
        "filetype": "text",
        "mode": "snippet",
        "size": 12,
        "url_private": "https://files.slack.example/files-pri/T0-F04/untitled",
        "preview": "The fax queue is stuck since nine",
    }

    alone = arrived(text="", subtype="file_share", files=[file])
    beside = arrived(text="please look", subtype="file_share", files=[file])

    assert (alone.text, alone.remarks) == ("The fax queue is stuck since nine", ())
    assert beside.text == "please look"
    assert beside.full_text == "please look\n\nThe fax queue is stuck since nine"


def test_what_a_spoken_clip_says_is_heard() -> None:
    said = {"content": "The label printer is on fire", "has_more": False}
    clip = {
        "name": "audio_message.m4a",
        "subtype": "slack_audio",
        "mimetype": "audio/mp4",
        "transcription": {"status": "complete", "locale": "en-US", "preview": said},
    }

    arrival = arrived(text="", subtype="file_share", files=[clip])

    assert arrival.text == "The label printer is on fire"


def test_words_that_stand_in_blocks_alone_are_heard() -> None:
    """Some programs send blocks without the plain text beside them."""
    words = [{"type": "text", "text": "Scanner "}, {"type": "link", "url": "https://it.example"}]
    items = [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": each}]}
        for each in ("room 4", "room 5")
    ]
    blocks = [
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": words},
                {"type": "rich_text_list", "style": "bullet", "elements": items},
            ],
        },
        {"type": "section", "text": {"type": "mrkdwn", "text": "is &lt;down&gt;"}},
    ]

    arrival = arrived(text="", blocks=blocks)

    assert arrival.text == "Scanner https://it.example\nroom 4\nroom 5\nis <down>"


def test_a_captured_message_that_only_forwards_another_arrives_with_its_words() -> None:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": "VPN is out"}]}
    inner = {"blocks": [{"type": "rich_text", "block_id": "TNHa4", "elements": [section]}]}
    shared = {
        "from_url": "https://clinic.slack.example/archives/C043/p1665615886364019",
        "ts": "1665615886.364019",
        "author_id": "U043H11ES4V",
        "is_msg_unfurl": True,
        "message_blocks": [{"team": "T0", "channel": "C043", "message": inner}],
        "is_share": True,
        "fallback": "[October 12th, 2022 4:04 PM] kim: VPN is out",
        "text": "VPN is out",
        "footer": "Posted in #it",
    }

    assert arrived(text="", attachments=[shared]).text == "VPN is out"


def test_a_file_of_another_workspace_has_neither_name_nor_link() -> None:
    hidden = {"id": "F12345678", "mode": "file_access", "file_access": "check_file_info"}

    arrival = arrived(text="see the file", subtype="file_share", files=[hidden])

    assert [(each.name, each.link) for each in arrival.attachments] == [("unnamed", "")]


def test_slack_s_own_robot_has_no_bot_id_and_is_no_person() -> None:
    assert received(an_event(user="USLACKBOT", text="I'm a bot")).kind is OutcomeKind.IGNORED
