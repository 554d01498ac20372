"""A recording waits for its words; in whatever order the two come, they are one ticket."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.aws.arriving import arrives, mailed
from tests.aws.clinic import Clinic, running
from tests.aws.said import CHEST_PAIN, REFILL, UNCLEAR
from tests.aws.senders import by_portal
from tests.builders import MONDAY_MORNING, a_requester, a_stamp, an_arrival, minutes
from triagewire import aws
from triagewire.arrival import Arrival, Channel, Requester, RequesterKind
from triagewire.flow.receive import receive
from triagewire.ids import ticket_id
from triagewire.ledger.event import Action
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status, Ticket

CALLER = a_requester(patient_id=None, email=None, name=None, date_of_birth=None)
HIDDEN = Requester()
STAFF_LINE = Requester(kind=RequesterKind.PATIENT, phone="+15550109999")
SECOND = timedelta(seconds=1)


def recording(caller: Requester = CALLER, **changes: object) -> Arrival:
    """The recording of a call whose transcription is to come; `said` knows no empty text."""
    stated = {"text": UNCLEAR, "remarks": ("voicemail, its words follow",), "awaits": True}
    return call("REC-1", caller, **(stated | changes))


def words(text: str = REFILL, caller: Requester = CALLER, **changes: object) -> Arrival:
    """The transcription of the same call."""
    return call("TRANSCRIPT-1", caller, **({"text": text} | changes))


def call(event_id: str, caller: Requester, **changes: object) -> Arrival:
    stated = {"source": "phone", "channel": Channel.PHONE, "subject": "", "thread": "REC-1"}
    return an_arrival(event_id=event_id, requester=caller, **(stated | changes))


def standing(clinic: Clinic) -> Ticket:
    """The one ticket that there is beside merged ones."""
    (ticket,) = [each for each in clinic.tickets() if each.status is not Status.MERGED]
    return ticket


def test_a_recording_waits_three_minutes_for_its_words(clinic: Clinic) -> None:
    waiting = arrives(clinic, recording())

    ticket = clinic.ticket(waiting)
    assert ticket.status is Status.NEW
    assert ticket.timer is not None
    assert ticket.timer.at == clinic.now + minutes(3)


def test_its_words_take_it_in_and_need_no_review(clinic: Clinic) -> None:
    waiting = arrives(clinic, recording())
    clinic.now += minutes(1)
    arrives(clinic, words())

    ticket = standing(clinic)
    assert (ticket.team, ticket.in_review) == ("clinical", False)
    assert clinic.ticket(waiting).merged_into == ticket.id
    assert clinic.actions(waiting) == [Action.RECEIVED, Action.MERGED]


def test_the_promise_runs_from_the_recording(clinic: Clinic) -> None:
    arrives(clinic, recording())
    clinic.now += minutes(2)
    arrives(clinic, words())

    ticket = standing(clinic)
    assert ticket.received_at == MONDAY_MORNING
    assert ticket.clock is not None
    assert ticket.clock.started_at == MONDAY_MORNING


def test_urgent_words_page_at_once_and_once(clinic: Clinic) -> None:
    arrives(clinic, recording())
    clinic.now += minutes(1)
    arrives(clinic, words(CHEST_PAIN))
    clinic.sweep(clinic.now + minutes(3))

    assert len(clinic.paged()) == 1


def test_words_that_come_first_take_the_recording_in_silently(clinic: Clinic) -> None:
    first = arrives(clinic, words())
    before = clinic.ticket(first)
    clinic.now += minutes(1)
    arrives(clinic, recording())

    after = standing(clinic)
    assert (after.id, after.verdict, after.clock, after.assignee, after.status) == (
        first,
        before.verdict,
        before.clock,
        before.assignee,
        Status.ROUTED,
    )


def test_a_recording_whose_ticket_is_resolved_already_reopens_nothing(clinic: Clinic) -> None:
    first = arrives(clinic, words())
    clinic.resolve(first, "nora")
    arrives(clinic, recording())

    assert standing(clinic).status is Status.RESOLVED


def test_without_words_it_is_scored_as_it_is_when_its_time_is_over(clinic: Clinic) -> None:
    waiting = arrives(clinic, recording())
    clinic.sweep(clinic.now + minutes(2))
    assert clinic.ticket(waiting).status is Status.NEW

    result = clinic.sweep(clinic.now + minutes(1))

    assert clinic.ticket(waiting).in_review
    assert result["Rescued"] == 0


@pytest.mark.parametrize("caller", [CALLER, HIDDEN], ids=["a number", "a hidden number"])
def test_words_that_come_late_land_on_the_recording_under_review(
    clinic: Clinic, caller: Requester
) -> None:
    waiting = arrives(clinic, recording(caller))
    clinic.sweep(clinic.now + minutes(3))
    clinic.now += minutes(30)
    arrives(clinic, words(caller=caller))

    assert standing(clinic).id == waiting


def test_words_of_another_phone_take_in_nobodys_recording(clinic: Clinic) -> None:
    waiting = arrives(clinic, recording())
    other = arrives(clinic, words(caller=STAFF_LINE))

    assert clinic.ticket(waiting).status is Status.NEW
    assert clinic.ticket(other).linked == (waiting,)


def test_words_that_repeat_an_open_ticket_bring_the_recording_along(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(5)
    waiting = arrives(clinic, recording())
    arrives(clinic, words())

    assert standing(clinic).id == refill
    assert clinic.ticket(waiting).merged_into == refill


def test_mail_in_between_is_another_ticket(clinic: Clinic) -> None:
    arrives(clinic, recording())
    arrives(clinic, mailed(REFILL, "m-1", thread="REC-1"))

    assert len([each for each in clinic.tickets() if each.status is not Status.MERGED]) == 2


delays = st.integers(0, 600)


@settings(max_examples=25)
@given(
    begun=st.tuples(delays, delays),
    lag=st.tuples(st.integers(0, 300), st.integers(0, 300)),
    caller=st.sampled_from([CALLER, HIDDEN]),
    text=st.sampled_from([REFILL, CHEST_PAIN, UNCLEAR]),
)
def test_in_every_order_and_after_every_delay_they_are_exactly_one_ticket(
    begun: tuple[int, int], lag: tuple[int, int], caller: Requester, text: str
) -> None:
    """`begun` says when recording and words come in, `lag` how late the stream hands each over."""
    with running() as clinic:
        swept = clinic.now
        for at, happen in _happenings(clinic, begun, lag, (recording(caller), words(text, caller))):
            while swept + minutes(1) <= at:
                swept += minutes(1)
                clinic.sweep(swept)
            clinic.now = at
            happen()
        clinic.pass_minutes(5)
        clinic.settle()

        ticket = standing(clinic)
        assert ticket.status is Status.ROUTED
        assert {*ticket.merged_from, ticket.id} == {each.id for each in clinic.tickets()}
        assert ticket.received_at == MONDAY_MORNING + min(begun) * SECOND
        assert ticket.urgency >= {REFILL: 4, CHEST_PAIN: 5, UNCLEAR: 4}[text]
        assert bool(clinic.paged()) is (text == CHEST_PAIN)


def _happenings(
    clinic: Clinic, begun: tuple[int, int], lag: tuple[int, int], both: tuple[Arrival, Arrival]
) -> list[tuple[datetime, Callable[[], object]]]:
    """What happens when, in order: each is stored, and later handed to score_route."""
    found: list[tuple[datetime, Callable[[], object]]] = []
    for at, late, arrival in zip(begun, lag, both, strict=True):
        stored = partial(_store, clinic, arrival)
        handed = partial(_hand_over, clinic, arrival)
        found.append((MONDAY_MORNING + at * SECOND, stored))
        found.append((MONDAY_MORNING + (at + late) * SECOND, handed))
    return sorted(found, key=lambda each: each[0])


def _store(clinic: Clinic, arrival: Arrival) -> None:
    receive(aws.tables(), arrival, a_stamp(clinic.now))


def _hand_over(clinic: Clinic, arrival: Arrival) -> None:
    own = ticket_pk(ticket_id(arrival.site, arrival.source, arrival.event_id))
    records = [each for each in clinic.records() if each["dynamodb"]["Keys"]["pk"]["S"] == own]
    assert clinic.hand_over(records) == []
