"""A new policy changes the hours of a site: what becomes of the promises on open tickets."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, CHEST_PAIN, REFILL
from tests.aws.senders import by_mail, by_portal
from tests.aws.wire import Call, Died, Fault
from tests.builders import OFFICE_WEEK, a_policy, a_requester, a_site, minutes
from triagewire import aws
from triagewire.arrival import Requester
from triagewire.clock.calendar import Holiday, Interval
from triagewire.clock.promise import PauseReason
from triagewire.clock.segments import asleep
from triagewire.clock.sla import start_clock
from triagewire.escalation.timers import next_timer
from triagewire.flow import reclocking
from triagewire.flow.context import Context, Plan
from triagewire.flow.policies import current_policy
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Policy
from triagewire.store.clocked import read_clocked
from triagewire.store.tickets import Change
from triagewire.ticket import Status, Ticket

SNOW = Holiday(date(2026, 3, 2), "Snow", closed_from=time(10))
"""The clinic closes at ten on the Monday of the tests, an hour after they begin."""
FROM_ELEVEN = dict.fromkeys(OFFICE_WEEK, (Interval(time(11), time(17)),))
FROM_SEVEN = dict.fromkeys(OFFICE_WEEK, (Interval(time(7), time(17)),))


def test_a_closure_of_today_moves_the_promises_of_open_tickets(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    _edit(clinic, holidays=(SNOW,))

    # One hour was open today; the other is the first of tomorrow.
    assert _due(clinic.ticket(refill)) == "2026-03-03T14:00"


def test_a_closure_moves_the_reminder_that_the_sweep_waits_for(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    _edit(clinic, holidays=(replace(SNOW, closed_from=time(9, 30)),))
    clinic.sweep(clinic.now + minutes(120))

    assert clinic.notices("reminder") == []
    assert Action.REMINDED not in clinic.actions(refill)


def test_the_ledger_says_what_the_promise_was_and_what_it_is(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    version = _edit(clinic, holidays=(SNOW,))

    event = clinic.ledger(refill)[-1]
    assert (event.action, event.policy_version) == (Action.RECLOCKED, version)
    assert (event.detail["due_before"], event.detail["due_at"]) == (
        "2026-03-02T16:00:00+00:00",
        "2026-03-03T14:00:00+00:00",
    )


def test_the_promise_of_a_closed_ticket_is_history(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    closed = clinic.resolve(refill, _owner(clinic, refill))

    _edit(clinic, holidays=(SNOW,))

    assert clinic.ticket(refill) == closed


def test_a_clinical_urgent_ticket_counts_every_hour_whatever_the_hours_are(
    clinic: Clinic,
) -> None:
    urgent = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    before = clinic.ticket(urgent).clock

    _edit(clinic, holidays=(SNOW,))

    assert clinic.ticket(urgent).clock == before


def test_longer_hours_breach_nothing_that_was_in_time(clinic: Clinic) -> None:
    clinic.now -= minutes(100)  # 07:20, before the clinic opens
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(140)  # 09:40: 100 of 120 minutes have gone, and 140 of the new hours

    _edit(clinic, hours=FROM_SEVEN)

    assert _due(clinic.ticket(refill)) == "2026-03-02T15:00"
    assert clinic.notices("breach") == []
    clinic.sweep(clinic.now + minutes(20))
    assert len(clinic.notices("breach")) == 1


def test_shorter_hours_give_back_the_time_that_was_not_open(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    _edit(clinic, hours=FROM_ELEVEN)

    assert _due(clinic.ticket(refill)) == "2026-03-02T18:00"


def test_what_was_breached_before_the_edit_stays_breached_and_is_told_once(
    clinic: Clinic,
) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.sweep(clinic.now + minutes(120))

    _edit(clinic, holidays=(SNOW,))
    clinic.pass_minutes(5)

    assert _due(clinic.ticket(refill)) == "2026-03-02T16:00"
    assert len(clinic.notices("breach")) == 1


def test_a_waiting_ticket_takes_up_the_hours_and_is_not_breached_by_them(clinic: Clinic) -> None:
    clinic.now -= minutes(100)
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(140)
    _let_wait(clinic, refill)
    clinic.now += minutes(30)

    _edit(clinic, hours=FROM_SEVEN)

    waiting = clinic.ticket(refill)
    assert waiting.status is Status.WAITING
    assert waiting.clock is not None
    assert waiting.clock.paused_at is not None
    assert waiting.clock.due_at > waiting.clock.paused_at


def test_a_site_whose_hours_stay_is_left_alone(clinic: Clinic) -> None:
    west = clinic.take(by_portal(REFILL, clinic.now, "evt-1", site="west"))
    before = clinic.ticket(west)

    _edit(clinic, holidays=(SNOW,))

    assert clinic.ticket(west) == before


def test_a_policy_with_the_same_hours_reads_no_ticket(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(2)
    version = clinic.publish(replace(a_policy(), group="Another name"))
    current_policy.cache_clear()
    clinic.wire.calls.clear()

    clinic.sweep()

    assert "TICKET" not in [each["Key"]["sk"]["S"] for each in clinic.wire.of("GetItem")]
    assert _taken_up(clinic) == version


def test_a_sweep_of_an_old_policy_costs_one_read(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.sweep()
    clinic.wire.calls.clear()

    clinic.sweep(clinic.now + minutes(1))

    reads = [each["Key"]["sk"]["S"] for each in clinic.wire.of("GetItem")]
    assert reads.count("CLOCKED") == 1
    assert clinic.wire.of("TransactWriteItems") == []


def test_the_walk_is_repeated_until_no_function_can_hold_the_old_policy(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    version = _edit(clinic, holidays=(SNOW,))
    assert _taken_up(clinic) < version

    # A function that had not yet seen the new policy promised by the old hours.
    late = _by_old_hours(clinic)
    clinic.by_hand = True
    clinic.pass_minutes(2)

    assert _due(clinic.ticket(late)) == "2026-03-03T14:00"
    assert _taken_up(clinic) == version


def test_a_large_site_is_taken_up_some_tickets_a_minute(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reclocking, "MOST", 2)
    refills = _of_several_patients(clinic, 5)
    clinic.now += minutes(1)

    _edit(clinic, holidays=(SNOW,))
    moved = [sum(_moved(clinic, each) for each in refills)]
    for _ in range(3):
        clinic.pass_minutes(1)
        moved.append(sum(_moved(clinic, each) for each in refills))

    assert moved == [2, 4, 5, 5]


def test_the_more_urgent_take_up_the_calendar_first(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reclocking, "MOST", 1)
    clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1", _somebody(1)))
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-2", _somebody(2)))

    _edit(clinic, holidays=(SNOW,))

    assert [each.id for each in clinic.tickets() if _reclocked(clinic, each.id)] == [refill]


def test_a_conflict_with_somebody_elses_change_is_decided_again(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    with clinic.wire.failing(_first_reclocking(Fault.CONFLICT)):
        _edit(clinic, holidays=(SNOW,))

    assert _due(clinic.ticket(refill)) == "2026-03-03T14:00"


def test_a_crash_in_the_middle_is_made_good_a_minute_later(clinic: Clinic) -> None:
    refills = _of_several_patients(clinic, 3)

    with clinic.wire.failing(_first_reclocking(Fault.DIES_AFTER)), pytest.raises(Died):
        _edit(clinic, holidays=(SNOW,))
    assert sum(_moved(clinic, each) for each in refills) == 1
    clinic.pass_minutes(2)

    assert [clinic.actions(each).count(Action.RECLOCKED) for each in refills] == [1, 1, 1]


def test_a_ticket_that_cannot_be_taken_up_silences_the_heart_and_is_tried_again(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(2)
    capsys.readouterr()

    with clinic.wire.failing(_first_reclocking(Fault.REFUSED)):
        version = _edit(clinic, holidays=(SNOW,))
    assert "EscalationHeartbeat" not in capsys.readouterr().out
    clinic.pass_minutes(2)

    assert _due(clinic.ticket(refill)) == "2026-03-03T14:00"
    assert _taken_up(clinic) == version


def test_hours_that_are_taken_back_at_once_are_taken_back_from_every_ticket(
    clinic: Clinic,
) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.pass_minutes(1)

    _edit(clinic, holidays=(SNOW,))
    assert _due(clinic.ticket(refill)) == "2026-03-03T14:00"
    version = _edit(clinic)
    clinic.pass_minutes(2)

    assert _due(clinic.ticket(refill)) == "2026-03-02T16:00"
    assert _taken_up(clinic) == version


def test_a_version_that_no_sweep_has_seen_has_promised_too(clinic: Clinic) -> None:
    clinic.pass_minutes(1)
    clinic.publish(_policy(holidays=(SNOW,)))
    current_policy.cache_clear()
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    assert _due(clinic.ticket(refill)) == "2026-03-03T14:01"

    _edit(clinic)

    assert _due(clinic.ticket(refill)) == "2026-03-02T16:01"


def test_tickets_imported_from_before_the_promises_are_not_breached(clinic: Clinic) -> None:
    begins = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    _edit(clinic, enforce_from=begins)
    clinic.now -= minutes(60 * 24 * 10)
    for number in range(5):
        clinic.post(by_portal(REFILL, clinic.now, f"old-{number}", _somebody(number)))
    clinic.now = begins
    clinic.settle()

    clinic.sweep(begins + minutes(10))

    assert clinic.notices("breach") == []
    assert {_due(each) for each in clinic.tickets()} == {"2026-03-02T16:00"}


def test_an_imported_message_that_joins_an_imported_ticket_breaches_nothing_either(
    clinic: Clinic,
) -> None:
    begins = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    _edit(clinic, enforce_from=begins)
    clinic.now -= minutes(60 * 24 * 10)
    clinic.post(by_portal(REFILL, clinic.now + minutes(30), "old-2"))
    clinic.post(by_mail(REFILL, clinic.now, "old-1"))
    clinic.now = begins
    for record in reversed(clinic.records()):
        clinic.hand_over([record])

    clinic.sweep(begins + minutes(10))

    assert clinic.notices("breach") == []
    survivor, merged = sorted(clinic.tickets(), key=lambda each: each.status is Status.MERGED)
    assert (_due(survivor), merged.merged_into) == ("2026-03-02T16:00", survivor.id)


def _edit(clinic: Clinic, **changes: Any) -> int:  # noqa: ANN401
    """Publish the policy with another north site, and sweep."""
    version = clinic.publish(_policy(**changes))
    current_policy.cache_clear()
    clinic.sweep()
    return version


def _policy(**changes: Any) -> Policy:  # noqa: ANN401
    policy = a_policy()
    return replace(policy, sites={**policy.sites, "north": a_site(**changes)})


def _somebody(number: int) -> Requester:
    return a_requester(
        patient_id=f"MRN-{number}",
        email=f"patient{number}@mail.example",
        phone=f"+1555010{number:04}",
        name=f"Patient {number}",
    )


def _of_several_patients(clinic: Clinic, count: int) -> list[str]:
    return [
        clinic.take(by_portal(REFILL, clinic.now, f"evt-{number}", _somebody(number)))
        for number in range(count)
    ]


def _due(ticket: Ticket) -> str:
    assert ticket.clock is not None
    return ticket.clock.due_at.isoformat()[:16]


def _moved(clinic: Clinic, ticket_id: str) -> bool:
    return _due(clinic.ticket(ticket_id)) == "2026-03-03T14:00"


def _reclocked(clinic: Clinic, ticket_id: str) -> bool:
    return Action.RECLOCKED in clinic.actions(ticket_id)


def _owner(clinic: Clinic, ticket_id: str) -> str:
    owner = clinic.ticket(ticket_id).assignee
    assert owner is not None
    return owner


def _taken_up(clinic: Clinic) -> int:
    """The version by whose calendars all open tickets surely measure."""
    clocked = read_clocked(aws.tables())
    return clocked.version if clocked else 0


def _written(clinic: Clinic, before: Ticket, after: Ticket) -> None:
    policy = current_policy().get()
    context = Context(tables=aws.tables(), policy=policy, now=clinic.now, actor="staff:nick")
    entries = (Entry(action=Action.PAUSED, why="for the test"),)
    timed = replace(after, timer=next_timer(after, context.site(after.site)))
    Plan(changes=[Change(before=before, after=timed, entries=entries)]).commit(context)


def _let_wait(clinic: Clinic, ticket_id: str) -> None:
    before = clinic.ticket(ticket_id)
    later = clinic.now + minutes(60 * 24)
    _written(clinic, before, asleep(before, PauseReason.PAYER, later, clinic.now))


def _by_old_hours(clinic: Clinic) -> str:
    """A ticket as a function that holds the old policy leaves it."""
    late = clinic.take(by_portal(REFILL, clinic.now, "evt-2", _somebody(2)))
    before = clinic.ticket(late)
    clock = start_clock(120, a_site().calendar, clinic.now)
    _written(clinic, before, replace(before, clock=clock))
    return late


def _first_reclocking(fault: Fault) -> Callable[[int, Call], Fault | None]:
    """The fault befalls the first ticket that takes up a calendar, once."""
    left = [fault]

    def befalls(_number: int, call: Call) -> Fault | None:
        writes = call.arguments.get("TransactItems", [])
        events = [each["Put"]["Item"] for each in writes if "Put" in each]
        of_it = any(Action.RECLOCKED.value in str(item.get("action", "")) for item in events)
        return left.pop() if of_it and left else None

    return befalls
