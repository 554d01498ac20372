"""A message judged by its words, and then with the patient's record where that may still raise it.

Words that are clinical urgent by themselves page at once: a record could add nothing but a wait.
"""

from dataclasses import replace

from triagewire.arrival import Channel, PatientRecord, Requester
from triagewire.channels.ehr.record import counted
from triagewire.channels.ehr.record_asking import PatientKey, patient_key
from triagewire.channels.source import Source
from triagewire.errors import ConflictError
from triagewire.flow.context import Context
from triagewire.flow.judge import judge
from triagewire.ledger.event import Action, Entry
from triagewire.message import Message
from triagewire.observability import count, logger
from triagewire.policy.model import Site
from triagewire.store.messages import rewritten
from triagewire.store.table import commit
from triagewire.store.tickets import Change, changed
from triagewire.ticket import Ticket
from triagewire.verdict import Urgency, Verdict

RECORD_READ = "the patient's record was read"


def judged(context: Context, ticket: Ticket, message: Message) -> tuple[Ticket, Message, Verdict]:
    """The verdict on a message; ticket and message as they are stored with the record read for it.

    What goes wrong with a record costs nothing but the record. Raises ConflictError when somebody
    else changed the ticket meanwhile.
    """
    by_words = judge(ticket, message, context.policy, context.now)
    settled = by_words.score is Urgency.CLINICAL_URGENT or message.record is not None
    if settled or not (message.text.strip() or message.subject.strip()):
        return ticket, message, by_words
    record = _found(context, ticket, message)
    if record is None:
        return ticket, message, by_words
    known = replace(message, record=record)
    ticket = _kept(context, ticket, known)
    return ticket, known, raised(by_words, judge(ticket, known, context.policy, context.now))


def raised(before: Verdict, after: Verdict) -> Verdict:
    """The verdict with the record, unless it is less than that on the words alone, which no rule
    should make it.
    """
    lower = after.score < before.score or after.candidate < before.candidate
    unseen = before.review and not after.review and after.score < Urgency.CLINICAL_URGENT
    if lower or unseen or (before.crisis and not after.crisis):
        count("RecordLowered")
        return replace(before, unknown=after.unknown)
    return after


def _found(context: Context, ticket: Ticket, message: Message) -> PatientRecord | None:
    """The record, where the site has a server and the message says surely whose it is."""
    site = context.policy.policy.sites.get(ticket.site)
    source = site.sources.get(ticket.source) if site else None
    if site is None or source is None or site.record is None or ticket.unreadable:
        return None
    try:
        key = _key(site, source, ticket.requester, message)
        if key is None:
            return None
        found = context.read_record(ticket.site, site.record, key, context.now)
    except Exception as error:
        count("RecordReadingFailed")
        logger.error("record not read", ticket_id=ticket.id, error=type(error).__name__)
        return None
    return None if found is None else _of_this_person(found, ticket.requester, source)


def _key(site: Site, source: Source, asker: Requester, message: Message) -> PatientKey | None:
    """Whose record to ask for. A number that anybody may have typed in needs a date of birth."""
    if site.record is None or not asker.patient_id or message.doubtful_sender:
        return None
    if not _vouched_for(source) and asker.date_of_birth is None:
        return None
    return patient_key(asker.patient_id, site.record, source)


def _of_this_person(found: PatientRecord, asker: Requester, source: Source) -> PatientRecord | None:
    """The record, if it is of somebody born on the day that the message states."""
    stated = asker.date_of_birth
    if stated is not None and found.born is not None and stated != found.born:
        return PatientRecord(another=True)
    return found if found.born is not None or _vouched_for(source) else None


def _vouched_for(source: Source) -> bool:
    """Whether the EHR itself wrote the patient's number."""
    return source.usual_channel is Channel.EHR


def _kept(context: Context, ticket: Ticket, known: Message) -> Ticket:
    """The ticket with the record stored and named in the ledger; one that cannot be stored is used
    all the same.
    """
    record = known.record or PatientRecord()
    detail = {"another_patient": True} if record.another else counted(record)
    entry = Entry(action=Action.FETCHED, why=RECORD_READ, detail=detail)
    change = Change(before=ticket, after=ticket, entries=(entry,))
    try:
        after, writes = changed(context.tables, change, context.stamp)
        commit(context.tables, [*writes, rewritten(context.tables, known, ticket.site)])
    except ConflictError:
        raise
    except Exception as error:
        count("RecordNotKept")
        logger.error("record not kept", ticket_id=ticket.id, error=type(error).__name__)
        return ticket
    return after
