"""Asking a requester how they were served, once their ticket has been resolved for a while.

What keeps it from being asked ends the matter: nobody is asked late, and a question that cannot be
put is not worth a ticket that never closes.
"""

from dataclasses import replace

from triagewire.errors import ConflictError
from triagewire.escalation.timers import next_timer
from triagewire.flow.addressing import (
    Addressed,
    address_hash,
    barred,
    last_addressed,
    record_of,
)
from triagewire.flow.context import Context, Plan
from triagewire.flow.outgoing import Outgoing, queue_message
from triagewire.ledger.event import Action, Entry
from triagewire.message import ReplyWay
from triagewire.observability import count, logger
from triagewire.policy.model import Site
from triagewire.replies.feedback_tokens import SURVEY
from triagewire.replies.satisfaction import SELDOM, month_of, survey_text, why_not
from triagewire.replies.ways import AddressRecord
from triagewire.store.addresses import load_address, write_address
from triagewire.store.satisfaction import count_asked
from triagewire.store.tickets import Change
from triagewire.survey import Survey
from triagewire.ticket import Ticket


def ask_how_it_was(context: Context, ticket: Ticket) -> bool:
    """Put the question that is due, or record why not; False if somebody was quicker."""
    survey = ticket.survey
    if survey is None or survey.due_at is None:
        return False
    try:
        plan = _asked(context, ticket, survey)
    except ConflictError:
        raise
    except Exception as error:
        count("SurveyFailed")
        logger.error("survey not put", ticket_id=ticket.id, error=type(error).__name__)
        plan = _not_asked(context, ticket, survey, "it could not be put")
    try:
        plan.commit(context)
    except ConflictError:
        return False
    return True


def _asked(context: Context, ticket: Ticket, survey: Survey) -> Plan:
    """The plan that asks, or that says why nobody is asked."""
    site = context.site(ticket.site)
    goes = last_addressed(context, ticket)
    if why := why_not(ticket, site):
        return _not_asked(context, ticket, survey, why)
    if goes is None:
        return _not_asked(context, ticket, survey, "only a telephone can reach them")
    if bar := barred(context, ticket, goes.to):
        return _not_asked(context, ticket, survey, f"the address is barred: {bar}")
    record = _record(context, ticket, goes)
    if record.asked_at is not None and context.now < record.asked_at + SELDOM:
        return _not_asked(context, ticket, survey, "they were asked not long ago")
    return _put(context, ticket, survey, site, goes, record)


def _record(context: Context, ticket: Ticket, goes: Addressed) -> AddressRecord:
    """What is known of the address; for a system that posts to somebody, of the requester there."""
    if goes.way is not ReplyWay.WEBHOOK:
        return record_of(context, ticket.site, goes.to)
    hashed = ticket.known_as[0] if ticket.known_as else None
    if hashed is None:
        hashed = address_hash(context, ticket.site, f"{goes.to}#{goes.thread or ticket.id}")
    return load_address(context.tables, ticket.site, hashed)


def _put(
    context: Context,
    ticket: Ticket,
    survey: Survey,
    site: Site,
    goes: Addressed,
    record: AddressRecord,
) -> Plan:
    subject, text, language = survey_text(ticket, site)
    plan = Plan()
    outgoing = Outgoing(
        addressed=goes,
        subject=subject,
        text=text,
        language=language,
        made_by=SURVEY,
        why="the ticket is resolved",
    )
    queued = queue_message(context, ticket, outgoing, plan)
    asked = replace(record, asked_at=context.now, version=record.version + 1)
    plan.writes.append(write_address(context.tables, asked, context.now))
    month = month_of(survey.resolved_at, site.zone)
    plan.writes.append(count_asked(context.tables, ticket.site, month))
    put = replace(survey, due_at=None, asked_at=context.now)
    _change(context, ticket, put, replace(queued, action=Action.SURVEYED), plan)
    return plan


def _not_asked(context: Context, ticket: Ticket, survey: Survey, why: str) -> Plan:
    plan = Plan()
    entry = Entry(action=Action.REPLY_WITHHELD, why=f"not asked how it was: {why}")
    _change(context, ticket, replace(survey, due_at=None), entry, plan)
    return plan


def _change(context: Context, ticket: Ticket, survey: Survey, entry: Entry, plan: Plan) -> None:
    after = replace(ticket, survey=survey)
    after = replace(after, timer=next_timer(after, context.site(ticket.site)))
    plan.changes.append(Change(before=ticket, after=after, entries=(entry,)))
