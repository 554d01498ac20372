"""Gravity Forms: an entry by its field numbers, as JSON and as form fields."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from tests.unit.channels.builders import FORM, JSON, NOW, a_request, a_source, the_arrival
from triagewire.arrival import Arrival, Attachment, Channel, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive

SECRET = "a-secret-that-the-administrator-typed-in"
ENTRY: dict[str, object] = {
    "id": "314",
    "form_id": "7",
    "post_id": None,
    "date_created": "2026-11-23 14:58:31",
    "date_updated": "2026-11-23 14:58:31",
    "is_starred": 0,
    "is_read": 0,
    "ip": "203.0.113.7",
    "source_url": "https://www.riverside.example/contact/?utm_campaign=heart-week",
    "user_agent": "Mozilla/5.0",
    "status": "active",
    "1.2": "",
    "1.3": "Rae",
    "1.6": "Lindqvist",
    "2": "Rae@mail.example",
    "3": "(415) 555-0132",
    "4": "My inhaler is empty.\r\nCan I come today?",
    "5.1": "Cough",
    "5.2": "",
    "5.3": "Wheeze",
    "6": "",
}
MAP = {"text": "4", "name": "1", "email": "2", "phone": "3"}


def posted(
    entry: object,
    fields: Mapping[str, str] | None = None,
    *,
    form: bool = False,
    header: str = "",
) -> Outcome:
    options: dict[str, object] = {"fields": fields} if fields else {}
    source = a_source("gravityforms", **options, **({"header": header} if header else {}))
    body = urlencode(entry).encode() if isinstance(entry, dict) and form else json.dumps(entry)
    headers = {
        "Content-Type": f"{FORM}; charset=utf-8" if form else JSON,
        header or "X-Triagewire-Secret": SECRET,
    }
    signed = headers, body if isinstance(body, bytes) else body.encode()
    return receive(a_request(signed), source, (SECRET, "an-older-one"), NOW)


def arrived(entry: object, **fields: str) -> Arrival:
    return the_arrival(posted(entry, fields))


@pytest.mark.parametrize("form", [False, True])
def test_a_mapped_entry_says_who_asks_and_what(form: bool) -> None:
    entry = {key: value for key, value in ENTRY.items() if value is not None}

    arrival = the_arrival(posted(entry, MAP, form=form))

    assert (arrival.channel, arrival.event_id) == (Channel.WEB, "7:314")
    who = arrival.requester
    assert (who.name, who.email, who.phone) == ("Rae Lindqvist", "rae@mail.example", "+14155550132")
    assert who.kind is RequesterKind.UNKNOWN
    assert arrival.text == (
        "My inhaler is empty.\r\nCan I come today?\nfield 5.1: Cough\nfield 5.3: Wheeze"
    )
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 58, 31, tzinfo=UTC)


def test_without_a_map_every_answered_field_is_in_the_text() -> None:
    arrival = arrived(ENTRY)

    assert arrival.text == (
        "field 1.3: Rae\nfield 1.6: Lindqvist\nfield 2: Rae@mail.example\n"
        "field 3: (415) 555-0132\nfield 4: My inhaler is empty.\r\nCan I come today?\n"
        "field 5.1: Cough\nfield 5.3: Wheeze"
    )
    assert arrival.requester.email is None


def test_names_chosen_in_the_webhook_that_are_ours_need_no_map() -> None:
    arrival = arrived({"id": 9, "message": "Hello", "email": "rae@mail.example", "pet": "cat"})

    assert (arrival.text, arrival.requester.email) == ("Hello\npet: cat", "rae@mail.example")
    assert arrival.event_id == "9"


def test_one_part_of_a_field_can_be_mapped_alone() -> None:
    arrival = arrived(ENTRY, text="4", name="1.3")

    assert arrival.requester.name == "Rae"
    assert "field 1.6: Lindqvist" in arrival.text


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (
            "https://riverside.example/uploads/gravity_forms/7-a1/rash.jpg",
            ["rash.jpg"],
        ),
        (
            '["https:\\/\\/riverside.example\\/gravity_forms\\/a.pdf",'
            '"https:\\/\\/riverside.example\\/gravity_forms\\/b.pdf"]',
            ["a.pdf", "b.pdf"],
        ),
        ("https://riverside.example/?gf-download=2026%2F11%2Frash.jpg&form-id=7", ["rash.jpg"]),
    ],
)
def test_an_upload_is_a_link(value: str, names: list[str]) -> None:
    arrival = arrived({**ENTRY, "6": value}, **MAP)

    assert [each.name for each in arrival.attachments] == names
    assert all(each.link.startswith("https://") for each in arrival.attachments)
    assert "field 6" not in arrival.text


def test_an_address_that_somebody_typed_is_text() -> None:
    arrival = arrived({"id": "1", "1": "https://www.rae.example"})

    assert arrival.text == "field 1: https://www.rae.example"
    assert arrival.attachments == ()


def test_brackets_that_are_no_json_are_words() -> None:
    assert arrived({"id": "1", "1": "[sic] it hurts"}).text == "field 1: [sic] it hurts"


def test_a_link_that_would_run_is_no_link() -> None:
    arrival = arrived({"id": "1", "1": "javascript:alert('/gravity_forms/')"})

    assert arrival.attachments == tuple[Attachment]()


def test_an_entry_without_an_id_is_one_event_for_a_day() -> None:
    first, second = (arrived({"4": "Hello"}).event_id for _ in range(2))

    assert first == second
    assert first.startswith("derived:sha256:")


def test_a_broken_date_costs_no_words() -> None:
    arrival = arrived({**ENTRY, "date_created": "yesterday"}, **MAP)

    assert arrival.occurred_at is None


def test_an_entry_without_words_is_a_ticket_with_a_remark() -> None:
    assert arrived({"id": "1", "1": ""}).remarks == ("form without words",)


@pytest.mark.parametrize("entry", [[], "x", {"id": {"a": 1}}, {"id": "9" * 300}])
def test_an_unknown_shape_is_quarantined_and_answered_200(entry: object) -> None:
    outcome = posted(entry)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)


def test_the_header_of_the_policy_is_the_one_that_counts() -> None:
    assert posted(ENTRY, header="X-Clinic-Key").kind is OutcomeKind.ACCEPTED

    headers = {"Content-Type": JSON, "X-Triagewire-Secret": SECRET}
    source = a_source("gravityforms", header="X-Clinic-Key")
    assert receive(a_request((headers, b"{}")), source, (SECRET,), NOW).status == 401


def test_the_older_of_two_live_secrets_is_believed() -> None:
    headers = {"Content-Type": JSON, "X-Triagewire-Secret": "an-older-one"}

    outcome = receive(
        a_request((headers, b'{"id": 1}')), a_source("gravityforms"), (SECRET, "an-older-one"), NOW
    )

    assert outcome.kind is OutcomeKind.ACCEPTED


@pytest.mark.parametrize("secret", ["", "wrong", SECRET.upper(), "ключ", "\udc80", "\x00"])
def test_a_wrong_secret_is_a_401(secret: str) -> None:
    headers = {"Content-Type": JSON, "X-Triagewire-Secret": secret}

    outcome = receive(a_request((headers, b"{}")), a_source("gravityforms"), (SECRET,), NOW)

    assert outcome.status == 401


@pytest.mark.parametrize("words", ["مرحبا 🤒", "a\x00b", "\ud800half"])
def test_any_writing_arrives(words: str) -> None:
    assert arrived({"id": "1", "4": words}, text="4").text.encode()


def test_names_of_ours_may_be_written_as_labels() -> None:
    """As captured from a site that sends every field under its number and under its label."""
    entry = {"id": "9", "1": "Rae", "Name": "Rae", "Email": "Rae@mail.example", "Message": "Help"}

    arrival = arrived(entry)

    assert (arrival.requester.name, arrival.requester.email) == ("Rae", "rae@mail.example")
    assert arrival.text == "Help\nfield 1: Rae"
