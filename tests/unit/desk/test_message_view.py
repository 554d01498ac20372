"""What staff are shown of one message."""

from datetime import date

import pytest

from tests.builders import a_message
from triagewire.arrival import Attachment, PatientContext, PatientRecord
from triagewire.desk.message_views import message_view
from triagewire.desk.ticket_shapes import MessageView


def shown(**changes: object) -> MessageView:
    return message_view(a_message(**changes))


def test_the_whole_mail_is_shown_beside_what_is_new_in_it() -> None:
    view = shown(text="Yes, please.", full_text="Yes, please.\n> Shall we renew it?")

    assert (view["text"], view["full_text"]) == (
        "Yes, please.",
        "Yes, please.\n> Shall we renew it?",
    )


def test_without_quoted_parts_there_is_no_second_text() -> None:
    assert shown(text="Yes, please.")["full_text"] is None


@pytest.mark.parametrize("link", ["https://files.example/1?sig=x", "s3://mail/1"])
def test_a_file_is_shown_with_its_link(link: str) -> None:
    (file,) = shown(attachments=(Attachment(name="rash.jpg", link=link),))["attachments"]

    assert (file["name"], file["link"]) == ("rash.jpg", link)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", " https://x", ""])
def test_a_link_that_could_run_something_is_shown_to_nobody(link: str) -> None:
    (file,) = shown(attachments=(Attachment(name="rash.jpg", link=link),))["attachments"]

    assert file["link"] is None


def test_what_to_think_of_its_sender_is_shown() -> None:
    view = shown(doubtful_sender=True, pointer="Communication/1", remarks=("from another sender",))

    assert (view["doubtful_sender"], view["pointer"]) == (True, "Communication/1")
    assert view["remarks"] == ["from another sender"]


def test_what_the_record_said_stands_beside_what_the_message_stated() -> None:
    view = shown(
        context=PatientContext(age_years=67.0, medications=("metformin",)),
        record=PatientRecord(
            facts=PatientContext(age_years=68.0, medications=("apixaban",)),
            born=date(1958, 4, 2),
            sex="male",
            unknown=("appointments",),
        ),
    )

    assert view["context"]["medications"] == ["metformin"]
    assert view["record"] is not None
    assert view["record"]["facts"]["medications"] == ["apixaban"]
    assert (view["record"]["born"], view["record"]["sex"]) == ("1958-04-02", "male")
    assert (view["record"]["language"], view["record"]["unknown"]) == (None, ["appointments"])


def test_where_no_record_was_read_none_is_shown() -> None:
    assert shown()["record"] is None
