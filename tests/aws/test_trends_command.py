"""The loop of a desk that tunes itself: people move tickets, the week's review finds the rule that
led there, a draft is written into the policy, and the same message goes right.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
import time_machine

from ops import trends as command
from ops.cli import FAILED, main
from ops.deployed import Deployed
from ops.trends import shown, write_draft
from tests.aws.canaries import CANARIES
from tests.aws.clinic import REGION, Clinic, bare
from tests.aws.deployment import forget
from tests.aws.identifiers import found_in
from tests.aws.reachable import a_stack
from tests.aws.senders import by_portal
from tests.builders import a_requester, a_verdict, minutes
from tests.measured import life_of
from tests.template import ROOT
from tests.trending import WEEK, found_under, many, moved
from triagewire import aws
from triagewire.errors import NotFoundError
from triagewire.flow import staff
from triagewire.flow.finding_trends import beside_of
from triagewire.flow.handing import Handoff, HandoffReason
from triagewire.flow.measuring import OPEN
from triagewire.measures.encoded import Filed, to_json
from triagewire.measures.figures import Asked, report
from triagewire.measures.gathering import Gathering
from triagewire.measures.kept import Mark, to_file
from triagewire.measures.life import Life
from triagewire.measures.measure import Around
from triagewire.measures.report import Trust
from triagewire.policy.checks import problems_of
from triagewire.policy.load import load
from triagewire.policy.model import Policy
from triagewire.trends.finding import Finding, Kind
from triagewire.trends.review import findings
from triagewire.verdict import Reason, RuleSet

BUCKET = "reports-of-the-tests"
AFTER_THE_WEEK = datetime(2026, 3, 9, 12, tzinfo=UTC)
FOUND = "misroute.north.scheduling.billing.appointment-change"
SAID = f"I would like to change my appointment, {CANARIES['text']}"

APPOINTMENT = {
    "first_team": "scheduling",
    "source": "portal",
    "topic": "appointment",
    "scored_team": "scheduling",
    "rules": ("appointment-change",),
}

LED = replace(
    a_verdict(2, topic="appointment"),
    reasons=(
        Reason(
            rule="appointment-change",
            set=RuleSet.ADMINISTRATIVE,
            text_span=SAID,
            effect="appointment",
        ),
    ),
)

type Trends = Callable[..., tuple[int, str, str]]
"""Calls the command; returns its code and what it printed."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A policy folder to write drafts into."""
    return a_folder(tmp_path)


def a_folder(place: Path) -> Path:
    """The starter policy, its first clinic under the name that the deployment's sources have."""
    copied = Path(shutil.copytree(ROOT / "policy", place / "policy"))
    (copied / "sites" / "riverside.yaml").rename(copied / "sites" / "north.yaml")
    return copied


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The same as a value, read once."""
    return load(a_folder(tmp_path_factory.mktemp("read"))).policy


@pytest.fixture
def tuned(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A clinic with that policy and a bucket of reports; every message is scored as LED says."""
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: None)
    monkeypatch.setattr("triagewire.flow.judge.score", lambda _subject, _engine: LED)
    with ExitStack() as stack:
        clinic = stack.enter_context(bare())
        boto3.client("s3", region_name=REGION).create_bucket(Bucket=BUCKET)
        clinic.publish(replace(policy, rules={}))
        yield clinic
        clinic.check()


@pytest.fixture
def trends(
    tuned: Clinic, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Trends:
    """The command, a week later."""
    stack: Deployed = a_stack(ReportsBucketName=BUCKET, ConsoleUrl="https://desk.example/console")
    monkeypatch.setattr(command, "deployed", lambda _name: stack)

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with time_machine.travel(AFTER_THE_WEEK, tick=False):
            code = main(["trends", *arguments])
        return code, *capsys.readouterr()

    assert tuned
    return call


def a_message(clinic: Clinic, number: int) -> str:
    """Another patient asks for another time; everything they say of themselves is a canary."""
    who = a_requester(
        patient_id=f"{CANARIES['patient_id']}-{number}",
        name=CANARIES["name"],
        email=f"{number}.{CANARIES['email']}",
        phone=f"+1555010{number:04d}",
    )
    return clinic.take(by_portal(SAID, clinic.now, f"evt-{number}", who))


def week_of_misroutes(clinic: Clinic) -> list[Life]:
    """Six patients ask, and the front desk hands each of them to the billers, wrongly placed."""
    lives = []
    for number in range(6):
        ticket = a_message(clinic, number)
        clinic.now += minutes(10)
        handoff = Handoff(reason=HandoffReason.WRONG_TEAM, team="billing")
        staff.reassign(*clinic._desk("desk.lindqvist"), ticket, handoff)
        lives.append(life_of(clinic.ledger(ticket)))
    return lives


def reviewed(lives: list[Life], policy: Policy) -> tuple[Finding, ...]:
    """The weekly report of these tickets, as the review function files it."""
    sites = policy.sites.items()
    around = Around(
        calendar=lambda site, _version: policy.sites[site].calendar,
        clinical={},
        zones={name: site.zone for name, site in sites},
    )
    asked, trust = Asked(period=WEEK, around=around), Trust(until=AFTER_THE_WEEK, checkpoint=9)
    found = findings(lives, asked, beside_of(aws.tables(), policy, AFTER_THE_WEEK))
    filed = Filed(report=report(lives, asked, trust, AFTER_THE_WEEK), findings=found)
    boto3.client("s3", region_name=REGION).put_object(
        Bucket=BUCKET, Key="reports/_group/weekly/2026-W10.json", Body=to_json(filed)
    )
    return found


def test_a_week_of_misroutes_becomes_a_rule_by_which_the_same_message_goes_right(
    tuned: Clinic, policy: Policy, folder: Path, trends: Trends
) -> None:
    found = reviewed(week_of_misroutes(tuned), policy)
    before = (folder / "sites/north.yaml").read_bytes()

    said = [trends("list", "--week", "2026-W10")[1], trends("show", FOUND)[1]]
    assert FOUND in said[0]
    assert "https://desk.example/console#/tickets/" in said[1]
    code, told, _ = trends("try", FOUND, "--policy", str(folder))
    assert code == 0
    assert "of the week's tickets 6 would have gone right by it, and 0 that went right" in told
    assert "sites.north.routing.trend-appointment-to-billing: added" in told
    assert (folder / "sites/north.yaml").read_bytes() == before
    code, told, _ = trends("draft", FOUND, "--policy", str(folder))
    assert f"triagewire policy check {folder}" in told

    # nothing of what was shown or written holds a word of a patient
    shown_whole = [line for each in found for line in shown(each, "")]
    assert found_in("\n".join([*said, told, *shown_whole])) == []
    assert SAID not in "\n".join([*said, told, *shown_whole])

    # the checks of a policy pass it; published, it sends the same need right
    draft = load(folder)
    assert not list(problems_of(draft.policy, draft.document, AFTER_THE_WEEK))
    tuned.publish(replace(draft.policy, rules={}))
    tuned.now = AFTER_THE_WEEK + minutes(5)
    forget()  # as functions do within a minute
    assert tuned.ticket(a_message(tuned, 7)).team == "billing"


def test_a_week_without_a_report_is_worked_out_from_the_lives_of_its_tickets(
    tuned: Clinic, trends: Trends
) -> None:
    gathered = Gathering(lives={life.ticket: life for life in moved_at_north()})
    body = to_file(Mark(until=AFTER_THE_WEEK), gathered)
    boto3.client("s3", region_name=REGION).put_object(Bucket=BUCKET, Key=OPEN, Body=body)

    _, said, _ = trends("list", "--site", "north")

    assert said.startswith("no report of this week: worked out from the lives of tickets, up to")
    assert FOUND in said
    assert [each["id"] for each in json.loads(trends("list", "--json")[1])] == [FOUND]
    assert tuned


def test_what_cannot_be_done_says_what_to_name(
    tuned: Clinic, policy: Policy, trends: Trends
) -> None:
    reviewed(moved_at_north(), policy)

    for arguments, told in (
        (("list", "--site", "nowhere"), "the policy has no site nowhere"),
        (("show", FOUND.replace("change", "chang")), f"is it {FOUND}"),
        (("draft", FOUND, "--policy", "nowhere"), "nowhere has no sites/north.yaml"),
        (("try", FOUND, "--policy", "nowhere"), "nowhere is no folder"),
    ):
        code, _, said = trends(*arguments)
        assert (code, told in said) == (FAILED, True), said
    assert tuned


def moved_at_north() -> list[Life]:
    """The same week, without a message."""
    return moved(many(6, "W", **APPOINTMENT), "billing")


def test_a_finding_without_a_draft_says_what_to_do_instead(policy: Policy, folder: Path) -> None:
    (one,) = found_under(policy, [*moved_at_north(), *many(6, "R", **APPOINTMENT)])

    with pytest.raises(NotFoundError, match="has no draft: No routing rule tells them"):
        write_draft(one, folder)
    assert one.kind is Kind.MISROUTE
