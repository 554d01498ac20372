"""What a verification found, for the terminal."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

from triagewire.ledger.moments import exact
from triagewire.ledger.paper import harmless
from triagewire.ledger.verification import Report

MOST_TOLD = 50
"""Faults that are printed; of a rewritten ledger every event is one."""
NOT_AS_RECORDED = 1


def print_report(report: Report, now: datetime) -> int:
    """Print it; returns the exit code. Names in it may be of somebody who forged them: none steers
    the terminal, nor looks like a line of ours.
    """
    for line in _faults(report):
        print(harmless(line), file=sys.stderr)
    for line in _whole(report, now):
        print(harmless(line))
    return NOT_AS_RECORDED if report.faults else 0


def _faults(report: Report) -> Iterator[str]:
    if not report.faults:
        return
    yield f"NOT AS RECORDED: {len(report.faults)} found"
    yield from (f"  {fault}" for fault in report.faults[:MOST_TOLD])
    if len(report.faults) > MOST_TOLD:
        yield f"  and {len(report.faults) - MOST_TOLD} more"
    first = next((each for each in report.faults if each.subject), None)
    if first is not None:
        yield f"first bad event: {first.subject} event {first.sequence}"
    good = "none" if report.last_good is None else str(report.last_good)
    yield f"last good checkpoint: {good}"


def _whole(report: Report, now: datetime) -> Iterator[str]:
    yield (
        f"{report.events} events of {report.subjects} subjects, {report.copies} copies, "
        f"{report.checkpoints} checkpoints"
    )
    yield from (f"the stream saw the ledger altered: {key}" for key in report.evidence)
    if report.newest is None:
        yield "no checkpoint was found"
    else:
        ago = _age(now - report.newest.at)
        yield f"last checkpoint: {report.newest.number} of {exact(report.newest.at)}, {ago} ago"
    if report.open_since is not None:
        age = _age(now - report.open_since)
        yield f"not yet under a checkpoint: {report.open_events} events, the oldest {age} old"
    if not report.faults:
        yield "everything is as it was recorded"


def _age(past: timedelta) -> str:
    minutes = int(past.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
