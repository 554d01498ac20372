"""Identities as the sender stated them, put in one form. None is dropped for looking invalid."""

import re

from triagewire.arrival import RequesterKind
from triagewire.channels.source import Source

# What phone networks and Twilio put in the place of a hidden caller.
_HIDDEN_CALLERS = frozenset(
    {"anonymous", "restricted", "unavailable", "unknown", "private", "blocked", "withheld"}
    | {"unknown caller", "no caller id", "private number", "not available"}
    | {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"}
)
_EMAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,253}")
_PHONE_SCHEME = re.compile(r"^(?:whatsapp|tel|sms|rcs|messenger):", re.IGNORECASE)
_SETTLED = re.compile(r"\+1[2-9][0-9]{9}")
_FOREIGN_PREFIX = re.compile(r"^00(?=[1-9])")


def phone_number(text: str | None, country_code: str = "1") -> str | None:
    """E.164 where the text allows it, else the text itself; None for a hidden caller.

    A national number gets the country code. A short code or a sender's name stays as it is: it
    still tells two requesters apart. An extension follows its number as `;ext=4` (RFC 3966 §5.3),
    for the colleagues behind one number are not one person.
    """
    stated = _PHONE_SCHEME.sub("", (text or "").strip()).strip()
    if not stated or stated.lower() in _HIDDEN_CALLERS:
        return None
    # The usual form of most senders. It is in order as it is, and the library costs 0.1 s to load.
    return stated if _SETTLED.fullmatch(stated) else _e164(stated, country_code) or stated


def _e164(stated: str, country_code: str) -> str | None:
    """The number in E.164 where it has a length that its plan knows. Whether it is in use does not
    matter: numbers of new ranges and of examples are not, for the library.
    """
    import phonenumbers  # noqa: PLC0415  0.1 s that only a number in another form should cost

    region = phonenumbers.region_code_for_country_code(int(country_code))
    try:
        number = phonenumbers.parse(_FOREIGN_PREFIX.sub("+", stated), region)
    except phonenumbers.NumberParseException:
        return None
    length = phonenumbers.is_possible_number_with_reason(number)
    if length != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};ext={number.extension}" if number.extension else plain


def email_address(text: str | None) -> str | None:
    """The address in small letters, or None when nothing could be sent to such a text."""
    address = (text or "").strip().lower()
    return address if _EMAIL.fullmatch(address) else None


def kind_of(source: Source, usual: RequesterKind) -> RequesterKind:
    """Who writes through this source: what the policy says, else what the adapter expects."""
    return source.options.requester_kind or usual
