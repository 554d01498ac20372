"""The calendar of who is on call, as a calendar program asks for it: without signing in."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest

from functions.desk.handler import lambda_handler
from ops import oncall
from ops.cli import FAILED, main
from ops.deployed import Deployed
from tests.aws.deployment import LINK_KEY, deployed
from tests.aws.test_desk_calls import a_request
from tests.builders import MONDAY_MORNING, a_policy, a_stamp
from triagewire import aws
from triagewire.escalation.feed_tokens import feed_token
from triagewire.observability import logger
from triagewire.policy.model import Policy
from triagewire.store.policies import publish

KEY = LINK_KEY.encode()
TOKEN = feed_token(KEY, "north", 1)


@dataclass(slots=True)
class Feeds:
    """A deployment with two clinics, asked as API Gateway hands it over."""

    log: StringIO = field(default_factory=StringIO)

    def get(
        self, site: str, token: str, at: datetime = MONDAY_MORNING, method: str = "GET"
    ) -> dict[str, Any]:
        """The handler's answer to a path of this site and token."""
        request = a_request(None, method, f"/on-call/{site}/{token}", at=at)
        request |= {"resource": "/on-call/{site}/{token}"}
        return lambda_handler(request, SimpleNamespace(aws_request_id="request-1"))


def the_policy() -> Policy:
    """Two clinics, of which the western one has no feed."""
    group = a_policy()
    west = group.sites["west"]
    west = replace(west, on_call=replace(west.on_call, feed=0))
    return replace(group, sites={**group.sites, "west": west})


@pytest.fixture(scope="module")
def feeds() -> Iterator[Feeds]:
    """One deployment for all tests here, for none of them changes anything."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch):
        publish(aws.tables(), the_policy(), a_stamp())
        found = Feeds()
        patch.setattr(logger.handlers[0], "stream", found.log)
        yield found


def test_the_link_alone_shows_the_calendar(feeds: Feeds) -> None:
    answer = feeds.get("north", TOKEN)

    assert answer["statusCode"] == 200
    assert answer["multiValueHeaders"]["Content-Type"] == ["text/calendar; charset=utf-8"]
    assert answer["body"].startswith("BEGIN:VCALENDAR\r\n")
    assert "SUMMARY:On call: Dr Okafor (North Clinic)\r\n" in answer["body"]


def test_a_program_may_keep_it_for_an_hour_and_nobody_on_the_way_may(feeds: Feeds) -> None:
    headers = feeds.get("north", TOKEN)["multiValueHeaders"]

    assert headers["Cache-Control"] == ["private, max-age=3600"]
    assert headers["Referrer-Policy"] == ["no-referrer"]
    assert headers["X-Content-Type-Options"] == ["nosniff"]


def test_it_shows_the_rota_at_the_time_of_the_request(feeds: Feeds) -> None:
    later = feeds.get("north", TOKEN, at=MONDAY_MORNING + timedelta(days=7, hours=2))

    assert later["body"].count("SUMMARY") == 9
    assert later["body"].index("Dr Lind") < later["body"].index("Dr Okafor")


@pytest.mark.parametrize(
    ("site", "token"),
    [
        ("west", TOKEN),
        ("north", feed_token(b"guessed", "north", 1)),
        ("north", feed_token(KEY, "north", 2)),
        ("nowhere", feed_token(KEY, "nowhere", 1)),
        ("north", TOKEN[:-1]),
        ("north", TOKEN + "a"),
        ("north", "é" * 32),
    ],
    ids=["another site", "another key", "revoked", "no site", "too short", "too long", "no ASCII"],
)
def test_every_other_link_looks_like_a_path_that_is_not_there(
    feeds: Feeds, site: str, token: str
) -> None:
    answer = feeds.get(site, token)
    missing = feeds.get("north", "x/y")

    assert (answer["statusCode"], answer["body"]) == (404, missing["body"])
    assert answer["multiValueHeaders"]["Cache-Control"] == ["no-store"]


def test_nothing_can_be_posted_there(feeds: Feeds) -> None:
    assert feeds.get("north", TOKEN, method="POST")["statusCode"] == 404


def test_the_token_is_in_no_log(feeds: Feeds) -> None:
    feeds.get("north", TOKEN)
    feeds.get("north", "wrong-token-of-the-tests")

    assert TOKEN not in feeds.log.getvalue()
    assert "wrong-token-of-the-tests" not in feeds.log.getvalue()


@pytest.fixture
def stack(feeds: Feeds, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same deployment, as its stack tells of it."""
    outputs = {
        "ApiUrl": "https://api.clinic.example/prod",
        "TicketsTableName": "tickets",
        "LedgerTableName": "ledger",
        "LinkKeyArn": "LINK_KEY_ARN",
    }
    monkeypatch.setattr(oncall, "deployed", lambda _name: Deployed(outputs))


@pytest.mark.usefixtures("stack")
def test_the_command_prints_the_address_that_opens_the_feed(
    feeds: Feeds, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["oncall", "link", "--site", "north"]) == 0

    base, site, token = capsys.readouterr().out.strip().rsplit("/", 2)
    assert base == "https://api.clinic.example/prod/on-call"
    assert feeds.get(site, token)["statusCode"] == 200


@pytest.mark.usefixtures("stack")
def test_the_command_names_the_sites_when_asked_for_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["oncall", "link", "--site", "nowhere"]) == FAILED

    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "--site: is none of north, west\n")


@pytest.mark.usefixtures("stack")
def test_a_site_without_a_feed_has_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["oncall", "link", "--site", "west"]) == FAILED

    said = capsys.readouterr()
    assert said.out == ""
    assert "on_call.feed: 0" in said.err


def test_a_site_without_a_feed_shows_nothing(feeds: Feeds) -> None:
    assert feeds.get("west", feed_token(KEY, "west", 0))["statusCode"] == 404
