"""Twilio: what becomes of text messages, commands to the network and delivery reports."""

import pytest

from tests.unit.channels.twilio_callbacks import TEXT, arrived, received
from triagewire.arrival import Channel, FactKind, RequesterKind
from triagewire.channels.outcome import OutcomeKind


def test_a_text_message_arrives_with_its_words() -> None:
    arrival = arrived(TEXT)

    assert (arrival.text, arrival.event_id) == (TEXT["Body"], "SM0123")
    assert arrival.channel is Channel.SMS
    assert arrival.requester.phone == "+14155550123"
    assert arrival.requester.kind is RequesterKind.PATIENT


def test_a_text_message_is_answered_with_empty_twiml() -> None:
    outcome = received(TEXT)

    assert outcome.status == 200
    assert outcome.body.endswith("<Response/>")
    assert outcome.headers["content-type"] == "text/xml"


def test_a_picture_without_words_still_arrives() -> None:
    arrival = arrived({**TEXT, "Body": "", "NumMedia": "1", "MediaContentType0": "image/jpeg"})

    assert arrival.text == ""
    assert arrival.attachments[0].media_type == "image/jpeg"
    assert arrival.remarks == ("message without words",)


def test_the_addresses_of_pictures_are_kept_for_staff() -> None:
    media = "https://api.twilio.example/2010-04-01/Accounts/AC01/Messages/MM1/Media/ME"
    fields = {"MediaUrl0": f"{media}0", "MediaUrl1": f"{media}1", "MediaContentType1": "image/png"}

    arrival = arrived({**TEXT, "NumMedia": "2", **fields})

    assert [(each.name, each.media_type, each.link) for each in arrival.attachments] == [
        ("media 1", "", f"{media}0"),
        ("media 2", "image/png", f"{media}1"),
    ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ftp://media.example/1", "https://media.example/a b", " "]
)
def test_what_is_no_plain_https_address_is_no_link(address: str) -> None:
    arrival = arrived({**TEXT, "MediaUrl0": address, "MediaContentType0": "image/png"})

    assert [each.link for each in arrival.attachments] == [""]


def test_a_whatsapp_message_names_its_writer() -> None:
    fields = {
        "From": "whatsapp:+14155550123",
        "ProfileName": "Dana Whitfield",
        "WaId": "14155550123",
        "Latitude": "37.78",
    }

    requester = arrived({**TEXT, **fields}).requester

    assert (requester.name, requester.phone) == ("Dana Whitfield", "+14155550123")


def test_a_profile_that_is_only_the_number_again_is_no_name() -> None:
    assert arrived({**TEXT, "ProfileName": "(415) 555-0123"}).requester.name is None


@pytest.mark.parametrize("sender", ["24365", "RIVERSIDE"])
def test_a_short_code_or_a_sender_s_name_stays_as_stated(sender: str) -> None:
    assert arrived({**TEXT, "From": sender}).requester.phone == sender


@pytest.mark.parametrize("words", ["Me duele 😢", "\u202eabc", "nul\x00here", "a=b&c=d+e%20f"])
def test_odd_words_arrive_as_they_were_written(words: str) -> None:
    assert arrived({**TEXT, "Body": words}).text == words


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("STOP", FactKind.OPT_OUT),
        (" stop ", FactKind.OPT_OUT),
        ("Unsubscribe", FactKind.OPT_OUT),
        ("START", FactKind.OPT_IN),
    ],
)
def test_a_command_to_the_network_is_a_fact_and_no_message(word: str, kind: FactKind) -> None:
    outcome = received({**TEXT, "Body": word})

    assert outcome.kind is OutcomeKind.IGNORED
    assert [(each.kind, each.event_id) for each in outcome.facts] == [(kind, "SM0123")]


def test_a_word_that_the_clinic_made_a_command_is_one() -> None:
    outcome = received({**TEXT, "Body": "BAJA", "OptOutType": "STOP"})

    assert [each.kind for each in outcome.facts] == [FactKind.OPT_OUT]


@pytest.mark.parametrize("word", ["CANCEL", "Yes", "quit"])
def test_a_word_that_also_answers_a_question_arrives(word: str) -> None:
    arrival = arrived({**TEXT, "Body": word, "OptOutType": "STOP"})

    assert arrival.text == word
    assert arrival.remarks == ("the phone network took the message for a command to it",)


def test_the_word_help_arrives_because_a_patient_may_mean_it() -> None:
    assert arrived({**TEXT, "Body": "HELP"}).text == "HELP"


def test_a_delivery_report_is_no_message_and_gets_an_empty_answer() -> None:
    outcome = received(
        {"MessageSid": "SM1", "MessageStatus": "delivered", "SmsStatus": "delivered"}
    )

    assert (outcome.kind, outcome.status, outcome.body) == (OutcomeKind.IGNORED, 204, "")


def test_each_state_of_a_delivery_is_a_fact_of_its_own() -> None:
    (sent,), (failed,) = (
        received({"MessageSid": "SM1", "MessageStatus": state, "ErrorCode": "30003"}).facts
        for state in ("sent", "undelivered")
    )

    assert (failed.kind, failed.state, failed.thread) == (
        FactKind.DELIVERY,
        "undelivered",
        "SM1",
    )
    assert sent.event_id != failed.event_id


def test_a_message_without_its_id_goes_to_quarantine() -> None:
    outcome = received({"From": "+14155550123", "Body": "hello"})

    assert outcome.kind is OutcomeKind.QUARANTINED
    assert outcome.reason == "MessageSid: is missing"


WHATSAPP = {
    "SmsMessageSid": "SM0456",
    "NumMedia": "0",
    "ProfileName": "Dana",
    "SmsSid": "SM0456",
    "WaId": "14155550123",
    "SmsStatus": "received",
    "Body": "",
    "To": "whatsapp:+14155550100",
    "MessageSid": "SM0456",
    "AccountSid": "AC01",
    "From": "whatsapp:+14155550123",
}


def test_where_somebody_is_arrives_as_words() -> None:
    place = {"Latitude": "37.787890", "Longitude": "-122.391617", "Label": "Pier 26"}

    arrival = arrived({**WHATSAPP, "MessageType": "location", **place})

    assert arrival.text == "Location: Pier 26, 37.787890, -122.391617"
    assert arrival.remarks == ()


def test_a_choice_out_of_a_list_arrives_as_words() -> None:
    chosen = {"MessageType": "interactive", "ListTitle": "Chest pain", "ListId": "cp"}

    assert arrived({**WHATSAPP, **chosen}).text == "Chest pain"


def test_a_pressed_button_is_heard_once() -> None:
    pressed = {"Body": "Call me", "ButtonText": "Call me", "ButtonPayload": "call"}

    assert arrived({**WHATSAPP, "MessageType": "button", **pressed}).text == "Call me"


def test_a_report_that_knows_the_state_by_its_first_name_alone_is_no_message() -> None:
    """Otherwise our own number would be a patient without words."""
    outcome = received({"SmsSid": "SM4", "SmsStatus": "sent", "From": "+14155550100"})

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 204)
    assert [fact.event_id for fact in outcome.facts] == ["SM4:sent"]


def test_a_choice_that_only_sounds_like_a_command_is_heard() -> None:
    """The network looks at the words alone, and nobody has opted out by a menu of the clinic's."""
    assert arrived({**WHATSAPP, "ListTitle": "Stop", "ListId": "stop_medicine"}).text == "Stop"
