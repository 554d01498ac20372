"""What a warm function keeps: how old it may be, and what a failed reload does to it."""

import pytest

from triagewire.cache import RETRY_SECONDS, Kept


class Clock:
    """Stands for the monotonic clock."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        patch.setattr("triagewire.cache.time.monotonic", lambda: self.now)


class Vault:
    """Counts how often it is asked; fails when it is told to."""

    def __init__(self, *values: str) -> None:
        self.values = list(values)
        self.asked = 0
        self.broken = False

    def load(self) -> str:
        self.asked += 1
        if self.broken:
            raise OSError("the vault does not answer")
        return self.values.pop(0) if len(self.values) > 1 else self.values[0]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_a_value_is_read_again_when_it_is_old(clock: Clock) -> None:
    kept = Kept(Vault("first", "second").load, 300)

    assert kept.get() == "first"
    clock.now += 299
    assert kept.get() == "first"
    clock.now += 1
    assert kept.get() == "second"


def test_a_value_that_cannot_be_read_again_is_kept_and_told(clock: Clock) -> None:
    told: list[Exception] = []
    vault = Vault("first")
    kept = Kept(vault.load, 300, told.append)
    kept.get()

    vault.broken = True
    clock.now += 300

    assert kept.get() == "first"
    assert [type(error) for error in told] == [OSError]


def test_after_a_failure_it_tries_again_soon_and_not_at_every_call(clock: Clock) -> None:
    vault = Vault("first", "second")
    kept = Kept(vault.load, 300)
    kept.get()
    vault.broken = True
    clock.now += 300
    kept.get()
    kept.get()
    assert vault.asked == 2

    vault.broken = False
    clock.now += RETRY_SECONDS

    assert kept.get() == "second"


def test_a_value_that_can_be_revoked_is_not_used_for_ever(clock: Clock) -> None:
    vault = Vault("first", "second")
    kept = Kept(vault.load, 300, longest=3600)
    kept.get()
    vault.broken = True

    clock.now += 3599
    assert kept.get() == "first"
    clock.now += 1
    with pytest.raises(RuntimeError, match="too old"):
        kept.get()

    vault.broken = False
    clock.now += RETRY_SECONDS
    assert kept.get() == "second"


def test_a_first_load_that_fails_is_told_to_the_caller(clock: Clock) -> None:
    vault = Vault("first")
    vault.broken = True

    with pytest.raises(OSError, match="does not answer"):
        Kept(vault.load, 300).get()


def test_a_doubt_reads_at_once_what_has_changed(clock: Clock) -> None:
    kept = Kept(Vault("first", "second").load, 300)
    kept.get()
    clock.now += 30

    assert kept.renew(30)
    assert kept.get() == "second"


def test_a_thousand_doubts_ask_once_in_their_time(clock: Clock) -> None:
    vault = Vault("only")
    kept = Kept(vault.load, 300)
    kept.get()
    clock.now += 30

    assert not any(kept.renew(30) for _ in range(1000))
    assert vault.asked == 2


def test_a_doubt_while_nothing_can_be_read_changes_nothing(clock: Clock) -> None:
    vault = Vault("first")
    kept = Kept(vault.load, 300)
    kept.get()
    vault.broken = True
    clock.now += 30

    assert not kept.renew(30)
    assert kept.get() == "first"
