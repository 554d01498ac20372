"""The desk trusts nobody before it: what the gateway refuses of a link, it refuses by itself, and
before it reads anything of a ticket.
"""

from types import SimpleNamespace
from typing import Any

import pytest

from functions.desk import handler as desk
from tests.aws.test_desk_calls import a_request
from tests.builders import MONDAY_MORNING, a_published_policy
from tests.unit.test_authorizing import KEY, PAIRS, PATHS, tokens

NOW = MONDAY_MORNING


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with the key of links and a policy, and without any table."""
    key, policy = SimpleNamespace(get=lambda: KEY), SimpleNamespace(get=a_published_policy)
    for part in ("links", "feedback_links", "automation_links"):
        monkeypatch.setattr(f"triagewire.desk.{part}.link_key", lambda: key)
    monkeypatch.setattr("triagewire.desk.links.current_policy", lambda: policy)
    monkeypatch.setattr(desk, "_surroundings", surroundings)


def surroundings(_actor: str) -> object:
    """Nothing may be read before a link is known to be genuine."""
    raise AssertionError("the desk went on to the tables")


def status_of(route: str, token: str, method: str = "POST") -> int:
    """How the desk answers a link."""
    path = PATHS[route].replace("{token}", token).replace("{site}", "north")
    asked = "GET" if route == "on-call" else method
    request = a_request(None, asked, path, b"{}", at=NOW) | {"resource": PATHS[route]}
    request["requestContext"]["authorizer"] = {"principalId": route, "route": route}
    answer: dict[str, Any] = desk.lambda_handler(request, SimpleNamespace(aws_request_id="r-1"))
    return int(answer["statusCode"])


@pytest.mark.parametrize(("purpose", "route"), [each for each in PAIRS if each[0] != each[1]])
def test_a_link_of_another_purpose_opens_nothing(purpose: str, route: str) -> None:
    assert status_of(route, tokens()[purpose]) == 404


@pytest.mark.parametrize("route", PATHS)
def test_a_link_of_another_key_opens_nothing(route: str) -> None:
    assert status_of(route, tokens(b"x" * 64)[route]) == 404


@pytest.mark.parametrize("route", PATHS)
@pytest.mark.parametrize("end", [1, 10, -1])
def test_a_part_of_a_link_opens_nothing(route: str, end: int) -> None:
    assert status_of(route, tokens()[route][:end]) == 404


@pytest.mark.parametrize("route", ["acknowledge", "feedback"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nor_may_it_be_looked_at(route: str, method: str) -> None:
    assert status_of(route, tokens(b"x" * 64)[route], method) == 404
