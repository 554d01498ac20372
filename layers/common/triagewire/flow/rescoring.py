"""A person says what a ticket is that scoring had judged otherwise; it is kept as a label.

What stands under review is decided there. Beside a handoff with a score and an unmerge, this is the
only way in which an urgency falls.
"""

from dataclasses import dataclass, replace

from triagewire.access import Principal
from triagewire.errors import ForbiddenTransitionError, InvalidFieldError
from triagewire.flow.acting import act, require_named
from triagewire.flow.context import Context, Plan
from triagewire.flow.handing import Handoff, HandoffReason, hand_over, takes_urgent
from triagewire.flow.labelling import checked_topic, kept_as_label
from triagewire.flow.noting import note_on
from triagewire.flow.placing import give, keep, let_go, regraded
from triagewire.flow.waking import up_again, weighing
from triagewire.label import Basis
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Site
from triagewire.states import require_status
from triagewire.ticket import AT_WORK, REVIEW, Status, Ticket
from triagewire.verdict import Urgency, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescore:
    """What a person says a ticket is. Without a `topic` or `team` it keeps the one that it has;
    `basis` is what they rest it on, and `note` is for colleagues: it may be PHI.
    """

    score: Urgency
    topic: str | None = None
    team: str | None = None
    basis: Basis | None = None
    note: str = ""


def rescore(
    context: Context,
    principal: Principal,
    ticket_id: str,
    said: Rescore,
    *,
    seen: int | None = None,
) -> Ticket:
    """Let a person's score, and topic, stand in place of scoring's: the clock is measured anew from
    its first start, and what becomes clinical urgent pages by its timer, which is due at once.

    It stays with its owner unless its team changes; one that waits goes on waiting unless it rises.
    Saying what stands already changes nothing. Raises InvalidFieldError for a team or topic that
    the site does not have, for a team that does not take clinical urgent tickets, and where one
    falls that was clinical urgent without saying why; ForbiddenTransitionError under review.
    """

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        require_status(ticket, *AT_WORK, Status.WAITING)
        require_named(ticket, ticket_id, "rescore")
        _check(said, ticket, site)
        topic = said.topic and checked_topic(said.topic, ticket, context.policy.policy)
        judged = replace(said, topic=topic or None, team=said.team or ticket.team)
        if _says_nothing_new(judged, ticket):
            return ticket, ()
        move = _to_team if judged.team != ticket.team else _in_place
        moved, told = move(context, principal, ticket, judged, site, plan)
        after = replace(moved, verdict=_theirs(moved.verdict, judged))
        label = kept_as_label(context, principal, ticket, after, said.basis, plan)
        return after, (_entry(ticket, after, said), *told, *label)

    return act(context, principal, ticket_id, decide, seen=seen)


def _check(said: Rescore, ticket: Ticket, site: Site) -> None:
    if ticket.in_review:
        raise ForbiddenTransitionError("rescore: a ticket under review is decided")
    if said.team == REVIEW:
        raise InvalidFieldError("team", "is the review: reassign it there without a score")
    if said.team is not None and said.team not in site.teams:
        raise InvalidFieldError("team", "is no team of this site")
    urgent = Urgency.CLINICAL_URGENT
    if ticket.urgency is urgent and said.score < urgent and said.basis is None:
        raise InvalidFieldError("why", "is needed to lower a clinical urgent ticket")
    if said.score is urgent and not takes_urgent(said.team or ticket.team or "", site):
        raise InvalidFieldError("team", "must be one that takes what is clinical urgent")


def _says_nothing_new(said: Rescore, ticket: Ticket) -> bool:
    topic = ticket.verdict.topic if ticket.verdict else None
    same = (said.score, said.team) == (ticket.urgency, ticket.team)
    return same and said.topic in (None, topic) and not said.note


def _to_team(
    context: Context,
    principal: Principal,
    ticket: Ticket,
    said: Rescore,
    site: Site,
    plan: Plan,
) -> tuple[Ticket, tuple[Entry, ...]]:
    """The ticket with the team that its new score asks for: a handoff like any other."""
    handoff = Handoff(
        reason=HandoffReason.RESCORED,
        team=said.team,
        score=said.score,
        topic=said.topic,
        basis=said.basis,
        note=said.note,
    )
    return hand_over(context, principal, ticket, handoff, site, plan)


def _in_place(
    context: Context,
    principal: Principal,
    ticket: Ticket,
    said: Rescore,
    site: Site,
    plan: Plan,
) -> tuple[Ticket, tuple[Entry, ...]]:
    """The ticket in the queue and hands in which it is, with the promises of its new score."""
    if said.note:
        plan.writes.append(note_on(context, ticket, said.note, principal))
    if said.score == ticket.urgency:
        return ticket, ()  # nothing that people were told of it changes
    judged = regraded(ticket, said.score, ticket.team or "", site, context)
    if judged.status is Status.WAITING and (said.score > ticket.urgency or _runs(judged)):
        judged = up_again(judged, site, context)
    if judged.status is Status.WAITING:
        after, writes = weighing(judged, site, context)
        plan.writes.extend(writes)
        return after, ()
    if judged.assignee is not None:
        placed = keep(judged, "a person judged it anew", site, context)
    else:
        free, off = let_go(judged, context)
        plan.writes.extend(off)
        placed = give(free, "a person judged it anew", site, context)
    plan.writes.extend(placed.writes)
    return placed.ticket, (placed.entry,)


def _runs(ticket: Ticket) -> bool:
    """Whether a promise counts although its ticket waits: such a one never waits."""
    return any(clock is not None and clock.running for clock in (ticket.clock, ticket.resolution))


def _theirs(verdict: Verdict | None, said: Rescore) -> Verdict | None:
    """The verdict as the person's: nothing in it is in doubt any more."""
    return verdict and replace(
        verdict,
        score=said.score,
        candidate=said.score,
        topic=said.topic or verdict.topic,
        team=said.team or verdict.team,
        review=False,
    )


def _entry(before: Ticket, after: Ticket, said: Rescore) -> Entry:
    return Entry(
        action=Action.RESCORED,
        why=said.basis.value if said.basis else "a person judged it anew",
        detail={
            "score_before": int(before.urgency),
            "score": int(said.score),
            "topic_before": before.verdict.topic if before.verdict else None,
            "topic": after.verdict.topic if after.verdict else None,
            "note": bool(said.note),
        },
    )
