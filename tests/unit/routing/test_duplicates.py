"""Whether a newcomer repeats an open ticket, decided from locks."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.builders import MONDAY_MORNING, a_requester, a_ticket, minutes
from triagewire.routing.duplicates import Finding, Lock, Sighting, find_duplicate
from triagewire.routing.person import Identity
from triagewire.ticket import ANSWERED_AUTOMATICALLY, Status, Ticket

WINDOW = timedelta(hours=2)
NOW = MONDAY_MORNING + minutes(20)
PATIENT = Identity("patient", "mrn-4401")
PHONE = Identity("phone", "5550107744")
FIRST = a_ticket(id="FIRST")
NEWCOMER = a_ticket(id="NEWCOMER", at=NOW)
CHILD = a_requester(name="Ben Marlow", patient_id="MRN-9", date_of_birth=None)


def seen(identity: Identity, ticket: Ticket | None, **changes: object) -> Sighting:
    """An identity with a live lock for a ticket, or with none."""
    if ticket is None:
        return Sighting(identity=identity, identity_hash=identity.kind)
    lock = Lock(
        site="north",
        identity_hash=identity.kind,
        topic="refill",
        ticket_id=ticket.id,
        expires=MONDAY_MORNING + WINDOW,
    )
    lock = replace(lock, **changes)  # type: ignore[arg-type]
    return Sighting(identity=identity, identity_hash=identity.kind, lock=lock, ticket=ticket)


def find(*sightings: Sighting, newcomer: Ticket = NEWCOMER) -> Finding:
    return find_duplicate(newcomer, "refill", sightings, NOW, WINDOW)


def test_the_same_patient_about_the_same_topic_is_a_duplicate() -> None:
    assert find(seen(PATIENT, FIRST)).survivor == FIRST


def test_a_phone_alone_joins_who_does_not_contradict() -> None:
    assert find(seen(PHONE, FIRST)).survivor == FIRST


def test_mother_and_child_on_one_phone_are_never_joined() -> None:
    child = replace(NEWCOMER, requester=CHILD)

    assert find(seen(PHONE, FIRST), newcomer=child).survivor is None


def test_a_phone_that_two_people_use_joins_nobody_any_more() -> None:
    child = replace(NEWCOMER, requester=CHILD)
    (lock,) = find(seen(PHONE, FIRST), newcomer=child).locks

    nameless = replace(NEWCOMER, requester=a_requester(name=None, patient_id=None))
    later = seen(PHONE, child, shared=lock.shared)

    assert find(later, newcomer=nameless).survivor is None


def test_two_people_behind_a_phone_are_noticed_even_when_one_is_served_already() -> None:
    served = replace(FIRST, status=Status.RESOLVED, timer=None)
    child = replace(NEWCOMER, requester=CHILD)

    (lock,) = find(seen(PHONE, served), newcomer=child).locks

    assert lock.shared


def test_the_record_number_decides_before_the_phone() -> None:
    other = a_ticket(id="OTHER", requester=a_requester(patient_id=None))

    assert find(seen(PHONE, other), seen(PATIENT, FIRST)).survivor == FIRST


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.MERGED])
def test_a_ticket_that_is_closed_takes_nothing_in(status: Status) -> None:
    closed = replace(FIRST, status=status, timer=None)

    assert find(seen(PATIENT, closed)).survivor is None


def test_after_the_window_the_same_topic_is_a_new_need() -> None:
    assert find(seen(PATIENT, FIRST, expires=NOW)).survivor is None


def test_the_window_begins_with_the_first_message_and_no_repetition_prolongs_it() -> None:
    sighting = seen(PATIENT, FIRST)
    (lock,) = find(sighting).locks

    assert sighting.lock is not None
    assert lock.expires == sighting.lock.expires


def test_a_question_that_a_robot_answered_within_the_window_is_for_a_person_next() -> None:
    answered = replace(FIRST, status=Status.RESOLVED, outcome=ANSWERED_AUTOMATICALLY)

    finding = find(seen(PATIENT, answered))

    assert (finding.survivor, finding.answered) == (None, True)


def test_every_identity_of_the_newcomer_stands_for_the_survivor_afterwards() -> None:
    finding = find(seen(PATIENT, FIRST), seen(PHONE, None))

    assert [lock.ticket_id for lock in finding.locks] == ["FIRST", "FIRST"]


def test_a_first_message_locks_its_identities_for_itself() -> None:
    finding = find(seen(PATIENT, None), seen(PHONE, None))

    assert {(lock.ticket_id, lock.version) for lock in finding.locks} == {("NEWCOMER", 1)}


def test_each_lock_replaces_the_one_it_was_decided_from() -> None:
    (lock,) = find(seen(PATIENT, FIRST, version=4)).locks

    assert lock.version == 5


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ({"name": "Ada Marlow"}, {"patient_id": "MRN-7"}, False),
        ({"name": "Ada Marlow"}, {"date_of_birth": date(2019, 4, 2)}, False),
        ({}, {"patient_id": "MRN-7"}, True),
        ({"name": "Ada Marlow"}, {"name": "A. Marlow", "patient_id": "MRN-7"}, True),
    ],
    ids=[
        "a name and a record number",
        "a name and a birth date",
        "nothing and a record number",
        "one name, and a record number besides",
    ],
)
def test_on_one_phone_nobody_is_joined_who_could_not_be_told_apart(
    one: dict[str, Any], other: dict[str, Any], joined: bool
) -> None:
    nobody: dict[str, Any] = dict.fromkeys(("patient_id", "email", "name", "date_of_birth"))
    known = a_ticket(requester=a_requester(**(nobody | one)))
    newcomer = replace(NEWCOMER, requester=a_requester(**(nobody | other)))

    found = find(seen(PHONE, known), newcomer=newcomer).survivor

    assert (found is not None) is joined
