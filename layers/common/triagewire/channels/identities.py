"""Identities as the sender stated them, put in one form. None is dropped for looking invalid."""

import re

from triagewire.arrival import RequesterKind
from triagewire.channels.source import Source

# What phone networks and Twilio put in the place of a hidden caller.
_HIDDEN_CALLERS = frozenset(
    {"anonymous", "restricted", "unavailable", "unknown", "private", "blocked"}
    | {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"}
)
_EMAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,253}")
_PHONE_SCHEME = re.compile(r"^(?:whatsapp|tel|sms|rcs|messenger):", re.IGNORECASE)
_SHORTEST_NUMBER = 7
_LONGEST_NUMBER = 15
_NATIONAL_LENGTH = 10


def phone_number(text: str | None, country_code: str = "1") -> str | None:
    """E.164 where the text allows it, else the text itself; None for a hidden caller.

    A national number of ten digits gets the country code. A short code or a sender's name stays
    as it is: it still tells two requesters apart.
    """
    stated = _PHONE_SCHEME.sub("", (text or "").strip())
    if not stated or stated.lower() in _HIDDEN_CALLERS:
        return None
    number = re.sub(r"[\s().\-/\u2010-\u2015\u00a0]+", "", stated)
    if number.startswith("00"):
        number = f"+{number[2:]}"
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return stated
    if number.startswith("+"):
        return number if _SHORTEST_NUMBER <= len(digits) <= _LONGEST_NUMBER else stated
    return _from_national(digits, country_code) or stated


def _from_national(digits: str, country_code: str) -> str | None:
    if country_code != "1" and digits.startswith("0"):
        # The trunk prefix, which every plan but the North American one drops from abroad.
        return f"+{country_code}{digits[1:]}"
    if digits.startswith(country_code) and len(digits) == len(country_code) + _NATIONAL_LENGTH:
        return f"+{digits}"
    return f"+{country_code}{digits}" if len(digits) == _NATIONAL_LENGTH else None


def email_address(text: str | None) -> str | None:
    """The address in small letters, or None when nothing could be sent to such a text."""
    address = (text or "").strip().lower()
    return address if _EMAIL.fullmatch(address) else None


def kind_of(source: Source, usual: RequesterKind) -> RequesterKind:
    """Who writes through this source: what the policy says, else what the adapter expects."""
    return source.options.requester_kind or usual
