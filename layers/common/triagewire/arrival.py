"""What arrives: one verified, parsed inbound message, before it is a ticket."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Channel(StrEnum):
    """A way in."""

    EHR = "ehr"
    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    WEB = "web"
    CHAT = "chat"
    HELPDESK = "helpdesk"
    MONITORING = "monitoring"


class RequesterKind(StrEnum):
    """Who asks. `unknown` never gets an automatic text."""

    PATIENT = "patient"
    STAFF = "staff"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """Who asks, with every identity the sender stated; nothing here is inferred.

    `on_behalf` is set when a proxy (a parent, a carer) writes for the patient.
    """

    kind: RequesterKind = RequesterKind.UNKNOWN
    patient_id: str | None = None
    email: str | None = None
    phone: str | None = None
    name: str | None = None
    date_of_birth: date | None = None
    on_behalf: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientContext:
    """Facts of the record that the message carried. They may only raise an urgency."""

    age_years: float | None = None
    conditions: tuple[str, ...] = ()
    medications: tuple[str, ...] = ()
    recent_procedures: tuple[str, ...] = ()
    pregnant: bool = False
    next_appointment: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file the sender mentioned: never its content, never fetched at intake."""

    name: str
    media_type: str = ""
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One inbound message. `event_id` is the sender's own, or `derived:sha256:…` where it has none.

    `text` is what the person wrote or said (an empty voicemail has `""` and a note in `remarks`);
    `request_type` is the sender's own topic, a hint for routing and never for urgency; `automatic`
    marks auto-replies and robots; `speech` is the recogniser's confidence 0..1 for voice;
    `occurred_at` is the sender's time (UTC) where it states one.
    """

    site: str
    source: str
    channel: Channel
    event_id: str
    requester: Requester
    text: str
    subject: str = ""
    language: str | None = None
    context: PatientContext = field(default_factory=PatientContext)
    request_type: str | None = None
    thread: str | None = None
    automatic: bool = False
    speech: float | None = None
    attachments: tuple[Attachment, ...] = ()
    remarks: tuple[str, ...] = ()
    occurred_at: datetime | None = None
