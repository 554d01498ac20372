"""Jotform: the answers of `rawRequest`, and our own secret in none of what is kept."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest

from ops.senders.jotform import BOUNDARY, multipart
from tests.unit.channels.builders import FORM, NOW, URL, a_request, a_source, the_arrival
from triagewire.arrival import Arrival, Attachment, Channel, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive

KEY = "s3cret/with+odd=signs"
RAW: dict[str, object] = {
    "slug": "submit/230583697150159/",
    "jsExecutionTracker": "build-date-1700000000=>init-started:1",
    "submitSource": "form",
    "buildDate": "1700000000",
    "q3_name": {"first": "Rae", "last": "Lindqvist"},
    "q4_email": "Rae@mail.example",
    "q5_phoneNumber": {"full": "(415) 555-0132"},
    "q6_dateOfBirth": {"month": "3", "day": "15", "year": "1988"},
    "q7_describeYour": "My inhaler is empty.\r\nCan I come today?",
    "q8_subject": "",
    "q9_symptoms": ["Cough", "Wheeze: at night, mostly"],
    "q10_typeA": {"Row, one": "Often", "Row two": ""},
    "event_id": "1700000000_230583697150159_x",
    "uploadServerUrl": "https://upload.jotform.example/upload",
    "path": "/submit/230583697150159/",
}
POSTED = {
    "action": "",
    "webhookURL": f"{URL}?key={KEY}",
    "username": "lakeside",
    "formID": "230583697150159",
    "type": "WEB",
    "formTitle": "Contact us",
    "submissionID": "5308741572752112119",
    "subject": "",
    "ip": "203.0.113.7",
    "pretty": "Name:Rae Lindqvist, Symptoms:Cough Wheeze: at night, mostly",
}
MAP = {"text": "q7_describeYour", "name": "3", "email": "q4", "phone": "phoneNumber"}


def posted(
    raw: object = None,
    key: str = KEY,
    body: bytes | None = None,
    fields: Mapping[str, str] | None = None,
) -> Outcome:
    filled = {**POSTED, "rawRequest": json.dumps(RAW if raw is None else raw)}
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    request = a_request((headers, multipart(filled) if body is None else body))
    request = replace(request, url=f"{URL}?key={key}", query={"key": key} if key else {})
    source = a_source("jotform", fields=fields) if fields else a_source("jotform")
    return receive(request, source, (KEY, "an-older-key"), NOW)


def arrived(raw: object = None, **fields: str) -> Arrival:
    return the_arrival(posted(raw, fields=fields))


def test_a_mapped_form_says_who_asks_and_what() -> None:
    arrival = arrived(**MAP, date_of_birth="q6_dateOfBirth")

    assert (arrival.channel, arrival.event_id) == (Channel.WEB, "5308741572752112119")
    who = arrival.requester
    assert (who.name, who.email, who.phone) == ("Rae Lindqvist", "rae@mail.example", "+14155550132")
    assert (who.kind, who.date_of_birth) == (RequesterKind.UNKNOWN, date(1988, 3, 15))
    assert arrival.text == (
        "My inhaler is empty.\r\nCan I come today?\n"
        "symptoms: Cough, Wheeze: at night, mostly\ntype a: Row, one: Often"
    )


def test_without_a_map_shapes_and_names_decide_and_the_rest_is_text() -> None:
    arrival = arrived()

    who = arrival.requester
    assert (who.name, who.email, who.phone) == ("Rae Lindqvist", "rae@mail.example", "+14155550132")
    assert who.date_of_birth == date(1988, 3, 15)
    assert arrival.text.startswith("describe your: My inhaler is empty.")


def test_an_id_of_nineteen_digits_keeps_every_digit() -> None:
    assert posted().ticket_ids == posted().ticket_ids
    assert arrived().event_id == "5308741572752112119"


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ({"area": "415", "phone": "555-0132"}, "415 555-0132"),
        (
            {"addr_line1": "4 Elm Street", "city": "Riverside"},
            "addr line1: 4 Elm Street; city",
        ),
        ({"year": "2026", "month": "11", "day": "3", "hour": "9", "min": "30"}, "2026-11-03 9, 30"),
        ({"prefix": "Dr", "first": "Rae", "last": ""}, "Dr Rae"),
        ([["a", 1], {"b": None}], "a, 1"),
        (5, "5"),
        (True, "yes"),
        ("data:image/png;base64," + "A" * 200_000, "(embedded file)"),
    ],
)
def test_a_value_of_any_shape_is_put_in_words(value: object, line: str) -> None:
    arrival = arrived({"q1_text": "Hello", "q2_odd": value}, text="q1_text", subject="none")

    assert arrival.text.startswith(f"Hello\nodd: {line}")


def test_the_number_that_jotform_puts_behind_a_name_is_no_part_of_the_question() -> None:
    assert arrived({"q12_whatHappened12": "I fell."}).text == "what happened: I fell."


def test_uploads_stand_under_names_without_a_number() -> None:
    link = "https://www.jotform.example/uploads/lakeside/230583697150159/5308741/my%20rash.jpg"

    arrival = arrived({"q1_text": "See the picture", "uploadPhotos": [link]}, text="q1")

    assert arrival.attachments == (Attachment(name="my rash.jpg", link=link),)
    assert arrival.text == "See the picture"


def test_an_address_that_somebody_typed_is_text() -> None:
    arrival = arrived({"q1_site": "https://www.rae.example/blog"})

    assert (arrival.attachments, arrival.text) == ((), "site: https://www.rae.example/blog")


def test_a_form_without_words_is_a_ticket_with_a_remark() -> None:
    arrival = arrived({"q1_text": ""})

    assert (arrival.text, arrival.remarks) == ("", ("form without words",))


def test_our_secret_is_in_nothing_that_is_made_of_a_submission() -> None:
    assert KEY not in repr(arrived())


@pytest.mark.parametrize("echo", [KEY, quote(KEY, safe=""), quote(KEY)])
def test_our_secret_is_taken_out_of_a_body_that_is_kept(echo: str) -> None:
    body = multipart({"webhookURL": f"{URL}?key={echo}", "rawRequest": "{", "pretty": "Rash"})

    outcome = posted(body=body)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert echo.encode() not in outcome.raw
    assert b"Rash" in outcome.raw


@pytest.mark.parametrize("raw", ["", "{", "[]", '{"q1_a": 1, "q1_a": 2}', "null"])
def test_a_request_without_readable_answers_is_quarantined(raw: str) -> None:
    outcome = posted(body=multipart({**POSTED, "rawRequest": raw}))

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)


def test_a_body_that_is_no_multipart_is_quarantined() -> None:
    assert posted(body=b"rawRequest={}").kind is OutcomeKind.QUARANTINED


def test_the_same_fields_may_come_urlencoded() -> None:
    body = f"submissionID=53&rawRequest={quote(json.dumps(RAW))}".encode()
    request = replace(a_request(({"Content-Type": FORM}, body)), query={"key": KEY})

    assert the_arrival(receive(request, a_source("jotform"), (KEY,), NOW)).event_id == "53"


def test_the_older_of_two_live_secrets_is_believed() -> None:
    assert posted(key="an-older-key").kind is OutcomeKind.ACCEPTED


@pytest.mark.parametrize("key", ["", "wrong", KEY.upper(), "ключ", "\udc80", "\x00", f"{KEY} "])
def test_a_wrong_key_is_a_401(key: str) -> None:
    assert posted(key=key).status == 401


@pytest.mark.parametrize("words", ["مرحبا 🤒", "a\x00b", "\ud800half"])
def test_any_writing_arrives(words: str) -> None:
    assert arrived({"q1_text": words}, text="q1").text.encode()


def test_captured_widgets_that_nobody_filled_in_say_nothing() -> None:
    """A submission that a public integration captured: length and time zone of no appointment."""
    filled = {
        "q33_typeOf": "Online",
        "q28_appointment": {
            "implementation": "new",
            "date": "",
            "duration": "60",
            "timezone": "America/Chicago (GMT-06:00)",
        },
        "q15_date": {"month": "", "day": "", "year": ""},
        "q19_table": {"colIds": '["0","1"]', "rowIds": '["0","1"]'},
        "temp_upload": {"q5_identityProof": ["Card.png#jotformfs-e4f4ece4d0a90"]},
        "validatedNewRequiredFieldIDs": '{"new":1}',
        "identityProof": [
            "https://www.jotform.example/uploads/lakeside/243/611/Card_%21_%24%26%27%28%29_%2C-~%20.png"
        ],
    }

    arrival = arrived(filled)

    assert arrival.text == "type of: Online"
    assert [each.name for each in arrival.attachments] == ["Card_!_$&'()_,-~ .png"]


def test_a_chosen_appointment_arrives() -> None:
    chosen = {"implementation": "new", "date": "2026-11-30 10:00", "duration": "60"}

    assert arrived({"q28_appointment": chosen}).text == (
        "appointment: date: 2026-11-30 10:00; duration: 60"
    )


def test_captured_answers_keep_their_colons_commas_and_semicolons() -> None:
    filled = {
        "q10_nameHehe": "Value1 with colon: and comma, end",
        "q23_multipleChoice": ["Option; 1", "Option2"],
        "event_id": "1743982445903_243490908500051_4IYtoJz",
        "timeToSubmit": "11",
    }

    assert arrived(filled).text == (
        "name hehe: Value1 with colon: and comma, end\nmultiple choice: Option; 1, Option2"
    )
