"""Nothing that is open is forgotten, whatever befalls a ticket or a sweep; and when something is,
the heartbeat falls silent.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event as Signal
from typing import Any

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, CHEST_PAIN, REFILL
from tests.aws.senders import by_mail, by_portal
from tests.aws.wire import Call, Fault
from tests.builders import MONDAY_MORNING, a_policy, a_stamp, a_ticket, an_entry, minutes
from triagewire import aws
from triagewire.errors import TimerMissingError
from triagewire.flow import auditing, escalate
from triagewire.flow.context import Context
from triagewire.flow.policies import current_policy
from triagewire.flow.sweeping import all_is_well, sweep
from triagewire.ledger.event import Action
from triagewire.settings import settings
from triagewire.store.codec import blob
from triagewire.store.tickets import Change, changed, ticket_pk
from triagewire.ticket import REVIEW, Status, Timer, TimerKind
from triagewire.verdict import Urgency


def change_by_hand(ticket_id: str, change: str, **values: object) -> None:
    """What somebody does who edits the table itself."""
    arguments: dict[str, Any] = {"ExpressionAttributeValues": values} if values else {}
    aws.tables().client.update_item(
        TableName="tickets",
        Key={"pk": {"S": ticket_pk(ticket_id)}, "sk": {"S": "TICKET"}},
        UpdateExpression=change,
        **arguments,
    )


def take_timer_away(clinic: Clinic, ticket_id: str) -> None:
    """Leave an open ticket without any trace of its timer."""
    forgotten = replace(clinic.ticket(ticket_id), timer=None)
    change_by_hand(
        ticket_id,
        "SET document = :document REMOVE timer_shard, timer_due",
        **{":document": blob(forgotten)},
    )


def failing_for(ticket_id: str) -> Callable[[int, Call], Fault | None]:
    """Whatever would change this ticket is refused by the table."""

    def fault(_at: int, call: Call) -> Fault | None:
        parts = call.arguments.get("TransactItems", [])
        mine = any(
            part.get("Put", {}).get("Item", {}).get("pk") == {"S": ticket_pk(ticket_id)}
            for part in parts
        )
        return Fault.REFUSED if mine else None

    return fault


def a_minute_with_time_for(tickets: int) -> Callable[[], bool]:
    """A sweep that has time left for so many tickets."""
    left = iter(range(tickets))
    return lambda: next(left, None) is not None


def swept(clinic: Clinic, more: Callable[[], bool]) -> dict[str, int]:
    """One sweep that may be cut short."""
    context = Context(
        tables=aws.tables(),
        policy=current_policy().get(),
        now=clinic.now,
        actor="system:escalate",
        identity_key=b"k" * 64,
        publish=lambda _bundle, _way: None,
    )
    return sweep(context, more)


def refills(clinic: Clinic, number: int) -> list[str]:
    """Requests of as many people, a minute after each other."""
    found = []
    for each in range(number):
        event = by_mail(REFILL, clinic.now, f"mail-{each}", email=f"patient{each}@mail.example")
        found.append(clinic.take(event))
        clinic.now += minutes(1)
    return found


# The heartbeat


def test_it_beats_on_a_day_without_a_single_ticket(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic.sweep()

    assert "EscalationHeartbeat" in capsys.readouterr().out


def test_it_beats_in_debug_mode_too(
    clinic: Clinic, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_PEOPLE", "false")
    settings.cache_clear()
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    capsys.readouterr()

    clinic.sweep(clinic.now + minutes(60))

    assert "EscalationHeartbeat" in capsys.readouterr().out


def test_it_is_silent_while_one_ticket_fails_and_all_others_are_served(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    served = clinic.take(by_portal(REFILL, clinic.now, "evt-2", site="west"))
    capsys.readouterr()

    with clinic.wire.failing(failing_for(broken)):
        result = clinic.sweep(clinic.now + minutes(400))

    assert (result["Failed"], result["Overdue"]) == (1, 1)
    assert clinic.actions(served)[-1] is Action.BREACHED
    assert "EscalationHeartbeat" not in capsys.readouterr().out


def test_it_beats_again_once_the_ticket_is_served(clinic: Clinic) -> None:
    broken = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    with clinic.wire.failing(failing_for(broken)):
        clinic.sweep(clinic.now + minutes(60))

    assert all_is_well(clinic.sweep(clinic.now + minutes(1)))


def test_it_is_silent_when_no_time_was_left_to_look_for_what_was_forgotten(clinic: Clinic) -> None:
    context = Context(
        tables=aws.tables(), policy=current_policy().get(), now=clinic.now, actor="system:escalate"
    )

    done = sweep(context, lambda: False, lambda: False)

    assert (done["Unaudited"], all_is_well(done)) == (1, False)


# What was forgotten is found


def test_a_ticket_whose_timer_was_deleted_gets_it_back_and_its_ledger_says_so(
    clinic: Clinic,
) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    before = clinic.ticket(refill).timer
    take_timer_away(clinic, refill)

    result = clinic.sweep(clinic.now + minutes(1))

    assert (result["Repaired"], all_is_well(result)) == (1, True)
    assert clinic.ticket(refill).timer == before
    repaired = clinic.ledger(refill)[-1]
    assert (repaired.action, repaired.why) == (Action.REPAIRED, auditing.UNTIMED)
    assert repaired.actor == "system:escalate"


def test_a_timer_that_fell_out_of_its_index_is_put_back(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    change_by_hand(refill, "REMOVE timer_shard, timer_due")

    clinic.sweep(clinic.now + minutes(1))
    clinic.sweep(clinic.now + minutes(59))

    assert clinic.actions(refill)[-2:] == [Action.REPAIRED, Action.REMINDED]


def test_a_due_timer_in_a_partition_that_nobody_sweeps_is_found_when_it_is_late(
    clinic: Clinic,
) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    change_by_hand(refill, "REMOVE timer_shard")

    result = clinic.sweep(clinic.now + minutes(63))
    clinic.sweep(clinic.now + minutes(1))

    assert result["Repaired"] == 1
    assert clinic.actions(refill)[-1] is Action.REMINDED


def test_a_new_ticket_that_lost_its_timer_is_scored_all_the_same(clinic: Clinic) -> None:
    clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
    (new,) = clinic.tickets()
    take_timer_away(clinic, new.id)

    clinic.pass_minutes(2)

    assert clinic.ticket(new.id).team == "clinical"


def test_a_timer_that_asks_for_what_cannot_be_done_is_computed_anew(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    ticket = clinic.ticket(refill)
    assert ticket.assignee is not None
    senseless = replace(ticket, timer=Timer(at=clinic.now, kind=TimerKind.ASSIGN))
    change = Change(before=ticket, after=senseless, entries=(an_entry(action=Action.RECLOCKED),))
    _, writes = changed(aws.tables(), change, a_stamp(clinic.now))
    aws.tables().client.transact_write_items(TransactItems=[each.item for each in writes])

    clinic.pass_minutes(3)

    assert clinic.ledger(refill)[-1].why == auditing.STALE
    assert clinic.ticket(refill).timer == ticket.timer


def test_all_open_tickets_are_looked_at_within_a_few_sweeps_however_many_there_are(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "MOST_SEEN", 2)
    forgotten = refills(clinic, 5)
    clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    for each in forgotten:
        take_timer_away(clinic, each)

    seen = [clinic.sweep(clinic.now + timedelta(seconds=5))["Audited"] for _ in range(8)]

    assert max(seen) == 2
    assert all(clinic.ticket(each).timer for each in forgotten)


def test_the_round_through_many_queues_is_taken_up_where_it_ended(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "MOST_QUEUES", 1)
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1", site="west"))
    queues = sum(len(site.teams) + 1 for site in a_policy().sites.values())

    found = [clinic.sweep(clinic.now + timedelta(seconds=5))["Audited"] for _ in range(2 * queues)]

    assert sum(found) == 2
    assert clinic.ticket(refill).is_open


def test_one_ticket_that_cannot_be_read_keeps_no_other_from_being_mended(clinic: Clinic) -> None:
    ruined, forgotten = refills(clinic, 2)
    take_timer_away(clinic, forgotten)
    kept = clinic.ticket(ruined)
    change_by_hand(
        ruined, "SET document = :x REMOVE timer_shard, timer_due", **{":x": {"B": b"nothing"}}
    )

    result = clinic.sweep(clinic.now + minutes(1))

    assert (result["Repaired"], result["Failed"]) == (1, 1)
    change_by_hand(ruined, "SET document = :x", **{":x": blob(kept)})


def test_a_ticket_that_is_open_and_has_no_timer_is_never_written(clinic: Clinic) -> None:
    careless = Change(before=None, after=a_ticket(timer=None), entries=(an_entry(),))

    with pytest.raises(TimerMissingError, match="TICKET-A"):
        changed(aws.tables(), careless, a_stamp(clinic.now))


# What cannot be scored


def test_a_new_ticket_on_which_scoring_breaks_every_time_is_put_before_a_person_after_three_minutes(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.post(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    (new,) = clinic.tickets()
    monkeypatch.setattr("triagewire.flow.triage.judged", _breaks)

    clinic.pass_minutes(2)
    assert clinic.ticket(new.id).status is Status.NEW
    result = clinic.sweep(clinic.now + minutes(1))

    given_up = clinic.ticket(new.id)
    assert (given_up.team, given_up.urgency) == (REVIEW, Urgency.CLINICAL_URGENT)
    assert given_up.clock is not None
    assert given_up.clock.due_at == clinic.now + minutes(15)
    assert clinic.ledger(new.id)[-1].why == "it could not be scored"
    assert (result["GivenUp"], result["Failed"]) == (1, 0)


def test_scoring_that_never_ends_is_given_up_at_once_for_it_would_keep_all_others_waiting(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_ever = Signal()
    clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
    (new,) = clinic.tickets()
    monkeypatch.setattr(escalate, "LONGEST_SCORING", 0.05)
    monkeypatch.setattr("triagewire.flow.triage.judged", lambda *_: for_ever.wait())

    clinic.sweep(clinic.now + minutes(1))

    assert clinic.ticket(new.id).team == REVIEW
    for_ever.set()


def test_a_policy_whose_rules_break_sends_every_new_ticket_to_review(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triagewire.flow.judge.engine_of", _breaks)
    clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
    (new,) = clinic.tickets()

    clinic.sweep(clinic.now + minutes(1))

    ticket = clinic.ticket(new.id)
    assert ticket.team == REVIEW
    assert ticket.verdict is not None
    assert ticket.verdict.topic == "scoring_failed"


def test_a_ticket_given_up_is_reminded_of_like_any_other_review(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
    (new,) = clinic.tickets()
    with monkeypatch.context() as patch:
        patch.setattr("triagewire.flow.triage.judged", _breaks)
        clinic.sweep(clinic.now + minutes(3))

    clinic.pass_minutes(20)

    assert {Action.REMINDED, Action.BREACHED} <= set(clinic.actions(new.id))


# Pages that nobody answers


def test_operations_hear_when_nobody_of_a_whole_ladder_has_acknowledged(clinic: Clinic) -> None:
    clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))

    unanswered = [clinic.sweep(clinic.now + minutes(1))["PageUnanswered"] for _ in range(40)]

    first_round = unanswered.index(1)
    people = clinic.paged()
    assert first_round > 0
    assert sum(unanswered) >= 1
    assert people[0] in people[1:]


def test_a_page_that_was_acknowledged_is_no_unanswered_one(clinic: Clinic) -> None:
    urgent = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    clinic.acknowledge(urgent, str(clinic.ticket(urgent).assignee or "nora"))

    unanswered = [clinic.sweep(clinic.now + minutes(1))["PageUnanswered"] for _ in range(10)]

    assert sum(unanswered) == 0


# A minute that is too short


def test_pages_come_before_all_that_has_been_due_for_longer(clinic: Clinic) -> None:
    late = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(180)
    urgent = clinic.take(by_mail(CHEST_PAIN, clinic.now, "mail-1", email="grace@mail.example"))
    clinic.now += minutes(6)

    swept(clinic, a_minute_with_time_for(1))

    assert clinic.actions(urgent).count(Action.PAGED) == 2
    assert Action.BREACHED not in clinic.actions(late)


def test_what_a_short_sweep_leaves_is_done_by_the_next_ones_the_longest_due_first(
    clinic: Clinic,
) -> None:
    waiting = refills(clinic, 4)
    clinic.now += minutes(60)

    done = []
    for _ in range(4):
        swept(clinic, a_minute_with_time_for(1))
        done.append([each for each in waiting if Action.REMINDED in clinic.actions(each)])

    assert done == [waiting[:1], waiting[:2], waiting[:3], waiting]


def test_a_short_sweep_is_silent_only_when_something_is_left_that_is_late(clinic: Clinic) -> None:
    refills(clinic, 2)
    clinic.now += minutes(59)

    soon = swept(clinic, a_minute_with_time_for(0))
    clinic.now += minutes(3)
    late = swept(clinic, a_minute_with_time_for(1))

    assert (all_is_well(soon), all_is_well(late)) == (True, False)
    assert (soon["Overdue"], late["Overdue"]) == (0, 1)


def test_a_step_that_only_met_another_message_to_the_same_person_is_done_by_the_same_sweep(
    clinic: Clinic,
) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    met = iter([Fault.CONFLICT] * 2)

    def fault(_at: int, call: Call) -> Fault | None:
        return next(met, None) if call.operation == "TransactWriteItems" else None

    with clinic.wire.failing(fault):
        result = clinic.sweep(clinic.now + minutes(60))

    assert clinic.actions(refill)[-1] is Action.REMINDED
    assert (result["Steps"], all_is_well(result)) == (1, True)


# Events that come twice, in another order, or from a wrong clock


def test_a_sweep_that_comes_twice_or_late_tells_nobody_twice(clinic: Clinic) -> None:
    clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    clinic.take(by_mail(REFILL, clinic.now, "mail-1", email="grace@mail.example"))
    moments = [clinic.now + minutes(each) for each in (1, 3, 2, 3, 1, 62, 61, 62, 3)]

    for moment in moments:
        clinic.sweep(moment)

    for kind in ("page", "reminder"):
        told = [each["notice"] for each in clinic.notices(kind)]
        assert len(told) == len(set(told))


def test_a_clock_that_is_an_hour_back_does_nothing_and_loses_nothing(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    before = clinic.ticket(refill)

    back = clinic.sweep(clinic.now - minutes(60))

    assert (back["Due"], all_is_well(back)) == (0, True)
    assert clinic.ticket(refill) == before
    clinic.sweep(MONDAY_MORNING + minutes(60))
    assert clinic.actions(refill)[-1] is Action.REMINDED


def test_a_clock_that_jumps_a_day_ahead_pages_once_and_not_once_for_each_missed_round(
    clinic: Clinic,
) -> None:
    clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    clinic.wire.calls.clear()

    jumped = clinic.sweep(clinic.now + timedelta(days=1))

    people = [each["person"] for each in clinic.notices("page")]
    assert len(people) == len(set(people)) == 1
    assert (jumped["Failed"], jumped["Overdue"]) == (0, 0)


def test_after_a_jump_back_to_the_right_time_the_pages_go_on(clinic: Clinic) -> None:
    urgent = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    clinic.sweep(clinic.now + minutes(60))
    clinic.now = MONDAY_MORNING + minutes(1)
    clinic.wire.calls.clear()

    for _ in range(15):
        clinic.sweep(clinic.now + minutes(5))

    assert len(clinic.paged()) >= 2
    assert clinic.ticket(urgent).timer is not None


# A site that has left the policy


@pytest.fixture
def orphan(clinic: Clinic) -> str:
    """An open ticket of a site that the active policy does not have any more."""
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    group = a_policy()
    clinic.publish(replace(group, sites={"west": group.sites["west"]}))
    current_policy.cache_clear()
    return refill


def test_what_was_promised_under_the_policy_that_had_the_site_is_kept(
    clinic: Clinic, orphan: str
) -> None:
    clinic.sweep(clinic.now + minutes(60))
    result = clinic.sweep(clinic.now + minutes(60))

    assert clinic.actions(orphan)[-2:] == [Action.REMINDED, Action.BREACHED]
    assert [each["person"] for each in clinic.notices("breach")] == ["nora"]
    assert clinic.ledger(orphan)[-1].policy_version == 1
    assert (result["SiteMissing"], result["Failed"]) == (1, 0)


def test_a_site_that_no_policy_has_alarms_and_lets_the_heart_of_the_others_beat(
    clinic: Clinic, orphan: str
) -> None:
    table = aws.tables().client
    table.delete_item(TableName="tickets", Key={"pk": {"S": "POLICY"}, "sk": {"S": "V#00000001"}})
    served = clinic.take(by_portal(REFILL, clinic.now, "evt-2", site="west"))

    result = clinic.sweep(clinic.now + minutes(400))

    assert (result["SiteMissing"], all_is_well(result)) == (1, True)
    assert clinic.actions(served)[-1] is Action.BREACHED
    assert clinic.ticket(orphan).timer is not None


def _breaks(*_: object) -> None:
    raise ValueError("a rule is broken")
