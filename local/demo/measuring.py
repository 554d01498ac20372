"""What the practice's administrator looks at a week later: how the desk did, and whether the
figures can be worked out again.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from local.demo.commands import Said, told
from local.demo.notices import Pager
from local.demo.world import World
from local.stack.clock import SimulatedClock

NEXT_MONDAY = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)
"""The week of the day is over at both sites."""
SETTLED = timedelta(minutes=2)
PERIOD = ("--from", "2026-03-01", "--to", "2026-03-08")
WEEK, DAYS = "2026-W10", ("2026-03-02", "2026-03-03")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the review function was asked and whether it did it, the files that it made by their
    keys, the messages that it sent; and what the administrator's commands said: the measures by the
    lives that are kept, by the whole ledger read anew, the return, and the week's findings.
    """

    runs: Mapping[str, bool]
    files: Mapping[str, bytes]
    messages: tuple[str, ...]
    kept: Said
    anew: Said
    roi: Said
    trends: Said
    table: Said

    @property
    def report(self) -> Mapping[str, Any]:
        """The measures as the command gives them to programs; empty where it failed."""
        try:
            found: Mapping[str, Any] = json.loads(self.kept.text)
        except ValueError:
            return {}
        return found


def measure(world: World, clock: SimulatedClock, pager: Pager) -> Measured:
    """Let the week pass, let the reports be made, and read them."""
    clock.move_to(NEXT_MONDAY)
    world.checkpoint()
    clock.move_to(NEXT_MONDAY + SETTLED)
    runs = {each: world.review(each, clock.now()) for each in ("gather", "daily", "weekly")}
    stack = world.stack
    return Measured(
        runs=runs,
        files=dict(_files(world)),
        messages=tuple(each.body for each in pager.fresh()),
        kept=told(stack, "measures", *PERIOD, "--format", "json"),
        anew=told(stack, "measures", *PERIOD, "--recompute"),
        roi=told(stack, "roi", *PERIOD),
        trends=told(stack, "trends", "list", "--week", WEEK),
        table=told(stack, "measures", *PERIOD),
    )


def said_of(measured: Measured) -> Mapping[str, Said]:
    """What is shown of it."""
    return {"measures": measured.table, "roi": measured.roi, "trends": measured.trends}


def _files(world: World) -> Iterator[tuple[str, bytes]]:
    s3, bucket = world.client("s3"), world.stack.outputs["ReportsBucketName"]
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="reports/"):
        for each in page.get("Contents", ()):
            yield each["Key"], s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
