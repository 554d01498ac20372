"""`triagewire policy diff A B`: what differs between two policies, and whose verdict would change.

Recent messages of a stack, or of a file, are scored under both. Ids, scores and rule names are
shown; words only with `--show-words`, which is an access to PHI like any other.
"""

import argparse
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ops.backtest import Case, Compared, backtest, cases_of_file, cases_of_stack, totals
from ops.deployed import command_id, deployed, operator
from ops.policy_changes import changes_of
from ops.policy_named import named_policy
from triagewire.ledger.event import Action, Entry, Stamp
from triagewire.scoring.difference import Difference, Kind
from triagewire.store.policy_ledger import noted
from triagewire.store.table import Tables, commit

DAYS, MOST = 14, 10_000
SHOWN = 40
"""Changed tickets that are printed; `--json` has all of them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the action."""
    parser.add_argument("before", help="a directory, a version number, active, or defaults")
    parser.add_argument("after", help="the same, for the policy to compare with")
    parser.add_argument("--tickets", type=Path, metavar="FILE", help="messages as JSON lines")
    parser.add_argument("--stack", metavar="NAME", help="messages that this stack received")
    parser.add_argument("--days", type=int, default=DAYS, help=f"how far back (default: {DAYS})")
    parser.add_argument("--most", type=int, default=MOST, help=f"messages at most ({MOST})")
    parser.add_argument("--reason", default="", help="why messages of a stack are read")
    parser.add_argument("--show-words", action="store_true", help="print the words too: PHI")
    parser.add_argument("--json", action="store_true", help="print for machines")


def run(args: argparse.Namespace) -> int:
    """0 unless a message would no longer be urgent or no longer be seen by a person: then 1."""
    now = datetime.now(UTC)
    tables = deployed(args.stack).tables if args.stack else None
    before, after = named_policy(args.before, tables), named_policy(args.after, tables)
    found = backtest(_cases(args, tables, now), before, after)
    changes = changes_of(before, after)
    print(_as_json(changes, found) if args.json else _as_text(changes, found, args.show_words))
    return int(any(each.difference.kind in (Kind.LOWERED, Kind.UNSEEN) for each in found))


def _cases(args: argparse.Namespace, tables: Tables | None, now: datetime) -> Iterable[Case]:
    """The messages to score; reading those of a stack is in its ledger before one is read."""
    if args.tickets is not None:
        return cases_of_file(args.tickets)
    if tables is None:
        return ()
    entry = Entry(
        action=Action.MESSAGES_READ,
        why=args.reason or "a backtest of two policies",
        detail={"days": args.days, "most": args.most, "words_shown": args.show_words},
    )
    actor = f"administrator:{operator()}"
    stamp = Stamp(at=now, actor=actor, policy_version=0, request_id=command_id())
    commit(tables, noted(tables, entry, stamp))
    return cases_of_stack(tables, now - timedelta(days=args.days), args.most, now)


def _as_text(changes: list[str], found: list[Compared], show_words: bool) -> str:
    lines = ["What differs in the policies:", *(f"  {line}" for line in changes or ["nothing"])]
    if not found:
        return "\n".join([*lines, "", "No messages were compared: give --tickets or --stack."])
    lines += ["", f"What {len(found)} messages would become:"]
    lines += [f"  {count:6}  {kind}" for kind, count in totals(found).items() if count]
    changed = [each for each in found if each.difference.kind is not Kind.SAME]
    if changed:
        lines += ["", "Changed, the gravest first:"]
    for each in changed[:SHOWN]:
        lines += [f"  {line}" for line in told(each.case.id, each.difference)]
        if show_words:
            lines.append(f"      PHI: {' '.join(each.case.subject.text.split())}")
    if len(changed) > SHOWN:
        lines.append(f"  … and {len(changed) - SHOWN} more: --json has all of them")
    return "\n".join(lines)


def told(ticket_id: str, found: Difference) -> list[str]:
    """A changed ticket in lines for people, without its words."""
    lines = [f"{ticket_id}  {found.kind}: {found.before} → {found.after}"]
    if found.gained:
        lines.append(f"    + {', '.join(found.gained)}")
    if found.lost:
        lines.append(f"    - {', '.join(found.lost)}")
    return lines


def _as_json(changes: list[str], found: list[Compared]) -> str:
    said: dict[str, Any] = {
        "changes": changes,
        "messages": len(found),
        "totals": {kind.name.lower(): count for kind, count in totals(found).items()},
        "changed": [
            as_data(each.case.id, each.difference)
            for each in found
            if each.difference.kind is not Kind.SAME
        ],
    }
    return json.dumps(said, indent=2, ensure_ascii=False)


def as_data(ticket_id: str, found: Difference) -> dict[str, Any]:
    """A changed ticket for machines, without its words."""
    return {
        "ticket": ticket_id,
        "kind": found.kind.name.lower(),
        "before": str(found.before),
        "after": str(found.after),
        "rules_gained": list(found.gained),
        "rules_lost": list(found.lost),
    }
