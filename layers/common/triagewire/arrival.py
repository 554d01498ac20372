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
class PatientRecord:
    """What the site's FHIR server said of the patient when the message was judged.

    It stands beside what the message itself stated and replaces none of it. `sex` is the
    administrative one as the server writes it; `unknown` names the kinds that could not be learnt.
    `another` says that the patient's number led to somebody born on another day, of whom nothing
    is kept.
    """

    facts: PatientContext = field(default_factory=PatientContext)
    born: date | None = None
    sex: str = ""
    language: str = ""
    deceased: bool = False
    another: bool = False
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRequest:
    """What a member of staff stated of a request in fields of their own, as they wrote it.

    `category` is a hint for routing, `urgency` one for whoever reads it: neither moves a score.
    `patient_impact` is how patient care suffers ("yes", "patients waiting"), `for_whom` whose
    account it is. A field that was not stated is empty.
    """

    category: str = ""
    urgency: str = ""
    department: str = ""
    place: str = ""
    asset: str = ""
    application: str = ""
    account: str = ""
    for_whom: str = ""
    business_impact: str = ""
    patient_impact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file the sender mentioned: never its content, and never fetched by us.

    `link` is where staff find it (the sender's address of it, or `s3://…` for stored mail). It can
    open the file without further proof, so it is kept like the text: encrypted, never logged.
    """

    name: str
    media_type: str = ""
    size_bytes: int | None = None
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One inbound message. `event_id` is the sender's own, or `derived:sha256:…` where it has none.

    `text` is what the person wrote or said (an empty voicemail has `""` and a note in `remarks`);
    `full_text` is all of it, with quoted mail and signature, `""` when that is the same.
    `request_type` is the sender's own topic, a hint for routing and never for urgency;
    `staff_request` is what staff filled into fields of their own (None: there were none).
    `automatic` marks auto-replies and robots; `speech` is the recogniser's confidence 0..1 for
    voice; `occurred_at` is the sender's time (UTC) where it states one.

    `thread` is the sender's own reference of the conversation, the same for all its messages of
    one source; `thread_token` is a token of ours that came back (`replies.thread` made it, and
    only `score_route` can tell whether it is genuine). `awaits` marks a message whose words come
    in a later event of the same `thread`: a recording before its transcription. `pointer` says
    where the text must be read when the sender gave only a reference. `doubtful_sender` is mail
    whose From failed its authentication: the identities are stated, and not believed. `unproven`
    is content that the sender's signature does not cover, so that only its first copy is believed.
    `restated` is an alarm of which reminders come with other figures in them: whatever comes under
    its event id is the same event.
    """

    site: str
    source: str
    channel: Channel
    event_id: str
    requester: Requester
    text: str
    full_text: str = ""
    subject: str = ""
    language: str | None = None
    context: PatientContext = field(default_factory=PatientContext)
    request_type: str | None = None
    staff_request: StaffRequest | None = None
    thread: str | None = None
    thread_token: str | None = None
    awaits: bool = False
    pointer: str | None = None
    doubtful_sender: bool = False
    unproven: bool = False
    restated: bool = False
    automatic: bool = False
    speech: float | None = None
    attachments: tuple[Attachment, ...] = ()
    remarks: tuple[str, ...] = ()
    occurred_at: datetime | None = None


class FactKind(StrEnum):
    """What a mail or phone system tells us about a conversation without saying anything in it."""

    BOUNCE = "bounce"
    DELIVERY = "delivery"
    AUTOMATIC_ANSWER = "automatic_answer"
    COMPLAINT = "complaint"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something to record, never a ticket and never a reopening.

    `permanent` is a bounce that will not go away (RFC 3463: class 5). `thread_token` names the
    ticket it is about where our own token came back; `state` is the sender's word for a delivery
    (`delivered`, `undelivered` …). It carries no address and no text.
    """

    site: str
    source: str
    kind: FactKind
    event_id: str
    thread: str | None = None
    thread_token: str | None = None
    permanent: bool = False
    state: str = ""
    occurred_at: datetime | None = None
