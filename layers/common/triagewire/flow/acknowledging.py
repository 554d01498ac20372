"""Acknowledging: a person says that they have heard, at the desk or by the link of a notice.

Those who were paged with them hear of it by the outbox, which the next sweep empties: whoever
acknowledges waits for nobody's telephone.
"""

from dataclasses import replace
from enum import StrEnum

from triagewire.access import Principal
from triagewire.errors import ForbiddenTransitionError, NotFoundError, NotNowError
from triagewire.escalation.acknowledging import (
    Standing,
    awaited,
    escalates,
    heard,
    standing,
    tell_the_others,
)
from triagewire.escalation.timers import next_timer
from triagewire.flow.acting import act
from triagewire.flow.context import Context, Plan
from triagewire.flow.notifying import put_out
from triagewire.flow.survivor import last_of_chain
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Site
from triagewire.ticket import Ticket


class Means(StrEnum):
    """By what somebody acknowledges."""

    DESK = "desk"
    LINK = "link"


def acknowledge(
    context: Context,
    principal: Principal,
    ticket_id: str,
    *,
    means: Means = Means.DESK,
    seen: int | None = None,
) -> Ticket:
    """Say that one has heard: it stops the ladder for a while, and is no first response.

    Acknowledging what somebody has acknowledged changes nothing; the ticket says who it was.
    Raises NotFoundError, and NotNowError for a ticket of which nobody is told again and again.
    """

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        if not escalates(ticket):
            raise ForbiddenTransitionError("acknowledge: nobody is being told of the ticket")
        if standing(ticket, principal.id) is not Standing.ASKED:
            return ticket, ()
        after = heard(ticket, principal.id, context.now)
        notices = tell_the_others(after, principal.id, context.now)
        put_out(context, notices, plan)
        counted = replace(after, notices=after.notices + bool(notices))
        return replace(counted, timer=next_timer(counted, site)), (_entry(after, means),)

    return act(context, principal, ticket_id, decide, seen=seen, works=False)


def acknowledge_by_link(context: Context, principal: Principal, ticket_id: str) -> Ticket:
    """Acknowledge as the person of a link; a ticket that asks for nothing any more is left as it
    is, and tells so. Raises NotFoundError, and ConflictError when others keep changing it.
    """
    try:
        return acknowledge(context, principal, ticket_id, means=Means.LINK)
    except NotNowError:
        return asked(context, principal, ticket_id)


def asked(context: Context, principal: Principal, ticket_id: str) -> Ticket:
    """The ticket that a person is asked to acknowledge, or the one it was merged into. Nothing is
    changed and nothing recorded by it: programs that try links for safety look too, and what may be
    shown of the ticket is what the notice said.

    Raises NotFoundError if there is none or the principal may not work on it.
    """
    ticket = last_of_chain(context, ticket_id)
    if ticket is None or not principal.may_work(ticket.site, ticket.team):
        raise NotFoundError("no such ticket")
    return ticket


def _entry(after: Ticket, means: Means) -> Entry:
    left = awaited(after)
    why = "a person has heard; others are still awaited" if left else "a person has heard"
    return Entry(
        action=Action.ACKNOWLEDGED,
        why=why,
        detail={"means": means.value, "awaited": list(left)},
    )
