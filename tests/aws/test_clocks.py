"""Reminders, breaches and what follows them, as minutes pass."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, AUTHORIZATION, HOURS, REFILL
from tests.aws.senders import by_mail, by_phone, by_portal
from tests.aws.wire import Call, Fault
from tests.builders import AT_NIGHT, MEMBERS, a_policy, a_site, minutes
from triagewire.flow.policies import current_policy
from triagewire.ledger.event import Action
from triagewire.ticket import Status


def test_at_half_of_the_target_the_owner_is_reminded_once(clinic: Clinic) -> None:
    refill = clinic.ticket(clinic.take(by_portal(REFILL, clinic.now, "evt-1")))

    clinic.sweep(clinic.now + minutes(59))
    assert clinic.notices("reminder") == []
    clinic.pass_minutes(5)

    assert [each["person"] for each in clinic.notices("reminder")] == [refill.assignee]


def test_at_the_breach_the_lead_is_told_once_with_the_elapsed_time(clinic: Clinic) -> None:
    refill = clinic.ticket(clinic.take(by_portal(REFILL, clinic.now, "evt-1")))

    clinic.sweep(clinic.now + minutes(118))
    clinic.pass_minutes(5)

    (breach,) = clinic.notices("breach")
    assert breach["person"] == "nora"
    assert breach["text"].splitlines()[:4] == [
        f"BREACH for nora: ticket {refill.id}",
        "site north, team clinical, urgency 4",
        f"open for 2 h, held by {refill.assignee}",
        "due 2026-03-02 16:00 UTC",
    ]


def test_alerts_and_pages_go_to_topics_of_their_own(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.sweep(clinic.now + minutes(60))

    (reminder,) = clinic.notices("reminder")
    assert reminder["topic"].endswith(":alerts")


def test_after_a_breach_the_ladder_never_ends_in_silence(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.sweep(clinic.now + minutes(120))

    clinic.sweep(clinic.now + minutes(30))
    for _ in range(3):
        opening = clinic.now.replace(hour=13, minute=0) + minutes(24 * 60)
        clinic.sweep(opening)
        clinic.sweep(opening + minutes(30))

    told = [each["person"] for each in clinic.notices("ladder")]
    assert told == ["director"] + ["nora", "director"] * 3


@pytest.mark.parametrize(
    ("text", "due"),
    [
        (REFILL, "2026-03-02T16:00"),
        (AUTHORIZATION, "2026-03-02T17:00"),
        (APPOINTMENT, "2026-03-02T18:00"),
    ],
    ids=["refill within two hours", "authorisation within three", "appointment within four"],
)
def test_the_promise_is_that_of_the_category(clinic: Clinic, text: str, due: str) -> None:
    ticket = clinic.ticket(clinic.take(by_portal(text, clinic.now, "evt-1")))

    assert ticket.clock is not None
    assert ticket.clock.due_at.isoformat()[:16] == due


def test_at_night_no_minute_of_a_promise_passes(clinic: Clinic) -> None:
    clinic.now = AT_NIGHT
    clinic.take(by_phone(APPOINTMENT, AT_NIGHT, "call-1"))

    clinic.sweep(AT_NIGHT + minutes(300))

    assert clinic.wire.of("Publish") == []


def test_a_sweep_that_comes_an_hour_late_breaches_at_once_and_reports_it(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    result = clinic.sweep(clinic.now + minutes(185))

    assert clinic.actions(refill)[-1] is Action.BREACHED
    assert len(clinic.wire.of("Publish")) == 1
    assert (result["Due"], result["Late"], result["Failed"]) == (1, 1, 0)


def test_sweeping_again_and_again_at_one_moment_tells_nobody_twice(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.sweep(clinic.now + minutes(120))
    told = len(clinic.wire.of("Publish"))

    for _ in range(20):
        clinic.sweep()

    assert len(clinic.wire.of("Publish")) == told


def test_a_ticket_that_nobody_scored_is_scored_by_the_sweep(clinic: Clinic) -> None:
    clinic.post(by_portal(REFILL, clinic.now, "evt-1"))

    result = clinic.sweep(clinic.now + minutes(1))

    (ticket,) = clinic.tickets()
    assert result["Rescued"] == 1
    assert (ticket.team, ticket.assignee is None) == ("clinical", False)


def test_a_day_without_stream_is_caught_up_with_by_the_sweep(clinic: Clinic) -> None:
    for number in range(6):
        clinic.post(by_portal(HOURS if number % 2 else REFILL, clinic.now, f"evt-{number}"))
        clinic.now += timedelta(hours=3)

    clinic.sweep(clinic.now + timedelta(hours=25))

    assert all(ticket.verdict for ticket in clinic.tickets())


def test_one_ticket_that_cannot_be_served_does_not_keep_the_others_waiting(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.take(by_portal(REFILL, clinic.now, "evt-2", site="west"))
    clinic.now += minutes(400)

    with clinic.wire.failing(lambda _at, call: _fails_for(call, broken)):
        result = clinic.sweep()
        clinic.pass_minutes(3)  # the digest of the morning goes first

    assert result["Failed"] == 1
    assert [each["site"] for each in clinic.notices("breach")] == ["west"]


def test_the_heart_beats_only_when_every_ticket_was_served(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    capsys.readouterr()

    clinic.sweep()
    assert "EscalationHeartbeat" in capsys.readouterr().out
    clinic.now += minutes(60)
    with clinic.wire.failing(lambda _at, call: _fails_for(call, broken)):
        clinic.sweep()

    assert "EscalationHeartbeat" not in capsys.readouterr().out


def test_a_sweep_reads_no_ticket_that_is_not_due(clinic: Clinic) -> None:
    for number in range(5):
        clinic.take(by_portal(REFILL, clinic.now, f"evt-{number}", site="north"))
    clinic.wire.calls.clear()

    clinic.sweep(clinic.now + minutes(1))

    assert clinic.wire.of("UpdateItem") == []
    assert clinic.wire.of("BatchGetItem") == []
    read = {str(each["Key"]["pk"]["S"]).partition("#")[0] for each in clinic.wire.of("GetItem")}
    assert "TICKET" not in read


def test_a_notice_whose_sending_failed_is_sent_again_by_the_next_sweep(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(60)
    with clinic.wire.failing(lambda _at, call: _after(call.operation, "Publish")):
        clinic.sweep()

    clinic.sweep(clinic.now + timedelta(seconds=10))
    clinic.sweep(clinic.now + timedelta(seconds=50))

    reminders = clinic.notices("reminder")
    assert len(reminders) == 2
    assert len({each["notice"] for each in reminders}) == 1


def test_two_sweeps_at_once_tell_everybody_once(clinic: Clinic) -> None:
    for number in range(4):
        clinic.take(by_mail(REFILL, clinic.now, f"mail-{number}", email=f"p{number}@mail.example"))
    clinic.now += minutes(60)

    with ThreadPoolExecutor(3) as runs:
        list(runs.map(lambda _run: clinic.sweep(), range(3)))

    told = [each for who in MEMBERS for each in clinic.told(who)]
    sent = [each["notice"] for each in clinic.notices("reminder")]
    assert len(told) == len(set(told)) == 4
    assert len(sent) == len(set(sent))


def test_an_edited_policy_does_not_move_a_running_promise(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    before = clinic.ticket(refill).clock
    short = replace(
        a_site().targets, clinical_standard=replace(a_site().targets.clinical_standard, minutes=5)
    )
    clinic.publish(a_policy(site=a_site(targets=short)))

    clinic.pass_minutes(30)

    assert clinic.ticket(refill).clock == before
    assert clinic.notices("breach") == []


def _fails_for(call: Call, ticket_id: str) -> Fault | None:
    """Whatever is written of a ticket is refused."""
    writes = call.operation == "TransactWriteItems" and ticket_id in str(call.arguments)
    return Fault.REFUSED if writes else None


def _after(operation: str, failing: str) -> Fault | None:
    return Fault.LOST if operation == failing else None


def test_what_was_resolved_is_closed_though_its_site_has_left_the_policy(clinic: Clinic) -> None:
    refill = clinic.ticket(clinic.take(by_portal(REFILL, clinic.now, "evt-1")))
    clinic.resolve(refill.id, str(refill.assignee))
    group = a_policy()
    clinic.publish(replace(group, sites={"west": group.sites["west"]}))
    current_policy.cache_clear()

    swept = clinic.sweep(clinic.now + timedelta(days=30))

    assert swept["Failed"] == 0
    assert clinic.ticket(refill.id).status is Status.CLOSED
