"""The dashboard shows what there is: every function, every failure queue, metrics that are counted,
runbooks that can be read.
"""

import json
import re
from typing import Any

import pytest

from tests.packaging.test_metrics import ROWS
from tests.template import ROOT, resources, template

(DASHBOARD,) = resources("AWS::CloudWatch::Dashboard").values()
BODY: str = DASHBOARD["Properties"]["DashboardBody"]["Fn::Sub"]
WIDGETS: list[dict[str, Any]] = json.loads(BODY)["widgets"]
CHARTS = [each["properties"] for each in WIDGETS if each["type"] == "metric"]
OURS = "Triagewire/${Environment}"
OF_LETTERS = "ApproximateNumberOfMessagesVisible"
FUNCTIONS = resources("AWS::Serverless::Function")
SEARCH = re.compile(r"SEARCH\('\{\"([^\"]+)\",site\} MetricName=\"(\w+)\"', '(\w+)', \d+\)")
OF_AWS = {
    "AWS/Lambda": {"Errors", "Throttles", "Duration", "Invocations", "IteratorAge"},
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
    "AWS/SNS": {"NumberOfMessagesPublished", "NumberOfNotificationsFailed"},
    "AWS/ApiGateway": {"Count", "4XXError", "5XXError", "Latency"},
    "AWS/Logs": {"IncomingBytes"},
    "AWS/DynamoDB": {
        *("ReadThrottleEvents", "WriteThrottleEvents"),
        *("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"),
    },
}
"""What these services publish by the names and dimensions that are used."""


def lines_of(chart: dict[str, Any]) -> list[list[str]]:
    """The plain metrics of a chart, without what only says how they look."""
    plain = (each for each in chart["metrics"] if isinstance(each[0], str))
    return [[part for part in each if isinstance(part, str)] for each in plain]


def searches_of(chart: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Namespace, metric and statistic of each search by site."""
    said = (each[0]["expression"] for each in chart["metrics"] if isinstance(each[0], dict))
    return [found for each in said for found in SEARCH.findall(each)]


SEARCHES = [each for chart in CHARTS for each in searches_of(chart)]
LINES = [each for chart in CHARTS for each in lines_of(chart)]


def test_it_shows_only_metrics_that_are_counted() -> None:
    ours = [each for each in LINES if each[0] == OURS]

    assert ours
    assert [each for each in ours if each[1] not in ROWS] == []
    assert [each for each in ours if each[2] != "service"] == []
    assert [
        each
        for each in ours
        if ROWS[each[1]][0] != "all" and each[3] not in ROWS[each[1]][0].split(", ")
    ] == []


def test_it_shows_of_aws_only_what_aws_counts() -> None:
    others = [each for each in LINES if each[0] != OURS]

    assert [each for each in others if each[1] not in OF_AWS[each[0]]] == []


def test_sites_are_found_by_a_search_for_every_metric_that_has_them() -> None:
    shown = {name for namespace, name, _ in SEARCHES if namespace == OURS}

    by_site = {name for name, row in ROWS.items() if "site" in row[1]} - {"ReceivedToRouted"}
    assert shown == by_site
    assert len(SEARCHES) == BODY.count("SEARCH(")


@pytest.mark.parametrize("metric", ["Errors", "Throttles", "Duration", "Invocations"])
def test_every_function_is_on_it(metric: str) -> None:
    shown = {each[3] for each in LINES if each[:2] == ["AWS/Lambda", metric]}

    assert shown == {f"${{{name}}}" for name in FUNCTIONS}


def test_every_failure_queue_is_on_it() -> None:
    queues = {name for name in resources("AWS::SQS::Queue") if name.endswith("Dlq")}
    shown = {each[3] for each in LINES if each[:2] == ["AWS/SQS", OF_LETTERS]}

    assert shown == {f"${{{name}.QueueName}}" for name in queues}


def test_whatever_it_names_is_in_the_template() -> None:
    known = {*template()["Parameters"], *template()["Resources"], "AWS::Region", "AWS::StackName"}
    named = {each.partition(".")[0] for each in re.findall(r"\$\{([^!}][^}]*)\}", BODY)}

    assert named <= known


def test_the_alarms_that_it_shows_are_always_there() -> None:
    """An alarm that a parameter leaves out would keep the whole stack from deploying."""
    (status,) = (each["properties"]["alarms"] for each in WIDGETS if each["type"] == "alarm")
    alarms = resources("AWS::CloudWatch::Alarm")
    shown = [re.fullmatch(r"\$\{(\w+)\.Arn\}", each) for each in status]

    assert all(each and "Condition" not in alarms[each[1]] for each in shown)


def test_a_link_leads_to_a_runbook() -> None:
    links = re.findall(r"\]\(\$\{RunbooksUrl\}/([\w.-]+)\)", BODY)

    assert links
    assert [each for each in links if not (ROOT / "docs" / "runbooks" / each).exists()] == []


def test_no_widget_covers_another_or_leaves_the_grid() -> None:
    fields = [
        (x, y)
        for each in WIDGETS
        for x in range(each["x"], each["x"] + each["width"])
        for y in range(each["y"], each["y"] + each["height"])
    ]

    assert len(fields) == len(set(fields))
    assert max(x for x, _ in fields) < 24


@pytest.mark.parametrize("chart", CHARTS, ids=lambda each: each["title"])
def test_a_chart_says_what_it_shows(chart: dict[str, Any]) -> None:
    assert chart["title"]
    assert chart["metrics"]
    assert chart["region"] == "${AWS::Region}"
