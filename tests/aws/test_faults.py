"""Every call to AWS refused, answered into the void, or the last thing a function did.

Whatever befalls one call, once sender, stream and schedule have come again the clinic is as if
nothing had happened.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from tests.aws.clinic import Clinic, running
from tests.aws.replying import hand_queue_over
from tests.aws.said import CHEST_PAIN, HOURS, MIXED, REFILL, WORSE
from tests.aws.senders import by_phone, by_portal, unreadable
from tests.aws.wire import Died, Fault
from tests.builders import AT_NIGHT, minutes
from triagewire import aws
from triagewire.flow.send import LEASE
from triagewire.ledger.event import Action
from triagewire.store.loads import read_loads
from triagewire.ticket import Status

FAULTS = [Fault.REFUSED, Fault.LOST, Fault.DIES_BEFORE, Fault.DIES_AFTER, Fault.CONFLICT]
WRITES = {"TransactWriteItems", "UpdateItem", "Publish", "SendEmail"}
every_fault = pytest.mark.parametrize("fault", FAULTS)

type Deed = Callable[[Clinic], object]


def each_call(prepare: Deed, deed: Deed, fault: Fault) -> Iterator[Clinic]:
    """The clinic after `deed`, once for each of its calls that the fault has struck."""
    with running() as clinic:
        prepare(clinic)
        begin_again = clinic.remember()
        clinic.wire.calls.clear()
        deed(clinic)
        for nth in _struck(fault, [call.operation for call in clinic.wire.calls]):
            begin_again()
            with clinic.wire.faulty(fault, nth), suppress(Died, ClientError, ReadTimeoutError):
                deed(clinic)
            yield clinic
            clinic.check()


def _struck(fault: Fault, operations: Sequence[str]) -> Iterator[int]:
    """The calls at which the fault differs from one at another call.

    A read whose answer is lost is one that failed, and of a run of reads the first stands for all.
    """
    before = ""
    for at, operation in enumerate(operations):
        if fault is Fault.CONFLICT:
            strikes = operation == "TransactWriteItems"
        elif fault is Fault.REFUSED:
            strikes = operation in WRITES or operation != before
        else:
            strikes = operation in WRITES
        before = operation
        if strikes:
            yield at


def nothing(_clinic: Clinic) -> None:
    """The functions are cold, the tables empty."""


def loads_fit(clinic: Clinic) -> bool:
    """Whether every member carries the weight of what they hold, and nothing else."""
    held: dict[str, int] = {}
    for ticket in clinic.tickets():
        if ticket.assignee and ticket.is_open:
            held[ticket.assignee] = held.get(ticket.assignee, 0) + ticket.load
    loads = read_loads(aws.tables(), "north")
    carried = {member: load.weight for member, load in loads.items() if load.weight}
    return carried == held


def recover(clinic: Clinic) -> None:
    """The stream hands over again what failed, and the next minute comes."""
    clinic.settle()
    clinic.pass_minutes(1)
    clinic.settle()


@every_fault
def test_a_webhook_is_durable_before_its_answer_and_makes_one_ticket(fault: Fault) -> None:
    answers: list[int] = []

    def post(clinic: Clinic) -> None:
        answers.append(0)
        answers[-1] = clinic.post(by_portal(REFILL, clinic.now, "evt-1"))["statusCode"]

    for clinic in each_call(nothing, post, fault):
        assert answers[-1] in {0, 202, 503}
        if answers[-1] == 202:
            assert len(clinic.tickets()) == 1

        again = clinic.post(by_portal(REFILL, clinic.now + minutes(1), "evt-1"))

        assert again["statusCode"] == 202
        (ticket,) = clinic.tickets()
        assert clinic.actions(ticket.id) == [Action.RECEIVED]
        assert len(clinic.said(ticket.id)) == 1


@every_fault
def test_an_unreadable_body_is_kept_once(fault: Fault) -> None:
    def post(clinic: Clinic) -> None:
        clinic.post(unreadable(clinic.now, "evt-1", {"type": "lab_result.created"}))

    for clinic in each_call(nothing, post, fault):
        post(clinic)

        assert len(clinic.tickets()) == 1
        kept = [item for item in clinic.items() if item["pk"]["S"] == "QUARANTINE#north"]
        assert len(kept) == 1


@every_fault
def test_chest_pain_is_routed_once_and_paged_within_a_minute(fault: Fault) -> None:
    def at_night(clinic: Clinic) -> None:
        clinic.now = AT_NIGHT
        clinic.post(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))

    for clinic in each_call(at_night, _hand_over, fault):
        recover(clinic)

        (ticket,) = clinic.tickets()
        assert (ticket.status, ticket.team) == (Status.ROUTED, "clinical")
        assert {notice["notice"] for notice in clinic.notices("page")} == {
            f"{ticket.id}-1-page-dr-okafor"
        }
        assert clinic.actions(ticket.id).count(Action.PAGED) == 1
        assert clinic.actions(ticket.id).count(Action.ROUTED) == 1


@every_fault
def test_a_worse_duplicate_is_merged_once_pages_and_weighs_on_one_owner(fault: Fault) -> None:
    def refill_then_worse(clinic: Clinic) -> None:
        clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
        clinic.now += minutes(5)
        clinic.post(by_phone(WORSE, clinic.now, "call-1"))

    for clinic in each_call(refill_then_worse, _hand_over, fault):
        recover(clinic)

        survivor, newcomer = clinic.tickets()
        assert (newcomer.status, survivor.merged_from) == (Status.MERGED, (newcomer.id,))
        assert set(clinic.paged()) == {survivor.assignee}
        assert loads_fit(clinic)


@every_fault
def test_a_second_need_opens_exactly_one_linked_ticket(fault: Fault) -> None:
    def mixed(clinic: Clinic) -> None:
        clinic.post(by_portal(MIXED, clinic.now, "evt-1"))

    for clinic in each_call(mixed, _hand_over, fault):
        recover(clinic)

        assert sorted(ticket.team or "" for ticket in clinic.tickets()) == ["billing", "clinical"]
        assert clinic.mails() == []
        assert loads_fit(clinic)


@every_fault
def test_a_question_is_answered_and_recorded_once(fault: Fault) -> None:
    def question_with_its_answer_queued(clinic: Clinic) -> None:
        clinic.post(by_portal(HOURS, clinic.now, "evt-1"))
        clinic.hand_over(clinic.records())

    for clinic in each_call(question_with_its_answer_queued, _hand_over, fault):
        recover(clinic)
        clinic.pass_minutes(LEASE // minutes(1) + 1)  # who had taken it may have died with it
        hand_queue_over(clinic)

        (ticket,) = clinic.tickets()
        assert ticket.status is Status.RESOLVED
        assert clinic.actions(ticket.id).count(Action.REPLY_SENT) == 1
        assert 1 <= len(clinic.mails()) <= 2


@every_fault
def test_a_breach_is_recorded_once_and_told_under_one_id(fault: Fault) -> None:
    def refill_two_hours_ago(clinic: Clinic) -> None:
        clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
        clinic.now += minutes(120)

    for clinic in each_call(refill_two_hours_ago, Clinic.sweep, fault):
        recover(clinic)

        (ticket,) = clinic.tickets()
        assert clinic.actions(ticket.id).count(Action.BREACHED) == 1
        assert len({notice["notice"] for notice in clinic.notices("breach")}) == 1


def _hand_over(clinic: Clinic) -> None:
    clinic.hand_over(clinic.records())
