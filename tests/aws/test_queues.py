"""What staff find in their queues, and who gets what when many routers work at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, CHEST_PAIN, HOURS, REFILL, UNCLEAR
from tests.aws.senders import by_mail, by_portal
from tests.builders import a_policy, a_site, minutes
from triagewire import aws
from triagewire.policy.roster import Member
from triagewire.store.queues import read_queue
from triagewire.store.tickets import load_tickets
from triagewire.ticket import REVIEW, Status

NURSES = {f"nurse-{number}": Member(name="N", teams=("clinical",)) for number in range(4)}


def queue(team: str, limit: int = 100, site: str = "north") -> list[str]:
    found = read_queue(aws.tables(), site, team, most=limit)
    return [entry.ticket_id for entry in found.entries]


def writes(clinic: Clinic, text: str, number: int) -> str:
    """Somebody else writes each time, a minute later each time."""
    clinic.now += minutes(1)
    return clinic.take(by_mail(text, clinic.now, f"mail-{number}", email=f"p{number}@mail.example"))


def test_a_queue_shows_the_most_urgent_first_and_then_what_is_due_first(clinic: Clinic) -> None:
    first, second, worst = (
        writes(clinic, text, number) for number, text in enumerate((REFILL, REFILL, CHEST_PAIN))
    )

    assert queue("clinical") == [worst, first, second]


def test_a_queue_shows_no_more_than_was_asked_for(clinic: Clinic) -> None:
    for number in range(3):
        writes(clinic, REFILL, number)

    assert len(queue("clinical", limit=2)) == 2


def test_a_ticket_that_is_resolved_leaves_its_queue(clinic: Clinic) -> None:
    refill = writes(clinic, REFILL, 1)

    clinic.resolve(refill, "nora")

    assert queue("clinical") == []


def test_a_ticket_that_was_merged_stands_in_no_queue(clinic: Clinic) -> None:
    first = clinic.take(by_mail(REFILL, clinic.now, "mail-1"))
    clinic.take(by_mail(REFILL, clinic.now, "mail-2"))

    assert queue("clinical") == [first]


def test_an_answered_question_stands_in_no_queue(clinic: Clinic) -> None:
    writes(clinic, HOURS, 1)

    assert queue("scheduling") == []


def test_queues_of_two_sites_are_apart(clinic: Clinic) -> None:
    clinic.take(by_portal(UNCLEAR, clinic.now, "evt-1", site="west"))

    assert queue(REVIEW) == []
    assert len(queue(REVIEW, site="west")) == 1


def test_more_tickets_than_one_read_takes_are_all_found(clinic: Clinic) -> None:
    one = writes(clinic, APPOINTMENT, 1)

    found = load_tickets(aws.tables(), [one, *(f"NOBODY-{number}" for number in range(150))])

    assert list(found) == [one]


@pytest.mark.parametrize("text", [REFILL, CHEST_PAIN])
def test_many_routers_at_once_spread_the_work_and_give_nothing_to_two(
    clinic: Clinic, text: str
) -> None:
    clinic.publish(a_policy(site=a_site(members=NURSES | {"nora": Member(name="Nora")})))
    for number in range(16):
        clinic.post(by_mail(text, clinic.now, f"mail-{number}", email=f"p{number}@mail.example"))
    records = clinic.records()

    with ThreadPoolExecutor(4) as routers:
        list(routers.map(clinic.hand_over, [records[at::4] for at in range(4)]))
    clinic.settle()

    weight = int(clinic.tickets()[0].urgency)
    assert set(clinic.loads("clinical").values()) == {4 * weight}
    assert [ticket.status for ticket in clinic.tickets()] == [Status.ROUTED] * 16
