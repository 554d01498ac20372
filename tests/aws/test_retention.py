"""The words of a closed ticket go when their time is over, whole and for good; its skeleton and its
ledger stay.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.aws.canaries import CANARIES, say, score_with_canary, with_canaries
from tests.aws.clinic import Clinic
from tests.aws.deployment import forget
from tests.aws.everything_stored import everything_stored
from tests.aws.identifiers import found_where
from tests.aws.said import REFILL
from tests.aws.senders import unreadable
from tests.aws.wire import Call, Fault
from tests.builders import a_policy, a_site, minutes
from triagewire import aws
from triagewire.access import Principal
from triagewire.errors import NotNowError, SealBrokenError
from triagewire.escalation.timers import purge_timer
from triagewire.flow import purging
from triagewire.flow.context import Context
from triagewire.flow.holding import Holding, hold
from triagewire.flow.noting import note
from triagewire.ledger.event import Action
from triagewire.policy.retention import Retention
from triagewire.retention import HoldReason
from triagewire.store.findable import words_of_site
from triagewire.store.table import Tables
from triagewire.store.tickets import load_ticket
from triagewire.ticket import Status, Ticket, TimerKind

DAYS = 60
DAY = timedelta(days=1)
MOST_SWEEPS = 12


def publish(clinic: Clinic, days: int | None = DAYS) -> None:
    """Let both sites keep words for so many days."""
    policy = a_policy(a_site(retention=Retention(message_days=days)))
    clinic.publish(policy)
    forget()


@pytest.fixture
def keeping(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """The clinic with a period after which words are purged, whose scoring knows the canaries."""
    monkeypatch.setattr("triagewire.flow.judge.score", score_with_canary)
    publish(clinic)
    return clinic


def desk(clinic: Clinic, who: str) -> tuple[Context, Principal]:
    return clinic._desk(who)


def closed(clinic: Clinic, event: str = "evt-1") -> str:
    """A ticket full of canaries, worked on, resolved, and closed for good."""
    ticket = clinic.take(with_canaries(say(REFILL), clinic, event))
    note(*desk(clinic, "nick"), ticket, say("Called her pharmacy."))
    clinic.resolve(ticket, "nick")
    clinic.sweep(clinic.now + 30 * DAY)
    assert clinic.ticket(ticket).status is Status.CLOSED
    return ticket


def canaries(clinic: Clinic) -> list[str]:
    """Where anything that a sender stated is still to be found."""
    return found_where(everything_stored(clinic))


def swept_until_purged(clinic: Clinic, ticket: str) -> Ticket:
    """The ticket after the sweeps that it takes."""
    for _ in range(MOST_SWEEPS):
        clinic.sweep(clinic.now + minutes(1))
        if clinic.ticket(ticket).purged_at is not None:
            break
    return clinic.ticket(ticket)


# What goes, and when


def test_before_the_period_is_over_every_word_is_there(keeping: Clinic) -> None:
    ticket = closed(keeping)

    keeping.sweep(keeping.now + DAYS * DAY - minutes(1))

    assert keeping.ticket(ticket).purged_at is None
    assert canaries(keeping) != []


def test_when_it_is_over_nothing_that_anybody_said_is_anywhere_in_the_table(
    keeping: Clinic,
) -> None:
    ticket = closed(keeping)

    keeping.sweep(keeping.now + DAYS * DAY)

    assert keeping.ticket(ticket).purged_at == keeping.now
    assert canaries(keeping) == []


def test_what_is_left_is_the_skeleton_and_a_ledger_that_holds_together(keeping: Clinic) -> None:
    before = keeping.ticket(ticket := closed(keeping))
    said = keeping.said(ticket)

    keeping.sweep(keeping.now + DAYS * DAY)

    after = keeping.ticket(ticket)
    kept = ("status", "received_at", "team", "outcome", "clock", "resolution", "urgency")
    assert [getattr(after, each) for each in kept] == [getattr(before, each) for each in kept]
    assert after.verdict is not None
    assert after.verdict.topic == "refill"
    assert after.timer is None
    assert [(each.at, each.direction) for each in keeping.said(ticket)] == [
        (each.at, each.direction) for each in said
    ]
    keeping.check()


def test_one_event_says_how_much_was_purged_and_why_and_not_what(keeping: Clinic) -> None:
    ticket = closed(keeping)

    keeping.sweep(keeping.now + DAYS * DAY)

    (event,) = [each for each in keeping.ledger(ticket) if each.action is Action.PURGED]
    assert (event.actor, event.why) == ("system:escalate", "retention_over")
    received, sent, notes = (event.detail[each] for each in ("received", "sent", "notes"))
    assert (received, notes) == (1, 1)
    assert sent == len([each for each in keeping.said(ticket) if each.direction == "out"])


def test_no_search_finds_a_word_of_it(keeping: Clinic) -> None:
    closed(keeping)

    keeping.sweep(keeping.now + DAYS * DAY)

    assert [page.found for page in words_of_site(aws.tables(), "north")] == [()]


def test_what_was_merged_into_a_ticket_goes_with_it(keeping: Clinic) -> None:
    first = keeping.take(with_canaries(say(REFILL), keeping, "evt-1"))
    second = keeping.take(with_canaries(say(REFILL), keeping, "evt-2"))
    assert keeping.ticket(second).merged_into == first
    keeping.resolve(first, "nick")
    keeping.sweep(keeping.now + 30 * DAY)

    keeping.sweep(keeping.now + DAYS * DAY)

    assert canaries(keeping) == []
    assert keeping.ticket(second).purged_at == keeping.ticket(first).purged_at == keeping.now
    assert keeping.actions(second)[-1] is Action.PURGED


def test_a_body_that_nobody_could_read_goes_too(keeping: Clinic) -> None:
    keeping.post(unreadable(keeping.now, "evt-9", {"type": CANARIES["text"]}))
    keeping.settle()
    (ticket,) = keeping.tickets()
    _close_by_hand(keeping, ticket.id)
    keeping.by_hand = True

    keeping.sweep(keeping.now + DAYS * DAY)

    assert keeping.ticket(ticket.id).purged_at is not None
    assert canaries(keeping) == []


def _close_by_hand(clinic: Clinic, ticket: str) -> None:
    """What review and resolution make of a ticket, in one step."""
    from triagewire.flow.context import Plan
    from triagewire.ledger.event import Entry
    from triagewire.store.tickets import Change

    context, _ = desk(clinic, "nick")
    for status, action in ((Status.RESOLVED, Action.RESOLVED), (Status.CLOSED, Action.CLOSED)):
        before = clinic.ticket(ticket)
        after = replace(before, status=status, closed_at=clinic.now)
        entry = Entry(action=action, why="done")
        Plan(changes=[Change(before=before, after=after, entries=(entry,))]).commit(context)
    before = clinic.ticket(ticket)
    purging.retime(context, before, purge_timer(before, Retention(message_days=DAYS)))


def test_as_many_as_one_sweep_purges_that_cannot_be_read_keep_no_other_from_it(
    keeping: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "MOST_AT_ONCE", 1)
    broken = closed(keeping)
    ticket = closed(keeping, "evt-2")

    def load(tables: Tables, ticket_id: str) -> Ticket | None:
        if ticket_id == broken:
            raise SealBrokenError("document: altered, or moved from elsewhere")
        return load_ticket(tables, ticket_id)

    monkeypatch.setattr(purging, "load_ticket", load)

    done = keeping.sweep(keeping.now + DAYS * DAY)

    assert (done["Purged"], done["PurgeFailed"]) == (1, 1)
    assert keeping.ticket(ticket).purged_at is not None


# What the policy says by then


def test_a_policy_that_keeps_for_ever_times_nothing(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triagewire.flow.judge.score", score_with_canary)

    assert clinic.ticket(closed(clinic)).timer is None


def test_a_policy_that_keeps_longer_by_then_moves_the_timer(keeping: Clinic) -> None:
    ticket = closed(keeping)
    at = keeping.now
    publish(keeping, 2 * DAYS)

    keeping.sweep(at + DAYS * DAY)

    timer = keeping.ticket(ticket).timer
    assert timer is not None
    assert (timer.kind, timer.at) == (TimerKind.PURGE, at + 2 * DAYS * DAY)
    assert keeping.actions(ticket)[-1] is Action.PURGE_TIMED


def test_a_policy_that_keeps_for_ever_by_then_takes_the_timer_away(keeping: Clinic) -> None:
    ticket = closed(keeping)
    publish(keeping, None)

    keeping.sweep(keeping.now + DAYS * DAY)

    assert keeping.ticket(ticket).timer is None
    assert canaries(keeping) != []


# Legal holds


def held(clinic: Clinic, ticket: str, *, holds: bool = True) -> Ticket:
    reason = HoldReason.LITIGATION if holds else HoldReason.MATTER_CLOSED
    wanted = Holding(held=holds, reason=reason, why=f"Letter of counsel about {CANARIES['name']}")
    return hold(*desk(clinic, "director"), ticket, wanted)


def test_what_is_held_is_not_purged(keeping: Clinic) -> None:
    ticket = closed(keeping)
    assert held(keeping, ticket).timer is None

    keeping.sweep(keeping.now + 10 * DAYS * DAY)

    assert keeping.ticket(ticket).purged_at is None


def test_a_hold_that_was_placed_while_it_was_open_stands_when_it_is_closed(
    keeping: Clinic,
) -> None:
    ticket = keeping.take(with_canaries(say(REFILL), keeping, "evt-1"))
    held(keeping, ticket)
    keeping.resolve(ticket, "nick")
    keeping.sweep(keeping.now + 30 * DAY)

    assert keeping.ticket(ticket).status is Status.CLOSED
    assert keeping.ticket(ticket).timer is None


def test_after_a_release_there_is_a_week_to_think_again(keeping: Clinic) -> None:
    ticket = closed(keeping)
    held(keeping, ticket)
    keeping.now += 10 * DAYS * DAY
    held(keeping, ticket, holds=False)

    keeping.sweep(keeping.now + 7 * DAY - minutes(1))
    assert keeping.ticket(ticket).purged_at is None
    keeping.sweep(keeping.now + minutes(1))
    assert keeping.ticket(ticket).purged_at is not None
    assert canaries(keeping) == []


def test_the_ledger_has_who_held_it_and_a_code_and_no_word_of_why(keeping: Clinic) -> None:
    ticket = closed(keeping)

    held(keeping, ticket)

    event = keeping.ledger(ticket)[-1]
    assert (event.action, event.actor, event.why) == (
        Action.HOLD_PLACED,
        "staff:director",
        "litigation",
    )
    assert event.detail == {"reason_given": True}
    assert found_where([("ledger", str(list(keeping.items("ledger"))))]) == []


def test_a_hold_of_a_merged_part_is_one_of_the_whole(keeping: Clinic) -> None:
    first = keeping.take(with_canaries(say(REFILL), keeping, "evt-1"))
    second = keeping.take(with_canaries(say(REFILL), keeping, "evt-2"))

    assert held(keeping, second).id == first
    keeping.resolve(first, "nick")
    keeping.sweep(keeping.now + 30 * DAY)
    keeping.sweep(keeping.now + DAYS * DAY)

    assert keeping.ticket(first).purged_at is None
    assert keeping.ticket(second).purged_at is None


def test_a_purged_ticket_can_be_held_no_more(keeping: Clinic) -> None:
    ticket = closed(keeping)
    keeping.sweep(keeping.now + DAYS * DAY)

    with pytest.raises(NotNowError, match="purged"):
        held(keeping, ticket)


# A death half-way


@pytest.fixture
def long(keeping: Clinic, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """The clinic with transactions so small that any conversation takes several."""
    monkeypatch.setattr(purging, "MOST_ITEMS", 3)
    return keeping


def test_a_long_conversation_is_purged_in_steps(long: Clinic) -> None:
    ticket = closed(long)

    long.sweep(long.now + DAYS * DAY)

    assert canaries(long) == []
    assert long.actions(ticket)[-2:] == [Action.PURGE_TIMED, Action.PURGED]


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.LOST])
def test_wherever_it_dies_the_next_sweep_ends_it_and_says_so_once(
    long: Clinic, fault: Fault
) -> None:
    ticket = closed(long)
    back = long.remember()
    for at in range(MOST_SWEEPS):
        back()
        broken = _fails_at(long, at, fault)
        after = swept_until_purged(long, ticket)
        assert after.purged_at is not None
        assert canaries(long) == []
        assert long.actions(ticket).count(Action.PURGED) == 1
        long.check()
        if not broken:
            return
    pytest.fail("it takes more steps than were tried")


def _fails_at(clinic: Clinic, number: int, fault: Fault) -> bool:
    """Sweep at the due time, with one of its transactions failing; whether there was one."""
    seen = 0

    def choose(_at: int, call: Call) -> Fault | None:
        nonlocal seen
        if call.operation != "TransactWriteItems":
            return None
        seen += 1
        return fault if seen == number + 1 else None

    with clinic.wire.failing(choose):
        clinic.sweep(clinic.now + DAYS * DAY)
    return seen > number


def test_once_it_has_begun_no_hold_can_be_placed(long: Clinic) -> None:
    ticket = closed(long)
    _fails_at(long, 1, Fault.REFUSED)

    with pytest.raises(NotNowError, match="purged"):
        held(long, ticket)


def test_a_sweep_that_cannot_purge_beats_all_the_same(keeping: Clinic) -> None:
    closed(keeping)

    with keeping.wire.failing(
        lambda _at, call: Fault.REFUSED if call.operation == "TransactWriteItems" else None
    ):
        done = keeping.sweep(keeping.now + (DAYS + 2) * DAY)

    assert (done["PurgeFailed"], done["PurgesLate"]) == (1, 1)
    assert (done["Failed"], done["Overdue"]) == (0, 0)


def test_a_message_longer_than_a_step_takes_one_of_its_own(
    keeping: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "CHARACTERS", 1)
    ticket = closed(keeping)

    keeping.sweep(keeping.now + DAYS * DAY)

    assert canaries(keeping) == []
    assert keeping.actions(ticket)[-2:] == [Action.PURGE_TIMED, Action.PURGED]
