"""A message with two needs opens two linked tickets, and neither waits for the other."""

from dataclasses import replace

from triagewire.flow.context import Context, Plan
from triagewire.flow.opening import came_by
from triagewire.ids import ticket_id
from triagewire.ledger.event import Action, Entry
from triagewire.message import Message
from triagewire.store.messages import add_message, first_said
from triagewire.store.tickets import Change
from triagewire.ticket import Escalation, Status, Ticket, scoring_timer
from triagewire.verdict import Need, RuleSet, Urgency, Verdict

_ADMINISTRATIVE_WORK = (Urgency.ADMINISTRATIVE_STANDARD, Urgency.ADMINISTRATIVE_URGENT)


def link_needs(
    context: Context, newcomer: Ticket, verdict: Verdict, message: Message, plan: Plan
) -> None:
    """Add a new ticket for each further need of the message; score_route then routes it like any
    other.

    The plan's first change is the ticket that leads.
    """
    for need in verdict.others:
        lead = plan.changes[0]
        child = _child(newcomer, lead.after, verdict, need, context)
        linked = Entry(
            action=Action.LINKED,
            why="the message has a second need",
            detail={"ticket": child.id, "team": need.team, "topic": need.topic},
        )
        after = replace(lead.after, linked=(*lead.after.linked, child.id))
        plan.changes[0] = Change(before=lead.before, after=after, entries=(*lead.entries, linked))
        opened = Entry(
            action=Action.LINKED,
            why="a further need of another ticket's message",
            detail={
                "of": lead.after.id,
                "received_at": child.received_at.isoformat(),
                **came_by(child),
                **({"language": verdict.language} if verdict.language else {}),
            },
        )
        plan.changes.append(Change(before=None, after=child, entries=(opened,)))
        plan.writes.append(add_message(context.tables, _said(message, child, context), child.site))


def link_displaced(context: Context, survivor: Ticket, newcomer: Ticket, plan: Plan) -> None:
    """Give a need a ticket of its own when a more urgent follow-up of another rule set takes over
    the one that it had: clinical, administrative and IT work never share a ticket.

    Its automatic text, if any, went out when it first came: a split by us is no new request.
    """
    old, new = survivor.verdict, newcomer.verdict
    if old is None or new is None or newcomer.in_review or survivor.in_review:
        return
    if old.score >= min(new.score, Urgency.CLINICAL_STANDARD) or _kind(old) is _kind(new):
        return
    need = Need(score=old.score, topic=old.topic, team=old.team, reasons=old.reasons)
    alone = replace(
        survivor,
        id=f"{survivor.id}/{newcomer.id}",  # only to tell its further needs apart
        assignee=None,
        load=0,
        assigned_at=None,
        accepted_at=None,
        try_at=None,
        wake_at=None,
        declined=(),
        merged_from=(),
        duplicate_channels=(),
        reopened=0,
        handoffs=0,
        bounces=0,
        delivery="",
        quiet=True,
    )
    first = first_said(context.tables, survivor.id)
    link_needs(context, alone, replace(new, others=(need,)), first, plan)


def link_aside(
    context: Context, survivor: Ticket, newcomer: Ticket, message: Message, plan: Plan
) -> None:
    """Give an office or IT follow-up on a ticket of another rule set a ticket of its own too: the
    ticket's team reads it, and those who can do it have it. A question for an article needs no
    second one.
    """
    old, new = survivor.verdict, newcomer.verdict
    if old is None or new is None or newcomer.in_review or survivor.in_review:
        return
    if new.score not in _ADMINISTRATIVE_WORK or new.score > old.score or _kind(old) is _kind(new):
        return
    need = Need(score=new.score, topic=new.topic, team=new.team, reasons=new.reasons)
    alone = replace(newcomer, quiet=True)
    link_needs(context, alone, replace(new, others=(need,)), message, plan)


def _kind(verdict: Verdict) -> RuleSet:
    """The rule set of a verdict's leading need."""
    if verdict.score >= Urgency.CLINICAL_STANDARD:
        return RuleSet.CLINICAL
    spoke = (reason.set for reason in verdict.reasons if reason.set is not RuleSet.CLINICAL)
    return next(spoke, RuleSet.ADMINISTRATIVE)


def need_id(newcomer: Ticket, need: Need) -> str:
    """The id of the ticket of a further need of a message."""
    return ticket_id(newcomer.site, newcomer.source, f"{newcomer.id}/{need.team}/{need.topic}")


def _child(
    newcomer: Ticket, lead: Ticket, verdict: Verdict, need: Need, context: Context
) -> Ticket:
    """A ticket of its own for one need. Nothing automatic is sent beside an urgent or doubtful one,
    nor where nothing more is to be sent on the ticket that leads.
    """
    grave = _is_grave(verdict) or (lead.verdict is not None and _is_grave(lead.verdict))
    silent = newcomer.quiet or lead.quiet or lead.unreachable
    child = replace(
        newcomer,
        id=need_id(newcomer, need),
        status=Status.NEW,
        version=0,
        ledger_head="",
        content_digest="",
        awaits=False,
        verdict=_own_verdict(verdict, need),
        quiet=silent or grave,
        team=None,
        clock=None,
        resolution=None,
        routed_at=None,
        responded_at=None,
        escalation=Escalation(),
        automation=None,
        survey=None,
        linked=(lead.id,),
    )
    # It has waited as long as its message, and is to be routed within a minute from now.
    return replace(child, timer=scoring_timer(replace(child, received_at=context.now)))


def _is_grave(verdict: Verdict) -> bool:
    return verdict.review or verdict.crisis or verdict.score is Urgency.CLINICAL_URGENT


def _said(message: Message, child: Ticket, context: Context) -> Message:
    """The message on the ticket of its further need, which is no turn of the conversation."""
    return replace(message, ticket_id=child.id, at=context.now, thread_token=None, awaits=False)


def _own_verdict(verdict: Verdict, need: Need) -> Verdict:
    return Verdict(
        score=need.score,
        topic=need.topic,
        team=need.team,
        confidence=verdict.confidence,
        review=False,
        candidate=need.score,
        reasons=need.reasons,
    )
