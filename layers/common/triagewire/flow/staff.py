"""What staff do with a ticket besides working on it: decide, reassign, resolve, reopen.

Every action checks the principal on the server, holds only on the version it was decided from, and
stands in the ledger with who and why.
"""

from enum import StrEnum

from triagewire.access import Principal
from triagewire.errors import ForbiddenTransitionError, InvalidFieldError
from triagewire.flow.acting import act, require_named
from triagewire.flow.article_uses import note_reopened
from triagewire.flow.context import Context, Plan
from triagewire.flow.handing import Handoff, hand_over
from triagewire.flow.placing import closed, give
from triagewire.flow.promising import promised_again
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Site
from triagewire.states import reopened, require_status
from triagewire.ticket import AT_WORK, REVIEW, Status, Ticket


class Outcome(StrEnum):
    """How a ticket ended."""

    ANSWERED = "answered"
    DONE = "done"
    CALLED_BACK = "called_back"
    SENT_TO_EMERGENCY_CARE = "sent_to_emergency_care"
    NOT_NEEDED = "not_needed"


class ReopenReason(StrEnum):
    """Why a resolved ticket is open again."""

    REQUESTER_WROTE_AGAIN = "requester_wrote_again"
    RESOLVED_BY_MISTAKE = "resolved_by_mistake"
    NOT_FINISHED = "not_finished"


def decide(
    context: Context,
    principal: Principal,
    ticket_id: str,
    handoff: Handoff,
    *,
    seen: int | None = None,
) -> Ticket:
    """Say what a ticket under review is: the verdict becomes the person's, who alone may lower it,
    and the ticket goes to its team with the time it has waited. The decision is kept as a label.

    Raises ForbiddenTransitionError for a ticket that is not under review, and InvalidFieldError for
    a team or topic that the site does not have.
    """

    def settle(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        if not ticket.in_review:
            raise ForbiddenTransitionError("decide: the ticket is not under review")
        require_named(ticket, ticket_id, "decide")
        if handoff.team == REVIEW:
            raise InvalidFieldError("team", "is the review itself: name where the ticket goes")
        return hand_over(context, principal, ticket, handoff, site, plan)

    return act(context, principal, ticket_id, settle, seen=seen)


def reassign(
    context: Context,
    principal: Principal,
    ticket_id: str,
    handoff: Handoff,
    *,
    seen: int | None = None,
) -> Ticket:
    """Hand a ticket to another team or member. Leaving the review queue takes a score.

    One that goes into review gets the review's clock beside its own: the earlier one counts.
    Raises InvalidFieldError for a team or member that the site does not have.
    """

    def hand(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        return hand_over(context, principal, ticket, handoff, site, plan)

    return act(context, principal, ticket_id, hand, seen=seen)


def resolve(
    context: Context,
    principal: Principal,
    ticket_id: str,
    outcome: Outcome,
    *,
    seen: int | None = None,
) -> Ticket:
    """Close a ticket with its outcome; its owner's load falls in the same step."""

    def decide(ticket: Ticket, _site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        require_status(ticket, *AT_WORK, Status.WAITING)
        if ticket.in_review:
            raise ForbiddenTransitionError("resolve: a ticket under review is reassigned first")
        after, off, entry = closed(ticket, outcome.value, context)
        plan.writes.extend(off)
        return after, (entry,)

    return act(context, principal, ticket_id, decide, seen=seen)


def reopen(
    context: Context,
    principal: Principal,
    ticket_id: str,
    reason: ReopenReason,
    *,
    seen: int | None = None,
) -> Ticket:
    """Open a resolved ticket again, with a new clock, for somebody who is on duty."""

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        require_status(ticket, Status.RESOLVED)
        fresh = promised_again(reopened(ticket, context.now), site, context.now)
        placed = give(fresh, f"reopened: {reason.value}", site, context)
        plan.writes.extend(placed.writes)
        note_reopened(context, ticket, plan)
        return placed.ticket, (Entry(action=Action.REOPENED, why=reason.value), placed.entry)

    return act(context, principal, ticket_id, decide, seen=seen)
