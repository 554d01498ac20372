"""`triagewire policy shadow`: let a candidate run beside the active policy; see what it says."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ops.deployed import add_stack_argument, command_id, deployed, operator
from ops.policy_diff import as_data, told
from ops.policy_report import print_report
from triagewire.ledger.event import Stamp
from triagewire.policy.load import load
from triagewire.policy.rehearsal import rehearse
from triagewire.scoring.difference import Kind, counted
from triagewire.store.shadow import (
    Differs,
    compared,
    current_shadow,
    last_candidate,
    read_differences,
    start_shadow,
    stop_shadow,
)
from triagewire.store.table import Tables


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the action."""
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("directory", type=Path, nargs="?", help="the candidate to run beside")
    wanted.add_argument("--off", action="store_true", help="end the shadow")
    wanted.add_argument("--report", action="store_true", help="what it would have said otherwise")
    parser.add_argument("--json", action="store_true", help="print for machines")
    add_stack_argument(parser)


def run(args: argparse.Namespace) -> int:
    """0 when it was done; 1 when the candidate is not fit, or when it would lower an urgent one."""
    tables = deployed(args.stack).tables
    if args.report:
        return report(tables, as_json=args.json)
    stamp = Stamp(
        at=datetime.now(UTC),
        actor=f"administrator:{operator()}",
        policy_version=0,
        request_id=command_id(),
    )
    if args.off:
        print("shadow: ended" if stop_shadow(tables, stamp) else "shadow: none was running")
        return 0
    return start(tables, args.directory, stamp, as_json=args.json)


def start(tables: Tables, directory: Path, stamp: Stamp, *, as_json: bool = False) -> int:
    """Check a candidate by its own synthetic tickets and let it run; whether it is less careful
    than the last release is what the shadow is to show.
    """
    draft = load(directory)
    found = rehearse(draft)
    if not found.fit:
        print_report(found, None, as_json=as_json)
        return 1
    candidate = start_shadow(tables, draft.policy, stamp)
    print(f"shadow: candidate {candidate} runs beside the active policy within a minute")
    return 0


def report(tables: Tables, *, as_json: bool = False) -> int:
    """Print what the last candidate would have said otherwise; 1 if it would lower an urgent
    ticket or take one from review.
    """
    candidate = last_candidate(tables)
    running = current_shadow(tables).number == candidate and candidate > 0
    gravest = list(Kind)
    found = sorted(
        read_differences(tables, candidate),
        key=lambda each: (gravest.index(each.difference.kind), each.at),
    )
    tried = compared(tables, candidate)
    print(
        _as_json(candidate, running, tried, found)
        if as_json
        else _as_text(candidate, running, tried, found)
    )
    return int(_lowers(found))


def _lowers(found: list[Differs]) -> bool:
    return any(each.difference.kind in (Kind.LOWERED, Kind.UNSEEN) for each in found)


def _as_text(candidate: int, running: bool, tried: int, found: list[Differs]) -> str:
    if not candidate:
        return "shadow: no candidate has run yet"
    state = "is running" if running else "has ended"
    lines = [f"candidate {candidate} {state}: {tried} messages, {len(found)} judged otherwise"]
    totals = counted(each.difference for each in found)
    lines += [f"  {count:6}  {kind}" for kind, count in totals.items() if count]
    for each in found:
        lines += [f"  {line}" for line in told(each.ticket_id, each.difference)]
    if _lowers(found):
        lines.append("It would lower what is urgent or reviewed today: do not publish it yet.")
    elif tried:
        lines.append("Nothing urgent or reviewed would be lowered.")
    return "\n".join(lines)


def _as_json(candidate: int, running: bool, tried: int, found: list[Differs]) -> str:
    totals = counted(each.difference for each in found)
    said: dict[str, Any] = {
        "candidate": candidate,
        "running": running,
        "messages": tried,
        "totals": {kind.name.lower(): count for kind, count in totals.items()},
        "changed": [{"at": e.at, **as_data(e.ticket_id, e.difference)} for e in found],
        "lowers": _lowers(found),
    }
    return json.dumps(said, indent=2)
