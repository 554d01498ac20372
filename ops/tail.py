"""`triagewire tail`: follow what a deployed stack does, from the functions' own logs."""

import argparse
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3

from ops.deployed import Deployed, add_stack_argument, deployed

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

FUNCTIONS = ("Intake", "ScoreRoute", "Escalate", "Desk")
SHOWN = frozenset(
    {
        "ticket_id",
        "site",
        "source",
        "reason",
        "team",
        "urgency",
        "kind",
        "outcome",
        "status",
        "error",
        "problem",
    }
)
"""Fields of a log line worth a terminal's width; none of them can hold PHI."""
LOOK_BACK_SECONDS = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    add_stack_argument(parser)
    parser.add_argument("--json", action="store_true", help="print the log lines as they are")
    parser.add_argument("--once", action="store_true", help="print the last minute and stop")
    parser.add_argument(
        "--seconds", type=float, default=2.0, metavar="N", help="look for news every N seconds"
    )


def run(args: argparse.Namespace) -> int:
    """Print new log lines until interrupted."""
    groups = _groups(deployed(args.stack))
    logs = boto3.client("logs")
    since = int((time.time() - LOOK_BACK_SECONDS) * 1000)
    seen: set[str] = set()
    while True:
        for event in _new_events(logs, groups, since, seen):
            line = event["message"].strip() if args.json else shown(event)
            if line:
                print(line, flush=True)
            since = max(since, event["timestamp"])
        if args.once:
            return 0
        time.sleep(args.seconds)


def shown(event: dict[str, Any]) -> str:
    """One log event as a line for people; "" for what is no log line of ours."""
    try:
        line = json.loads(event["message"])
    except ValueError:
        return ""
    if not isinstance(line, dict) or "message" not in line:
        return ""
    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    facts = " ".join(f"{name}={line[name]}" for name in sorted(SHOWN & line.keys()))
    return f"{at:%H:%M:%S} {line.get('service', ''):<11} {line['message']} {facts}".rstrip()


def _groups(stack: Deployed) -> list[str]:
    """The log groups of the functions, as the functions themselves name them."""
    client = boto3.client("lambda")
    names = [stack.output(f"{each}FunctionName") for each in FUNCTIONS]
    return [
        client.get_function_configuration(FunctionName=name)
        .get("LoggingConfig", {})
        .get("LogGroup", f"/aws/lambda/{name}")
        for name in names
    ]


def _new_events(
    logs: "CloudWatchLogsClient", groups: list[str], since: int, seen: set[str]
) -> Iterator[dict[str, Any]]:
    """Events from `since` (ms) on that were not seen yet, of all groups by time."""
    found: list[Any] = []
    for group in groups:
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=since
        )
        found += [event for page in pages for event in page.get("events", [])]
    for event in sorted(found, key=lambda each: each["timestamp"]):
        # the embedded stack gives no eventId
        own = (
            event.get("eventId")
            or f"{event['logStreamName']} {event['timestamp']} {event['message']}"
        )
        if own not in seen:
            seen.add(own)
            yield event
