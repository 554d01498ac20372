"""What a program says of a request: done, failed, or still at it. It closes a ticket only as it was
handed over: whatever a person or the requester has done since goes before it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from triagewire.automated import Automated, AutomationState
from triagewire.errors import ConflictError, NotFoundError, OvertakenError
from triagewire.escalation.timers import next_timer
from triagewire.flow.addressing import barred, last_addressed
from triagewire.flow.context import Context, Plan
from triagewire.flow.outgoing import REPLY_NUMBER, Outgoing, queue_message
from triagewire.flow.placing import closed
from triagewire.flow.returning import drain
from triagewire.ledger.event import Action, Entry
from triagewire.message import Direction, Message
from triagewire.policy.model import Site
from triagewire.replies.automation import CallbackLink, is_plain_request
from triagewire.replies.satisfaction import language_of
from triagewire.store.messages import add_message
from triagewire.store.tickets import Change, load_ticket, load_tickets
from triagewire.ticket import DONE_AUTOMATICALLY, Status, Ticket

ATTEMPTS = 12
LONGEST_MESSAGE = 1_000
LONGEST_REFERENCE = 200
SETTLED = "automation:done"
"""What made the text that tells a requester that a program has settled their request."""


class Said(StrEnum):
    """What a program reports."""

    DONE = "done"
    FAILED = "failed"
    WORKING = "working"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A program's report: `message` is for the requester when it is done, and for the team when it
    failed; `reference` is what the program calls the request.
    """

    said: Said
    message: str = ""
    reference: str = ""


_ENDED = {AutomationState.DONE: Said.DONE, AutomationState.FAILED: Said.FAILED}
_OPEN = frozenset({AutomationState.REQUESTED, AutomationState.GIVEN_BACK})


def take_report(context: Context, link: CallbackLink, report: Report) -> Automated:
    """Do what a report says; the same one again changes nothing and gets the same answer.

    Raises NotFoundError for a request that was never made, OvertakenError where a person or the
    requester was quicker (its team gets a note), and ConflictError when others keep changing the
    ticket.
    """
    for trying in context.tries(ATTEMPTS):
        ticket, asked = _asked(trying, link)
        if _ENDED.get(asked.state) is report.said:
            return asked
        if asked.state not in _OPEN:
            raise OvertakenError("another report was taken before")
        overtaken = _is_overtaken(trying, ticket, asked)
        if overtaken and report.said is Said.WORKING:
            raise OvertakenError("somebody else has gone on with it")
        plan = Plan()
        decide = _overtake if overtaken else _DECISIONS[report.said]
        decide(trying, ticket, replace(asked, reference=report.reference), report, plan)
        try:
            stored = plan.commit(trying)[0]
        except ConflictError:
            continue
        if overtaken:
            raise OvertakenError("somebody else has gone on with it")
        if stored.load < ticket.load and ticket.team is not None:
            drain(trying, ticket.site, ticket.team)
        return stored.automation or asked
    raise ConflictError(f"ticket {link.ticket_id}: lost {ATTEMPTS} races in a row")


def _asked(context: Context, link: CallbackLink) -> tuple[Ticket, Automated]:
    """The ticket and the request that a link was made for; no other request of the same ticket."""
    ticket = load_ticket(context.tables, link.ticket_id)
    asked = ticket.automation if ticket else None
    if ticket is None or asked is None or asked.type != link.type:
        raise NotFoundError("no such request")
    if int(asked.requested_at.timestamp()) != int(link.requested_at.timestamp()):
        raise NotFoundError("no such request")
    return ticket, asked


def _is_overtaken(context: Context, ticket: Ticket, asked: Automated) -> bool:
    """Whether a person has done something about the ticket since programs were asked, or its
    requester has written, or it has become one that only people may close.
    """
    touched = ticket.worked_at is not None and ticket.worked_at > asked.requested_at
    untouched = ticket.status is Status.ROUTED and ticket.accepted_at is None and not touched
    if not untouched or not is_plain_request(ticket):
        return True
    merged = load_tickets(context.tables, ticket.merged_from).values()
    return any(each.joined and each.joined.at > asked.requested_at for each in merged)


def _done(context: Context, ticket: Ticket, asked: Automated, report: Report, plan: Plan) -> None:
    settled = replace(asked, state=AutomationState.DONE, at=context.now)
    after, off, resolved = closed(replace(ticket, automation=settled), DONE_AUTOMATICALLY, context)
    plan.writes.extend(off)
    told = _tell(context, ticket, report, plan)
    entries = (_entry(asked, report), resolved, *told)
    plan.changes.append(Change(before=ticket, after=after, entries=entries))


def _failed(context: Context, ticket: Ticket, asked: Automated, report: Report, plan: Plan) -> None:
    """Its team goes on with it as if nobody had asked a program."""
    _note(context, ticket, asked, report, plan)
    _state(context, ticket, replace(asked, state=AutomationState.FAILED), report, plan)


def _working(
    context: Context, ticket: Ticket, asked: Automated, report: Report, plan: Plan
) -> None:
    """It has as long again as at first."""
    kind = context.site(ticket.site).automation.types.get(asked.type)
    patience = timedelta(minutes=kind.minutes) if kind else asked.due_at - asked.requested_at
    more = replace(asked, state=AutomationState.REQUESTED, due_at=context.now + patience)
    _state(context, ticket, more, report, plan)


def _overtake(
    context: Context, ticket: Ticket, asked: Automated, report: Report, plan: Plan
) -> None:
    """The report as a note, for whoever has gone on with the ticket."""
    _note(context, ticket, asked, report, plan)
    _state(context, ticket, replace(asked, state=AutomationState.OVERTAKEN), report, plan)


_DECISIONS: dict[Said, Callable[[Context, Ticket, Automated, Report, Plan], None]] = {
    Said.DONE: _done,
    Said.FAILED: _failed,
    Said.WORKING: _working,
}


def _state(context: Context, ticket: Ticket, asked: Automated, report: Report, plan: Plan) -> None:
    after = replace(ticket, automation=replace(asked, at=context.now))
    if ticket.is_open:
        after = replace(after, timer=next_timer(after, context.site(ticket.site)))
    plan.changes.append(Change(before=ticket, after=after, entries=(_entry(asked, report),)))


def _entry(asked: Automated, report: Report) -> Entry:
    """What the ledger says: never what the program wrote, which may name somebody."""
    return Entry(
        action=Action.PROGRAM_REPORTED,
        why=report.said.value,
        detail={"type": asked.type, "state": asked.state.value, "message": bool(report.message)},
    )


def _note(context: Context, ticket: Ticket, asked: Automated, report: Report, plan: Plan) -> None:
    reference = f" ({report.reference})" if report.reference else ""
    said = f": {report.message}" if report.message else "."
    note = Message(
        ticket_id=ticket.id,
        at=context.now,
        number=REPLY_NUMBER + ticket.version,  # other than any other's, even of the same moment
        direction=Direction.NOTE,
        channel=ticket.channels[0],
        text=f"The program for {asked.type} reports {report.said.value}{reference}{said}",
        automatic=True,
        author=context.actor,
    )
    plan.writes.append(add_message(context.tables, note, ticket.site))


def _tell(context: Context, ticket: Ticket, report: Report, plan: Plan) -> tuple[Entry, ...]:
    """Tell the requester that it is done, by the way they came, if they may be written to."""
    site = context.site(ticket.site)
    goes = last_addressed(context, ticket)
    if goes is None or site.automation.done is None or ticket.quiet or ticket.unreachable:
        return (_withheld("no way to write to the requester"),)
    if bar := barred(context, ticket, goes.to):
        return (_withheld(f"the address is barred: {bar}"),)
    subject, text, language = _words(ticket, report, site)
    outgoing = Outgoing(
        addressed=goes,
        subject=subject,
        text=text,
        language=language,
        made_by=SETTLED,
        why="a program has settled the request",
    )
    return (queue_message(context, ticket, outgoing, plan),)


def _withheld(why: str) -> Entry:
    return Entry(action=Action.REPLY_WITHHELD, why=why)


def _words(ticket: Ticket, report: Report, site: Site) -> tuple[str, str, str]:
    done = site.automation.done
    if done is None:
        raise ValueError("a site without a text has nothing to say")
    language = language_of(ticket, done.text)
    values = {"site": site.name, "phone": site.phone, "message": report.message}
    text = done.text[language].format(**values)
    return done.subject[language].format(**values), text.strip(), language
