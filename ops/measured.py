"""Where the figures of `triagewire measures` and `roi` come from: the lives that functions/review
keeps, read on in memory to the end of the signed ledger; or the whole ledger, read anew.

Nothing is written anywhere, not into the ledger either: figures hold no patient's data.
"""

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import boto3

from ops.deployed import Deployed, add_stack_argument, deployed, told_plainly
from ops.ledger_keys import add_key_argument, read_keys, trusted
from ops.ledger_objects import Bucket, Folder
from ops.measured_places import Listed, Overlay
from triagewire.errors import InvalidFieldError
from triagewire.flow.around_measures import PolicyOf, around, go_live, policies_of
from triagewire.flow.measuring import Kept, Locked, gather, lives_since
from triagewire.ledger.checkpoint_chain import Genuine
from triagewire.lockbox import LockBox
from triagewire.measures.figures import Asked, report
from triagewire.measures.life import Life
from triagewire.measures.measure import Around
from triagewire.measures.period import A_DAY, Period
from triagewire.measures.report import Report, Trust
from triagewire.policy.load import load
from triagewire.policy.model import Policy, PublishedPolicy
from triagewire.reports import ReportBox
from triagewire.store.active import active_version
from triagewire.store.policies import load_usable_policy

SLACK = 2 * A_DAY
"""Zones and late copies: so much sooner than the period before begins are lives read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The lives of tickets, how far the ledger behind them can be trusted, and what figures need
    beside them.
    """

    lives: tuple[Life, ...]
    trust: Trust
    around: Around
    since: Mapping[str, datetime]
    policy: Policy
    now: datetime

    def report(self, period: Period, site: str = "") -> Report:
        """The measures of a period, of a site or ("") of all."""
        asked = Asked(period=period, around=self.around, site=site, go_live=self.since)
        return report(self.lives, asked, self.trust, self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A ledger's copies, whose signatures count, and the policies that tickets were worked by."""

    locked: Locked
    genuine: Genuine
    active: PublishedPolicy
    policy_of: PolicyOf


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare which period, which site and which ledger."""
    for name in ("from", "to"):
        parser.add_argument(
            f"--{name}",
            dest=f"{name}_day",
            required=True,
            type=_day,
            metavar="YYYY-MM-DD",
            help="the first day, of each site's own wall" if name == "from" else "the last day",
        )
    parser.add_argument("--site", default="", metavar="SITE", help="only of this site")
    parser.add_argument("--copies", type=Path, metavar="FOLDER", help="a downloaded ledger bucket")
    parser.add_argument("--policy", type=Path, metavar="FOLDER", help="with --copies: whose hours")
    add_key_argument(parser)
    add_stack_argument(parser)


def period_of(args: argparse.Namespace) -> Period:
    """The days that were asked for. Raises InvalidFieldError naming the option."""
    try:
        return Period(first=args.from_day, last=args.to_day)
    except InvalidFieldError as error:
        raise InvalidFieldError(f"--{error.field}", error.problem) from None


def measured(args: argparse.Namespace, period: Period) -> Measured:
    """What the options ask for. Raises InvalidFieldError and DeploymentError."""
    if args.copies:
        return _of_source(_offline(args), Overlay(), period)
    with told_plainly():
        stack = deployed(args.stack)
        client = boto3.client("s3")
        locked = LockBox(client, stack.output("AuditBucketName"))
        kept = Overlay(ReportBox(client, stack.output("ReportsBucketName")))
        return _of_source(_online(args, stack, locked), kept, period)


def both_ways(args: argparse.Namespace, period: Period) -> tuple[Measured, Measured]:
    """From the kept lives, and from the whole ledger, both up to the same signature."""
    if args.copies:
        raise InvalidFieldError("--recompute", "is what --copies does anyway: leave it out")
    with told_plainly():
        stack = deployed(args.stack)
        client = boto3.client("s3")
        listed = Listed(Bucket(client, stack.output("AuditBucketName")))
        source = _online(args, stack, listed)
        kept = Overlay(ReportBox(client, stack.output("ReportsBucketName")))
        anew = _of_source(source, Overlay(), period)
        told = tuple(map(str, listed.faults))
        return _of_source(source, kept, period), _with_faults(anew, told)


def _online(args: argparse.Namespace, stack: Deployed, locked: Locked) -> Source:
    tables = stack.tables
    genuine = trusted(args.key, stack)
    active = load_usable_policy(tables, active_version(tables))
    return Source(locked=locked, genuine=genuine, active=active, policy_of=policies_of(tables))


def _offline(args: argparse.Namespace) -> Source:
    """A folder, a key and a policy, which stands for all its versions."""
    for name, value in (("--key", args.key), ("--policy", args.policy)):
        if not value:
            raise InvalidFieldError(name, "is needed with --copies, which asks no stack")
    if not args.copies.is_dir():
        raise InvalidFieldError("--copies", "is no folder")
    active = PublishedPolicy(version=0, policy=load(args.policy).policy)
    return Source(
        locked=Listed(Folder(args.copies)),
        genuine=read_keys(args.key),
        active=active,
        policy_of=lambda _version: None,
    )


def _of_source(source: Source, kept: Kept, period: Period) -> Measured:
    """The lives of a period and of the one before it, up to the newest signature."""
    _read_on(source, kept)
    gathered, lives = lives_since(kept, period.before.begins("UTC") - SLACK)
    return Measured(
        lives=tuple(lives.values()),
        trust=gathered.trust,
        around=around(source.active, source.policy_of, lives.values()),
        since=go_live(source.active),
        policy=source.active.policy,
        now=datetime.now(UTC),
    )


def _read_on(source: Source, kept: Kept) -> None:
    """Take up all that is signed."""
    more = True
    while more:
        more = gather(source.locked, kept, source.genuine).more


def _with_faults(found: Measured, faults: Iterable[str]) -> Measured:
    trust = replace(found.trust, faults=(*found.trust.faults, *faults))
    return replace(found, trust=trust)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("is no day: write it as 2026-03-01") from None
