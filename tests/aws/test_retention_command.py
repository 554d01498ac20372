"""The operator's command: plan, time what was closed before, list holds, purge one ticket."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
import time_machine

from ops import retention as command
from ops.cli import main
from ops.deployed import Deployed
from tests.aws.canaries import say, score_with_canary, with_canaries
from tests.aws.clinic import Clinic
from tests.aws.everything_stored import everything_stored
from tests.aws.identifiers import found_where
from tests.aws.said import REFILL
from tests.aws.test_retention import DAY, DAYS, canaries, closed, held, publish
from triagewire import aws
from triagewire.flow.context import Plan
from triagewire.ledger.event import Action, Entry
from triagewire.store.tickets import Change
from triagewire.ticket import Status, TimerKind

STACK = Deployed(
    {
        "TicketsTableName": "tickets",
        "LedgerTableName": "ledger",
        "InboundBucketName": "inbound-of-the-tests",
    }
)

type Called = Callable[..., tuple[int, str]]


@pytest.fixture
def clinic_of_before(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """A clinic whose policy keeps words for ever."""
    monkeypatch.setattr("triagewire.flow.judge.score", score_with_canary)
    return clinic


@pytest.fixture
def call(
    clinic_of_before: Clinic, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Called:
    """The command against the clinic, with what is typed: exit code and all that it said."""
    monkeypatch.setattr(command, "deployed", lambda _stack: STACK)

    def run(*arguments: str, typed: str = "") -> tuple[int, str]:
        capfd.readouterr()
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        with time_machine.travel(clinic_of_before.now, tick=False):
            code = main(["retention", *arguments])
        said = capfd.readouterr()
        return code, said.out + said.err

    return run


def test_a_plan_counts_and_changes_nothing(clinic_of_before: Clinic, call: Called) -> None:
    ticket = closed(clinic_of_before)
    publish(clinic_of_before)

    code, said = call("plan")

    assert code == 0
    assert "north: 1 closed, 0 held, 1 to time, 0 due at once" in said
    assert clinic_of_before.ticket(ticket).timer is None


def test_a_run_times_what_was_closed_before_the_policy_and_only_once(
    clinic_of_before: Clinic, call: Called
) -> None:
    ticket = closed(clinic_of_before)
    at = clinic_of_before.now
    publish(clinic_of_before)

    assert call("run", typed="run")[0] == 0

    timer = clinic_of_before.ticket(ticket).timer
    assert timer is not None
    assert (timer.kind, timer.at) == (TimerKind.PURGE, at + DAYS * DAY)
    assert clinic_of_before.actions(ticket)[-1] is Action.PURGE_TIMED
    assert "0 to time" in call("run")[1]


def test_what_an_earlier_version_closed_counts_from_its_ledger(
    clinic_of_before: Clinic, call: Called
) -> None:
    ticket = closed(clinic_of_before)
    at = clinic_of_before.now
    _forget_when(clinic_of_before, ticket)
    publish(clinic_of_before)

    call("run", "--yes")

    timer = clinic_of_before.ticket(ticket).timer
    assert timer is not None
    assert timer.at == at + DAYS * DAY


def _forget_when(clinic: Clinic, ticket: str) -> None:
    before = clinic.ticket(ticket)
    change = Change(
        before=before,
        after=replace(before, closed_at=None),
        entries=(Entry(action=Action.VIEWED, why="as an earlier version left it"),),
    )
    Plan(changes=[change]).commit(clinic._desk("nick")[0])


def test_a_run_that_is_not_confirmed_changes_nothing(
    clinic_of_before: Clinic, call: Called
) -> None:
    ticket = closed(clinic_of_before)
    publish(clinic_of_before)

    assert call("run", typed="yes")[0] == 1
    assert clinic_of_before.ticket(ticket).timer is None


def test_holds_are_listed_by_code_and_without_their_words(
    clinic_of_before: Clinic, call: Called
) -> None:
    ticket = closed(clinic_of_before)
    held(clinic_of_before, ticket)

    code, said = call("holds")

    assert code == 0
    assert f"{ticket}  north  closed" in said
    assert "director  litigation" in said
    assert found_where([("what it said", said)]) == []


def test_one_ticket_is_purged_on_request_and_the_ledger_has_the_code(
    clinic_of_before: Clinic, call: Called
) -> None:
    ticket = closed(clinic_of_before)

    code, said = call("purge", "--ticket", ticket, "--why", "erasure_request", typed=ticket)

    assert (code, canaries(clinic_of_before)) == (0, [])
    assert found_where([("what it said", said)]) == []
    assert clinic_of_before.ledger(ticket)[-1].why == "erasure_request"


def test_a_resolved_ticket_is_closed_and_purged(clinic_of_before: Clinic, call: Called) -> None:
    ticket = closed(clinic_of_before)
    _resolved_again(clinic_of_before, ticket)
    clinic_of_before.by_hand = True

    call("purge", "--ticket", ticket, "--why", "court_order", typed=ticket)

    assert clinic_of_before.ticket(ticket).status is Status.CLOSED
    assert list(found_where(everything_stored(clinic_of_before))) == []


def _resolved_again(clinic: Clinic, ticket: str) -> None:
    """The ticket as it stood before it was closed."""
    from triagewire.store.table import commit
    from triagewire.store.tickets import changed

    before = clinic.ticket(ticket)
    context, _ = clinic._desk("nick")
    entry = Entry(action=Action.RESOLVED, why="done")
    change = Change(before=before, after=replace(before, status=Status.RESOLVED), entries=(entry,))
    _, writes = changed(aws.tables(), change, context.stamp)
    commit(aws.tables(), writes)


@pytest.mark.parametrize("typed", ["", "yes", "TICKET"])
def test_what_is_not_confirmed_by_its_id_is_not_purged(
    clinic_of_before: Clinic, call: Called, typed: str
) -> None:
    ticket = closed(clinic_of_before)

    code, _ = call("purge", "--ticket", ticket, "--why", "other", typed=typed)

    assert code == 1
    assert clinic_of_before.ticket(ticket).purged_at is None


def test_what_is_held_is_not_purged_by_command(clinic_of_before: Clinic, call: Called) -> None:
    ticket = closed(clinic_of_before)
    held(clinic_of_before, ticket)

    code, said = call("purge", "--ticket", ticket, "--why", "other", typed=ticket)

    assert code == 1
    assert "a legal hold stands on the ticket" in said
    assert clinic_of_before.ticket(ticket).purged_at is None


def test_what_somebody_is_still_owed_is_not_purged(clinic_of_before: Clinic, call: Called) -> None:
    ticket = clinic_of_before.take(with_canaries(say(REFILL), clinic_of_before, "evt-1"))

    code, said = call("purge", "--ticket", ticket, "--why", "erasure_request", typed=ticket)

    assert code == 1
    assert "the ticket is routed, not closed" in said
    assert canaries(clinic_of_before) != []
