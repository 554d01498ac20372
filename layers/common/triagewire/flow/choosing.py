"""Who gets a ticket, from what is stored: loads, who is away, who knows the requester."""

import zlib
from collections.abc import Mapping

from triagewire.flow.context import Context
from triagewire.flow.continuity import last_handler
from triagewire.policy.model import Site
from triagewire.routing.balance import Choice, Crew, Load, Wanted, choose_owner
from triagewire.store.loads import read_loads
from triagewire.store.presence import away_members
from triagewire.ticket import REVIEW, Ticket


def choose(ticket: Ticket, site: Site, context: Context) -> tuple[Choice, Mapping[str, Load]]:
    """The owner of a ticket that nobody holds, and the loads that the choice was made from."""
    loads = read_loads(context.tables, ticket.site)
    crew = Crew(
        site=site,
        team=ticket.team or REVIEW,
        now=context.now,
        loads=loads,
        away=away_members(context.tables, ticket.site, context.now),
        turn=_turn(ticket, context),
    )
    return choose_owner(crew, _wanted(ticket, context)), loads


def _wanted(ticket: Ticket, context: Context) -> Wanted:
    verdict, handler = ticket.verdict, last_handler(context, ticket)
    clocks = (ticket.clock, ticket.resolution)
    running = (clock.due_at for clock in clocks if clock and clock.stopped_at is None)
    return Wanted(
        urgency=ticket.urgency,
        group=verdict.team if verdict else "",
        language=verdict.language if verdict else "",
        skill=ticket.skill,
        last_handler=handler.member if handler else "",
        due_at=next(running, None),
        declined=ticket.declined,
    )


def _turn(ticket: Ticket, context: Context) -> int:
    """0 at first; after a lost race a number of its own: those who lost it together part ways."""
    if not context.attempt:
        return 0
    return zlib.crc32(f"{ticket.id}/{context.attempt}".encode())
