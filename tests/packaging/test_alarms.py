"""What goes wrong in silence alarms: each metric that says so, and a heart that does not beat."""

from typing import Any

import pytest

from tests.template import resources
from triagewire.flow.sweeping import COUNTED
from triagewire.keyring import LONGEST_SECONDS

ALARMS = {
    each["Properties"]["MetricName"]: each["Properties"]
    for each in resources("AWS::CloudWatch::Alarm").values()
}
NEWS = {"Due", "Steps", "Reclocked", "Audited", "RepliesDue", "Purged"}
"""What a sweep counts of its ordinary work."""
SILENCING = {"Failed", "Overdue", "Unaudited"}
"""What keeps the heart from beating, and so alarms by its silence."""


def minutes_until_alarm(alarm: dict[str, Any], beats: list[int]) -> int | None:
    """After how many minutes CloudWatch raises an alarm, where `beats` holds the sum of each minute
    and nothing comes after it.
    """
    assert alarm["Period"] == 60
    missing = {"breaching": True, "notBreaching": False}[alarm["TreatMissingData"]]
    needed = alarm["EvaluationPeriods"]
    low = [beat < alarm["Threshold"] for beat in beats] + [missing] * 60
    runs = (at for at in range(needed, len(low) + 1) if all(low[at - needed : at]))
    return next(runs, None)


@pytest.mark.parametrize("metric", ["EscalationHeartbeat", "Invocations"])
def test_a_stopped_schedule_alarms_within_ten_minutes(metric: str) -> None:
    alarm = ALARMS[metric]
    assert alarm["ComparisonOperator"] == "LessThanThreshold"

    raised = minutes_until_alarm(alarm, [1] * 30)

    assert raised is not None
    assert raised - 30 <= 10


def test_one_sweep_that_was_missed_wakes_nobody() -> None:
    beats = [1, 1, 0, 1, 1, 1, 0, 1]

    assert minutes_until_alarm(ALARMS["EscalationHeartbeat"], beats) > len(beats)  # type: ignore[operator]


def test_the_alarms_reach_operations_and_not_the_topics_they_watch() -> None:
    for alarm in ALARMS.values():
        assert alarm["AlarmActions"] == [{"Ref": "OperationsTopic"}]


@pytest.mark.parametrize("metric", sorted(set(COUNTED) - NEWS - SILENCING))
def test_whatever_a_sweep_counts_beside_its_ordinary_work_alarms(metric: str) -> None:
    alarm = ALARMS[metric]

    assert alarm["Dimensions"] == [{"Name": "service", "Value": "escalate"}]
    assert (alarm["Threshold"], alarm["EvaluationPeriods"]) == (1, 1)


def test_the_queue_index_shows_the_audit_which_ticket_has_no_timer() -> None:
    tickets = resources("AWS::DynamoDB::Table")["TicketsTable"]["Properties"]
    queue = next(each for each in tickets["GlobalSecondaryIndexes"] if each["IndexName"] == "queue")

    assert queue["Projection"]["NonKeyAttributes"] == ["status", "assignee", "timer_due"]


def test_a_sweep_ends_before_the_next_one_begins() -> None:
    escalate = resources("AWS::Serverless::Function")["EscalateFunction"]["Properties"]

    assert escalate["Timeout"] < 60
    assert escalate["Events"]["EveryMinute"]["Properties"]["Schedule"] == "rate(1 minute)"


@pytest.mark.parametrize(
    ("metric", "service"), [("KeysFallback", "escalate"), ("TicketsUnopened", "desk")]
)
def test_what_cannot_be_opened_alarms_long_before_the_keys_at_hand_run_out(
    metric: str, service: str
) -> None:
    alarm = ALARMS[metric]

    assert alarm["Dimensions"] == [{"Name": "service", "Value": service}]
    assert alarm["Period"] * alarm["EvaluationPeriods"] < LONGEST_SECONDS / 100
