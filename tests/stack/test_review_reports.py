"""Reports on the deployed template: from a message to a file in the bucket, and word of it."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from local.demo.notices import Delivered, Pager
from local.demo.world import World
from local.stack.clock import SimulatedClock
from tests.stack.messages import REFILL, open_hours, tell
from triagewire.measures.encoded import from_json
from triagewire.trends.finding import Finding

SITE = "riverside"
FORMS = {"json", "html", "csv", "pdf"}
SETTLED = timedelta(minutes=2)
OVER = timedelta(hours=33)
"""Later than that a day is over at every site, and its events are signed for."""
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A day with a message: what the function answered on the day after, and left behind."""

    day: str
    answers: Mapping[str, dict[str, Any]]
    files: Mapping[str, bytes]
    messages: tuple[Delivered, ...]

    def files_of(self, kind: str, name: str) -> set[str]:
        """The forms of a report of the site."""
        begins = f"reports/{SITE}/{kind}/{name}."
        return {key.removeprefix(begins) for key in self.files if key.startswith(begins)}


@pytest.fixture(scope="module")
def reviewed(world: World, clock: SimulatedClock, pager: Pager) -> Reviewed:
    """Somebody writes on a day, and a night later the function runs; all weeks are over then."""
    opened = open_hours(world.site(SITE), clock)
    told = tell(world, REFILL)
    pager.fresh()
    clock.move_to(opened + OVER)
    _wait_until_copied(world, told.ticket_id)
    clock.move_to(clock.now() + SETTLED)
    assert world.checkpoint()
    answers = {each: _called(world, each) for each in ("gather", "daily", "weekly")}
    return Reviewed(
        day=opened.astimezone(ZoneInfo(world.site(SITE).zone)).date().isoformat(),
        answers=answers,
        files=_objects(world, "ReportsBucketName", "reports/"),
        messages=tuple(each for each in pager.fresh() if each.kind == "report"),
    )


def test_a_day_has_its_report_in_every_form_and_the_ticket_is_in_it(reviewed: Reviewed) -> None:
    assert reviewed.files_of("daily", reviewed.day) == FORMS
    body = reviewed.files[f"reports/{SITE}/daily/{reviewed.day}.json"]
    report = from_json(body, Finding).report
    cell = report.cell()
    assert cell is not None
    assert (cell.figures["received"].value or 0) >= 1
    # Other tests try whether the ledger's table can be altered, which is told and counts nothing.
    assert all("changed/" in each for each in report.trust.faults)


def test_all_sites_together_have_one_too(reviewed: Reviewed) -> None:
    assert any(key.startswith("reports/_group/daily/") for key in reviewed.files)


def test_its_lead_is_told_with_a_link_to_the_page(reviewed: Reviewed) -> None:
    told = [each for each in reviewed.messages if each.site == SITE]

    assert told
    assert all(f"/console#/measures/{SITE}" in each.text for each in told)
    assert all("LEDGER" in each.text.splitlines()[0].upper() for each in told)


def test_the_hourly_run_takes_up_what_was_signed_and_then_finds_nothing_overdue(
    reviewed: Reviewed, world: World
) -> None:
    assert reviewed.answers["gather"]["events"] > 0
    assert _called(world, "gather")["well"]


def test_a_second_run_makes_nothing_new(reviewed: Reviewed, world: World) -> None:
    assert reviewed.answers["weekly"].keys() == {"made", "told"}
    assert _called(world, "daily") == {"made": 0, "told": 0}


def _called(world: World, what: str) -> dict[str, Any]:
    answer = world.client("lambda").invoke(
        FunctionName=world.stack.outputs["ReviewFunctionName"],
        Qualifier="live",
        Payload=json.dumps({"do": what}),
    )
    said: dict[str, Any] = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, said
    return said


def _wait_until_copied(world: World, ticket_id: str) -> None:
    """Until the ledger's stream has brought the ticket's events to the locked bucket."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        copies = _objects(world, "AuditBucketName", "events/").values()
        if any(ticket_id.encode() in body for body in copies):
            return
        time.sleep(0.5)
    raise AssertionError(f"no copy of the ticket's events came in {PATIENCE_SECONDS} s")


def _objects(world: World, output: str, prefix: str) -> dict[str, bytes]:
    s3, bucket = world.client("s3"), world.stack.outputs[output]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
    return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}
