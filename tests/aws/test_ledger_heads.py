"""Whatever has a ledger says how long it is, and a verifier reads that of all of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import CHEST_PAIN
from tests.aws.senders import by_portal
from tests.builders import a_stamp, an_entry
from triagewire import aws
from triagewire.ledger.event import Entry, Stamp
from triagewire.ledger.verification import Stated
from triagewire.store.denials import denials_subject, noted_denial
from triagewire.store.exports import exported, exports_subject
from triagewire.store.heads import GONE, every_ticket, stated_heads
from triagewire.store.policy_ledger import noted
from triagewire.store.presence import presence_subject, read_attendance, write_attendance
from triagewire.store.searches import noted_search, searches_subject
from triagewire.store.sessions import Session, read_session, session_subject, write_session
from triagewire.store.table import Tables, Write, commit
from triagewire.store.tickets import ticket_pk
from triagewire.store.told import read_told, told_subject, write_told


def of_presence(tables: Tables, entry: Entry, stamp: Stamp) -> list[Write]:
    said = read_attendance(tables, "north", "nick")
    return write_attendance(tables, "north", said, entry, stamp)


def of_a_session(tables: Tables, entry: Entry, stamp: Stamp) -> list[Write]:
    known = read_session(tables, "0a1b") or Session(id="0a1b", member="nick", seen_at=stamp.at)
    return write_session(tables, known, (entry,), stamp, stamp.at + timedelta(hours=14))


def of_the_told(tables: Tables, entry: Entry, stamp: Stamp) -> list[Write]:
    return write_told(tables, read_told(tables, "nick"), (entry,), stamp)


def of_searches(tables: Tables, entry: Entry, stamp: Stamp) -> list[Write]:
    return noted_search(tables, "north", "nick", entry, stamp)


def of_denials(tables: Tables, entry: Entry, stamp: Stamp) -> list[Write]:
    return noted_denial(tables, "north", "nick", entry, stamp)


def of_exports(tables: Tables, entry: Entry, stamp: Stamp) -> list[Write]:
    return exported(tables, "north", entry, stamp)


APPENDS: dict[str, Callable[[Tables, Entry, Stamp], list[Write]]] = {
    presence_subject("north", "nick"): of_presence,
    session_subject("0a1b"): of_a_session,
    told_subject("nick"): of_the_told,
    searches_subject("north", "nick"): of_searches,
    denials_subject("north", "nick"): of_denials,
    exports_subject("north"): of_exports,
    "POLICY": noted,
}


def recorded(clinic: Clinic, subject: str) -> Stated:
    """What the ledger itself has of a subject."""
    events = clinic.ledgers()[subject]
    return Stated(len(events), events[-1].hash)


@pytest.mark.parametrize("subject", APPENDS)
def test_a_subject_says_what_its_ledger_has_after_every_entry(clinic: Clinic, subject: str) -> None:
    for number in range(3):
        commit(aws.tables(), APPENDS[subject](aws.tables(), an_entry(why=f"{number}"), a_stamp()))

        assert stated_heads(aws.tables(), [subject]) == {subject: recorded(clinic, subject)}


def test_of_a_whole_clinic_every_subject_is_known_and_says_the_truth(clinic: Clinic) -> None:
    clinic.take(by_portal(CHEST_PAIN, clinic.now, "event-1"))
    for append in APPENDS.values():
        commit(aws.tables(), append(aws.tables(), an_entry(), a_stamp()))

    subjects = clinic.ledgers().keys()

    assert stated_heads(aws.tables(), subjects) == {
        subject: recorded(clinic, subject) for subject in subjects
    }
    assert list(every_ticket(aws.tables())) == [ticket_pk(each.id) for each in clinic.tickets()]


def test_a_ticket_that_is_not_there_says_that_it_has_nothing(clinic: Clinic) -> None:
    assert stated_heads(aws.tables(), ["TICKET#GONE"]) == {"TICKET#GONE": GONE}


def test_a_session_that_the_table_forgot_says_nothing(clinic: Clinic) -> None:
    assert stated_heads(aws.tables(), [session_subject("forgotten")]) == {}


def test_the_first_search_of_two_at_once_is_the_one_that_counts(clinic: Clinic) -> None:
    one, other = (of_searches(aws.tables(), an_entry(why=why), a_stamp()) for why in "ab")
    commit(aws.tables(), one)

    with pytest.raises(Exception, match="searches of nick"):
        commit(aws.tables(), other)
