"""Whose a ticket is that lies in the queue of a team which stood in for its own, or is gone."""

from dataclasses import replace

from triagewire.policy.model import Site
from triagewire.routing.queueing import team_for
from triagewire.ticket import REVIEW, Ticket


def at_home(ticket: Ticket, site: Site) -> Ticket:
    """A ticket that nobody holds, in the queue of the team for which another stood in: else its own
    people never look there again. What a person or the routing put where it is stays there.
    """
    if ticket.stands_in_for in site.teams:
        return replace(ticket, team=ticket.stands_in_for, stands_in_for=None)
    if ticket.team in site.teams:
        return ticket
    own = team_for(site, ticket.verdict.team) if ticket.verdict else None
    return replace(ticket, team=own or REVIEW, stands_in_for=None)
