"""`triagewire policy …`: nothing becomes active that fails its checks.

`check`, `publish` and `show` are here; `diff` and `shadow` have files of their own.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ops import policy_diff, policy_shadow
from ops.deployed import add_stack_argument, command_id, deployed, operator
from ops.policy_report import print_report
from ops.release_record import record_release, shipped_release
from triagewire.errors import PolicyError, PolicyMissingError
from triagewire.ledger.event import Stamp
from triagewire.policy.gate.release import Release, release_of
from triagewire.policy.gate.runs import Scorer
from triagewire.policy.gate.tickets import kept_tickets, shipped_tickets
from triagewire.policy.load import CHECKS, Draft, load
from triagewire.policy.model import Policy
from triagewire.policy.rehearsal import Report, compare, rehearse
from triagewire.scoring.rules import rules_from
from triagewire.store.active import active_version
from triagewire.store.policies import load_checks, load_policy, load_usable_policy, publish
from triagewire.store.queues import read_queue
from triagewire.store.table import Tables

DIRECTORY = Path("policy")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="read a policy and run its synthetic tickets")
    publish_ = actions.add_parser("publish", help="check a policy and make it the active one")
    show = actions.add_parser("show", help="print a published policy as JSON")
    diff = actions.add_parser("diff", help="what differs in two policies, and for whom")
    policy_diff.add_arguments(diff)
    shadow = actions.add_parser("shadow", help="let a candidate run beside the active policy")
    policy_shadow.add_arguments(shadow)
    for action in (check, publish_):
        action.add_argument("directory", type=Path, nargs="?", default=DIRECTORY)
        action.add_argument("--json", action="store_true", help="print for machines")
        action.add_argument(
            "--accept-lowering",
            metavar="REASON",
            default="",
            help="why tickets may be less urgent than in the last release; it is kept",
        )
    for action in (publish_, show):
        add_stack_argument(action)
    check.add_argument(
        "--record", action="store_true", help="write down what the shipped rules score, first"
    )
    show.add_argument("--version", type=int, help="the version to show (default: the active one)")


def run(args: argparse.Namespace) -> int:
    """0 when the policy is fit, was published or was shown; 1 when it is not."""
    if args.action == "diff":
        return policy_diff.run(args)
    if args.action == "shadow":
        return policy_shadow.run(args)
    if args.action == "show":
        return _show(args)
    if args.action == "publish":
        return _run_publish(args)
    if args.record:
        count = record_release(args.accept_lowering)
        print(f"recorded {count} tickets of the shipped rules", file=sys.stderr)
    draft, report = _rehearsed(args.directory, datetime.now(UTC))
    if draft is not None:
        report = compare(report, draft, shipped_release(), args.accept_lowering)
    print_report(report, None, as_json=args.json)
    return 0 if report.fit else 1


def _run_publish(args: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    draft, report = _rehearsed(args.directory, now)
    published = None
    if draft is not None and report.fit:
        tables = deployed(args.stack).tables
        report = compare(report, draft, _last_release(tables, draft), args.accept_lowering)
        if report.fit:
            published = _publish(draft, report, tables, operator(), now)
    print_report(report, published, as_json=args.json)
    return 0 if report.fit else 1


def publish_directory(
    directory: Path, tables: Tables, actor: str, now: datetime, reason: str = ""
) -> int:
    """Check a policy directory and make it the active version; returns its number.

    `reason` is why tickets may be less urgent than in the active version. Raises PolicyError with
    everything that is wrong; then nothing was written.
    """
    draft, report = _rehearsed(directory, now)
    if draft is not None and report.fit:
        report = compare(report, draft, _last_release(tables, draft), reason)
    if draft is None or not report.fit:
        raise PolicyError(report.problems)
    return _publish(draft, report, tables, actor, now)


def _publish(draft: Draft, report: Report, tables: Tables, actor: str, now: datetime) -> int:
    """Make a policy that was found fit the active version."""
    if left := tuple(_left_behind(tables, draft.policy)):
        raise PolicyError(left)
    stamp = Stamp(at=now, actor=f"administrator:{actor}", policy_version=0, request_id=command_id())
    return publish(tables, draft.policy, stamp, kept_tickets(draft.checks), report.accepted)


def _last_release(tables: Tables, draft: Draft) -> Release:
    """What the active policy calls urgent of both policies' tickets and of all that are shipped:
    one that a group left out before is not forgotten. Before the first publication, and of rules
    that this release cannot read, what the shipped rules do.
    """
    try:
        active = load_usable_policy(tables, active_version(tables))
        scorer = Scorer(rules_from(active.policy.rules))
    except (PolicyMissingError, PolicyError):
        return shipped_release()
    name, own = f"policy version {active.version}", load_checks(tables, active.version)
    shipped = kept_tickets(shipped_tickets(CHECKS))
    return release_of(name, scorer, own, kept_tickets(draft.checks), shipped)


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
            if read_queue(tables, site_id, team, most=1).entries:
                place = f"sites.{site_id}.teams.{team}"
                yield f"{place}: has open tickets: close or reassign them first"


def _rehearsed(directory: Path, now: datetime) -> tuple[Draft | None, Report]:
    """The policy of a directory, unless it cannot even be read, and what the gate found."""
    try:
        draft = load(directory)
    except PolicyError as error:
        return None, Report(problems=error.problems)
    return draft, rehearse(draft, now)


def _show(args: argparse.Namespace) -> int:
    tables = deployed(args.stack).tables
    version = args.version or active_version(tables)
    shown = load_policy(tables, version)
    print(msgspec.json.format(msgspec.json.encode(shown), indent=2).decode())
    return 0
