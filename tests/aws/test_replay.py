"""`triagewire replies`: what did not reach requesters, and sending it once more."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from ops import replies as command
from ops.cli import main
from ops.deployed import Deployed
from tests.aws.test_desk_calls import Desk, a_desk
from tests.aws.test_desk_replies import AFTER, WAITS, Ways, leave, the_reply
from tests.builders import MONDAY_MORNING, minutes
from triagewire.errors import TryLaterError, UndeliverableError
from triagewire.flow.context import Context
from triagewire.flow.policies import current_policy
from triagewire.message import Delivery

type Run = Callable[..., tuple[int, list[dict[str, object]]]]


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk with a ticket that nick holds."""
    with a_desk(WAITS) as opened:
        yield opened


@pytest.fixture
def replies(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command, as an administrator calls it half an hour later."""

    def surroundings(_stack: Deployed, _now: datetime) -> Context:
        return Context(
            tables=desk.tables,
            policy=current_policy().get(),
            now=MONDAY_MORNING + minutes(30),
            actor="administrator:ada",
        )

    monkeypatch.setattr(command, "deployed", lambda _stack: Deployed({}))
    monkeypatch.setattr(command, "context_of", surroundings)

    def run(*arguments: str) -> tuple[int, list[dict[str, object]]]:
        code = main(["replies", *arguments, "--json"])
        printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return code, [each for each in printed if "_aws" not in each]  # metrics go there too

    return run


def failing(desk: Desk, error: Exception) -> None:
    """A reply is written and does not get through."""
    desk.act("nick", "reply", text="Hello.")
    ways = Ways()
    ways.error = error
    leave(desk, MONDAY_MORNING + AFTER, ways)


def test_what_was_given_up_is_listed_by_ids_and_codes(desk: Desk, replies: Run) -> None:
    failing(desk, UndeliverableError("no such mailbox", "refused"))

    code, listed = replies("list")

    assert code == 0
    assert [(each["why"], each["state"]) for each in listed] == [("refused", "failed")]
    assert "Hello" not in json.dumps(listed)


def test_what_was_given_up_leaves_once_more(desk: Desk, replies: Run) -> None:
    failing(desk, UndeliverableError("gone", "gone"))

    code, sent = replies("replay")

    assert (code, len(sent)) == (0, 1)
    assert len(leave(desk, MONDAY_MORNING + minutes(30)).took) == 1
    assert the_reply(desk).delivery is Delivery.SENT
    assert replies("list")[1] == []


def test_a_dry_run_sends_nothing(desk: Desk, replies: Run) -> None:
    failing(desk, UndeliverableError("gone", "gone"))

    code, sent = replies("replay", "--dry-run")

    assert (code, len(sent)) == (0, 1)
    assert the_reply(desk).delivery is Delivery.FAILED


def test_what_is_still_tried_is_not_replayed(desk: Desk, replies: Run) -> None:
    failing(desk, TryLaterError("down", "http_503"))

    assert replies("replay") == (0, [])
    assert len(replies("list")[1]) == 1


def test_replaying_twice_sends_once(desk: Desk, replies: Run) -> None:
    failing(desk, UndeliverableError("gone", "gone"))
    replies("replay")

    assert replies("replay") == (0, [])
    assert len(leave(desk, MONDAY_MORNING + minutes(30)).took) == 1


@pytest.mark.parametrize(("since", "found"), [("2026-03-02T00:00Z", 1), ("2026-03-03", 0)])
def test_only_what_was_written_since(desk: Desk, replies: Run, since: str, found: int) -> None:
    failing(desk, UndeliverableError("gone", "gone"))
    assert MONDAY_MORNING.date() == datetime(2026, 3, 2, tzinfo=UTC).date()

    assert len(replies("list", "--since", since)[1]) == found


def test_a_site_that_is_none_is_named(desk: Desk, replies: Run) -> None:
    assert replies("list", "--site", "nowhere") == (1, [])
