"""Twilio's voicemail callbacks: the recording, and later its transcription.

Rules: Twilio, "TwiML Voice: Record" and "Recording status callbacks".
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from triagewire.arrival import Arrival, Attachment
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.phone.calls import (
    NO_TRANSCRIPT,
    RECORDING,
    caller,
    recording,
    share,
)
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.record import link_from
from triagewire.channels.source import Source

_SHORTEST_TRANSCRIBED_SECONDS = 2
_LONGEST_TRANSCRIBED_SECONDS = 120
_SOUND = "audio/wav"


def transcription(fields: Fields, source: Source) -> Parsed:
    """A voicemail in words; one without words is still somebody's call."""
    spoken = fields.prose("TranscriptionText") or ""
    completed = (fields.line("TranscriptionStatus") or "").lower() == "completed"
    return (
        Arrival(
            site=source.site,
            source=source.name,
            channel=source.usual_channel,
            event_id=fields.required("TranscriptionSid", fields.identifier("TranscriptionSid")),
            requester=caller(source, fields.line("From")),
            text=spoken,
            thread=fields.identifier("RecordingSid"),
            speech=share(fields.line("Confidence")),
            attachments=_sound(fields),
            remarks=() if completed and spoken else (NO_TRANSCRIPT,),
        ),
    )


def recorded(fields: Fields, source: Source) -> Parsed:
    """A recording. It is kept although its words are to follow: perhaps they never come."""
    status = (fields.line("RecordingStatus") or "completed").lower()
    if status in {"absent", "in-progress", "processing"}:
        return Ignored(f"recording {status}")
    sid = fields.required("RecordingSid", fields.identifier("RecordingSid"))
    awaits = (
        status == "completed" and source.options.transcribed and _is_transcribed(_seconds(fields))
    )
    return (
        Arrival(
            site=source.site,
            source=source.name,
            channel=source.usual_channel,
            event_id=sid,
            requester=caller(source, fields.line("From")),
            text="",
            thread=sid,
            awaits=awaits,
            attachments=_sound(fields),
            remarks=(RECORDING,) if awaits else (NO_TRANSCRIPT,),
            occurred_at=_moment(fields.line("RecordingStartTime")),
        ),
    )


def _is_transcribed(seconds: int | None) -> bool:
    """Twilio transcribes 2 to 120 seconds. Of an unstated length nothing can be expected."""
    return (
        seconds is not None
        and _SHORTEST_TRANSCRIBED_SECONDS <= seconds <= _LONGEST_TRANSCRIBED_SECONDS
    )


def _seconds(fields: Fields) -> int | None:
    stated = fields.line("RecordingDuration") or ""
    return int(stated[:9]) if stated.isascii() and stated.isdigit() else None


def _sound(fields: Fields) -> tuple[Attachment, ...]:
    link = link_from(fields, "RecordingUrl")
    return (recording(link, _SOUND, _seconds(fields)),) if link else ()


def _moment(stated: str | None) -> datetime | None:
    """The start of a recording, as a date of a mail (RFC 5322); an odd one costs no message."""
    try:
        moment = parsedate_to_datetime(stated or "")
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
