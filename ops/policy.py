"""`triagewire policy check|publish|show`: nothing becomes active that fails its checks."""

import argparse
import getpass
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ops.deployed import add_stack_argument, deployed
from triagewire.errors import PolicyError, PolicyMissingError
from triagewire.ledger.event import Stamp
from triagewire.policy.load import Draft, load
from triagewire.policy.model import Policy
from triagewire.policy.rehearsal import Report, rehearse
from triagewire.store.active import active_version
from triagewire.store.policies import load_policy, load_usable_policy, publish
from triagewire.store.table import Tables
from triagewire.store.tickets import queued

DIRECTORY = Path("policy")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="read a policy and run its synthetic tickets")
    publish_ = actions.add_parser("publish", help="check a policy and make it the active one")
    show = actions.add_parser("show", help="print a published policy as JSON")
    for action in (check, publish_):
        action.add_argument("directory", type=Path, nargs="?", default=DIRECTORY)
        action.add_argument("--json", action="store_true", help="print for machines")
    for action in (publish_, show):
        add_stack_argument(action)
    show.add_argument("--version", type=int, help="the version to show (default: the active one)")


def run(args: argparse.Namespace) -> int:
    """0 when the policy is fit, was published or was shown; 1 when it is not."""
    if args.action == "show":
        return _show(args)
    draft, report = _rehearsed(args.directory)
    published = None
    if draft is not None and report.fit and args.action == "publish":
        published = _publish(
            draft, deployed(args.stack).tables, getpass.getuser(), datetime.now(UTC)
        )
    _print(report, published, as_json=args.json)
    return 0 if report.fit else 1


def publish_directory(directory: Path, tables: Tables, actor: str, now: datetime) -> int:
    """Check a policy directory and make it the active version; returns its number.

    Raises PolicyError with everything that is wrong; then nothing was written.
    """
    draft, report = _rehearsed(directory)
    if draft is None or not report.fit:
        raise PolicyError(report.problems)
    return _publish(draft, tables, actor, now)


def _publish(draft: Draft, tables: Tables, actor: str, now: datetime) -> int:
    """Make a policy that was found fit the active version."""
    if left := tuple(_left_behind(tables, draft.policy)):
        raise PolicyError(left)
    stamp = Stamp(at=now, actor=f"administrator:{actor}", policy_version=0)
    return publish(tables, draft.policy, stamp)


def _left_behind(tables: Tables, policy: Policy) -> Iterator[str]:
    """Queues of the active policy that the new one lacks while tickets stand in them.

    Nobody would be told of those tickets any more: no site, no ladder.
    """
    try:
        before = load_usable_policy(tables, active_version(tables)).policy
    except PolicyMissingError:
        return
    for site_id, site in before.sites.items():
        kept = policy.sites[site_id].teams if site_id in policy.sites else {}
        for team in sorted(site.teams.keys() - kept.keys()):
            if queued(tables, site_id, team, 1):
                place = f"sites.{site_id}.teams.{team}"
                yield f"{place}: has open tickets: close or reassign them first"


def _rehearsed(directory: Path) -> tuple[Draft | None, Report]:
    """The policy of a directory, unless it cannot even be read, and what the gate found."""
    try:
        draft = load(directory)
    except PolicyError as error:
        return None, Report(problems=error.problems)
    return draft, rehearse(draft)


def _print(report: Report, published: int | None, *, as_json: bool) -> None:
    if as_json:
        said = {
            "fit": report.fit,
            **report.figures,
            "problem_list": list(report.problems),
            "version": published,
        }
        print(json.dumps(said, indent=2))
        return
    for problem in report.problems:
        print(problem, file=sys.stderr)
    print(", ".join(f"{name} {value}" for name, value in report.figures.items()))
    print("policy: fit" if report.fit else "policy: NOT fit, nothing was published")
    if published is not None:
        print(f"policy: version {published} is active")


def _show(args: argparse.Namespace) -> int:
    tables = deployed(args.stack).tables
    version = args.version or active_version(tables)
    shown = load_policy(tables, version)
    print(msgspec.json.format(msgspec.json.encode(shown), indent=2).decode())
    return 0
