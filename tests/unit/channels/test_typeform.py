"""Typeform: answers joined with their questions, and none of them lost."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import pytest

from ops.senders.typeform import signed_typeform
from tests.unit.channels.builders import a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival, Attachment, Channel, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind

SECRET = "a-secret-that-was-typed-in-at-typeform"
TEXT = {"id": "DlXFaesGBpoF", "ref": "how_can_we_help", "type": "long_text"}
EMAIL = {"id": "SMEUb7VJz92Q", "ref": "your_email", "type": "email"}
PHONE = {"id": "JwWggjAKtOkA", "ref": "your_phone", "type": "phone_number"}
NAME = {"id": "KoJxDM3c6x8h", "ref": "your_name", "type": "short_text"}
BORN = {"id": "k6TP9oLGgHjl", "ref": "born_on", "type": "date"}
TITLES = {
    TEXT["id"]: "Thanks, {{field:your_name}}! How can we help?",
    EMAIL["id"]: "Your e-mail address",
    PHONE["id"]: "Your phone number",
    NAME["id"]: "What is your name?",
    BORN["id"]: "When were you born?",
}
FIELDS: list[Mapping[str, object]] = [
    {**each, "title": TITLES[each["id"]]} for each in (NAME, TEXT, EMAIL, PHONE, BORN)
]
ANSWERS: list[Mapping[str, object]] = [
    {"type": "text", "text": "Rae Lindqvist", "field": NAME},
    {"type": "text", "text": "My inhaler is empty.\nCan I come today?", "field": TEXT},
    {"type": "email", "email": "Rae@mail.example", "field": EMAIL},
    {"type": "phone_number", "phone_number": "+14155550132", "field": PHONE},
    {"type": "date", "date": "1988-03-15", "field": BORN},
]
MAP = {
    "text": "how_can_we_help",
    "name": "your_name",
    "email": "your_email",
    "phone": "your_phone",
    "date_of_birth": "born_on",
    "patient_id": "mrn",
}


def a_response(
    answers: Sequence[Mapping[str, object]] = ANSWERS,
    fields: Sequence[Mapping[str, object]] | None = None,
    **more: object,
) -> dict[str, object]:
    return {
        "event_id": "01H8VC2RDR18TTZ8R4W81JX5CH",
        "event_type": "form_response",
        "form_response": {
            "form_id": "lT4Z3j",
            "token": "a3a12ec67a1365927098a606107fac15",
            "landed_at": "2026-11-23T14:55:02Z",
            "submitted_at": "2026-11-23T14:58:31Z",
            "definition": {"id": "lT4Z3j", "title": "Contact us", "fields": fields or FIELDS},
            "answers": answers,
            **more,
        },
    }


def taken(payload: dict[str, object], **fields: str) -> Outcome:
    source = a_source("typeform", fields=fields) if fields else a_source("typeform")
    return an_outcome(signed_typeform(SECRET, payload), source, SECRET)


def arrived(payload: dict[str, object], **fields: str) -> Arrival:
    return the_arrival(taken(payload, **fields))


def answering(question: Mapping[str, object], **answer: object) -> Arrival:
    """The arrival of a form with one question besides the long one."""
    asked = [*FIELDS, {**question, "title": "Which one?"}]
    return arrived(a_response([ANSWERS[1], {**answer, "field": question}], asked), **MAP)


def last_line(arrival: Arrival) -> str:
    return arrival.text.splitlines()[-1]


def test_a_mapped_form_says_who_asks_and_what() -> None:
    arrival = arrived(a_response(hidden={"mrn": "00112233"}), **MAP)

    assert (arrival.channel, arrival.event_id) == (Channel.WEB, "01H8VC2RDR18TTZ8R4W81JX5CH")
    assert arrival.text == "My inhaler is empty.\nCan I come today?"
    who = arrival.requester
    assert (who.name, who.email, who.phone) == ("Rae Lindqvist", "rae@mail.example", "+14155550132")
    assert (who.patient_id, who.date_of_birth) == ("00112233", date(1988, 3, 15))
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 58, 31, tzinfo=UTC)


def test_anybody_can_fill_in_a_form_so_nobody_is_known_by_it() -> None:
    assert arrived(a_response(), **MAP).requester.kind is RequesterKind.UNKNOWN


def test_the_policy_may_say_who_fills_a_form_in() -> None:
    source = a_source("typeform", requester_kind="staff")

    arrival = the_arrival(an_outcome(signed_typeform(SECRET, a_response()), source, SECRET))

    assert arrival.requester.kind is RequesterKind.STAFF


def test_without_a_map_the_types_of_the_questions_decide() -> None:
    arrival = arrived(a_response())

    assert arrival.text == (
        "My inhaler is empty.\nCan I come today?\n"
        "What is your name?: Rae Lindqvist\nWhen were you born?: 1988-03-15"
    )
    assert (arrival.requester.email, arrival.requester.phone) == (
        "rae@mail.example",
        "+14155550132",
    )


def test_of_two_addresses_none_is_taken_for_the_requester_s() -> None:
    other = {"id": "x1", "ref": "next_of_kin", "type": "email", "title": "A relative's e-mail"}
    answer = {"type": "email", "email": "kin@mail.example", "field": other}

    arrival = arrived(a_response([*ANSWERS, answer], [*FIELDS, other]))

    assert arrival.requester.email is None
    assert "Your e-mail address: Rae@mail.example" in arrival.text
    assert "A relative's e-mail: kin@mail.example" in arrival.text
    assert arrival.remarks == (
        "several answers could be the email; the option fields can name one",
    )


def test_a_second_long_answer_is_kept_under_its_question() -> None:
    other = {"id": "x1", "ref": "more", "type": "long_text", "title": "Anything else?"}
    answer = {"type": "text", "text": "I am allergic to penicillin.", "field": other}

    arrival = arrived(a_response([ANSWERS[1], answer], [*FIELDS, other]))

    assert last_line(arrival) == "Anything else?: I am allergic to penicillin."


def test_two_questions_can_make_one_name() -> None:
    last = {"id": "x1", "ref": "last_name", "type": "short_text", "title": "Last name"}
    answer = {"type": "text", "text": "Okafor", "field": last}

    arrival = arrived(a_response([*ANSWERS, answer]), text=MAP["text"], name="your_name, last_name")

    assert arrival.requester.name == "Rae Lindqvist Okafor"


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ({"type": "number", "number": 42}, "Which one?: 42"),
        ({"type": "boolean", "boolean": False}, "Which one?: no"),
        ({"type": "choice", "choice": {"id": "c1", "ref": "r", "label": "Flu"}}, "Which one?: Flu"),
        ({"type": "choice", "choice": {"other": "Shingles"}}, "Which one?: Shingles"),
        (
            {"type": "choices", "choices": {"ids": ["a"], "labels": ["Flu"], "other": "Mumps"}},
            "Which one?: Flu, Mumps",
        ),
        ({"type": "url", "url": "https://www.rae.example"}, "Which one?: https://www.rae.example"),
        ({"type": "payment", "payment": {"amount": "20", "last4": "4242"}}, "Which one?: 20, 4242"),
        ({"type": "matrix_2027", "cells": [["a", "b"], "c"]}, "Which one?: a, b, c"),
    ],
)
def test_every_type_of_answer_is_put_in_words(answer: dict[str, object], line: str) -> None:
    assert last_line(answering({"id": "q9", "ref": "which", "type": "any"}, **answer)) == line


def test_an_uploaded_file_is_a_link_and_is_not_fetched() -> None:
    link = "https://api.typeform.com/forms/lT4Z3j/responses/a3a12/fields/FF/files/my%20rash.jpg"

    arrival = answering({"id": "q9", "type": "file_upload"}, type="file_url", file_url=link)

    assert arrival.attachments == (Attachment(name="my rash.jpg", link=link),)
    assert arrival.text == "My inhaler is empty.\nCan I come today?"


def test_what_is_no_web_address_is_never_a_link() -> None:
    arrival = answering({"id": "q9"}, type="file_url", file_url="javascript:alert(1)")

    assert arrival.attachments == ()
    assert last_line(arrival) == "Which one?: javascript:alert(1)"


def test_a_title_shows_the_answers_that_it_repeats() -> None:
    fields = [
        {**NAME, "title": "Your name, {{hidden:greeting}}?"},
        {**PHONE, "title": "{{field:your_name}}, and {{var:score}} for {{answer_KoJxDM3c6x8h}}"},
    ]
    payload = a_response([ANSWERS[0], ANSWERS[3]], fields, hidden={"greeting": "please"})

    assert arrived(payload, email="none").text == (
        "Your name, please?: Rae Lindqvist\nRae Lindqvist, and … for Rae Lindqvist: +14155550132"
    )


def test_a_question_of_a_group_has_its_title_too() -> None:
    inner = {"id": "in1", "ref": "street", "type": "short_text", "title": "Street"}
    group = {"id": "g1", "title": "Address", "type": "group", "properties": {"fields": [inner]}}
    answer = {"type": "text", "text": "4 Elm Street", "field": inner}

    assert last_line(arrived(a_response([ANSWERS[1], answer], [*FIELDS, group]))) == (
        "Street: 4 Elm Street"
    )


def test_a_hidden_field_counts_only_where_it_is_mapped() -> None:
    hidden = {"utm_campaign": "heart-week", "lang": "Español", "topic": "refill"}

    arrival = arrived(
        a_response(hidden=hidden), text=MAP["text"], language="lang", request_type="topic"
    )

    assert (arrival.language, arrival.request_type) == ("es", "refill")
    assert "heart-week" not in arrival.text


def test_a_hidden_field_that_nobody_filled_in_is_nobody_s_number() -> None:
    assert arrived(a_response(hidden={"mrn": "xxxxx"}), **MAP).requester.patient_id is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "rae at mail"),
        ("date_of_birth", "3/15/88"),
        ("language", "whatever you speak"),
        ("patient_id", "9" * 300),
        ("subject", "long " * 300),
    ],
)
def test_what_cannot_be_read_under_its_name_stays_in_the_text(name: str, value: str) -> None:
    answer = {"type": "text", "text": value, "field": {"id": "q9", "ref": "odd"}}

    arrival = arrived(a_response([ANSWERS[1], answer]), text=MAP["text"], **{name: "odd"})

    assert last_line(arrival) == f"odd: {value.strip()}"


def test_a_form_without_words_is_a_ticket_with_a_remark() -> None:
    arrival = arrived(a_response([ANSWERS[2]]), email="your_email")

    assert (arrival.text, arrival.remarks) == ("", ("form without words",))
    assert arrival.requester.email == "rae@mail.example"


def test_what_was_not_submitted_says_so() -> None:
    arrival = arrived({**a_response(), "event_type": "form_response_partial"}, **MAP)

    assert arrival.remarks == ("the form was left before it was submitted",)


def test_a_broken_time_costs_no_words() -> None:
    arrival = arrived(a_response(submitted_at="2026-11-23T05: 18: 14Z"), **MAP)

    assert arrival.occurred_at is None
    assert arrival.text.startswith("My inhaler")


def test_an_event_without_an_id_is_one_event_for_a_day() -> None:
    payload = {**a_response(), "event_id": None}

    first, second = (arrived(payload).event_id for _ in range(2))

    assert first == second
    assert first.startswith("derived:sha256:")


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"form_response": None},
        {"form_response": [1]},
        a_response(definition={"fields": 5}),
        {**a_response(), "event_type": ["x"]},
        a_response([{"type": "text", "field": "x"}]),
    ],
)
def test_an_unknown_shape_is_quarantined_and_answered_200(payload: dict[str, object]) -> None:
    outcome = taken(payload)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)


@pytest.mark.parametrize("words", ["مرحبا 🤒", "a\x00b", "\ud800half"])
def test_any_writing_arrives(words: str) -> None:
    answer = {"type": "text", "text": words, "field": TEXT}

    assert arrived(a_response([answer])).text.encode()
