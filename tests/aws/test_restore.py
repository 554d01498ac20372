"""Both tables put back to an earlier moment: the clinic goes on, and what was lost is named."""

from collections.abc import Callable, Iterator

import pytest
import time_machine

from ops import ledger_verify
from ops.cli import main
from tests.aws.clinic import MINUTE, Clinic
from tests.aws.locked import BUCKET, Locked, locking
from tests.aws.reachable import a_stack
from tests.aws.said import CHEST_PAIN, REFILL
from tests.aws.senders import by_portal

type Verify = Callable[[], tuple[int, str]]


@pytest.fixture
def locked(clinic: Clinic) -> Iterator[Locked]:
    """A clinic with an urgent ticket whose ledger is copied and signed for."""
    with locking(clinic) as locked:
        clinic.take(by_portal(CHEST_PAIN, clinic.now, "before"))
        locked.copy()
        locked.checkpoint()
        yield locked


@pytest.fixture
def verify(
    locked: Locked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Verify:
    """Verify everything; the exit code and what was told."""
    stack = a_stack(AuditBucketName=BUCKET, LedgerSigningKeyArn=locked.key_arn)
    monkeypatch.setattr(ledger_verify, "deployed", lambda _name: stack)

    def call() -> tuple[int, str]:
        capsys.readouterr()
        with time_machine.travel(locked.clinic.now, tick=False):
            code = main(["ledger", "verify", "--all"])
        return code, "".join(capsys.readouterr())

    return call


def test_up_to_the_moment_the_ledger_is_as_it_was_recorded(locked: Locked, verify: Verify) -> None:
    to_the_moment = locked.clinic.remember()
    to_the_moment()

    code, told = verify()

    assert code == 0
    assert "everything is as it was recorded" in told


def test_every_ticket_that_came_after_the_moment_is_named_from_the_copies(
    locked: Locked, verify: Verify
) -> None:
    clinic = locked.clinic
    to_the_moment = clinic.remember()
    kept = {each.id for each in clinic.tickets()}
    lost = clinic.take(by_portal(REFILL, clinic.now, "after"))
    locked.copy()
    locked.checkpoint()

    to_the_moment()

    code, told = verify()
    assert code == 1
    assert f"TICKET#{lost}" in told
    assert not [each for each in kept if f"TICKET#{each}" in told]


def test_a_sender_that_sends_again_makes_the_lost_ticket_anew_and_no_second_one(
    locked: Locked,
) -> None:
    clinic = locked.clinic
    to_the_moment = clinic.remember()
    before, at = {each.id for each in clinic.tickets()}, clinic.now
    lost = clinic.take(by_portal(REFILL, at, "after"))
    to_the_moment()

    again = clinic.take(by_portal(REFILL, at, "after"))
    clinic.post(by_portal(CHEST_PAIN, at, "before"))

    assert again == lost
    assert {each.id for each in clinic.tickets()} == {*before, lost}


def test_what_became_due_while_nothing_ran_is_done_by_the_first_sweep(locked: Locked) -> None:
    clinic = locked.clinic
    (urgent,) = clinic.tickets()
    to_the_moment = clinic.remember()
    to_the_moment()
    clinic.now += 60 * MINUTE

    clinic.sweep()

    assert len(clinic.actions(urgent.id)) > urgent.version
