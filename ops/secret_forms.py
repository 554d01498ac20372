"""What a secret of each sender looks like: a wrong one is refused before it can be stored.

A webhook signed with a secret that was pasted wrong answers 401, which many senders never repeat.
"""

import base64
import binascii
from collections.abc import Callable, Mapping

from triagewire.errors import InvalidFieldError

FEWEST, MOST = 16, 512
"""Characters of a plain secret. Shorter ones can be guessed; no sender makes longer ones."""
_KEY_BYTES = range(24, 65)


def check_secret(adapter: str, secret: str) -> None:
    """Refuse what cannot be a secret of this sender: InvalidFieldError says why, and never what."""
    _FORMS.get(adapter, _plain)(secret)


def _plain(secret: str) -> None:
    if not secret.isascii() or not secret.isprintable() or " " in secret:
        raise _wrong("must be printable ASCII without spaces")
    if not FEWEST <= len(secret) <= MOST:
        raise _wrong(f"must have {FEWEST} to {MOST} characters")


def _standard(secret: str) -> None:
    """`whsec_` and base64 of 24 to 64 bytes (Standard Webhooks specification)."""
    if not secret.startswith("whsec_"):
        raise _wrong("must begin with whsec_")
    text = secret.removeprefix("whsec_")
    if len(_decoded(text + "=" * (-len(text) % 4), "after whsec_ ")) not in _KEY_BYTES:
        raise _wrong("after whsec_ must be base64 of 24 to 64 bytes")


def _base64(secret: str) -> None:
    if len(_decoded(secret)) < FEWEST:
        raise _wrong(f"must be base64 of at least {FEWEST} bytes")


def _credentials(secret: str) -> None:
    """RFC 7617: the user has no colon."""
    user, colon, password = secret.partition(":")
    if not (user and colon and password):
        raise _wrong("must be user:password")
    _plain(password)


def _certificate(secret: str) -> None:
    from cryptography import x509  # noqa: PLC0415  only one sender of all needs it

    try:
        x509.load_pem_x509_certificate(secret.encode())
    except ValueError:
        raise _wrong("must be PEM text with a certificate") from None


def _decoded(text: str, where: str = "") -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _wrong(f"{where}must be base64") from None


def _wrong(problem: str) -> InvalidFieldError:
    return InvalidFieldError("secret", problem)


_FORMS: Mapping[str, Callable[[str], None]] = {
    "epic": _standard,
    "standard": _standard,
    "web": _standard,
    "teams": _base64,
    "postmark": _credentials,
    "sendgrid": _credentials,
    "sns": _certificate,
}
"""All others know a plain text."""
