"""What staff are shown of one message, as plain JSON values: the words exactly as they came."""

from triagewire.arrival import Attachment, PatientContext, PatientRecord, StaffRequest
from triagewire.desk.ticket_shapes import (
    AttachmentView,
    ContextView,
    MessageView,
    RecordView,
    StaffRequestView,
)
from triagewire.flow.looking import name_of
from triagewire.message import Delivery, Direction, Message

SAFE_LINKS = ("https://", "http://", "s3://")


def message_view(message: Message) -> MessageView:
    """One thing said. `ticket` tells which of the merged tickets it came in on."""
    happened = message.occurred_at
    ours = message.direction is Direction.OUTBOUND
    leaves = message.send_at.isoformat() if message.send_at else None
    return {
        "id": name_of(message),
        "ticket": message.ticket_id,
        "at": message.at.isoformat(),
        "occurred_at": None if happened is None else happened.isoformat(),
        "direction": message.direction,
        "channel": message.channel,
        "author": message.author,
        "subject": message.subject,
        "text": message.text,
        "full_text": message.full_text or None,
        "language": message.language,
        "automatic": message.automatic,
        "made_by": message.made_by or None,
        "way": message.way if ours else None,
        "send_at": leaves if ours else None,
        "undo_until": leaves if _may_be_undone(message) else None,
        "delivery": message.delivery,
        "failed_why": message.why or None,
        "speech": message.speech,
        "context": context_view(message.context),
        "record": record_view(message.record),
        "staff_request": staff_request_view(message.staff_request),
        "attachments": [attachment_view(each) for each in message.attachments],
        "pointer": message.pointer,
        "doubtful_sender": message.doubtful_sender,
        "remarks": list(message.remarks),
    }


def _may_be_undone(message: Message) -> bool:
    """Whether it is a reply of a person that has not begun to leave."""
    pending = message.delivery is Delivery.PENDING and not message.tries
    return pending and not message.automatic


def staff_request_view(request: StaffRequest | None) -> StaffRequestView | None:
    """What staff filled into fields of their own; the stated urgency is theirs, not the score."""
    if request is None:
        return None
    return {
        "category": request.category,
        "urgency": request.urgency,
        "department": request.department,
        "place": request.place,
        "asset": request.asset,
        "application": request.application,
        "account": request.account,
        "for_whom": request.for_whom,
        "business_impact": request.business_impact,
        "patient_impact": request.patient_impact,
    }


def attachment_view(attachment: Attachment) -> AttachmentView:
    """A file that came with a message. A link that could run something is shown to nobody."""
    safe = attachment.link.startswith(SAFE_LINKS)
    return {
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size_bytes": attachment.size_bytes,
        "link": attachment.link if safe else None,
    }


def context_view(context: PatientContext) -> ContextView:
    """The facts of the patient's record that came with a message."""
    visit = context.next_appointment
    return {
        "age_years": context.age_years,
        "conditions": list(context.conditions),
        "medications": list(context.medications),
        "recent_procedures": list(context.recent_procedures),
        "pregnant": context.pregnant,
        "next_appointment": None if visit is None else visit.isoformat(),
    }


def record_view(record: PatientRecord | None) -> RecordView | None:
    """What the site's record server said of the patient; None where nothing was read."""
    if record is None:
        return None
    return {
        "facts": context_view(record.facts),
        "born": record.born.isoformat() if record.born else None,
        "sex": record.sex or None,
        "language": record.language or None,
        "deceased": record.deceased,
        "another": record.another,
        "unknown": list(record.unknown),
    }
