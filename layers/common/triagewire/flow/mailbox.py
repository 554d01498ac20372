"""From a stored mail to a durable ticket: S3 tells a queue, and the queue calls intake.

Nothing is dropped: what cannot be done is raised, comes again, and ends in the dead letters with
an alarm, while the mail stays in the bucket.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from triagewire.arrival import Arrival, Attachment
from triagewire.cache import Kept
from triagewire.channels import ses
from triagewire.channels.outcome import Outcome
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.record import MOST_ATTACHMENTS
from triagewire.channels.receiving import understood
from triagewire.channels.ses import StoredMail
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, NotFoundError, TriagewireError, UnreadableError
from triagewire.flow.limits import note_given
from triagewire.flow.receive import store_outcome
from triagewire.ledger.event import Stamp
from triagewire.observability import logger
from triagewire.store.sources import Sources, sources_with
from triagewire.store.table import Tables

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST_MAIL_BYTES = 40 * 1024 * 1024
"""What SES takes of one mail; a larger object was put by something else."""
BEGINNING_BYTES = 1_000_000
"""Read of a larger one: the words of a mail stand before its files."""

_CREATED = "ObjectCreated:"
_TRIAL = "s3:TestEvent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """The bucket that is believed, and the sources of the active policy."""

    tables: Tables
    client: "S3Client"
    bucket: str
    sources: Kept[Sources]


def take_notices(
    mailbox: Mailbox, records: Sequence[Mapping[str, Any]], request_id: str
) -> list[str]:
    """Take every mail that a batch of the queue names; returns the ids of what must come again."""
    return [each["messageId"] for each in records if not _is_taken(mailbox, each, request_id)]


def _is_taken(mailbox: Mailbox, record: Mapping[str, Any], request_id: str) -> bool:
    try:
        for stored in stored_mails(record["body"]):
            outcome = take(mailbox, stored, request_id)
            site, _, source = stored.source_name.partition("/")
            for ticket_id in outcome.ticket_ids:
                logger.info("stored", ticket_id=ticket_id, site=site, source=source)
    except Exception as error:
        reason = str(error) if isinstance(error, TriagewireError) else ""
        logger.error("mail not stored", error=type(error).__name__, reason=reason)
        return False
    return True


def stored_mails(notice: str) -> tuple[StoredMail, ...]:
    """The mails that a notice of S3 names; none when S3 tries a new queue, or SES a new bucket.

    Raises UnreadableError or InvalidFieldError for anything else: somebody must look at it.
    """
    try:
        told = Fields(json.loads(notice))
    except (ValueError, RecursionError):
        raise UnreadableError("the notice is not JSON") from None
    if told.line("Event") == _TRIAL:
        return ()
    records = told.objects("Records")
    if not records:
        raise InvalidFieldError("Records", "is missing")
    stored = tuple(_stored(record) for record in records if _is_new(record))
    return tuple(each for each in stored if not each.is_setup_notice)


def _is_new(record: Fields) -> bool:
    name = record.required("eventName", record.line("eventName"))
    return name.removeprefix("s3:").startswith(_CREATED)


def _stored(record: Fields) -> StoredMail:
    """One record; its key comes as in a form: `+` is a space (S3 event message structure)."""
    place = record.inner("s3")
    bucket, entry = place.inner("bucket"), place.inner("object")
    key = entry.required("key", entry.prose("key"))
    return StoredMail(
        bucket=bucket.required("name", bucket.line("name")),
        key=unquote_plus(key),
        size_bytes=int(entry.number("size") or 0),
        stored_at=record.required("eventTime", record.moment("eventTime")),
    )


def take(mailbox: Mailbox, stored: StoredMail, request_id: str = "") -> Outcome:
    """Make one stored mail durable as a ticket; the same mail again changes nothing.

    It counts from when SES stored it, however late the notice is read: its sender waits since then.
    """
    sources = sources_with(mailbox.sources, stored.source_name)
    source, outcome = read_mail(mailbox, stored, sources)
    stamp = Stamp(
        at=stored.stored_at,
        actor=f"source:{stored.source_name}",
        policy_version=sources.policy_version,
        request_id=request_id,
    )
    store_outcome(mailbox.tables, outcome, source, stamp)
    note_given(mailbox.tables, outcome, source, stamp.at)
    return outcome


def read_mail(mailbox: Mailbox, stored: StoredMail, sources: Sources) -> tuple[Source, Outcome]:
    """What becomes of one stored mail, before anything is written.

    Raises NotFoundError for a bucket or a source that is not known (the policy may learn of it
    before the notice comes again), and what S3 raises: a mail may be told of before it is there.
    """
    if stored.bucket != mailbox.bucket:
        raise NotFoundError("the notice is not of this deployment's bucket")
    source = sources.by_name.get(stored.source_name)
    if source is None or source.adapter != "ses":
        raise NotFoundError("the policy has no SES source of the object's site and source")
    whole = stored.size_bytes <= MOST_MAIL_BYTES
    raw = _content(mailbox, stored, "" if whole else f"bytes=0-{BEGINNING_BYTES - 1}")
    outcome = understood(ses, ses.request_of(stored, raw), source, stored.stored_at)
    return source, outcome if whole else _of_a_beginning(outcome, stored)


def _content(mailbox: Mailbox, stored: StoredMail, part: str) -> bytes:
    if part:
        answer = mailbox.client.get_object(Bucket=stored.bucket, Key=stored.key, Range=part)
    else:
        answer = mailbox.client.get_object(Bucket=stored.bucket, Key=stored.key)
    return answer["Body"].read()


def _of_a_beginning(outcome: Outcome, stored: StoredMail) -> Outcome:
    return replace(outcome, arrivals=tuple(_cut(each, stored) for each in outcome.arrivals))


def _cut(arrival: Arrival, stored: StoredMail) -> Arrival:
    """Says that there is more, and where."""
    whole = Attachment(
        name="mail.eml",
        media_type=ses.MAIL_TYPE,
        size_bytes=stored.size_bytes,
        link=stored.link,
    )
    remark = "only the beginning of a very large mail was read: the whole of it is attached"
    return replace(
        arrival,
        attachments=(whole, *arrival.attachments)[:MOST_ATTACHMENTS],
        remarks=(*arrival.remarks, remark),
    )
