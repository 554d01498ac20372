"""The queue of a ticket, with what is stored of its request where a routing rule asks for it."""

from triagewire.arrival import RequesterKind
from triagewire.flow.context import Context
from triagewire.flow.continuity import last_handler
from triagewire.message import Message
from triagewire.policy.model import Site
from triagewire.routing.queueing import Destination, facts_of, queue_of
from triagewire.store.messages import first_said
from triagewire.ticket import Ticket
from triagewire.verdict import Urgency, Verdict


def destination(
    context: Context, ticket: Ticket, verdict: Verdict, site: Site, message: Message | None = None
) -> Destination:
    """Where a ticket belongs. `message` is what its requester said first, where it is at hand."""
    if not site.routing or verdict.score is Urgency.CLINICAL_URGENT:
        return queue_of(verdict, site, facts_of(ticket, message))
    said = message or _said(context, ticket, site)
    return queue_of(verdict, site, facts_of(ticket, said, _usual_team(context, ticket, site)))


def _usual_team(context: Context, ticket: Ticket, site: Site) -> str:
    """The team that last worked for the requester, where a rule asks for it."""
    if not any(rule.when.usual_teams for rule in site.routing.values()):
        return ""
    handler = last_handler(context, ticket)
    return handler.team if handler else ""


def _said(context: Context, ticket: Ticket, site: Site) -> Message | None:
    """The words that a follow-up continues: only staff state an application or a department."""
    asks = any(rule.when.applications or rule.when.departments for rule in site.routing.values())
    if not asks or ticket.requester.kind is not RequesterKind.STAFF:
        return None
    return first_said(context.tables, ticket.id)
