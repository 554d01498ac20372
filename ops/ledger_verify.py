"""`triagewire ledger verify`: whether the ledger is what was recorded; exit code 1 if it is not.

Online it reads the tables and the bucket of a stack. Offline it needs nothing but a file or folder
and the public key, and believes no other.
"""

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

import boto3

from ops.deployed import add_stack_argument, deployed, told_plainly
from ops.ledger_evidence import Place, of_all, of_copies, of_day, of_ticket
from ops.ledger_keys import add_key_argument, read_keys, trusted
from ops.ledger_objects import Bucket, Folder
from ops.ledger_report import print_report
from triagewire.errors import InvalidFieldError
from triagewire.ledger.exported import verify_export
from triagewire.ledger.moments import exact
from triagewire.ledger.paper import harmless
from triagewire.ledger.verification import Evidence, Report, verify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, help="an export, offline; needs --key")
    what.add_argument("--copies", type=Path, metavar="FOLDER", help="a downloaded bucket, offline")
    what.add_argument("--ticket", metavar="ID", help="the ledger of one ticket")
    what.add_argument("--day", type=date.fromisoformat, help="what was recorded on a day, in UTC")
    what.add_argument("--all", action="store_true", help="everything; reads both tables whole")
    add_key_argument(parser)
    add_stack_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Verify and print what was found."""
    now = datetime.now(UTC)
    if arguments.file or arguments.copies:
        if not arguments.key:
            raise InvalidFieldError("--key", "is needed: an offline check trusts no other key")
        return print_report(_offline(arguments, now), now)
    with told_plainly():
        return print_report(_online(arguments, now), now)


def _offline(arguments: argparse.Namespace, now: datetime) -> Report:
    genuine = read_keys(arguments.key)
    if arguments.copies:
        if not arguments.copies.is_dir():
            raise InvalidFieldError("--copies", "is no folder")
        return verify(of_copies(Place(Folder(arguments.copies), genuine, now)))
    try:
        data = arguments.file.read_bytes()
    except OSError:
        raise InvalidFieldError("file", "cannot be read") from None
    manifest, report = verify_export(data, genuine, now)
    print(harmless(f"export made by {manifest.made_by} at {exact(manifest.made_at)}"))
    return report


def _online(arguments: argparse.Namespace, now: datetime) -> Report:
    stack = deployed(arguments.stack)
    genuine = trusted(arguments.key, stack)
    bucket = Bucket(boto3.client("s3"), stack.output("AuditBucketName"))
    place = Place(bucket, genuine, now)
    if arguments.ticket:
        evidence = of_ticket(place, stack.tables, arguments.ticket)
        _known(evidence)
    elif arguments.day:
        evidence = of_day(place, stack.tables, arguments.day)
    else:
        evidence = of_all(place, stack.tables)
    return verify(evidence).with_first(bucket.faults)


def _known(evidence: Evidence) -> None:
    """Raises InvalidFieldError for a ticket that nothing anywhere knows of."""
    subjects = evidence.about or frozenset()
    traces = any(evidence.recorded.length(each) for each in subjects)
    signed = any(head.subject in subjects for _, head in evidence.checkpoints.heads)
    if not traces and not signed:
        raise InvalidFieldError("--ticket", "nothing was ever recorded of it")
