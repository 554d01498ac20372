"""Whose a ticket is that lies in the queue of a team which stood in for its own, or is gone."""

from dataclasses import replace

from triagewire.flow.context import Context
from triagewire.flow.queueing import destination
from triagewire.ledger.event import Action
from triagewire.policy.model import Site
from triagewire.routing.queueing import fallbacks, team_for
from triagewire.store.ledger import read_events
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import REVIEW, Ticket


def at_home(context: Context, ticket: Ticket, site: Site) -> Ticket:
    """A ticket that nobody holds, in the queue from which it came to a team that stood in: else its
    own people never look there again. What a person or the routing put where it is stays there.
    """
    if ticket.team not in site.teams:
        own = team_for(site, ticket.verdict.team) if ticket.verdict else None
        return replace(ticket, team=own or REVIEW)
    stood_in_for = [team for team in site.teams if ticket.team in fallbacks(site, team)]
    if not stood_in_for:
        return ticket
    own = _sent_to(context, ticket, site)
    return replace(ticket, team=own) if own in stood_in_for else ticket


def _sent_to(context: Context, ticket: Ticket, site: Site) -> str | None:
    """The team that a person has sent it to last, else that of its verdict and the site's rules."""
    events = read_events(context.tables, ticket_pk(ticket.id))
    moves = [event for event in events if event.action is Action.REASSIGNED]
    if moves:
        team = moves[-1].detail["to_team"]
        return team if isinstance(team, str) else None
    return destination(context, ticket, ticket.verdict, site).team if ticket.verdict else None
