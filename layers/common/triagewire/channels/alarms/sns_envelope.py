"""Believing Amazon SNS: the envelope of an HTTPS delivery, and the addresses that it names.

Rules: Amazon SNS developer guide, "Verifying the signatures of Amazon SNS messages". A good
signature proves no more than that some AWS customer's topic sent the message, so the topic is
looked at first, before anything is fetched.
"""

import base64
import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from triagewire.channels.parsed import Ignored
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.payload import json_body
from triagewire.channels.request import WebhookRequest
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError, UnreadableError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

NOTIFICATION = "Notification"
SUBSCRIPTION = "SubscriptionConfirmation"
UNSUBSCRIPTION = "UnsubscribeConfirmation"
OLDEST_SECONDS = 3_600
"""How long SNS tries at most by its own policy: an older message is somebody's copy."""

_CONFIRMED = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIPTION: _CONFIRMED,
    UNSUBSCRIPTION: _CONFIRMED,
}
_OPTIONAL = frozenset({"Subject"})
# Matched whole, so that no user, no port and no other host can hide in the address. The label is a
# region and nothing else: `sns.s3.amazonaws.com` is a bucket that anybody could have been given.
_HOST = r"sns\.[a-z]{2}(?:-[a-z]+){1,2}-[0-9]{1,2}\.amazonaws\.com(?:\.cn)?"
_CERTIFICATE_ADDRESS = re.compile(rf"https://{_HOST}/SimpleNotificationService-[0-9a-f]+\.pem")
_CONFIRMATION_ADDRESS = re.compile(rf"https://{_HOST}/\?[A-Za-z0-9%&=:_.~+/-]{{1,2000}}")
_TOPIC = re.compile(r"arn:[a-z-]+:sns:[a-z0-9-]+:([0-9]{12}):[A-Za-z0-9_.-]{1,256}")
_CERTIFICATE = "-----BEGIN CERTIFICATE-----"


def envelope_of(request: WebhookRequest) -> Fields | None:
    """The envelope, or None when the body is none: with raw message delivery there is none."""
    try:
        fields = json_body(request)
        known = fields.exact("Type") in _SIGNED
        return fields if known and fields.exact("TopicArn") else None
    except (InvalidFieldError, UnreadableError):
        return None


def is_certificate_address(url: str) -> bool:
    """Whether AWS itself keeps a signing certificate of SNS there."""
    return _CERTIFICATE_ADDRESS.fullmatch(url) is not None


def is_certificate(secret: str) -> bool:
    """Whether a stored secret is a certificate (PEM): everybody may know it, so it is nothing that
    a sender could prove itself with.
    """
    return _CERTIFICATE in secret


def is_confirmation_address(url: str) -> bool:
    """Whether a visit there confirms a subscription at SNS and does nothing else."""
    if not _CONFIRMATION_ADDRESS.fullmatch(url):
        return False
    return parse_qs(urlsplit(url).query).get("Action") == ["ConfirmSubscription"]


def handshake(envelope: Fields) -> Ignored | None:
    """What becomes of a believed envelope that carries no message; None when it carries one.

    The address in an UnsubscribeConfirmation is never visited: it would subscribe again.
    """
    if envelope.exact("Type") == SUBSCRIPTION:
        return Ignored("subscription confirmation", visit=_confirmation_address(envelope))
    if envelope.exact("Type") == UNSUBSCRIPTION:
        return Ignored("unsubscribe confirmation")
    return None


def _confirmation_address(envelope: Fields) -> str:
    """The checked address that confirms this very subscription; raises InvalidFieldError."""
    url = envelope.exact("SubscribeURL") or ""
    topics = parse_qs(urlsplit(url).query).get("TopicArn") if is_confirmation_address(url) else None
    if topics != [envelope.exact("TopicArn")]:
        raise InvalidFieldError("SubscribeURL", "is no address of SNS that confirms this topic")
    return url


def checked_certificate_address(envelope: Fields, source: Source) -> str:
    """Where the signing certificate is. Raises RefusedError before anything is fetched."""
    try:
        _check_topic(envelope.exact("TopicArn") or "", source.options.topics)
        url = envelope.exact("SigningCertURL") or ""
    except InvalidFieldError:
        raise RefusedError(401, "SigningCertURL: cannot be read") from None
    if not is_certificate_address(url):
        raise RefusedError(401, "SigningCertURL: is no address of SNS")
    return url


def check_envelope(
    envelope: Fields, source: Source, certificates: Iterable[str], now: datetime
) -> None:
    """Believe the envelope by one of the certificates (PEM), or raise RefusedError.

    In this order: topic, address of the certificate, signature, age.
    """
    checked_certificate_address(envelope, source)
    content = signed_content(envelope)
    signature = base64.b64decode(envelope.exact("Signature") or "", validate=True)
    version = envelope.exact("SignatureVersion") or ""
    if version not in {"1", "2"}:
        raise RefusedError(401, "SignatureVersion: must be 1 or 2")
    keys = filter(None, map(_public_key, certificates))
    if not any(_fits(key, signature, content, version) for key in keys):
        raise RefusedError(401, "Signature: fits no certificate of SNS")
    _check_age(envelope, now)


def _check_topic(topic: str, topics: tuple[str, ...]) -> None:
    """SNS throws a message away after any 4xx: a topic of an account that we do listen to is most
    likely missing on our list, so that its messages are asked for again.
    """
    if topic in topics:
        return
    reason = "TopicArn: is not among the topics of this source"
    account = _account(topic)
    if account and account in map(_account, topics):
        raise RefusedError(503, reason)
    raise RefusedError(403, reason)


def _account(topic: str) -> str:
    found = _TOPIC.fullmatch(topic)
    return found[1] if found else ""


def signed_content(envelope: Fields) -> bytes:
    """Each signed field's name and value, every one ended by a line break."""
    content = ""
    for name in _SIGNED[envelope.exact("Type") or ""]:
        value = envelope.exact(name)
        if value is None and name not in _OPTIONAL:
            raise RefusedError(401, f"{name}: is missing")
        content += f"{name}\n{value}\n" if value is not None else ""
    return content.encode("utf-8", "surrogatepass")


def _public_key(secret: str) -> "RSAPublicKey | None":
    """The key of a certificate, with or without a private key beside it; None of anything else."""
    if not is_certificate(secret):
        return None
    # 40 ms that only sources of SNS should cost.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415

    try:
        key = x509.load_pem_x509_certificate(secret.encode()).public_key()
    except ValueError:
        return None
    return key if isinstance(key, RSAPublicKey) else None


def _fits(key: "RSAPublicKey", signature: bytes, content: bytes, version: str) -> bool:
    """RSASSA-PKCS1-v1_5, with SHA-1 in version 1 and SHA-256 in version 2."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  as above
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415

    # SHA-1 is what SNS signs with until a topic is set to version 2.
    digest = hashes.SHA256() if version == "2" else hashes.SHA1()  # noqa: S303  # nosec B303
    try:
        key.verify(signature, content, PKCS1v15(), digest)
    except InvalidSignature:
        return False
    return True


def _check_age(envelope: Fields, now: datetime) -> None:
    sent = envelope.required("Timestamp", envelope.moment("Timestamp"))
    if abs((now - sent).total_seconds()) > OLDEST_SECONDS:
        raise RefusedError(401, f"Timestamp: is more than {OLDEST_SECONDS} seconds from now")
