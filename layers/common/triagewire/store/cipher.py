"""Sealing and opening bytes under a key of a site: what a reader of the table alone cannot read.

A sealed value is: one byte for the form, the key's name (the length of the site's name, that name,
two bytes for the month), a nonce, and AES-256-GCM over the content. Name and place are
authenticated too: a value opens only where it was sealed, and only under the key that it names.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn, Protocol

import msgspec

from triagewire.errors import KeyUnavailableError, SealBrokenError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORM = 1
"""The first byte of a sealed value. What earlier versions stored begins with zlib's 0x78."""
NONCE_BYTES = 12
"""Random for each value. A key seals one site's values of one month: after 2^32 of them, 1,600 in
each second of a month, the chance that any two nonces are the same is still below 2^-32.
"""
TAG_BYTES = 16
MONTHS = 12
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class KeyName:
    """Which key: that of a site for what is sealed in a month (`2026-03`, UTC)."""

    site: str
    month: str


@dataclass(frozen=True, slots=True)
class SiteKey:
    """A key at hand. Nothing shows its bytes."""

    name: KeyName
    cipher: "AESGCM" = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the keys of its item, and the attribute."""

    pk: str
    sk: str
    attribute: str


class Keyring(Protocol):
    """What gives keys to who may have them. Both raise KeyUnavailableError."""

    def sealing(self, site: str) -> SiteKey:
        """The key under which a site's values are sealed now."""

    def opening(self, name: KeyName) -> SiteKey:
        """The key that a sealed value names. Raises SealBrokenError where there is none."""


class NoKeys:
    """The keyring of who has no business with what patients say: it seals and opens nothing."""

    def sealing(self, _site: str) -> NoReturn:
        """Refuse."""
        raise KeyUnavailableError("no key to seal with is given here")

    def opening(self, _name: KeyName) -> NoReturn:
        """Refuse."""
        raise KeyUnavailableError("no key to open with is given here")


def site_key(name: KeyName, secret: bytes) -> SiteKey:
    """A key from its 32 bytes."""
    from cryptography.hazmat.primitives.ciphers.aead import (  # noqa: PLC0415  at the first use
        AESGCM,
    )

    return SiteKey(name, AESGCM(secret))


def is_sealed(stored: bytes) -> bool:
    """Whether stored bytes are sealed, or were stored before anything was."""
    return stored[:1] == bytes([FORM])


def seal(key: SiteKey, place: Place, content: bytes, nonce: bytes) -> bytes:
    """Content as it is stored at a place. `nonce` is random and never used twice under a key."""
    head = _head(key.name)
    return head + nonce + key.cipher.encrypt(nonce, content, head + _bound(place))


def key_name(stored: bytes) -> KeyName:
    """Which key a sealed value names. Raises SealBrokenError."""
    return _parts(stored)[0]


def unseal(key: SiteKey, place: Place, stored: bytes) -> bytes:
    """The content that was sealed at this place under this key. Raises SealBrokenError."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  with the key

    name, at = _parts(stored)
    if name != key.name:
        raise SealBrokenError(f"{place.attribute}: sealed under another key")
    head, nonce, rest = stored[:at], stored[at : at + NONCE_BYTES], stored[at + NONCE_BYTES :]
    try:
        return key.cipher.decrypt(nonce, rest, head + _bound(place))
    except InvalidTag:
        raise SealBrokenError(f"{place.attribute}: altered, or moved from elsewhere") from None


def _head(name: KeyName) -> bytes:
    said = MONTH.fullmatch(name.month)
    if said is None:
        raise ValueError("month: not a year and a month")
    site = name.site.encode()
    month = int(said[1]) * MONTHS + int(said[2]) - 1
    return bytes([FORM, len(site)]) + site + month.to_bytes(2)


def _parts(stored: bytes) -> tuple[KeyName, int]:
    """The key's name and where the nonce begins."""
    ends = 4 + (stored[1] if len(stored) > 1 else 0)
    if not is_sealed(stored) or len(stored) < ends + NONCE_BYTES + TAG_BYTES:
        raise SealBrokenError("sealed value: cut short, or of no known form")
    months = int.from_bytes(stored[ends - 2 : ends])
    try:
        site = stored[2 : ends - 2].decode()
    except UnicodeDecodeError:
        raise SealBrokenError("sealed value: names no key") from None
    return KeyName(site, f"{months // MONTHS:04}-{months % MONTHS + 1:02}"), ends


def _bound(place: Place) -> bytes:
    """A place as bytes, no two alike."""
    return msgspec.json.encode((place.pk, place.sk, place.attribute))
