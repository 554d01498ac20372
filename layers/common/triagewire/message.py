"""One thing said on a ticket, in or out."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from triagewire.arrival import Attachment, Channel, PatientContext, PatientRecord, StaffRequest


class Direction(StrEnum):
    """Whether the requester said it, we did, or staff wrote it for each other."""

    INBOUND = "in"
    OUTBOUND = "out"
    NOTE = "note"


class Delivery(StrEnum):
    """How far an outgoing message has got; `withdrawn` was taken back before it left."""

    NONE = "none"
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class ReplyWay(StrEnum):
    """How a message leaves: by mail, as a text, by a signed webhook to the system that the
    requester wrote in, or as an event for a program that may settle the request.
    """

    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"
    AUTOMATION = "automation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of ticket `ticket_id`; `number` tells messages of the same instant apart.

    Inbound ones keep what scoring needs; outbound ones say by which `way` and to which address they
    go, to which answers go, by which article or template they were made, and until when (UTC) they
    may be undone: they leave no sooner than `send_at` (None: at once), and once one has left its
    ticket is resolved with the outcome `then`, if it names one. `urgency` is how urgent that was
    when it was written (0: not known). `source` is the source whose system a webhook goes to,
    `tries` how often it was tried to send it, `why` the code of what kept the last try from
    working. `context` is what the message stated of the patient, `record` what the site's FHIR
    server said (None: nothing was read).
    """

    ticket_id: str
    at: datetime
    number: int = 0
    direction: Direction = Direction.INBOUND
    channel: Channel
    text: str
    full_text: str = ""
    subject: str = ""
    language: str | None = None
    request_type: str | None = None
    staff_request: StaffRequest | None = None
    context: PatientContext = field(default_factory=PatientContext)
    record: PatientRecord | None = None
    speech: float | None = None
    automatic: bool = False
    attachments: tuple[Attachment, ...] = ()
    remarks: tuple[str, ...] = ()
    occurred_at: datetime | None = None
    thread: str | None = None
    thread_token: str | None = None
    awaits: bool = False
    pointer: str | None = None
    doubtful_sender: bool = False
    author: str = ""
    to: str = ""
    reply_to: str = ""
    made_by: str = ""
    way: ReplyWay = ReplyWay.EMAIL
    source: str = ""
    send_at: datetime | None = None
    then: str = ""
    urgency: int = 0
    delivery: Delivery = Delivery.NONE
    tries: int = 0
    why: str = ""
