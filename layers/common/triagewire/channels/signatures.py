"""Believing a sender: constant-time comparison, clock tolerance, and Standard Webhooks.

Rules: Standard Webhooks specification; raw bytes, any fault is a 401.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps

from triagewire.channels.request import WebhookRequest
from triagewire.channels.source import Source
from triagewire.errors import RefusedError

SHARED_HEADER = "x-triagewire-secret"
"""The header that carries a shared secret where neither the sender nor the policy names one."""
MOST_SIGNATURES = 16
"""A header lists one signature for each key in rotation; more is somebody trying."""

_EVENT_ID = re.compile(r"[\x21-\x7e]{1,256}")
_SECONDS = re.compile(r"[0-9]{1,12}")

type Verify = Callable[[WebhookRequest, Source, tuple[str, ...], datetime], None]


def refusing(verify: Verify) -> Verify:
    """Make any fault inside a verifier a refusal: an odd header is a 401, never a 500."""

    @wraps(verify)
    def guarded(
        request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime
    ) -> None:
        try:
            verify(request, source, secrets, now)
        except RefusedError:
            raise
        except Exception:
            # The cause is dropped on purpose: a decoding error carries the bytes it failed on.
            raise RefusedError(401, "signature: cannot be read") from None

    return guarded


def same(expected: bytes, given: str) -> bool:
    """Equal, in a time that does not tell how much of it was equal."""
    return hmac.compare_digest(expected, given.encode("utf-8", "surrogatepass"))


def fits_any(given: str, expected: Iterable[bytes]) -> bool:
    """Whether a signature is one of those that the live secrets would make."""
    # Every one is compared: how many there are, or which one fitted, is not told by the time.
    fits = [same(signature, given) for signature in expected]
    return any(fits)


def check_shared_header(request: WebhookRequest, name: str, secrets: tuple[str, ...]) -> None:
    """Refuse a request whose header is no live secret. Also taken as `Bearer` and the secret."""
    given = request.header(name.lower())
    if not given:
        raise RefusedError(401, f"{name.lower()}: is missing")
    expected = [form for secret in secrets for form in (secret, f"Bearer {secret}")]
    if not fits_any(given, (form.encode() for form in expected)):
        raise RefusedError(401, f"{name.lower()}: fits no secret of this source")


def check_basic(request: WebhookRequest, secrets: tuple[str, ...], status: int = 401) -> None:
    """Refuse a request without the `user:password` of a live secret (RFC 7617), with `status`."""
    scheme, _, encoded = request.header("authorization").partition(" ")
    if scheme.lower() != "basic":
        raise RefusedError(status, "authorization: basic credentials are missing")
    try:
        given = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise RefusedError(status, "authorization: cannot be read") from None
    if not fits_any(given, (secret.encode() for secret in secrets)):
        raise RefusedError(status, "authorization: fits no secret of this source")


def needed_header(request: WebhookRequest, name: str) -> str:
    """A header without which nothing can be verified."""
    value = request.header(name)
    if not value:
        raise RefusedError(401, f"{name}: is missing")
    return value


def check_age(header: str, seconds: str, source: Source, now: datetime) -> None:
    """Refuse a request signed too long ago, or too far ahead of our clock."""
    if not _SECONDS.fullmatch(seconds):
        raise RefusedError(401, f"{header}: must be whole seconds since 1970")
    tolerance = source.options.tolerance_seconds
    if abs(now.timestamp() - int(seconds)) > tolerance:
        raise RefusedError(401, f"{header}: is more than {tolerance} seconds from now")


def event_id(request: WebhookRequest) -> str:
    """The id of a verified request: the sender keeps it through all of its retries."""
    return request.header(f"{_dialect(request)}-id")


def _dialect(request: WebhookRequest) -> str:
    """How the three headers begin: Svix and its users (Resend) have names of their own.

    One dialect holds for all three, or a header that nobody signed could give the id.
    """
    own = request.header("svix-id") and not request.header("webhook-id")
    return "svix" if own else "webhook"


@refusing
def verify_standard_webhooks(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime
) -> None:
    """Accept a body of which one `v1` signature fits one live secret. `v1a` fits none: it needs
    a public key, and no source has one.
    """
    dialect = _dialect(request)
    identity, seconds, listed = (
        needed_header(request, f"{dialect}-{name}") for name in ("id", "timestamp", "signature")
    )
    if not _EVENT_ID.fullmatch(identity):
        raise RefusedError(401, f"{dialect}-id: must be printable and at most 256 characters")
    content = b".".join((identity.encode(), seconds.encode(), request.body))
    expected = [standard_signature(key, content) for key in filter(None, map(_key, secrets))]
    given = listed.split()[:MOST_SIGNATURES]
    if not any(same(signature, entry) for signature in expected for entry in given):
        raise RefusedError(401, f"{dialect}-signature: fits no secret of this source")
    check_age(f"{dialect}-timestamp", seconds, source, now)


def standard_signature(key: bytes, content: bytes) -> bytes:
    """`v1,` and the base64 text. The text is compared, so that no other spelling of it passes."""
    return b"v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest())


def _key(secret: str) -> bytes | None:
    """The key of a `whsec_…` text; None when it is no base64, for that secret fits nothing."""
    text = secret.removeprefix("whsec_")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
