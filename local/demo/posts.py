"""A message of the day as the webhook that its sender would post, and the ticket it must become."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from local.demo.day import DayMessage, Person
from local.demo.samples import sampled
from ops.senders.epic import signed_epic
from ops.senders.letter import Signed
from ops.senders.postmark import basic_postmark
from ops.senders.slack import signed_slack
from ops.senders.standard import signed_standard
from ops.senders.twilio import signed_twilio
from ops.senders.web import signed_web
from triagewire.channels.source import Source
from triagewire.ids import ticket_id

type Payload = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A request that is ready to be sent. A retry of it is the same value again.

    `stored_as` is the name of the object for a mail that SES stores instead of posting it.
    """

    site: str
    source: str
    event_id: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    query: str = field(default="", repr=False)
    stored_as: str = ""

    @property
    def name(self) -> str:
        """The source as secrets and paths know it."""
        return f"{self.site}/{self.source}"

    @property
    def ticket_id(self) -> str:
        """The one ticket that this event becomes, however often it is sent."""
        return ticket_id(self.site, self.source, self.event_id)


type Maker = Callable[[DayMessage, str, datetime, str], tuple[str, Signed]]


def post_of(
    message: DayMessage,
    secrets: Mapping[str, str],
    url: str,
    now: datetime,
    sources: Mapping[str, Source] | None = None,
) -> Post:
    """The webhook of a message, signed `now`; `url` is the base address that its sender was given.

    A retry is signed anew and says the same: only the signature depends on `now`. A message `by`
    none of the `WAYS` goes through the site's source of that name.
    """
    if message.by not in WAYS:
        return _by_sample(message, (sources or {})[message.by], secrets, url)
    source, make = WAYS[message.by]
    name = f"{message.site}/{source}"
    event_id, (headers, body) = make(message, secrets[name], now, f"{url}/webhook/{name}")
    return Post(site=message.site, source=source, event_id=event_id, headers=headers, body=body)


def _by_sample(message: DayMessage, source: Source, secrets: Mapping[str, str], url: str) -> Post:
    name = f"{message.site}/{source.name}"
    event_id, made = sampled(message, source, secrets.get(name, ""), f"{url}/webhook/{name}")
    return Post(
        site=message.site,
        source=source.name,
        event_id=event_id,
        headers=made.headers,
        body=made.body,
        query=urlsplit(made.url).query,
        stored_as="" if urlsplit(made.url).scheme else made.url,
    )


def _portal(message: DayMessage, secret: str, now: datetime, _url: str) -> tuple[str, Signed]:
    event_id = f"evt-{message.id}"
    payload: Payload = {
        "type": "patient_message.received",
        "timestamp": message.at.isoformat(),
        "data": {
            "message_id": f"msg-{message.id}",
            "subject": message.subject,
            "body": message.text,
            "patient": _identities(message.patient) | {"mrn": message.patient.mrn},
            "sender": _sender(message),
            "context": _context(message),
            **_language(message),
            **_continued(message),
            **_files(message),
        },
    }
    return event_id, signed_epic(secret, now, payload, event_id=event_id)


def _sender(message: DayMessage) -> Payload:
    """Who wrote; a parent writes as a proxy, with the own name and addresses."""
    if message.writer is message.patient:
        return {"kind": "patient"}
    return {"kind": "proxy"} | _contact(message.writer)


def _website(message: DayMessage, secret: str, now: datetime, _url: str) -> tuple[str, Signed]:
    event_id = f"form-{message.id}"
    payload: Payload = {
        "text": message.text,
        "subject": message.subject,
        "submitted_at": message.at.isoformat(),
        **_identities(message.patient),
        **_language(message),
    }
    return event_id, signed_web(secret, now, payload, event_id=event_id)


def _voicemail(message: DayMessage, secret: str, _now: datetime, url: str) -> tuple[str, Signed]:
    event_id = f"TR{_hex(message)}"
    payload = {
        "TranscriptionSid": event_id,
        "TranscriptionStatus": "completed" if message.text else "failed",
        "TranscriptionText": message.text,
        "RecordingSid": f"RE{_hex(message)}",
        "CallSid": f"CA{_hex(message)}",
        "From": message.writer.phone,
        "To": "+12125550100",
    }
    return event_id, signed_twilio(secret, url, payload)


def _sms(message: DayMessage, secret: str, _now: datetime, url: str) -> tuple[str, Signed]:
    event_id = f"SM{_hex(message)}"
    payload = {
        "MessageSid": event_id,
        "Body": message.text,
        "From": message.writer.phone,
        "To": "+12125550100",
        "NumMedia": "0",
    }
    return event_id, signed_twilio(secret, url, payload)


def _mail(message: DayMessage, secret: str, _now: datetime, _url: str) -> tuple[str, Signed]:
    event_id = _mail_id(message.id)
    writer = message.writer
    headers = {"Message-ID": f"<{event_id}@example.org>"}
    if message.after:
        headers["References"] = f"<{_mail_id(message.after)}@example.org>"
    payload: Payload = {
        "MessageID": event_id,
        "From": f"{writer.name} <{writer.email}>",
        "FromFull": {"Email": writer.email, "Name": writer.name},
        "Subject": message.subject,
        "TextBody": message.text,
        "Date": message.at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
        "OriginalRecipient": message.to,
    }
    return event_id, basic_postmark(secret, payload)


def _mail_id(message_id: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, message_id))


def _slack(message: DayMessage, secret: str, now: datetime, _url: str) -> tuple[str, Signed]:
    event_id = f"Ev{_hex(message)[:12].upper()}"
    seconds = f"{message.at.timestamp():.6f}"
    profile = {"real_name": message.writer.name, "email": message.writer.email}
    event = {
        "type": "message",
        "channel": "C0HELPDESK",
        "user": message.writer.staff,
        "user_profile": profile,
        "text": message.text,
        "ts": seconds,
    }
    payload: Payload = {"type": "event_callback", "event_id": event_id, "event": event}
    return event_id, signed_slack(secret, now, payload)


def _command(message: DayMessage, secret: str, now: datetime, _url: str) -> tuple[str, Signed]:
    event_id = f"cmd.{_hex(message)[:16]}"
    payload: Payload = {
        "command": "/help",
        "text": message.text,
        "user_name": message.writer.staff,
        "trigger_id": event_id,
    }
    return event_id, signed_slack(secret, now, payload, command=True)


def _helpdesk(message: DayMessage, secret: str, now: datetime, _url: str) -> tuple[str, Signed]:
    event_id = f"req-{message.id}"
    payload: Payload = {
        "subject": message.subject,
        "text": message.text,
        "requester": {"kind": _kind(message.writer)} | _identities(message.writer),
        "occurred_at": message.at.isoformat(),
    }
    if message.speech is not None:
        payload["speech_confidence"] = message.speech
    return event_id, signed_standard(secret, now, payload, event_id=event_id)


def _kind(person: Person) -> str:
    """Who asks, as the help desk knows them: somebody without a record is nobody known."""
    if person.staff:
        return "staff"
    return "patient" if person.mrn else "unknown"


def _contact(person: Person) -> Payload:
    stated = {"name": person.name, "email": person.email, "phone": person.phone}
    return {name: value for name, value in stated.items() if value}


def _identities(person: Person) -> Payload:
    born = {"date_of_birth": person.born.isoformat()} if person.born else {}
    return _contact(person) | born


def _context(message: DayMessage) -> Payload:
    """The facts of the record that an EHR sends along."""
    facts: Payload = {
        "conditions": list(message.patient.conditions),
        "medications": list(message.patient.medications),
        "next_appointment": message.next_appointment,
    }
    return {name: value for name, value in facts.items() if value}


def _language(message: DayMessage) -> Payload:
    return {"language": message.language} if message.language else {}


def _continued(message: DayMessage) -> Payload:
    """The portal's conversation, which its first message names."""
    return {"thread_id": f"msg-{message.after}"} if message.after else {}


def _files(message: DayMessage) -> Payload:
    if not message.file:
        return {}
    return {"attachments": [{"name": message.file, "media_type": "image/jpeg"}]}


def _hex(message: DayMessage) -> str:
    return hashlib.md5(message.id.encode(), usedforsecurity=False).hexdigest()


WAYS: Mapping[str, tuple[str, Maker]] = {
    "portal": ("portal", _portal),
    "website": ("website", _website),
    "voicemail": ("voicemail", _voicemail),
    "sms": ("voicemail", _sms),
    "mail": ("mail", _mail),
    "slack": ("staff", _slack),
    "command": ("staff", _command),
    "helpdesk": ("helpdesk", _helpdesk),
}
"""How each way of writing is posted, and to which source of the site."""
