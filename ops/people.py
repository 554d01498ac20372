"""`triagewire people sync|check`: by which ways members hear, as SNS has it.

`sync` makes the subscriptions of pages and alerts what the roster says, and `check` only looks. No
address is ever printed: members and ways are.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from ops.deployed import (
    Deployed,
    add_stack_argument,
    context_of,
    deployed,
    noted_first,
    told_plainly,
)
from ops.people_report import Known, Person, as_json, lines, people_of
from ops.subscribing import Change, changes, found_in, make
from triagewire.errors import PolicyError
from triagewire.escalation.addresses import Address, has_ways, numbers, people_by_address
from triagewire.flow.context import Context
from triagewire.flow.reaching import look
from triagewire.ledger.event import Action, Entry
from triagewire.policy.checks import problems_of
from triagewire.policy.load import load
from triagewire.policy.model import Policy
from triagewire.store.reach import read_looked
from triagewire.subscriptions import subscribed_to

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

NOT_KNOWN_HERE = frozenset({"InvalidAction", "UnknownOperationException"})
"""How an emulator answers that does not know who has said STOP."""
type Refused = dict[Address, str]
"""What SNS did not take, and the code of its error."""
DEBUG = "DEBUG MODE: this deployment tells nobody anything; deploy with NotifyPeople=true to end it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    sync = actions.add_parser("sync", help="subscribe whom the roster names, and say who hears")
    check = actions.add_parser("check", help="say who hears, and change nothing")
    for action in (sync, check):
        action.add_argument(
            "--policy",
            type=Path,
            metavar="DIR",
            help="the roster of this folder in place of the active policy's",
        )
        action.add_argument("--json", action="store_true", help="print for machines")
        add_stack_argument(action)
    sync.add_argument("--dry-run", action="store_true", help="only say what would be changed")
    sync.add_argument(
        "--ask-again", action="store_true", help="ask those once more who have not confirmed"
    )


def run(args: argparse.Namespace) -> int:
    """0 when all who must be reachable are; 1 when somebody is not, or SNS refused a change."""
    with told_plainly():
        stack = deployed(args.stack)
        context = context_of(stack, datetime.now(UTC))
        policy = _policy_of(args.policy) if args.policy else context.policy.policy
        return _People(stack, context, policy).run(args)


def _policy_of(folder: Path) -> Policy:
    draft = load(folder)
    if problems := problems_of(draft.policy, draft.document):
        raise PolicyError(tuple(problems))
    return draft.policy


class _People:
    """One run of the command on a stack."""

    def __init__(self, stack: Deployed, context: Context, policy: Policy) -> None:
        self.sns: SNSClient = boto3.client("sns")
        self.topics = {True: stack.output("PagesTopicArn"), False: stack.output("AlertsTopicArn")}
        self.dead_letters = stack.output("UndeliveredQueueArn")
        self.tells = stack.outputs.get("NotifyPeople") != "false"
        self.context = context
        self.policy = policy

    def run(self, args: argparse.Namespace) -> int:
        planned: tuple[Change, ...] = ()
        refused: Refused = {}
        if args.action == "sync":
            planned = tuple(self._planned(again=args.ask_again))
            if planned and not args.dry_run:
                noted_first(self.context, _entry(planned))
                refused = {each.address: code for each in planned if (code := self._make(each))}
        known = self._known(record=args.action == "sync" and not args.dry_run)
        people = people_of(self.policy, known)
        report = _print_json if args.json else _print
        report(self, planned, refused, people)
        unreached = any(each.needed and not each.reached for each in people)
        return int(bool(refused) or unreached or not self.tells)

    def _planned(self, *, again: bool) -> Iterator[Change]:
        """What is still needed by the active policy is not removed for one that is not yet."""
        found = found_in(self.sns, subscribed_to(self.sns, self.topics))
        wanted = people_by_address(self.policy)
        needed = people_by_address(self.context.policy.policy)
        yield from changes(wanted, needed, found, self.dead_letters, again=again)

    def _make(self, change: Change) -> str:
        return make(self.sns, self.topics, change)

    def _known(self, *, record: bool) -> Known:
        """What SNS has now; recorded for the deployment, if it is about the active policy."""
        subscriptions = subscribed_to(self.sns, self.topics)
        stopped = self._stopped()
        looked = read_looked(self.context.tables)
        active = self.context.policy.policy
        if record and self.policy == active and (has_ways(active) or looked.revision):
            looked = look(self.context, looked, subscriptions, stopped)
        return Known(
            found=found_in(self.sns, subscriptions), stopped=stopped, since=looked.broken_since
        )

    def _stopped(self) -> frozenset[str]:
        """The members whose phone has said STOP to texts of this account."""
        found: set[str] = set()
        for number, people in numbers(self.policy).items():
            try:
                answer = self.sns.check_if_phone_number_is_opted_out(phoneNumber=number)
            except ClientError as error:
                if error.response["Error"]["Code"] not in NOT_KNOWN_HERE:
                    raise
                print("who has said STOP is not known here", file=sys.stderr)
                break
            if answer["isOptedOut"]:
                found |= people
        return frozenset(found)


def _entry(planned: Sequence[Change]) -> Entry:
    """What the ledger says of who is to hear: members and ways, no address."""
    told: list[str] = sorted({_said(each) for each in planned})
    why = "who hears of pages and alerts is made what the roster says"
    return Entry(action=Action.ACCESS_CHANGED, why=why, detail={"changes": told})


def _print(
    of: _People, planned: tuple[Change, ...], refused: Refused, people: tuple[Person, ...]
) -> None:
    if not of.tells:
        print(DEBUG)
    for change in planned:
        said = f": refused ({refused[change.address]})" if change.address in refused else ""
        print(f"{_said(change)}{said}")
    for line in lines(people):
        print(line)
    missing = [f"{each.site}/{each.id}" for each in people if each.needed and not each.reached]
    if missing:
        print(f"no page reaches {', '.join(missing)}", file=sys.stderr)


def _print_json(
    of: _People, planned: tuple[Change, ...], refused: Refused, people: tuple[Person, ...]
) -> None:
    done = [
        {
            "change": each.deed.value,
            "members": list(each.people),
            "way": each.address.way.value,
            "topic": "pages" if each.address.page else "alerts",
            "refused": refused.get(each.address, ""),
        }
        for each in planned
    ]
    report = {"debug_mode": not of.tells, "changes": done, "people": as_json(people)}
    print(json.dumps(report, indent=2))


def _said(change: Change) -> str:
    topic = "pages" if change.address.page else "alerts"
    whose = ", ".join(change.people) or "nobody"
    return f"{change.deed.value}: {change.address.way.value} of {whose} for {topic}"
