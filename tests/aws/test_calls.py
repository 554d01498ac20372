"""A recording and its transcription are one call: one ticket, whichever comes, and if both do."""

from ops.senders.twilio import signed_twilio
from tests.aws.clinic import Clinic
from tests.aws.deployment import SECRETS
from tests.aws.said import CHEST_PAIN, REFILL
from tests.aws.senders import ADA, Event, gateway_event
from tests.builders import minutes
from triagewire.ticket import Status

URL = "https://hooks.clinic.example/webhook/north/phone"


def a_recording(clinic: Clinic, call: str = "RE1") -> Event:
    """Twilio's status callback of a recording, which never states the caller."""
    return _call(
        clinic,
        {
            "RecordingSid": call,
            "RecordingStatus": "completed",
            "RecordingDuration": "45",
            "RecordingUrl": f"https://api.twilio.example/Recordings/{call}",
            "CallSid": "CA1",
        },
    )


def its_words(clinic: Clinic, text: str, call: str = "RE1") -> Event:
    return _call(
        clinic,
        {
            "TranscriptionSid": f"TR-{call}",
            "TranscriptionStatus": "completed" if text else "failed",
            "TranscriptionText": text,
            "RecordingSid": call,
            "From": ADA.phone or "",
        },
    )


def _call(clinic: Clinic, payload: dict[str, str]) -> Event:
    signed = signed_twilio(SECRETS["phone"], URL, payload)
    return gateway_event("north", "phone", signed, clinic.now)


def open_tickets(clinic: Clinic) -> list[str]:
    return [each.id for each in clinic.tickets() if each.status is not Status.MERGED]


def test_the_words_of_a_recording_make_one_ticket_of_their_caller(clinic: Clinic) -> None:
    recording = clinic.take(a_recording(clinic))
    assert clinic.ticket(recording).status is Status.NEW
    clinic.now += minutes(1)

    words = clinic.take(its_words(clinic, REFILL))

    assert open_tickets(clinic) == [words]
    assert clinic.ticket(words).requester.phone == ADA.phone
    assert clinic.ticket(recording).merged_into == words


def test_a_recording_that_comes_after_its_words_adds_no_second_ticket(clinic: Clinic) -> None:
    words = clinic.take(its_words(clinic, REFILL))
    clinic.now += minutes(1)
    clinic.take(a_recording(clinic))

    clinic.pass_minutes(5)

    assert open_tickets(clinic) == [words]


def test_a_recording_whose_words_never_come_is_scored_without_them(clinic: Clinic) -> None:
    recording = clinic.take(a_recording(clinic))

    clinic.pass_minutes(5)

    assert clinic.ticket(recording).status is Status.ROUTED
    assert clinic.ticket(recording).verdict is not None


def test_words_that_come_too_late_for_their_recording_page_all_the_same(clinic: Clinic) -> None:
    clinic.take(a_recording(clinic))
    clinic.pass_minutes(10)

    clinic.take(its_words(clinic, CHEST_PAIN))

    assert clinic.paged()


def test_words_of_another_recording_stay_apart(clinic: Clinic) -> None:
    clinic.take(a_recording(clinic, "RE1"))

    clinic.take(its_words(clinic, REFILL, "RE2"))

    assert len(open_tickets(clinic)) == 2
