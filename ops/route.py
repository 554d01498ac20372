"""`triagewire route`: where a ticket has been and in whose hands, from its ledger alone."""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from ops.deployed import add_stack_argument, context_of, deployed, told_plainly
from triagewire.desk.views import routes_view
from triagewire.errors import NotFoundError
from triagewire.flow.context import Context
from triagewire.flow.looking import record, seen_as
from triagewire.ledger.event import Action, Entry
from triagewire.ledger.routes import History, Leg, routes_of
from triagewire.store.ledger import read_events
from triagewire.store.tickets import load_ticket, ticket_pk
from triagewire.ticket import Ticket


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    parser.add_argument("ticket", help="the id of a ticket")
    parser.add_argument("--json", action="store_true", help="print for machines")
    add_stack_argument(parser)


def run(args: argparse.Namespace) -> int:
    """0 when it was shown; that somebody looked is in the ticket's ledger."""
    with told_plainly():
        ticket, history = history_of(
            context_of(deployed(args.stack), datetime.now(UTC)), args.ticket
        )
    if args.json:
        print(json.dumps({"ticket": ticket.id, **routes_view(history)}, indent=2))
    else:
        print("\n".join(drawn(ticket, history)))
    return 0


def history_of(context: Context, ticket_id: str) -> tuple[Ticket, History]:
    """A ticket and its route history. Raises NotFoundError for an unknown one."""
    ticket = load_ticket(context.tables, ticket_id)
    if ticket is None:
        raise NotFoundError(f"there is no ticket {ticket_id} in the stack")
    why = "its routes were shown to an administrator"
    seen = record(context, ticket, Entry(action=Action.VIEWED, why=why, detail=seen_as(ticket)))
    return seen, routes_of(read_events(context.tables, ticket_pk(ticket_id)))


def drawn(ticket: Ticket, history: History) -> Iterator[str]:
    """A line for every assignment, then the counts. Times are UTC."""
    if not history.legs:
        yield "It has not been in any queue yet."
    for leg in history.legs:
        yield _line(leg)
    if ticket.merged_into:
        yield f"It was merged into {ticket.merged_into}, which has gone on from there."
    yield (
        f"handoffs {history.handoffs}, misroutes {history.misroutes}, bounces {history.bounces}; "
        f"now {ticket.status.value}"
    )


def _line(leg: Leg) -> str:
    mark = "→" if leg.handoff else " "
    where = f"{leg.team or '?'}/{leg.member or 'nobody'}"
    return f"{leg.at:%Y-%m-%d %H:%M:%S} {mark} {where:<28} {leg.why} ({leg.actor})"
