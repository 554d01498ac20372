"""`triagewire ledger export`: the trail of a ticket, a patient or a period, as a file that anybody
can check (`trail.jsonl`) and as a page to read and print (`trail.html`).

That it was made, by whom and what for is in the ledger before anything is read. Who a patient is,
is asked for: an argument would stay in the history of the shell.
"""

import argparse
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from getpass import getpass
from pathlib import Path

import boto3

from ops.deployed import Deployed, add_stack_argument, context_of, deployed, told_plainly
from ops.ledger_key import signing_key
from ops.ledger_objects import Bucket
from ops.ledger_trails import ATTEMPTS, Found, by_period, by_tickets, signed_file
from triagewire.arrival import Requester
from triagewire.errors import ConflictError, InvalidFieldError, NotFoundError
from triagewire.flow.context import Context
from triagewire.flow.looking import record, seen_as
from triagewire.flow.survivor import last_of_chain, parts_of
from triagewire.ledger.event import Action, Detail, Entry
from triagewire.ledger.paper import harmless
from triagewire.ledger.trail import page
from triagewire.routing.person import identities, identity_hash
from triagewire.store.exports import exported
from triagewire.store.findable import tickets_of
from triagewire.store.table import commit
from triagewire.store.tickets import load_ticket
from triagewire.ticket import Ticket

WHY = "its trail of the ledger as a file"
MOST_TICKETS = 2_000
LONGEST_REASON = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--ticket", metavar="ID", help="the trail of a ticket and what was merged")
    what.add_argument(
        "--patient",
        metavar="SITE",
        help="of all tickets of a person at a site; who, is read from the terminal or stdin as "
        "`patient NUMBER`, `email ADDRESS` or `phone NUMBER`",
    )
    what.add_argument("--from", dest="first", type=date.fromisoformat, help="first day, in UTC")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, help="last day, in UTC")
    parser.add_argument("--site", help="of a period only what is of this site")
    parser.add_argument(
        "--why", required=True, help="what for; it stays in the ledger, so name no patient"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="a new folder")
    add_stack_argument(parser)


def run(args: argparse.Namespace) -> int:
    """0 when the trail was written and is what was recorded; 1 when it is not."""
    _check(args)
    with told_plainly():
        stack = deployed(args.stack)
        context = context_of(stack, datetime.now(UTC))
        found = _found(stack, context, args)
        data, trail = signed_file(context, signing_key(stack), found)
    args.out.mkdir(parents=True, mode=0o700)
    (args.out / "trail.jsonl").write_bytes(data)
    with (args.out / "trail.html").open("w", encoding="utf-8") as file:
        file.writelines(page(trail, found.stories))
    events = sum(len(each.events) for each in found.stories)
    print(f"{len(found.stories)} subjects, {events} events in {args.out}")
    for fault in trail.faults:
        print(harmless(fault), file=sys.stderr)
    return int(bool(trail.faults))


def _check(args: argparse.Namespace) -> None:
    if (args.first is None) != (args.last is None):
        raise InvalidFieldError("--to", "is the last day of a period that --from begins")
    if args.first and args.first > args.last:
        raise InvalidFieldError("--to", "is before --from")
    if args.site and not args.first:
        raise InvalidFieldError("--site", "is of a period")
    if not args.why.strip() or len(args.why) > LONGEST_REASON:
        raise InvalidFieldError("--why", f"must be said in at most {LONGEST_REASON} letters")
    if args.out.exists():
        raise InvalidFieldError("--out", "is there already: name a new folder")


def _found(stack: Deployed, context: Context, args: argparse.Namespace) -> Found:
    bucket = Bucket(boto3.client("s3"), stack.output("AuditBucketName"))
    reason = args.why.strip()
    if args.first:
        asked = {"from": f"{args.first}", "to": f"{args.last}", "site": args.site or "all"}
        for site in _sites(context, args.site):
            _tell_site(context, site, {**asked, "site": site, "reason": reason})
        found = by_period(context, bucket, args.first, args.last, args.site)
    elif args.ticket:
        asked = {"ticket": args.ticket}
        found = by_tickets(context, bucket, _told(context, [args.ticket], reason))
    else:
        (site,) = _sites(context, args.patient)
        ids = _ids_of(stack, context, site)
        asked = {"patient_of": site, "tickets": str(len(ids))}
        _tell_site(context, site, {**asked, "site": site, "reason": reason})
        found = by_tickets(context, bucket, _told(context, ids, reason))
    return replace(found, asked={**asked, "reason": reason})


def _sites(context: Context, site: str | None) -> tuple[str, ...]:
    if site is None:
        return tuple(sorted(context.policy.policy.sites))
    context.site(site)
    return (site,)


def _told(context: Context, ids: list[str], reason: str) -> list[Ticket]:
    """The tickets whole, with those that were merged into them; each has it in its ledger that its
    trail was taken.
    """
    found: dict[str, Ticket] = {}
    for ticket_id in ids:
        ticket = last_of_chain(context, ticket_id)
        if ticket is None:
            raise NotFoundError(f"there is no ticket {ticket_id}")
        found |= {ticket.id: ticket, **parts_of(context, ticket)}
    for ticket in found.values():
        entry = Entry(action=Action.EXPORTED, why=WHY, detail={**seen_as(ticket), "reason": reason})
        record(context, ticket, entry)
    return [ticket for each in found if (ticket := load_ticket(context.tables, each))]


def _tell_site(context: Context, site: str, detail: dict[str, str]) -> None:
    said: dict[str, Detail] = {**detail}
    entry = Entry(action=Action.EXPORTED, why="trails of the ledger as a file", detail=said)
    for around in context.tries(ATTEMPTS):
        with suppress(ConflictError):
            commit(around.tables, exported(around.tables, site, entry, around.stamp))
            return
    raise ConflictError("others take files at the same time: try again")


def _ids_of(stack: Deployed, context: Context, site: str) -> list[str]:
    """The tickets of the person who is named on the terminal, the oldest first."""
    client = boto3.client("secretsmanager")
    key = client.get_secret_value(SecretId=stack.output("IdentityKeyArn"))["SecretString"].encode()
    hashes = [identity_hash(key, site, each) for each in identities(_asked_who())]
    found = (tickets_of(context.tables, site, each, MOST_TICKETS) for each in hashes)
    ids = list(dict.fromkeys(each for one in found for each in reversed(one)))
    if not ids:
        raise NotFoundError("no ticket of the site states that identity")
    return ids


def _asked_who() -> Requester:
    """Whom the terminal or standard input names, never shown and never kept."""
    if sys.stdin.isatty():
        return _requester(getpass("patient NUMBER, email ADDRESS or phone NUMBER: "))
    return _requester(sys.stdin.readline())


def _requester(line: str) -> Requester:
    kind, _, given = line.strip().partition(" ")
    who = given.strip()
    if kind == "patient" and who:
        return Requester(patient_id=who)
    if kind == "email" and who:
        return Requester(email=who)
    if kind == "phone" and who:
        return Requester(phone=who)
    raise InvalidFieldError("identity", "begins with patient, email or phone, and then says who")
