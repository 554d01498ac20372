"""`triagewire ledger examine`: who looked at what in a month, read from the locked copies.

It is 45 CFR 164.308(a)(1)(ii)(D): record and examine. That it was done is in the ledger.
"""

import argparse
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import boto3
import msgspec

from ops.deployed import add_stack_argument, context_of, deployed, noted_first, told_plainly
from ops.ledger_examined import Asked, as_csv, as_page, as_text
from ops.ledger_objects import Bucket
from ops.ledger_trails import copied, days_of
from triagewire.errors import InvalidFieldError, PolicyMissingError
from triagewire.flow.context import Context
from triagewire.ledger.chains import Fault
from triagewire.ledger.event import Action, Entry
from triagewire.ledger.examination import Examination, Policies
from triagewire.ledger.paper import harmless
from triagewire.policy.model import Policy
from triagewire.store.policies import load_policy


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--month", required=True, metavar="YYYY-MM", help="which month, in UTC")
    parser.add_argument("--site", help="only of this site")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write HTML and CSV files there")
    add_stack_argument(parser)


def run(args: argparse.Namespace) -> int:
    """0 when it was examined, whatever it shows; 1 when something of the month cannot be read."""
    try:
        first, last = days_of(args.month)
    except ValueError:
        raise InvalidFieldError("--month", "is no month: write it as 2026-03") from None
    if args.out and args.out.exists():
        raise InvalidFieldError("--out", "is there already: name a new folder")
    with told_plainly():
        stack = deployed(args.stack)
        context = context_of(stack, datetime.now(UTC))
        if args.site:
            context.site(args.site)
        _tell_ledger(context, args.month, args.site)
        examination = Examination(first, last, policies_of(context), args.site or "")
        bucket = Bucket(boto3.client("s3"), stack.output("AuditBucketName"))
        unreadable: list[Fault] = []
        for event in copied(bucket, first, last, unreadable):
            examination.add(event)
    asked = Asked(month=args.month, site=args.site or "all sites", by=context.actor, at=context.now)
    found = examination.examined()
    print("\n".join(as_text(asked, found)))
    if args.out:
        args.out.mkdir(parents=True, mode=0o700)
        with (args.out / "examination.html").open("w", encoding="utf-8") as file:
            file.writelines(as_page(asked, found))
        for name, text in as_csv(found):
            (args.out / name).write_text(text, encoding="utf-8", newline="")
    for fault in unreadable:
        print(harmless(str(fault)), file=sys.stderr)
    return int(bool(unreadable))


def policies_of(context: Context) -> Policies:
    """The policy of a version, read once; for one that cannot be read any more the active one."""

    @cache
    def policy(version: int) -> Policy:
        try:
            return load_policy(context.tables, version).policy
        except (msgspec.MsgspecError, PolicyMissingError):
            return context.policy.policy

    return policy


def _tell_ledger(context: Context, month: str, site: str | None) -> None:
    detail = {"month": month, "site": site or ""}
    why = "who looked at what, and whether it was theirs to look at"
    noted_first(context, Entry(action=Action.EXAMINED, why=why, detail=detail))
