"""What is taken out of one FHIR Communication, whoever wrote it and however it was packed."""

import base64
from datetime import UTC, datetime

import pytest

from tests.unit.channels.fhir_bodies import WORDS, Resource, a_communication, heard, said
from triagewire.arrival import Attachment, Channel
from triagewire.channels.ehr.communication import WITHOUT_LINK, WITHOUT_WORDS


def packed(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def attached(**attachment: object) -> Resource:
    return a_communication(payload=[{"contentAttachment": attachment}])


def test_a_message_keeps_its_channel_time_and_hint() -> None:
    arrival = said(a_communication(category=[{"text": "Medication question"}], language="es-MX"))

    assert (arrival.channel, arrival.site, arrival.source) == (Channel.EHR, "riverside", "fhir")
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 58, tzinfo=UTC)
    assert (arrival.request_type, arrival.language) == ("Medication question", "es")


def test_the_parts_are_joined_in_their_order() -> None:
    parts = [{"contentString": "First."}, {"contentString": " "}, {"contentString": "Second."}]

    assert heard(a_communication(payload=parts)) == "First.\n\nSecond."


def test_markup_reads_as_text() -> None:
    parts = [{"contentString": "<p>Is <b>3&nbsp;mg</b> right?</p><script>x()</script>"}]

    assert heard(a_communication(payload=parts)) == "Is 3 mg right?"


@pytest.mark.parametrize("text", ["BP <100 and pulse >90", "temp <b> 101 & rising", "a\n\nb"])
def test_what_only_looks_like_markup_stays(text: str) -> None:
    assert heard(a_communication(payload=[{"contentString": text}])) == text


@pytest.mark.parametrize(
    ("media_type", "content", "text"),
    [
        ("text/plain", "Hilfe, mir ist übel", "Hilfe, mir ist übel"),
        ("text/plain; charset=windows-1252", "übel".encode("cp1252"), "übel"),
        ("text/plain; charset=no-such-set", "übel", "übel"),
        ("text/html", "<div>one<br>two</div>", "one\ntwo"),
        ("text/markdown", "# Question\nWhen?", "# Question\nWhen?"),
    ],
)
def test_words_that_come_as_a_file_are_words(
    media_type: str, content: str | bytes, text: str
) -> None:
    assert heard(attached(contentType=media_type, data=packed(content))) == text


def test_a_file_is_named_with_its_link_and_never_kept() -> None:
    arrival = said(
        attached(contentType="image/jpeg", url="Binary/b5", title="rash.jpg", size=81_234)
    )

    assert arrival.attachments == (
        Attachment(name="rash.jpg", media_type="image/jpeg", size_bytes=81_234, link="Binary/b5"),
    )
    assert arrival.remarks == (WITHOUT_WORDS,)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)//Binary/5",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://" + "x" * 3000,
    ],
)
def test_an_address_that_is_no_web_address_is_no_link(url: str) -> None:
    arrival = said(attached(contentType="image/jpeg", url=url))

    assert [each.link for each in arrival.attachments] == [""]
    assert WITHOUT_LINK in arrival.remarks


def test_an_inline_file_is_counted_and_left_in_the_ehr() -> None:
    arrival = said(attached(contentType="image/png", data=packed(b"1234567")))

    assert [each.size_bytes for each in arrival.attachments] == [7]
    assert WITHOUT_LINK in arrival.remarks


def test_base64_that_is_none_costs_no_message() -> None:
    assert said(attached(contentType="text/plain", data="%%%")).remarks == (
        WITHOUT_WORDS,
        WITHOUT_LINK,
    )


def test_a_reference_is_a_link_and_words_alone_are_words() -> None:
    parts = [
        {"contentReference": {"reference": "DocumentReference/d1", "display": "Blood test"}},
        {"contentReference": {"display": "See my question about the blood test."}},
        {"contentCodeableConcept": {"coding": [{"display": "Requests a call back"}]}},
    ]

    arrival = said(a_communication(payload=parts))

    assert arrival.attachments == (Attachment(name="Blood test", link="DocumentReference/d1"),)
    assert arrival.text == "See my question about the blood test.\n\nRequests a call back"


def test_a_reference_that_a_click_could_run_is_no_link() -> None:
    parts = [{"contentReference": {"reference": "javascript:x//Binary/5", "display": "Look"}}]

    arrival = said(a_communication(payload=parts))

    assert (arrival.text, arrival.attachments) == ("Look", ())


def test_a_message_without_words_is_still_one() -> None:
    arrival = said(a_communication(payload=None, text={"div": "<div>generated</div>"}))

    assert (arrival.text, arrival.remarks) == ("", (WITHOUT_WORDS,))


def test_notes_are_read_where_the_message_says_nothing() -> None:
    noted = {"note": [{"text": "Called, wants a refill."}]}

    assert heard(a_communication(payload=None, **noted)) == "Called, wants a refill."
    assert heard(a_communication(**noted)) == WORDS


@pytest.mark.parametrize(
    ("elements", "subject"),
    [
        ({"topic": {"text": "Knee", "coding": [{"display": "x"}]}}, "Knee"),
        ({"topic": {"coding": [{"code": "c", "display": "Knee pain"}]}}, "Knee pain"),
        ({"category": [{"text": "Advice"}]}, "Advice"),
        ({"category": [{}, {"coding": [{"display": "Advice"}]}]}, "Advice"),
        ({"category": [{"coding": [{"code": "alert"}]}]}, "alert"),
        ({"subject": {"reference": "Patient/p17", "display": "Lou Tran"}}, ""),
    ],
)
def test_the_subject_line_is_looked_for_in_the_topic_and_the_category(
    elements: dict[str, object], subject: str
) -> None:
    assert said(a_communication(**elements)).subject == subject


@pytest.mark.parametrize(
    ("elements", "thread"),
    [
        ({}, "Communication/c81"),
        ({"inResponseTo": [{"reference": "Communication/c70/_history/3"}]}, "Communication/c70"),
        ({"inResponseTo": [{"identifier": {"system": "urn:t", "value": "5"}}]}, "urn:t|5"),
        (
            {
                "partOf": [{"reference": "https://fhir.example/r4/Communication/c60"}],
                "inResponseTo": [{"reference": "Communication/c70"}],
            },
            "Communication/c60",
        ),
        ({"partOf": [{"reference": "urn:uuid:1-2-3"}]}, "Communication/c81"),
    ],
)
def test_the_thread_is_the_whole_then_what_is_answered_then_itself(
    elements: dict[str, object], thread: str
) -> None:
    assert said(a_communication(**elements)).thread == thread


@pytest.mark.parametrize(
    ("elements", "minute"),
    [
        ({"sent": None, "received": "2026-11-23T10:01:00.1234567-05:00"}, 1),
        ({"sent": None, "meta": {"lastUpdated": "2026-11-23T15:02:00Z"}}, 2),
        ({"sent": "2026-11-23", "received": "2026-11-23T15:03:00Z"}, 3),
    ],
)
def test_the_time_is_the_best_that_is_stated(elements: dict[str, object], minute: int) -> None:
    occurred_at = said(a_communication(**elements)).occurred_at

    assert occurred_at is not None
    assert (occurred_at.hour, occurred_at.minute) == (15, minute)


@pytest.mark.parametrize("stated", ["2026", "yesterday", "2026-13-45T99:00:00Z"])
def test_a_time_that_is_none_costs_no_message(stated: str) -> None:
    assert said(a_communication(sent=stated, meta=None)).occurred_at is None


@pytest.mark.parametrize("language", ["x-unknown-language-of-the-server", "?", "en_US.UTF-8"])
def test_a_language_that_is_none_costs_no_message(language: str) -> None:
    assert said(a_communication(language=language)).text == WORDS


def test_the_priority_is_told_to_staff_and_is_no_urgency() -> None:
    assert said(a_communication(priority="stat")).remarks == ("the sender calls it stat",)
    assert said(a_communication(priority="routine")).remarks == ()


def test_a_note_beside_a_message_is_kept_with_all_of_it() -> None:
    arrival = said(a_communication(note=[{"text": "Called, wants a refill."}]))

    assert arrival.text == WORDS
    assert arrival.full_text == f"{WORDS}\n\nCalled, wants a refill."


def test_the_standard_s_example_of_an_attachment_arrives() -> None:
    """HL7's `fm-attachment`: a sender known by an identifier alone, and files without words."""
    stated = {"system": "http://www.jurisdiction.example/provideroffices", "value": "3456"}
    files = [
        {"contentType": "application/pdf", "data": "SGVsbG8=", "title": "accident notes.pdf"},
        {"contentType": "application/pdf", "url": "https://docs.example/AB12345", "size": 104274}
        | {"title": "tests.pdf", "hash": "SGVsbG8="},
    ]

    arrival = said(
        a_communication(
            id="fm-attachment",
            meta=None,
            text={"status": "generated", "div": "<div>Attachment which is unsolicited</div>"},
            category=[{"coding": [{"code": "SolicitedAttachment"}]}],
            subject={"reference": "Patient/1"},
            sent="2016-06-12T18:01:10-08:00",
            sender={"identifier": stated},
            payload=[{"contentAttachment": each} for each in files],
        )
    )

    assert arrival.event_id == "Communication/fm-attachment"
    assert arrival.subject == "SolicitedAttachment"
    assert (arrival.text, arrival.requester.patient_id) == ("", "Patient/1")
    assert [(each.name, each.size_bytes) for each in arrival.attachments] == [
        ("accident notes.pdf", 5),
        ("tests.pdf", 104274),
    ]
    assert set(arrival.remarks) == {WITHOUT_WORDS, WITHOUT_LINK}
