"""`triagewire retention plan|run|holds|purge`: what is kept of closed tickets, and for how long.

`plan` reads and changes nothing. `run` times the purge of what was closed before the policy said
when; `purge` takes the words of one ticket away now.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import boto3

from ops.deployed import Deployed, add_stack_argument, context_of, deployed, told_plainly
from triagewire.errors import ConflictError, ForbiddenTransitionError, NotFoundError
from triagewire.escalation.steps import close
from triagewire.flow.context import Context, Plan
from triagewire.flow.former import retention_of
from triagewire.flow.purging import purge, require_purgeable
from triagewire.flow.retaining import held_tickets, is_due, time, wanted
from triagewire.retention import PurgeReason
from triagewire.store.tickets import Change, load_ticket
from triagewire.ticket import Status, Ticket

FAILED = 1
REASONS = tuple(each.value for each in PurgeReason if each is not PurgeReason.RETENTION_OVER)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    plan = actions.add_parser("plan", help="what `run` would change; nothing is written")
    run_ = actions.add_parser("run", help="time what was closed before the policy said when")
    holds = actions.add_parser("holds", help="the tickets on which a legal hold stands")
    one = actions.add_parser("purge", help="take the words of one ticket away now")
    one.add_argument("--ticket", required=True, metavar="ID")
    one.add_argument("--why", required=True, choices=REASONS, help="the code for the ledger")
    for action in (run_, one):
        action.add_argument("--yes", action="store_true", help="do not ask")
    for action in (plan, run_, holds, one):
        add_stack_argument(action)


def run(args: argparse.Namespace) -> int:
    """0 when it is done; 1 when it was refused, or not confirmed, or lost a race."""
    with told_plainly():
        stack = deployed(args.stack)
        context = replace(context_of(stack, datetime.now(UTC)), erase=_eraser(stack))
        return _DO[args.action](context, args)


def _plan(context: Context, _args: argparse.Namespace) -> int:
    _told(context)
    return 0


def _run(context: Context, args: argparse.Namespace) -> int:
    if not _told(context):
        return 0
    if not _confirmed(args, "time these purges", "run"):
        return FAILED
    timed = lost = 0
    for found in wanted(context):
        if not found.differs:
            continue
        try:
            timed += time(context, found)
        except ConflictError:
            lost += 1
    print(f"{timed} timed" + (f", {lost} changed meanwhile: run it again" if lost else ""))
    return FAILED if lost else 0


def _holds(context: Context, _args: argparse.Namespace) -> int:
    found = sorted(held_tickets(context), key=lambda ticket: (ticket.site, ticket.id))
    for ticket in found:
        if ticket.hold is not None:
            hold = ticket.hold
            told = f"{hold.at:%Y-%m-%d}  {hold.by}  {hold.reason.value}"
            print(f"{ticket.id}  {ticket.site}  {ticket.status.value}  {told}")
    print(f"{len(found)} held", file=sys.stderr)
    return 0


def _purge(context: Context, args: argparse.Namespace) -> int:
    ticket = load_ticket(context.tables, args.ticket)
    if ticket is None:
        raise NotFoundError(f"there is no ticket {args.ticket}")
    if ticket.merged_into:
        raise ForbiddenTransitionError(f"purge: it was merged into {ticket.merged_into}: name that")
    resolved = ticket.status is Status.RESOLVED
    require_purgeable(replace(ticket, status=Status.CLOSED) if resolved else ticket)
    print(f"{ticket.id} of {ticket.site}, received {ticket.received_at:%Y-%m-%d %H:%M} UTC")
    if ticket.merged_from:
        print(f"with {len(ticket.merged_from)} merged into it")
    if not _confirmed(args, "take all its words away, for good", ticket.id):
        return FAILED
    done = purge(context, _closed(context, ticket), PurgeReason(args.why))
    print(f"{done.id}  purged")
    return 0


_DO: Mapping[str, Callable[[Context, argparse.Namespace], int]] = {
    "plan": _plan,
    "run": _run,
    "holds": _holds,
    "purge": _purge,
}


def _told(context: Context) -> int:
    """Print by site what is closed and what would change; returns how many would."""
    counts: dict[str, Counter[str]] = {}
    for found in wanted(context):
        of_site = counts.setdefault(found.ticket.site, Counter())
        of_site["closed"] += 1
        of_site["held"] += found.ticket.hold is not None
        of_site["to time"] += found.differs
        of_site["due at once"] += found.differs and is_due(found, context.now)
    for site in sorted(counts):
        told = ", ".join(f"{counts[site][name]} {name}" for name in _NAMES)
        print(f"{site}: {told}")
    changes = sum(each["to time"] for each in counts.values())
    print(f"{changes} to time")
    return changes


_NAMES = ("closed", "held", "to time", "due at once")


def _closed(context: Context, ticket: Ticket) -> Ticket:
    """A resolved ticket is closed first: nobody opens it again after this."""
    if ticket.status is not Status.RESOLVED:
        return ticket
    step = close(ticket, context.now, retention_of(context, ticket))
    change = Change(before=ticket, after=step.ticket, entries=step.entries)
    return Plan(changes=[change]).commit(context)[0]


def _confirmed(args: argparse.Namespace, what: str, word: str) -> bool:
    """Whether the operator means it: they type a word, because yes is said too easily."""
    if args.yes:
        return True
    print(f"This is to {what}. Type {word} to go on: ", end="", flush=True)
    if sys.stdin.readline().strip() == word:
        return True
    print("nothing was changed", file=sys.stderr)
    return False


def _eraser(stack: Deployed) -> Callable[[str], None]:
    def erase(link: str) -> None:
        bucket, _, path = link.removeprefix("s3://").partition("/")
        if bucket == stack.output("InboundBucketName"):
            boto3.client("s3").delete_object(Bucket=bucket, Key=path)

    return erase
