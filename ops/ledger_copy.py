"""`triagewire ledger copy`: lock away what never got its copy, because it is older than the stream
or because the stream gave it up.
"""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import batched

import boto3

from ops.deployed import add_stack_argument, deployed, told_plainly
from ops.ledger_objects import Bucket, Objects, read_all
from triagewire.ledger.chain import digest
from triagewire.ledger.copied import Copies
from triagewire.ledger.copies import EVENTS, batch, copy_key
from triagewire.ledger.event import Event
from triagewire.lockbox import LockBox
from triagewire.store.heads import every_event
from triagewire.store.table import Tables

AT_ONCE = 500
"""Events in one copy."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--dry-run", action="store_true", help="only say how many there are")
    add_stack_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Copy what has no copy. What is not as it was recorded is left to `verify`."""
    stack = deployed(arguments.stack)
    name = stack.output("AuditBucketName")
    client = boto3.client("s3")
    with told_plainly():
        missing = list(without_copy(Bucket(client, name), stack.tables))
        if not arguments.dry_run:
            lock_away(LockBox(client, name), missing, datetime.now(UTC))
    done = "have no copy" if arguments.dry_run else "were copied"
    print(f"{len(missing)} events {done}")
    return 0


def without_copy(objects: Objects, tables: Tables) -> Iterator[Event]:
    """The events of the table that stand in no copy and have the hash that fits them."""
    copies = Copies()
    for key, body in read_all(objects, objects.keys(EVENTS)):
        copies.add(key, body)
    for subject, sequence, event in every_event(tables):
        if event is None or copies.chains.at(subject, sequence) is not None:
            continue
        if digest(event) == event.hash:
            yield event


def lock_away(box: LockBox, events: list[Event], now: datetime) -> None:
    """Write copies that stand under the present time: the next checkpoints name them."""
    for each in batched(events, AT_ONCE, strict=False):
        body = batch(each)
        box.put_once(copy_key(now, body), body)
