"""`triagewire quarantine list|show|redrive`: bodies that came signed and could not be read.

`redrive` reads them again with the code of this checkout: deploy the fix first, so that what its
sender repeats is read as well.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import boto3

from ops.deployed import add_stack_argument, context_of, deployed, told_plainly
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.errors import NotFoundError, TriagewireError
from triagewire.flow.context import Context
from triagewire.flow.looking import record, seen_as
from triagewire.flow.redrive import Redrive, Redriven, read_again, redrive
from triagewire.ledger.event import Action, Entry
from triagewire.quarantined import KeptBody
from triagewire.store.quarantine import all_kept, load_kept, whole_body
from triagewire.store.tickets import load_ticket

FAILED = 1
SKIPPED = "closed by staff, left alone: name the ticket to redrive it all the same"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    list_ = actions.add_parser("list", help="what waits in quarantine, and why")
    show = actions.add_parser("show", help="one body: where it came from and what it would become")
    again = actions.add_parser("redrive", help="read bodies again with this code")
    list_.add_argument("--all", action="store_true", help="what is settled already as well")
    list_.add_argument("--json", action="store_true", help="print for machines")
    show.add_argument("ticket", metavar="TICKET")
    show.add_argument(
        "--body", action="store_true", help="print the body: PHI, and the ledger records it"
    )
    which = again.add_mutually_exclusive_group(required=True)
    which.add_argument("ticket", metavar="TICKET", nargs="?")
    which.add_argument("--all", action="store_true", help="everything that waits")
    again.add_argument(
        "--accept-ignored",
        action="store_true",
        help="close the review of what is now read as no message at all",
    )
    again.add_argument("--source", metavar="SOURCE", help="with --all: only of this source")
    for action in (list_, again):
        action.add_argument("--site", metavar="SITE", help="only of this site")
    for action in (list_, show, again):
        add_stack_argument(action)


def run(args: argparse.Namespace) -> int:
    """0 when it is done; 1 when a body is still unreadable, no message, or not there."""
    with told_plainly():
        context = context_of(deployed(args.stack), datetime.now(UTC))
        return _DO[args.action](context, args)


def _list(context: Context, args: argparse.Namespace) -> int:
    found = [kept for kept in _kept(context, args.site) if args.all or kept.settled is None]
    if args.json:
        print(json.dumps([_printed(kept) for kept in found], indent=2))
        return 0
    for kept in found:
        state = kept.settled.value if kept.settled else "waits"
        name = f"{kept.site}/{kept.source}"
        print(
            f"{kept.received_at:%Y-%m-%d %H:%M}  {kept.ticket_id}  {name}  {state}  {kept.reason}"
        )
    print(f"{len(found)} in quarantine", file=sys.stderr)
    return 0


def _show(context: Context, args: argparse.Namespace) -> int:
    kept = _found(context, args.ticket)
    body = _body(context, kept)
    if not args.body:
        print(json.dumps({**_printed(kept), "now": _now(context, kept, body)}, indent=2))
        return 0
    _tell_ledger(context, kept)
    if sys.stdout.isatty():
        print(_harmless(body.decode("utf-8", "replace")))
    else:
        sys.stdout.buffer.write(body)
    return 0


def _redrive(context: Context, args: argparse.Namespace) -> int:
    if args.ticket:
        return _one(context, _found(context, args.ticket), dismiss=args.accept_ignored)
    failed = 0
    for kept in _kept(context, args.site):
        if kept.settled is not None or args.source not in (None, kept.source):
            continue
        if _closed_by_staff(context, kept):
            print(f"{kept.ticket_id}  {SKIPPED}")
            continue
        failed = max(failed, _one(context, kept, dismiss=args.accept_ignored))
    return failed


def _one(context: Context, kept: KeptBody, *, dismiss: bool) -> int:
    """Redrive one body and say what came of it; one that fails stops no other."""
    try:
        with told_plainly():
            done = redrive(context, kept, _body(context, kept), dismiss=dismiss)
    except TriagewireError as error:
        print(f"{kept.ticket_id}  not redriven: {error}", file=sys.stderr)
        return FAILED
    print(f"{kept.ticket_id}  {_came(done)}")
    return 0 if done.done else FAILED


_DO: Mapping[str, Callable[[Context, argparse.Namespace], int]] = {
    "list": _list,
    "show": _show,
    "redrive": _redrive,
}


def _came(done: Redriven) -> str:
    """What came of a body, in words."""
    if done.came is Redrive.NO_MESSAGE:
        return f"no message ({done.reason}): nothing changed; --accept-ignored closes its review"
    said = f"{done.came.value}: {done.reason}" if done.reason else done.came.value
    return " ".join([said, *(f"-> {ticket}" for ticket in done.tickets)])


def _now(context: Context, kept: KeptBody, body: bytes) -> str:
    """What `redrive` would make of a body; no word of it is shown."""
    try:
        outcome: Outcome = read_again(context, kept, body)
    except NotFoundError as error:
        return str(error)
    if outcome.kind is OutcomeKind.ACCEPTED:
        return f"can be read: {len(outcome.arrivals)} ticket(s)"
    if outcome.kind is OutcomeKind.IGNORED:
        return f"no message: {outcome.reason}"
    return f"cannot be read: {outcome.reason}"


def _kept(context: Context, site: str | None) -> Iterator[KeptBody]:
    """Everything kept, of one site or of all that the policy has, the oldest first."""
    sites = [site] if site else sorted(context.policy.policy.sites)
    found = [kept for each in sites for kept in all_kept(context.tables, each)]
    yield from sorted(found, key=lambda kept: (kept.received_at, kept.ticket_id))


def _found(context: Context, ticket_id: str) -> KeptBody:
    ticket = load_ticket(context.tables, ticket_id)
    found = load_kept(context.tables, ticket.site, ticket_id) if ticket else None
    if found is None:
        raise NotFoundError(f"nothing is kept for {ticket_id}: see `triagewire quarantine list`")
    return found[0]


def _body(context: Context, kept: KeptBody) -> bytes:
    return whole_body(context.tables, kept, lambda: boto3.client("s3"))


def _closed_by_staff(context: Context, kept: KeptBody) -> bool:
    """Whether a person has dealt with it: nobody should be asked the same thing twice."""
    ticket = load_ticket(context.tables, kept.ticket_id)
    return ticket is not None and not ticket.is_open


def _tell_ledger(context: Context, kept: KeptBody) -> None:
    """The view is in the ledger before anything is shown."""
    ticket = load_ticket(context.tables, kept.ticket_id)
    if ticket is not None:
        why = "quarantined body printed by an operator"
        entry = Entry(action=Action.VIEWED, why=why, detail=seen_as(ticket))
        record(context, ticket, entry)


def _printed(kept: KeptBody) -> dict[str, object]:
    return {
        "ticket": kept.ticket_id,
        "site": kept.site,
        "source": kept.source,
        "received_at": kept.received_at.isoformat(),
        "reason": kept.reason,
        "media_type": kept.media_type,
        "size_bytes": kept.size_bytes,
        "link": kept.link or None,
        "settled": kept.settled.value if kept.settled else None,
        "settled_at": kept.settled_at.isoformat() if kept.settled_at else None,
        "tickets": list(kept.tickets),
    }


def _harmless(text: str) -> str:
    """Text that cannot steer a terminal: an attacker may have written it."""
    return "".join(each if each.isprintable() or each in "\n\t" else "\ufffd" for each in text)
