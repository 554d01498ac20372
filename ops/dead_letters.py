"""`triagewire dead-letters list|show|redrive`: what ended in the failure queues, and back again.

No body is ever printed: a mail's or a notice's may hold or name a patient.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3

from ops.deployed import add_stack_argument, deployed, operator, told_plainly
from ops.failure_queues import OF_NAME, QUEUES, FailureQueue, Way, letter, looked_at, received
from ops.failure_queues import urls as urls_of
from ops.failure_queues import waiting as waiting_in
from triagewire.ledger.event import Action, Entry, Stamp
from triagewire.store.policy_ledger import noted
from triagewire.store.table import Tables, commit
from triagewire.store.tickets import due_timers, timer_shards

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LATE = timedelta(minutes=2)
"""What is due for longer than this was not done by the sweep either."""
MOST = 10_000
FAILED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the command works on: the queues of the stack by logical name, and its tables."""

    queues: "SQSClient"
    urls: Mapping[str, str]
    tables: Tables
    now: datetime

    def chosen(self, name: str | None) -> tuple[FailureQueue, ...]:
        """The queue that was named, or every one that this stack has."""
        named = QUEUES if name is None else (OF_NAME[name],)
        return tuple(each for each in named if each.name in self.urls)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    list_ = actions.add_parser("list", help="each failure queue: how many, how old, what to do")
    show = actions.add_parser("show", help="the letters of a queue without their bodies")
    again = actions.add_parser("redrive", help="send letters back to where they came from")
    list_.add_argument("--json", action="store_true", help="print for machines")
    show.add_argument("queue", choices=sorted(OF_NAME), metavar="QUEUE")
    which = again.add_mutually_exclusive_group(required=True)
    which.add_argument("queue", choices=sorted(OF_NAME), metavar="QUEUE", nargs="?")
    which.add_argument("--all", action="store_true", help="every failure queue")
    again.add_argument(
        "--done",
        action="store_true",
        help="take away what a person has dealt with and what goes back nowhere; name the queue",
    )
    for action in (list_, show, again):
        add_stack_argument(action)


def run(args: argparse.Namespace) -> int:
    """0 when it is done; 1 when letters are left that somebody has to look at."""
    with told_plainly():
        stack = deployed(args.stack)
        desk = Desk(
            queues=boto3.client("sqs"),
            urls=urls_of(boto3.client("cloudformation"), args.stack),
            tables=stack.tables,
            now=datetime.now(UTC),
        )
        return _DO[args.action](desk, args)


def _list(desk: Desk, args: argparse.Namespace) -> int:
    rows = [_row(desk, queue) for queue in desk.chosen(None)]
    if args.json:
        print(json.dumps(rows, indent=2))
        return 0
    for row in rows:
        age = f", the oldest {row['oldest_minutes']} min" if row["letters"] else ""
        print(f"{row['queue']}: {row['letters']} letters{age}")
        if row["letters"]:
            print(f"  {row['means']}\n  what to do: {row['do']}")
    return 0


def _row(desk: Desk, queue: FailureQueue) -> dict[str, Any]:
    seen = looked_at(desk.queues, desk.urls[queue.name])
    count = max(len(seen), waiting_in(desk.queues, desk.urls[queue.name]))
    oldest = (desk.now - seen[0].sent_at) // timedelta(minutes=1) if seen else None
    return {"queue": queue.name, "letters": count, "oldest_minutes": oldest} | {
        "means": queue.means,
        "do": queue.do,
        "redrive": queue.way.value,
    }


def _show(desk: Desk, args: argparse.Namespace) -> int:
    (queue,) = desk.chosen(args.queue) or (OF_NAME[args.queue],)
    if queue.name in desk.urls:
        for each in looked_at(desk.queues, desk.urls[queue.name]):
            said = {
                name: value for name, value in asdict(each).items() if value not in ("", {}, ())
            }
            print(json.dumps(said | {"sent_at": each.sent_at.isoformat()}))
    print(f"{queue.means}\nwhat to do: {queue.do}", file=sys.stderr)
    return 0


def _redrive(desk: Desk, args: argparse.Namespace) -> int:
    if args.done and args.all:
        print("dead-letters: --done goes with one named queue", file=sys.stderr)
        return 2
    return max((_one(desk, queue, done=args.done) for queue in desk.chosen(args.queue)), default=0)


def _one(desk: Desk, queue: FailureQueue, *, done: bool) -> int:
    """Redrive one queue and say what came of it."""
    url = desk.urls[queue.name]
    letters = waiting_in(desk.queues, url)
    if not letters:
        print(f"{queue.name}: empty")
        return 0
    if queue.way is Way.BY_TABLE and (late := late_tickets(desk)):
        print(f"{queue.name}: kept, {len(late)} tickets are late: {', '.join(late[:5])}")
        return FAILED
    _tell_ledger(desk, queue, letters, done=done)
    sent, taken, left = _each(desk, queue, done=done)
    print(f"{queue.name}: {sent} sent back, {taken} taken away, {left} left for a person")
    return FAILED if left else 0


def late_tickets(desk: Desk) -> list[str]:
    """Tickets that the sweep should have scored or served and has not, from the timers' index."""
    before = desk.now - LATE
    return [
        due.ticket_id for shard in timer_shards() for due in due_timers(desk.tables, shard, before)
    ]


def _each(desk: Desk, queue: FailureQueue, *, done: bool) -> tuple[int, int, int]:
    """How many letters were sent back, taken away and left. A letter is deleted after it was sent:
    one that comes twice finds its work done.
    """
    url = desk.urls[queue.name]
    backs = {_name(each): each for each in desk.urls.values()}
    sent = taken = 0
    left: list[str] = []
    for message in received(desk.queues, url, MOST):
        back = backs.get(_name(letter(message).source)) if queue.way is Way.BACK else None
        if back is not None:
            attributes: Any = message.get("MessageAttributes", {})
            body = message["Body"]
            desk.queues.send_message(QueueUrl=back, MessageBody=body, MessageAttributes=attributes)
            sent += 1
        elif done or queue.way is Way.BY_TABLE:
            taken += 1
        else:
            left.append(message["ReceiptHandle"])
            continue
        desk.queues.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    for handle in left:
        desk.queues.change_message_visibility(
            QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0
        )
    return sent, taken, len(left)


def _name(arn_or_url: str) -> str:
    """The last part of a queue's ARN or URL: its name, one of a kind in an account and region."""
    return arn_or_url.replace("/", ":").rsplit(":", 1)[-1]


def _tell_ledger(desk: Desk, queue: FailureQueue, letters: int, *, done: bool) -> None:
    """It is in the ledger before one letter moves."""
    entry = Entry(
        action=Action.REDRIVEN,
        why="an operator emptied a failure queue",
        detail={"queue": queue.name, "letters": letters, "dealt_with": done},
    )
    stamp = Stamp(at=desk.now, actor=f"administrator:{operator()}", policy_version=0)
    commit(desk.tables, noted(desk.tables, entry, stamp))


_DO: Mapping[str, Callable[[Desk, argparse.Namespace], int]] = {
    "list": _list,
    "show": _show,
    "redrive": _redrive,
}
