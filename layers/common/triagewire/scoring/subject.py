"""What scoring looks at: one message, who wrote it, and the facts that came with it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from triagewire.arrival import PatientContext, PatientRecord, StaffRequest

Voice = Literal["patient", "staff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringInput:
    """One message to score. Every field except `text` may be absent, and absence never lowers an
    urgency.

    `staff_request` holds what staff filled into fields of their own.
    `language` is a BCP 47 tag when the sender states one; `speech` is the recogniser's confidence
    0..1; `context` is what the message stated of the patient and `record` what the site's FHIR
    server said, both of which count; `request_type` is the requester's own topic (a hint for
    routing only); `intake` holds structured answers that came beside the text, such as the stated
    onset; `now` is needed only to read the next appointment. `automatic` says that a machine sent
    it: with the channel `monitoring` that is a tool which speaks of hosts.
    """

    text: str
    subject: str = ""
    voice: Voice = "patient"
    language: str | None = None
    channel: str | None = None
    automatic: bool = False
    context: PatientContext = field(default_factory=PatientContext)
    record: PatientRecord | None = None
    request_type: str | None = None
    staff_request: StaffRequest | None = None
    speech: float | None = None
    intake: tuple[str, ...] = ()
    attachments: bool = False
    now: datetime | None = None
