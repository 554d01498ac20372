"""SES mail that comes by SNS over HTTPS: the mail itself, or a pointer to where SES stored it.

Rules: Amazon SES developer guide, "Contents of notifications for email receiving". SNS repeats
after 5xx and 429 alone, so that whatever may be mended on our side is never answered with a 4xx.
"""

import base64
import binascii
from dataclasses import replace
from datetime import datetime

from triagewire.arrival import Arrival
from triagewire.channels.alarms.sns_envelope import (
    check_envelope,
    checked_certificate_address,
    envelope_of,
    handshake,
)
from triagewire.channels.alarms.sns_notices import fate_of_mail, headers_of
from triagewire.channels.mail.arrival import Envelope, MailParts, Verdicts, arrival_from_parts
from triagewire.channels.mail.headers import MailHeaders
from triagewire.channels.mail.mime import parts_of
from triagewire.channels.outcome import answered_200
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.payload import JSON_TYPE, json_object
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import refusing
from triagewire.channels.source import Source
from triagewire.errors import RefusedError, UnreadableError

MEDIA_TYPES = frozenset({"text/plain", JSON_TYPE})
METHODS = frozenset({"POST"})

_SET_UP_TEXT = "Successfully validated SNS topic for Amazon SES"
_SET_UP_MAIL = "AMAZON_SES_SETUP_NOTIFICATION"
_RAW_HEADER = "x-amz-sns-rawdelivery"
_ELSEWHERE = "only the headers came: the text must be read where the mail is stored"
_WORDLESS = "e-mail without words"


def certificate_address(request: WebhookRequest, source: Source) -> str:
    """Where the signing certificate is. Raises RefusedError before anything is fetched."""
    return checked_certificate_address(_envelope(request), source)


shaped = answered_200


@refusing
def verify(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime
) -> None:
    """The envelope's signature, by one of the certificates (PEM)."""
    check_envelope(_envelope(request), source, secrets, now)


def _envelope(request: WebhookRequest) -> Fields:
    envelope = envelope_of(request)
    if envelope is not None:
        return envelope
    if request.header(_RAW_HEADER).lower() == "true":
        # Nobody has signed it. SNS keeps it for a while, in which the subscription can be mended.
        raise RefusedError(503, "raw message delivery must be turned off for this subscription")
    raise RefusedError(401, "body: is no envelope of SNS")


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """One mail; or a handshake, a set-up notice, or what became of mail that we sent."""
    envelope = envelope_of(request)
    if envelope is None:
        raise UnreadableError("the body is no envelope of SNS")
    if settled := handshake(envelope):
        return settled
    message_id = envelope.required("MessageId", envelope.identifier("MessageId"))
    text = envelope.exact("Message") or ""
    if text.startswith(_SET_UP_TEXT):
        return Ignored("set-up notice of SES")
    notice = json_object(text.encode("utf-8", "replace"))
    if (notice.line("notificationType") or "").lower() == "received":
        return _received(notice, source, message_id)
    return fate_of_mail(notice, source, message_id)


def _received(notice: Fields, source: Source, sns_id: str) -> Parsed:
    """A mail: its text where SES published it, else only what is known of it."""
    mail, receipt = notice.inner("mail"), notice.inner("receipt")
    event_id = mail.identifier("messageId") or sns_id
    if event_id == _SET_UP_MAIL:
        return Ignored("set-up notice of SES")
    envelope = Envelope(sender=mail.exact("source"), recipients=receipt.lines("recipients"))
    content = notice.exact("content")
    if content is not None:
        parts = parts_of(_decoded(content, receipt.inner("action")))
        known = replace(parts, verdicts=_verdicts(receipt))
        return arrival_from_parts(known, source, event_id=event_id, envelope=envelope)
    parts = MailParts(
        headers=MailHeaders(headers_of(mail)),
        verdicts=_verdicts(receipt),
        remarks=(_ELSEWHERE,),
    )
    parsed = arrival_from_parts(parts, source, event_id=event_id, envelope=envelope)
    if isinstance(parsed, Ignored):
        return parsed
    return tuple(_pointing(arrival, receipt) for arrival in parsed)


def _pointing(arrival: Arrival, receipt: Fields) -> Arrival:
    """Names the stored mail and fetches nothing: what is in a notice is data, not a request."""
    action = receipt.inner("action")
    bucket, key = action.line("bucketName"), action.line("objectKey")
    return replace(
        arrival,
        pointer=f"s3://{bucket}/{key}" if bucket and key else "the SES console of the group",
        remarks=tuple(remark for remark in arrival.remarks if remark != _WORDLESS),
    )


def _decoded(content: str, action: Fields) -> bytes:
    if (action.line("encoding") or "").upper() != "BASE64":
        return content.encode("utf-8", "replace")
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableError("the content of the mail is not base64") from None


def _verdicts(receipt: Fields) -> Verdicts:
    return Verdicts(
        spf=_verdict(receipt, "spfVerdict"),
        dkim=_verdict(receipt, "dkimVerdict"),
        dmarc=_verdict(receipt, "dmarcVerdict"),
        spam=_verdict(receipt, "spamVerdict") == "fail",
        virus=_verdict(receipt, "virusVerdict") == "fail",
    )


def _verdict(receipt: Fields, name: str) -> str:
    """`pass` or `fail`; GRAY, PROCESSING_FAILED and DISABLED say nothing either way."""
    word = (receipt.inner(name).line("status") or "").lower()
    return word if word in {"pass", "fail"} else ""
