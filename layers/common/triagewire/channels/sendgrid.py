"""SendGrid Inbound Parse: one mail as a multipart form, in parts or as it was sent.

Rules: Twilio SendGrid, "Inbound Parse Webhook" (default parameters and raw payload) and "Event
Webhook security features" (signature). SendGrid gives neither an event id nor a time, repeats
after 5xx for three days, and drops the mail after a 4xx.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from triagewire.arrival import Attachment
from triagewire.channels.mail.arrival import (
    Envelope,
    MailParts,
    Verdicts,
    arrival_from_parts,
    mailbox_of,
)
from triagewire.channels.mail.charset import text_of
from triagewire.channels.mail.headers import MailHeaders
from triagewire.channels.mail.mime import parts_of
from triagewire.channels.outcome import answered_200
from triagewire.channels.parsed import Parsed
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.payload import (
    MULTIPART_TYPE,
    MultipartForm,
    json_object,
    multipart_body,
)
from triagewire.channels.reading.record import file_name
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import check_age, check_basic, needed_header, refusing
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError, UnreadableError
from triagewire.ids import derived_event_id

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

MEDIA_TYPES = frozenset({MULTIPART_TYPE})
METHODS = frozenset({"POST"})

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
_CONTENT = ("headers", "from", "to", "cc", "subject", "text", "html", "email")
_FILE = re.compile(r"attachment[0-9]{1,4}")
_RESULT = re.compile(r":\s*([a-z]{2,20})")

shaped = answered_200


@refusing
def verify(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime
) -> None:
    """With a public key in the policy its signature, else the `user:password` of the address."""
    if not source.options.public_key:
        check_basic(request, secrets)
        return
    signature = base64.b64decode(needed_header(request, SIGNATURE), validate=True)
    seconds = needed_header(request, TIMESTAMP)
    keys = _public_keys(source.options.public_key)
    if not any(_fits(key, signature, seconds.encode() + request.body) for key in keys):
        raise RefusedError(401, f"{SIGNATURE}: fits no public key of this source")
    check_age(TIMESTAMP, seconds, source, now)


def _public_keys(stated: str) -> "list[EllipticCurvePublicKey]":
    # 40 ms that only sources with a public key should cost.
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415

    keys = [load_der_public_key(base64.b64decode(each)) for each in stated.split(",")]
    return [key for key in keys if isinstance(key, ec.EllipticCurvePublicKey)]


def _fits(key: "EllipticCurvePublicKey", signature: bytes, content: bytes) -> bool:
    """ECDSA over SHA-256; the signature is in DER."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  as above
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    try:
        key.verify(signature, content, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """One mail: in raw mode as it was sent, else from the form's fields."""
    form = multipart_body(request)
    whole = form.raw.get("email")
    parts = parts_of(whole) if whole else _parts(form)
    known = replace(parts, verdicts=_verdicts(form))
    event_id = _event_id(known, form, source)
    return arrival_from_parts(known, source, event_id=event_id, envelope=_envelope(form))


def _event_id(parts: MailParts, form: MultipartForm, source: Source) -> str:
    """By the mail's own id, else by its content: a copy reads the same in both."""
    named = parts.headers.message_id()
    content = b"\0".join(form.raw.get(name, b"") for name in _CONTENT)
    if not named and not content.strip(b"\0"):
        raise InvalidFieldError("email", "is missing, and so is every other field of a mail")
    return derived_event_id(source.site, source.name, named.encode() if named else content)


def _parts(form: MultipartForm) -> MailParts:
    charsets = _inner(form, "charsets")
    headers = _headers(form)
    stated = {name: text_of(form.raw.get(name, b""), _line(charsets, name)) for name in _CONTENT}
    return MailParts(
        headers=headers,
        # The header still has its encoding, in which a comma of a name cannot part addresses.
        from_=None if headers.get("from") else mailbox_of(stated["from"]),
        subject=stated["subject"].strip() or None,
        plain=stated["text"],
        html=stated["html"],
        recipients=(stated["to"], stated["cc"]),
        attachments=tuple(_attachments(form)),
    )


def _headers(form: MultipartForm) -> MailHeaders:
    block = form.raw.get("headers", b"").strip()
    try:
        return parts_of(block + b"\r\n\r\n").headers
    except UnreadableError:
        return MailHeaders(())


def _attachments(form: MultipartForm) -> Iterator[Attachment]:
    """What `attachment-info` says of each file, else what the form says."""
    info = _inner(form, "attachment-info")
    for file in form.files:
        about = _inner_of(info, file.field)
        yield Attachment(
            name=file_name(_line(about, "filename") or _line(about, "name") or file.name),
            media_type=_line(about, "type") or file.media_type,
            size_bytes=file.size_bytes,
        )
    # A file whose name the form lost comes as a field.
    for name, content in form.raw.items():
        if _FILE.fullmatch(name):
            about = _inner_of(info, name)
            yield Attachment(
                name=file_name(_line(about, "filename")),
                media_type=_line(about, "type"),
                size_bytes=len(content),
            )


def _envelope(form: MultipartForm) -> Envelope:
    stated = _inner(form, "envelope")
    try:
        return Envelope(sender=stated.exact("from"), recipients=stated.lines("to"))
    except InvalidFieldError:
        return Envelope()


def _verdicts(form: MultipartForm) -> Verdicts:
    """`dkim` reads `{@mail.example : pass}`, which is no JSON; one good signature is enough."""
    results = _RESULT.findall(form.text("dkim").lower())
    dkim = "pass" if "pass" in results else "".join(results[:1])
    return Verdicts(spf=form.text("SPF").strip().lower(), dkim=dkim)


def _inner(form: MultipartForm, name: str) -> Fields:
    """The JSON of a field; an odd one is as good as none, for the mail is in other fields."""
    try:
        return json_object(form.raw.get(name, b""))
    except (InvalidFieldError, UnreadableError):
        return Fields({})


def _inner_of(fields: Fields, name: str) -> Fields:
    try:
        return fields.inner(name)
    except InvalidFieldError:
        return Fields({})


def _line(fields: Fields, name: str) -> str:
    try:
        return fields.line(name) or ""
    except InvalidFieldError:
        return ""
