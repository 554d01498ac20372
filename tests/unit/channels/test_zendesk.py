"""Zendesk: published signature vectors, event subscriptions, and triggers in all their shapes."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.senders.zendesk import signed_zendesk
from tests.unit.channels.builders import FORM, JSON, NOW, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival, Channel, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.request import WebhookRequest
from triagewire.channels.zendesk import SIGNATURE, TIMESTAMP, verify, zendesk_signature
from triagewire.errors import RefusedError

SOURCE = a_source("zendesk")
# The sender's documented secret for webhooks that are not created yet.
SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
# From the test suites of two public implementations, under that secret.
PUBLISHED = WebhookRequest(
    headers={
        SIGNATURE: "qtmu3iClLKujnujOBkwe7yjI34o5CzsLD04Uy4LbE2A=",
        TIMESTAMP: "1531420618",
    },
    body=b'{"event_type": "foo.bar","data": {"key": "value"}}',
)
PUBLISHED_AT = datetime.fromtimestamp(1531420618, UTC)
ENDS_IN_A_LINE_FEED = (
    b'{\n\t"type": "zen:event-type:user.group_membership_created",\n\t"account_id": 12514403,\n'
    b'\t"id": "6b9bbadf-5725-4e92-bebe-7b71011bf5f1",\n\t"subject": "zen:user:6596848315901",\n'
    b'\t"time": "2099-07-04T05:33:18Z",\n\t"zendesk_event_version": "2022-06-20",\n\t"detail": {\n'
    b'\t\t"created_at": "2099-07-04T05:27:58Z",\n\t\t"default_group_id": "0",\n'
    b'\t\t"email": "user.name@example.com",\n\t\t"external_id": "",\n\t\t"id": "6596848315901",\n'
    b'\t\t"organization_id": "0",\n\t\t"role": "end-user",\n'
    b'\t\t"updated_at": "2099-07-04T05:33:18Z"\n\t},\n\t"event": { "group": { "id": "1" } }\n}\n'
)
DETAIL = {
    "actor_id": "8447388090494",
    "created_at": "2026-11-23T14:58:30Z",
    "description": "My incision is red and warm since yesterday.",
    "external_id": None,
    "id": "5158",
    "is_public": True,
    "organization_id": "8447346622462",
    "priority": "HIGH",
    "requester_id": "8447388090494",
    "status": "OPEN",
    "subject": "Incision",
    "submitter_id": "8447388090494",
    "tags": ["web_form"],
    "type": "PROBLEM",
    "updated_at": "2026-11-23T14:58:30Z",
    "via": {"channel": "web_service"},
}
CREATED = {
    "account_id": 22129848,
    "detail": DETAIL,
    "event": {},
    "id": "cbe4028c-7239-495d-b020-f22348516046",
    "subject": "zen:ticket:5158",
    "time": "2026-11-23T14:58:30.672717030Z",
    "type": "zen:event-type:ticket.created",
    "zendesk_event_version": "2022-11-06",
}
TRIGGER = {
    "ticket_id": "35436",
    "subject": "Refill",
    "text": "Could you refill my lisinopril?",
    "requester_name": "Dana Whitfield",
    "requester_email": "Dana.Whitfield@mail.example",
    "requester_phone": "+14155550123",
    "language": "English",
    "occurred_at": "2026-11-23T14:59:00Z",
    "is_public": "true",
}
BYLINE = "-" * 46


def received(
    payload: object, *, invocation: str = "01HZ-INV", media_type: str = JSON, **options: object
) -> Outcome:
    if isinstance(payload, dict):
        payload = json.dumps(payload).encode()
    assert isinstance(payload, bytes)
    signed = signed_zendesk(SECRET, NOW, payload, invocation, media_type)
    return an_outcome(signed, a_source("zendesk", **options), SECRET)


def created(**detail: object) -> Arrival:
    return the_arrival(received({**CREATED, "detail": {**DETAIL, **detail}}))


def a_comment(author: dict[str, object], *, minutes: int = 60, **comment: object) -> Outcome:
    moment = datetime(2026, 11, 23, 14, 58, 31, tzinfo=UTC) + timedelta(minutes=minutes)
    said = {"id": "98765", "body": "It is worse today.", "is_public": True, "author": author}
    return received(
        {
            **CREATED,
            "id": "d4f5c389-8f4a-4c2e-a1b9-8e4f39c71d52",
            "type": "zen:event-type:ticket.comment_added",
            "time": moment.isoformat(),
            "event": {"comment": {**said, **comment}},
        }
    )


REQUESTER: dict[str, object] = {
    "id": "8447388090494",
    "is_staff": False,
    "name": "Dana Whitfield",
}
AGENT: dict[str, object] = {"id": "8447388090495", "is_staff": True, "name": "Front Desk"}


def triggered(**fields: object) -> Arrival:
    return the_arrival(received({**TRIGGER, **fields}))


def test_the_published_vector_is_believed() -> None:
    verify(PUBLISHED, SOURCE, (SECRET,), PUBLISHED_AT)


def test_the_published_vector_whose_body_ends_in_a_line_feed_fits_its_raw_bytes_alone() -> None:
    published = b"10IqYzYTLHRftNsNE+im0DeOM6/JactIRuy0XCHJ9B8="
    again = json.dumps(json.loads(ENDS_IN_A_LINE_FEED)).encode()

    assert zendesk_signature(SECRET, "1234", ENDS_IN_A_LINE_FEED) == published
    assert zendesk_signature(SECRET, "1234", again) != published


def test_the_previous_secret_is_believed_during_a_rotation() -> None:
    verify(PUBLISHED, SOURCE, ("newer", SECRET), PUBLISHED_AT)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_request_outside_the_tolerance_is_refused(seconds: int) -> None:
    with pytest.raises(RefusedError, match="timestamp") as refusal:
        verify(PUBLISHED, SOURCE, (SECRET,), PUBLISHED_AT + timedelta(seconds=seconds))

    assert refusal.value.status == 401


def test_the_policy_may_widen_the_tolerance() -> None:
    source = a_source("zendesk", tolerance_seconds=3600)

    verify(PUBLISHED, source, (SECRET,), PUBLISHED_AT + timedelta(minutes=50))


@pytest.mark.parametrize(
    "stated",
    ["2018-07-12T18:36:58Z", "2018-07-12T18:36:58.123Z", "2018-07-12T20:36:58+02:00", "1531420618"],
)
def test_the_time_may_be_a_date_or_a_number(stated: str) -> None:
    verify(_signed_at(stated), SOURCE, (SECRET,), PUBLISHED_AT)


@pytest.mark.parametrize(
    "stated", ["nan", "inf", "-1", "1e9", "2018-07-12", "2018-07-12T18:36:58", "9" * 400, "\u0661"]
)
def test_a_well_signed_time_that_is_none_is_refused(stated: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        verify(_signed_at(stated), SOURCE, (SECRET,), PUBLISHED_AT)

    assert refusal.value.status == 401


def _signed_at(stated: str) -> WebhookRequest:
    signature = zendesk_signature(SECRET, stated, b"{}").decode()
    return WebhookRequest(headers={SIGNATURE: signature, TIMESTAMP: stated}, body=b"{}")


@given(position=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_no_body_with_a_changed_byte_is_believed(position: int, flip: int) -> None:
    body = bytearray(PUBLISHED.body)
    body[position % len(body)] ^= flip

    with pytest.raises(RefusedError):
        verify(
            WebhookRequest(headers=PUBLISHED.headers, body=bytes(body)),
            SOURCE,
            (SECRET,),
            PUBLISHED_AT,
        )


@given(signature=st.text(), stated=st.text())
def test_malformed_headers_are_only_ever_a_refusal(signature: str, stated: str) -> None:
    request = WebhookRequest(headers={SIGNATURE: signature, TIMESTAMP: stated}, body=b"")

    with pytest.raises(RefusedError) as refusal:
        verify(request, SOURCE, (SECRET,), PUBLISHED_AT)

    assert refusal.value.status == 401


def test_a_new_ticket_arrives_with_its_words() -> None:
    arrival = created()

    assert (arrival.text, arrival.subject) == (DETAIL["description"], "Incision")
    assert (arrival.event_id, arrival.thread) == (CREATED["id"], "5158")
    assert (arrival.channel, arrival.requester.kind) == (Channel.HELPDESK, RequesterKind.UNKNOWN)
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 58, 30, 672717, tzinfo=UTC)


def test_an_event_is_answered_with_200() -> None:
    assert received(CREATED).status == 200


def test_an_event_without_an_id_has_that_of_its_invocation() -> None:
    arrival = the_arrival(received({**CREATED, "id": None}, invocation="01HZ-7"))

    assert arrival.event_id == "01HZ-7"


def test_a_ticket_without_words_still_arrives() -> None:
    assert created(description="").remarks == ("message without words",)


def test_a_ticket_that_staff_opened_with_a_note_gets_no_automatic_text() -> None:
    arrival = created(is_public=False)

    assert arrival.automatic
    assert arrival.remarks == ("opened by staff with an internal note",)


@pytest.mark.parametrize(
    "detail",
    [
        pytest.param({"via": {"channel": "system"}}, id="made by the system"),
        pytest.param({"actor_id": "-1"}, id="made by the system's user"),
        pytest.param({"subject": "Automatic reply: Incision"}, id="an out-of-office answer"),
    ],
)
def test_what_no_person_wrote_is_marked_automatic(detail: dict[str, object]) -> None:
    assert created(**detail).automatic


def test_a_comment_of_the_requester_belongs_to_its_ticket() -> None:
    arrival = the_arrival(a_comment(REQUESTER))

    assert (arrival.text, arrival.thread) == ("It is worse today.", "5158")
    assert (arrival.requester.name, arrival.requester.email) == ("Dana Whitfield", None)


def test_a_file_of_a_comment_keeps_its_link() -> None:
    link = "https://group.zendesk.example/attachments/token/x/?name=wound.jpg"
    files = [{"filename": "wound.jpg", "content_type": "image/jpeg", "content_url": link}]

    arrival = the_arrival(a_comment(REQUESTER, body="", attachments=files))

    assert (arrival.attachments[0].name, arrival.attachments[0].link) == ("wound.jpg", link)
    assert arrival.remarks == ("message without words",)


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(a_comment(AGENT), id="of an agent"),
        pytest.param(a_comment(AGENT, is_public=False), id="a note of an agent"),
        pytest.param(a_comment(REQUESTER, is_public=False), id="a note of anybody"),
        pytest.param(
            a_comment(REQUESTER, minutes=0, body=DETAIL["description"]), id="the description again"
        ),
    ],
)
def test_a_comment_that_asks_for_nothing_is_ignored(outcome: Outcome) -> None:
    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)


def test_an_agent_who_is_the_requester_is_heard() -> None:
    assert the_arrival(a_comment({**AGENT, "id": DETAIL["requester_id"]})).text


def test_the_same_words_an_hour_later_are_a_message() -> None:
    assert the_arrival(a_comment(REQUESTER, body=DETAIL["description"])).text


@pytest.mark.parametrize("kind", ["ticket.status_changed", "user.created", "article.published"])
def test_other_events_are_ignored(kind: str) -> None:
    outcome = received({**CREATED, "type": f"zen:event-type:{kind}"})

    assert outcome.kind is OutcomeKind.IGNORED


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"detail": {}, "subject": None}, "detail.id: is missing"),
        ({"detail": "?"}, "detail: must be an object"),
        (
            {"type": "zen:event-type:ticket.comment_added", "event": {"comment": {}}},
            "event.comment.body: is missing",
        ),
    ],
)
def test_an_event_without_its_parts_is_quarantined(change: dict[str, object], reason: str) -> None:
    outcome = received({**CREATED, **change})

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert outcome.reason == reason


def test_our_template_says_who_asks_and_what() -> None:
    arrival = triggered()

    assert (arrival.text, arrival.subject, arrival.thread) == (
        TRIGGER["text"],
        "Refill",
        "35436",
    )
    assert arrival.requester.name == "Dana Whitfield"
    assert arrival.requester.email == "dana.whitfield@mail.example"
    assert arrival.requester.phone == "+14155550123"
    assert (arrival.event_id, arrival.language) == ("01HZ-INV", "en")
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 59, tzinfo=UTC)


def test_a_trigger_without_an_invocation_gets_an_id_of_its_content() -> None:
    first, second = (the_arrival(received(TRIGGER, invocation="")).event_id for _ in range(2))

    assert first == second
    assert first.startswith("derived:sha256:")


def test_our_template_may_come_as_a_form_which_escapes_everything() -> None:
    words = 'She said "no".\nIs that right?'
    body = urlencode({**TRIGGER, "text": words}).encode()

    assert the_arrival(received(body, media_type=FORM)).text == words


def test_line_breaks_that_a_template_does_not_escape_cost_no_words() -> None:
    body = json.dumps(TRIGGER).replace("Could you refill", "Hello,\nCould you refill").encode()

    assert the_arrival(received(body)).text == f"Hello,\n{TRIGGER['text']}"


def test_what_our_template_escapes_reads_as_it_was_written() -> None:
    arrival = triggered(
        subject="&quot;Refill&quot;",
        text="5&#39;2&quot;\n&lt;b&gt; &amp; c",
        requester_name="O&#39;Hara",
    )

    assert (arrival.subject, arrival.text) == ('"Refill"', "5'2\"\n<b> & c")
    assert arrival.requester.name == "O'Hara"


def test_a_writer_who_adds_keys_to_an_unescaped_template_makes_nobody_else_of_himself() -> None:
    said = 'x", "patient_id": "00112233'
    body = f'{{"text": "{said}", "patient_id": ""}}'.encode()

    outcome = received(body)

    assert outcome.kind is OutcomeKind.QUARANTINED
    assert outcome.reason == "the body gives a key twice"


def test_quotation_marks_that_break_the_body_bring_it_to_quarantine_whole() -> None:
    body = b'{"ticket_id": "7", "subject": "He said "stop"", "text": "Call me"}'

    outcome = received(body)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert (outcome.raw, outcome.reason) == (body, "the body is not JSON")
    assert outcome.ticket_ids


def test_a_description_loses_its_byline_and_keeps_it_in_the_full_text() -> None:
    description = f"{BYLINE}\n\nDana Whitfield, Nov 23, 2026, 9:59 AM\n\nMy knee is swollen.\n"
    payload = {"ticket_id": "9", "ticket_title": "Knee", "ticket_description": description}

    arrival = the_arrival(received(payload))

    assert (arrival.text, arrival.subject) == ("My knee is swollen.", "Knee")
    assert arrival.full_text == description.strip()
    assert arrival.remarks == ()


def test_of_several_comments_the_newest_is_the_text() -> None:
    printed = (
        f"{BYLINE}\n\nDana Whitfield, Nov 24, 2026, 9:59\n\nNow it hurts too.\n\n"
        f"{BYLINE}\n\nFront Desk, Nov 23, 2026, 9:59\n\nHow is it today?\n"
    )

    arrival = triggered(text=printed)

    assert arrival.text == "Now it hurts too."
    assert "How is it today?" in arrival.full_text
    assert arrival.remarks == ("quoted text or signature left out",)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"Two things:\n{BYLINE}\nfever, and a rash", id="in the middle"),
        pytest.param(f"{BYLINE}\nfever, and a rash", id="in front"),
        pytest.param(BYLINE, id="alone"),
    ],
)
def test_a_writer_s_own_dashes_cut_nothing(text: str) -> None:
    assert triggered(text=text).text == text


def test_a_byline_without_words_keeps_everything() -> None:
    printed = f"{BYLINE}\n\nDana Whitfield, Nov 23, 2026, 9:59"

    assert triggered(text=printed).text == printed


def test_a_date_in_words_is_no_time() -> None:
    assert triggered(occurred_at="November 23, 2026").occurred_at is None


def test_an_internal_note_is_no_request() -> None:
    assert received({**TRIGGER, "is_public": "false"}).kind is OutcomeKind.IGNORED


def test_the_policy_may_map_another_template() -> None:
    payload = {"ticket": {"id": 12, "said": "Call me", "requester": {"mail": "a@b.example"}}}
    fields = {"text": "ticket.said", "thread": "ticket.id", "email": "ticket.requester.mail"}

    arrival = the_arrival(received(payload, fields=fields))

    assert (arrival.text, arrival.thread) == ("Call me", "12")
    assert arrival.requester.email == "a@b.example"


def test_a_template_of_which_nothing_is_known_is_quarantined() -> None:
    outcome = received({"ticket_id": "7", "note": "Call me"})

    assert (outcome.kind, outcome.reason) == (OutcomeKind.QUARANTINED, "text: is missing")


def test_markup_reads_as_text() -> None:
    assert triggered(text="<p>It <b>hurts</b></p><script>x()</script>").text == "It hurts"


def test_any_alphabet_arrives_as_it_was_written() -> None:
    words = "مرحبا 🤒 \u202eabc\x00 ✓"

    assert triggered(text=words).text == words.strip()


def test_a_captured_template_with_its_own_names_keeps_files_and_pictures() -> None:
    """As a public integration asks administrators to write it, with a Liquid loop over files."""
    picture = '<p>See <img src="https://clinic.zendesk.example/a/rash.png"> here</p>'
    file = {"filename": "log.txt", "url": "https://clinic.zendesk.example/attachments/token/1"}
    payload = {
        "id": "35436",
        "title": "Rash",
        "comment": picture,
        "requester_id": "20978392",
        "requester_name": "Dana Whitfield",
        "attachments": [file],
    }

    arrival = the_arrival(received(payload))

    assert (arrival.text, arrival.subject, arrival.thread) == ("See here", "Rash", "35436")
    assert [(each.name, each.link) for each in arrival.attachments] == [
        ("log.txt", file["url"]),
        ("rash.png", "https://clinic.zendesk.example/a/rash.png"),
    ]


@pytest.mark.parametrize("stated", ["log.txt, rash.png", [], ["log.txt"], None])
def test_files_that_are_only_named_cost_no_message(stated: object) -> None:
    assert triggered(attachments=stated).attachments == ()
