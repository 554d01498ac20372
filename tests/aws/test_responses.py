"""The promise that a person answers: who keeps it, what ends with it, and when the next begins."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.aws.clinic import Clinic
from tests.aws.deployment import forget
from tests.aws.said import APPOINTMENT, CHEST_PAIN, REFILL
from tests.aws.senders import by_mail, by_portal
from tests.builders import EIGHT_TO_FIVE, MEMBERS, TARGETS, a_policy, a_requester, a_site, minutes
from triagewire.clock.promise import PauseReason
from triagewire.ledger.event import Action
from triagewire.policy.roster import Leave
from triagewire.policy.targets import Target
from triagewire.ticket import Status

SETTLED = replace(
    TARGETS, clinical_standard=Target(minutes=480), administrative_standard=Target(minutes=960)
)

TUESDAY = Leave(begins=date(2026, 3, 3), ends=date(2026, 3, 3))


@pytest.fixture
def promising(clinic: Clinic) -> Clinic:
    """A clinic that also promises when a need is settled."""
    clinic.publish(a_policy(site=a_site(resolution=SETTLED)))
    return clinic


def counted(clinic: Clinic, ticket_id: str, action: Action) -> int:
    """How often something happened to a ticket."""
    return clinic.actions(ticket_id).count(action)


def test_an_automatic_reply_is_no_answer_and_the_promise_runs_on(promising: Clinic) -> None:
    asked = promising.take(by_mail(APPOINTMENT, promising.now, "mail-1"))
    assert Action.REPLY_SENT in promising.actions(asked)

    promising.sweep(promising.now + minutes(240))

    ticket = promising.ticket(asked)
    assert ticket.responded_at is None
    assert ticket.clock is not None
    assert ticket.clock.stopped_at is None
    assert ticket.escalation.breached_at == promising.now


def test_once_a_person_has_answered_nobody_is_reminded_or_told_of_a_breach(
    promising: Clinic,
) -> None:
    refill = promising.take(by_portal(REFILL, promising.now, "evt-1"))
    promising.now += minutes(30)
    promising.respond(refill, "nick")

    promising.sweep(promising.now + minutes(100))

    assert promising.notices("reminder") == promising.notices("breach") == []


def test_that_the_need_is_settled_stays_promised_after_the_answer(promising: Clinic) -> None:
    refill = promising.take(by_portal(REFILL, promising.now, "evt-1"))
    owner = promising.ticket(refill).assignee or ""
    promising.respond(refill, owner)

    promising.sweep(promising.now + minutes(240))
    promising.sweep(promising.now + minutes(240))
    assert promising.notices("breach") == []  # the clinic has just closed: it waits for the morning
    promising.sweep(promising.now + minutes(15 * 60))

    assert [each["person"] for each in promising.notices("reminder")] == [owner]
    assert [each["person"] for each in promising.notices("breach")] == ["nora"]


def test_an_answer_ends_the_pages_for_good(promising: Clinic) -> None:
    pain = promising.take(by_portal(CHEST_PAIN, promising.now, "evt-1"))
    promising.pass_minutes(6)
    paged = len(promising.paged())
    assert paged >= 2

    promising.respond(pain, "nick")
    promising.pass_minutes(30)

    assert len(promising.paged()) == paged


def test_each_promise_is_breached_once_however_long_it_takes(promising: Clinic) -> None:
    refill = promising.take(by_portal(REFILL, promising.now, "evt-1"))

    for _ in range(30):
        promising.sweep(promising.now + minutes(60))

    breaches = [each for each in promising.ledger(refill) if each.action is Action.BREACHED]
    assert [each.detail["target"] for each in breaches] == ["first_response", "resolution"]


def test_who_was_answered_and_writes_again_is_promised_another_answer(promising: Clinic) -> None:
    refill = promising.take(by_portal(REFILL, promising.now, "evt-1"))
    promising.respond(refill, "nick")
    answered_at, written_at = promising.now, promising.now + minutes(60)
    promising.now = written_at
    promising.post(by_portal(REFILL, promising.now, "evt-2", occurred=written_at))
    promising.settle()

    ticket = promising.ticket(refill)
    assert ticket.clock is not None
    assert (ticket.clock.started_at, ticket.clock.stopped_at) == (written_at, None)
    assert ticket.responded_at == answered_at
    assert ticket.resolution is not None
    assert ticket.resolution.started_at == answered_at


def test_the_next_answer_can_be_late_once_too(promising: Clinic) -> None:
    promising.publish(a_policy(site=a_site(resolution=SETTLED, merge_window_minutes=300)))
    forget()
    refill = promising.take(by_portal(REFILL, promising.now, "evt-1"))
    promising.sweep(promising.now + minutes(120))
    promising.respond(refill, "nick")
    promising.now += minutes(10)
    promising.post(by_portal(REFILL, promising.now, "evt-2", occurred=promising.now))
    promising.settle()

    promising.sweep(promising.now + minutes(120))
    promising.sweep(promising.now + minutes(5))

    assert counted(promising, refill, Action.BREACHED) == 2


def test_what_waits_is_woken_by_its_timer_with_its_weight_and_tells_nobody(
    promising: Clinic,
) -> None:
    refill = promising.take(by_portal(REFILL, promising.now, "evt-1"))
    owner = promising.ticket(refill).assignee or ""
    tomorrow = promising.now + timedelta(days=1)
    promising.wait(refill, owner, PauseReason.REQUESTER, tomorrow)
    promising.wire.calls.clear()

    promising.sweep(tomorrow - minutes(1))
    assert promising.ticket(refill).status is Status.WAITING
    promising.sweep(tomorrow)

    ticket = promising.ticket(refill)
    assert (ticket.status, ticket.assignee) == (Status.ACCEPTED, owner)
    assert promising.loads("clinical")[owner] == 4
    assert promising.actions(refill)[-1] is Action.WOKEN
    assert promising.wire.of("Publish") == []


@pytest.mark.parametrize(
    ("change", "heir"),
    [
        pytest.param({"away": True}, "nell", id="away"),
        pytest.param({"leave": (TUESDAY,)}, "nell", id="on leave"),
        pytest.param({"leave": (TUESDAY,), "substitute": "rhea"}, "rhea", id="with a substitute"),
        pytest.param({"week": {"wed": EIGHT_TO_FIVE}}, "nick", id="only off shift"),
    ],
)
def test_what_wakes_goes_to_somebody_else_if_its_owner_is_not_there(
    promising: Clinic, change: dict[str, Any], heir: str
) -> None:
    refill = promising.take(by_portal(REFILL, promising.now, "evt-1"))
    tomorrow = promising.now + timedelta(days=1)
    assert promising.ticket(refill).assignee == "nick"
    promising.wait(refill, "nick", PauseReason.PAYER, tomorrow)
    members = MEMBERS | {"nick": replace(MEMBERS["nick"], **change)}
    promising.publish(a_policy(site=a_site(members=members, resolution=SETTLED)))
    forget()

    promising.sweep(tomorrow)

    ticket = promising.ticket(refill)
    assert (ticket.assignee, ticket.at_work) == (heir, True)
    assert promising.loads("clinical").get("nick", 0) == (4 if heir == "nick" else 0)
    assert promising.loads("clinical")[heir] == 4


def test_a_wait_is_no_minute_of_either_promise(promising: Clinic) -> None:
    refill = promising.take(by_portal(REFILL, promising.now, "evt-1"))
    before = promising.ticket(refill)
    assert before.clock is not None
    promising.now += minutes(10)
    promising.wait(refill, "nick", PauseReason.PAYER, promising.now + minutes(60))
    promising.sweep(promising.now + minutes(60))

    after = promising.ticket(refill)
    assert after.clock is not None
    assert after.clock.due_at == before.clock.due_at + minutes(60)


def test_of_two_sweeps_at_the_end_of_a_wait_one_wakes_the_ticket(promising: Clinic) -> None:
    refill = promising.take(by_portal(REFILL, promising.now, "evt-1"))
    owner = promising.ticket(refill).assignee or ""
    promising.wait(refill, owner, PauseReason.VENDOR, promising.now + minutes(60))

    promising.sweep(promising.now + minutes(60))
    promising.sweep()

    assert counted(promising, refill, Action.WOKEN) == 1
    assert promising.loads("clinical")[owner] == 4


def test_who_writes_wakes_the_ticket_that_waited_for_them(promising: Clinic) -> None:
    refill = promising.take(by_portal(REFILL, promising.now, "evt-1"))
    owner = promising.ticket(refill).assignee or ""
    promising.wait(refill, owner, PauseReason.REQUESTER, promising.now + timedelta(days=2))
    promising.now += minutes(20)
    promising.post(by_portal(REFILL, promising.now, "evt-2", occurred=promising.now))
    promising.settle()

    ticket = promising.ticket(refill)
    assert (ticket.status, ticket.wake_at) == (Status.ACCEPTED, None)
    assert promising.loads("clinical")[owner] == 4


def test_who_resolves_makes_room_for_what_lies_in_the_queue(promising: Clinic) -> None:
    members = {
        "nick": replace(MEMBERS["nick"], capacity=4),
        **{name: each for name, each in MEMBERS.items() if name not in ("nick", "nell", "rhea")},
        "rhea": replace(MEMBERS["rhea"], teams=("review",)),
    }
    promising.publish(a_policy(site=a_site(members=members, resolution=SETTLED)))
    first = promising.take(by_portal(REFILL, promising.now, "evt-1"))
    other = replace(a_requester(), patient_id="MRN-9", name="Leo Brand", email=None, phone=None)
    second = promising.take(by_portal(REFILL, promising.now, "evt-2", other))
    assert [promising.ticket(each).assignee for each in (first, second)] == ["nick", None]

    promising.resolve(first, "nick")

    assert promising.ticket(second).assignee == "nick"
