"""What phone systems share: who calls or texts, and where a recording is heard."""

import math
from datetime import UTC, datetime

from triagewire.arrival import Attachment, Requester, RequesterKind
from triagewire.channels.reading.identities import kind_of, phone_number
from triagewire.channels.source import Source

NO_TRANSCRIPT = "voicemail, no transcript"
RECORDING = "voicemail recording"
"""Also true once the transcript has come, and when it never comes."""
WITHOUT_WORDS = "message without words"
MOST_SECONDS = 86_400

_MOST_MILLISECONDS = 253_402_300_799_000


def caller(source: Source, number: str | None, name: str | None = None) -> Requester:
    """Whoever owns the number; a hidden one makes an unknown requester of whom only a name may be
    known. A "name" that is the number again is none.
    """
    phone = phone_number(number, source.options.country_code)
    usual = RequesterKind.PATIENT if phone else RequesterKind.UNKNOWN
    if name and phone and phone_number(name, source.options.country_code) == phone:
        name = None
    return Requester(kind=kind_of(source, usual), phone=phone, name=name)


def recording(link: str | None, media_type: str = "", seconds: float | None = None) -> Attachment:
    """A voicemail's sound, with its length in the name where it is stated."""
    known = seconds is not None and 0 < seconds <= MOST_SECONDS
    name = f"voicemail, {round(seconds or 0)} s" if known else "voicemail"
    return Attachment(name=name, media_type=media_type, link=link or "")


def moment_of_milliseconds(stated: str | None) -> datetime | None:
    """A time in milliseconds since 1970, as UTC; None where it is no such number."""
    if not stated or not stated.isascii() or not stated.isdigit():
        return None
    if len(stated) > len(str(_MOST_MILLISECONDS)) or int(stated) > _MOST_MILLISECONDS:
        return None
    return datetime.fromtimestamp(int(stated) / 1000, UTC)


def share(stated: str | None) -> float | None:
    """A recogniser's confidence, 0 to 1; None where none, or another scale, is stated."""
    try:
        value = float(stated or "nan")
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= 1 else None
