"""What the safety gate found, for people and for machines."""

import json
import sys
from collections.abc import Iterator

from triagewire.policy.gate.measures import Share
from triagewire.policy.rehearsal import Report

NAMES = {
    "red_flags": "red flags scored 5",
    "sensitivity": "sensitivity",
    "missed": "missed (under-triage)",
    "specificity": "specificity",
    "clear": "clear (no 5, no review)",
    "routing_patient": "routing, patient",
    "routing_it": "routing, IT",
    "topic": "topic (no limit)",
    "review": "sent to review",
}


def print_report(report: Report, published: int | None, *, as_json: bool) -> None:
    """Print a report; what keeps a policy out goes to stderr, a line each."""
    if as_json:
        print(json.dumps(for_machines(report, published), indent=2))
        return
    for problem in report.problems:
        print(problem, file=sys.stderr)
    for warning in report.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    for line in table(report):
        print(line)
    print(", ".join(f"{name} {value}" for name, value in report.figures.items()))
    for site, days in report.kept.items():
        print(f"words of closed tickets at {site}: kept {_days(days)}")
    if report.accepted:
        named = (*report.accepted.tickets, *report.accepted.rules)
        print(f"accepted as less urgent than before: {', '.join(named)}")
    print("policy: fit" if report.fit else "policy: NOT fit, nothing was published")
    if published is not None:
        print(f"policy: version {published} is active")


def for_machines(report: Report, published: int | None) -> dict[str, object]:
    """The same as plain data. A share is 0 to 1, its interval the 95 % one; null means of none."""
    return {
        "fit": report.fit,
        **report.figures,
        "measures": {
            language: {name: _plain(share) for name, share in found.items()}
            for language, found in report.measures.items()
        },
        "lowered_tickets": list(report.lowered),
        "weakened_rules": list(report.weakened),
        "accepted_reason": report.accepted.reason if report.accepted else None,
        "problem_list": list(report.problems),
        "warning_list": list(report.warnings),
        "message_days": dict(report.kept),
        "version": published,
    }


def table(report: Report) -> Iterator[str]:
    """The measures as aligned columns, one for each language: k/n, per cent, 95 % interval."""
    columns = report.measures
    if not report.rehearsed:
        return
    rows = [["", *columns]]
    for name, shown in NAMES.items():
        rows.append([shown, *(_shown(found[name]) for found in columns.values())])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _days(days: int | None) -> str:
    return "for ever" if days is None else f"{days} days"


def _shown(share: Share) -> str:
    if share.share is None or share.interval is None:
        return "-"
    low, high = share.interval
    return f"{share.k}/{share.n} {_percent(share.share)} % ({_percent(low)} to {_percent(high)})"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _plain(share: Share) -> dict[str, float | None]:
    low, high = share.interval or (None, None)
    return {"k": share.k, "n": share.n, "share": share.share, "low": low, "high": high}
