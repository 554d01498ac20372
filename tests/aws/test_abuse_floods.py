"""One event in many copies, and fifty at the same moment: one ticket, a bounded cost, and
nobody else waits for it (F1, F19, I1).
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.aws.clinic import Clinic
from tests.aws.said import REFILL
from tests.aws.senders import by_form, by_portal
from tests.builders import minutes
from triagewire.ledger.event import Action

AT_ONCE = 50
COPIES = 60


def test_fifty_copies_at_the_same_moment_are_one_ticket_and_equal_answers(clinic: Clinic) -> None:
    clinic.post(by_form(REFILL, clinic.now, "warm"))
    event = by_portal(REFILL, clinic.now, "evt-1")
    together = Barrier(AT_ONCE)

    def post(_number: int) -> tuple[int, str]:
        together.wait()
        answer = clinic.post(event)
        return answer["statusCode"], answer["body"]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = Counter(pool.map(post, range(AT_ONCE)))

    taken = {answer: times for answer, times in answers.items() if answer[0] == 202}
    assert len(taken) == 1
    assert all(status in {202, 503} for status, _ in answers)
    assert len(clinic.tickets()) == 2
    assert clinic.actions(clinic.newest()).count(Action.RECEIVED) == 1


def test_a_copy_costs_the_same_however_many_there_were(clinic: Clinic) -> None:
    clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
    costs = []
    for _ in range(COPIES):
        clinic.wire.calls.clear()
        clinic.now += minutes(1)  # within the limit of the source
        assert clinic.post(by_portal(REFILL, clinic.now, "evt-1"))["statusCode"] == 202
        costs.append(Counter(call.operation for call in clinic.wire.calls))

    (ticket,) = clinic.tickets()
    assert costs[1] == costs[-1]
    assert sum(costs[-1].values()) <= 4
    assert clinic.actions(ticket.id) == [Action.RECEIVED]
    assert len(clinic.said(ticket.id)) == 1


def test_what_another_source_sends_in_a_flood_costs_what_it_always_does(clinic: Clinic) -> None:
    clinic.post(by_form(REFILL, clinic.now, "warm"))
    clinic.wire.calls.clear()
    clinic.post(by_form(REFILL, clinic.now, "calm"))
    calm = [call.operation for call in clinic.wire.calls]
    for number in range(COPIES):
        clinic.post(by_portal(REFILL, clinic.now, f"evt-{number}"))

    clinic.wire.calls.clear()
    answer = clinic.post(by_form(REFILL, clinic.now, "meanwhile"))

    assert answer["statusCode"] == 202
    assert [call.operation for call in clinic.wire.calls] == calm
