"""The function that suggests, on the table of the template: who asks too much, what it counts."""

import json
from dataclasses import replace
from typing import Any

import pytest

from functions.suggest import handler
from tests.aws.clinic import Clinic
from tests.aws.said import HOURS
from tests.builders import a_policy, a_site, a_source, minutes, sources_of
from triagewire import aws
from triagewire.flow.suggesting import PER_MINUTE
from triagewire.replies.uses import Use
from triagewire.store.article_uses import read_uses

ORIGIN = "https://www.north.example"


@pytest.fixture
def forms(clinic: Clinic) -> Clinic:
    """A clinic with a form in the browser."""
    page = a_source("page", "web", signed=False, origins=(ORIGIN,))
    clinic.publish(a_policy(site=a_site(sources={**sources_of("north"), "page": page})))
    return clinic


def asked(clinic: Clinic, q: str, address: str = "203.0.113.7", site: str = "north") -> Any:  # noqa: ANN401
    event = {
        "httpMethod": "GET",
        "path": "/kb/suggest",
        "headers": {"Origin": ORIGIN},
        "queryStringParameters": {"site": site, "q": q},
        "requestContext": {
            "requestTimeEpoch": int(1000 * clinic.now.timestamp()),
            "identity": {"sourceIp": address},
        },
    }
    return handler.lambda_handler(event, None)


def test_an_article_is_shown_and_counted_once_for_each_question(forms: Clinic) -> None:
    answer = asked(forms, HOURS)

    assert answer["statusCode"] == 200
    assert [each["id"] for each in json.loads(answer["body"])["articles"]] == ["opening-hours"]
    assert read_uses(aws.tables(), "north")["opening-hours"]["2026-03"][Use.SUGGESTED] == 1


def test_who_asks_too_much_waits_and_nobody_else_does(forms: Clinic) -> None:
    given = [asked(forms, "")["statusCode"] for _ in range(2 * PER_MINUTE)]
    limited = asked(forms, "")

    assert given[:PER_MINUTE] == [200] * PER_MINUTE
    assert limited["statusCode"] == 429
    assert int(limited["headers"]["retry-after"]) > 0
    assert limited["headers"]["access-control-allow-origin"] == ORIGIN
    assert asked(forms, "", "203.0.113.8")["statusCode"] == 200
    forms.now += minutes(1)
    assert asked(forms, "")["statusCode"] == 200


def test_a_household_has_one_bucket(forms: Clinic) -> None:
    for number in range(PER_MINUTE):
        asked(forms, "", f"2001:db8:1:2::{number:x}")

    assert asked(forms, "", "2001:db8:1:2:aaaa::1")["statusCode"] == 429
    assert asked(forms, "", "2001:db8:1:3::1")["statusCode"] == 200


def test_it_writes_counts_and_buckets_and_nothing_else(forms: Clinic) -> None:
    before = {item["pk"]["S"] for item in _items(forms)}
    asked(forms, HOURS)
    asked(forms, "What are your zebrafish hours?")

    new = [item for item in _items(forms) if item["pk"]["S"] not in before]
    assert {item["pk"]["S"].partition("#")[0] for item in new} == {"CALLER", "KB"}
    assert "zebrafish" not in json.dumps(new, default=str)
    assert "203.0.113.7" not in json.dumps(new, default=str)


def test_without_a_policy_it_says_so_to_nobody(bare_clinic: Clinic) -> None:
    assert asked(bare_clinic, HOURS)["statusCode"] == 503


def _items(_clinic: Clinic) -> list[dict[str, Any]]:
    tables = aws.tables()
    found: list[dict[str, Any]] = tables.client.scan(TableName=tables.tickets)["Items"]
    return found


def test_an_article_that_is_no_longer_given_is_not_shown(forms: Clinic) -> None:
    site = a_site()
    article = replace(site.replies.articles["opening-hours"], enabled=False)
    replies = replace(site.replies, articles={"opening-hours": article})
    forms.publish(a_policy(site=replace(site, replies=replies)))

    assert json.loads(asked(forms, HOURS)["body"])["articles"] == []
