"""What all form builders share: whatever a form looks like, no word of it is lost."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.senders.typeform import signed_typeform
from tests.unit.channels.builders import NOW, SECRET, a_request, a_source, an_outcome
from tests.unit.channels.test_gravityforms import posted as gravityforms
from tests.unit.channels.test_jotform import posted as jotform
from triagewire.arrival import Arrival
from triagewire.channels.forms.answers import NAMES, Answered, arrival_from, linked_file, words
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.reading.fields import one_line
from triagewire.channels.receiving import receive
from triagewire.channels.typeform import typeform_signature

WRITING = st.one_of(
    st.text(min_size=1, max_size=30),
    st.sampled_from(["rae@mail.example", "+14155550132", "1988-03-15", "es", "n/a", "x" * 1_200]),
).filter(lambda text: bool(text.strip()))
ANSWERS = st.lists(
    st.builds(
        Answered,
        keys=st.tuples(st.sampled_from("abcdef")),
        question=st.text(max_size=10),
        text=WRITING,
        suits=st.sampled_from(["", *NAMES]),
    ),
    max_size=8,
)
MAPS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["a", "b", "c, d", "none"]))


def everything_of(arrival: Arrival) -> str:
    who = arrival.requester
    parts = (arrival.text, arrival.subject, arrival.language, arrival.request_type, who.name)
    known = (who.email, who.phone, who.patient_id, who, arrival.staff_request)
    return "\n".join(str(part) for part in (*parts, *known))


@given(answers=ANSWERS, mapped=MAPS)
def test_every_answer_is_in_the_text_or_is_what_it_was_read_as(
    answers: list[Answered], mapped: dict[str, str]
) -> None:
    arrival = arrival_from(answers, a_source("typeform", fields=mapped), "evt-1")

    kept = everything_of(arrival)
    for answer in answers:
        said = one_line(answer.text)
        assert answer.text in kept or said.lower() in kept.lower() or is_read(said, arrival)


def is_read(text: str, arrival: Arrival) -> bool:
    """Days and numbers are kept in one form, whatever they were written like."""
    born, phone = arrival.requester.date_of_birth, arrival.requester.phone
    digits = sum(character.isdigit() for character in text)
    return (born is not None and born == date.fromisoformat(text)) or (bool(phone) and digits > 4)


JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        "type",
        "field",
        "id",
        "ref",
        "text",
        "choice",
        "choices",
        "file_url",
        "labels",
        "title",
        "fields",
        "definition",
        "answers",
        "hidden",
        "submitted_at",
        "properties",
        "q1_a",
        "q2",
        "up",
        "first",
        "last",
        "area",
        "phone",
        "month",
        "day",
        "year",
        "1",
        "1.3",
        "date_created",
    ]
)
SHAPES = st.recursive(
    st.dictionaries(KEYS, JSON_VALUES, max_size=4),
    lambda inner: st.dictionaries(KEYS, inner | st.lists(inner, max_size=2), max_size=4),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(shape=SHAPES, name=st.sampled_from(["typeform", "jotform", "gravityforms"]))
def test_no_shape_of_a_form_is_refused_or_raises(shape: dict[str, object], name: str) -> None:
    outcome = taken(shape, name)

    assert outcome.kind in {OutcomeKind.ACCEPTED, OutcomeKind.QUARANTINED}
    assert "(" not in outcome.reason, "a fault of the parser, not of the form"
    for arrival in outcome.arrivals:
        json.dumps(repr(arrival)).encode()


def taken(shape: dict[str, object], name: str) -> Outcome:
    if name == "jotform":
        return jotform(shape)
    if name == "gravityforms":
        return gravityforms(shape)
    payload = {"event_id": "evt-1", "form_response": shape}
    return an_outcome(signed_typeform(SECRET, payload), a_source("typeform"), SECRET)


def test_a_form_that_is_nested_without_end_is_kept_for_review() -> None:
    deep = '{"a":' * 20_000 + "1" + "}" * 20_000
    headers, _ = signed_typeform(SECRET, {})
    body = f'{{"event_id":"1","form_response":{{"answers":[],"hidden":{deep}}}}}'.encode()
    signed = {**headers, "Typeform-Signature": typeform_signature(SECRET, body).decode()}

    outcome = receive(a_request((signed, body)), a_source("typeform"), (SECRET,), NOW)

    assert outcome.kind is OutcomeKind.QUARANTINED


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        ("", ""),
        ([], ""),
        (0, "0"),
        (1.5, "1.5"),
        ({"id": "x", "label": "Cough"}, "Cough"),
        ([{"label": "Cough"}, None, ["Wheeze"]], "Cough, Wheeze"),
        ("data:image/png;base64,AAAA", "(embedded file)"),
    ],
)
def test_any_value_reads_as_words(value: object, said: str) -> None:
    assert words(value) == said


@pytest.mark.parametrize(
    "address", [None, 5, "", "rash.jpg", "javascript:alert(1)", "data:text/html,x", "ftp://x/y"]
)
def test_only_a_web_address_is_a_link(address: object) -> None:
    assert linked_file(address) is None


@pytest.mark.parametrize(
    "address", ["https://[", "https://files.example/", "https://x.example/%00"]
)
def test_an_odd_web_address_is_a_link_with_some_name(address: str) -> None:
    file = linked_file(address)

    assert file is not None
    assert file.name == "unnamed"


@pytest.mark.parametrize("text", ["none", "same as above", "n/a", "0", "5" * 300])
def test_what_is_no_number_is_nobody_s_phone(text: str) -> None:
    answer = Answered(keys=("a",), question="Phone", text=text, suits="phone")

    arrival = arrival_from([answer], a_source("typeform"), "evt-1")

    assert (arrival.requester.phone, arrival.text) == (None, f"Phone: {text}")


def test_more_files_than_are_listed_are_told_of() -> None:
    file = linked_file("https://files.example/a.pdf")
    assert file is not None

    arrival = arrival_from(
        [Answered(keys=("a",), files=(file,) * 53)], a_source("jotform"), "evt-1"
    )

    assert len(arrival.attachments) == 50
    assert "3 more files are not listed" in arrival.remarks


def test_an_answer_that_begins_like_an_embedded_file_is_kept() -> None:
    assert words("data: my temperature was 40, my chest hurts").endswith("my chest hurts")
    assert words("data:image/png;base64,AAAA") == "(embedded file)"
