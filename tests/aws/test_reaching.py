"""Whoever is on call can be reached, or somebody else hears of it within the hour."""

from datetime import timedelta

import pytest

from tests.aws.clinic import Clinic
from tests.aws.deployment import forget
from tests.aws.reachable import (
    LIND,
    OKAFOR,
    STOPPED,
    People,
    a_roster,
    confirm,
    leave_unconfirmed,
)
from tests.aws.said import CHEST_PAIN, HOURS
from tests.aws.senders import by_portal
from tests.aws.wire import Call, Fault
from tests.builders import AT_NIGHT
from triagewire import aws
from triagewire.ladder import Way
from triagewire.ledger.event import Action
from triagewire.store.reach import read_reach

HOUR = timedelta(hours=1)


@pytest.fixture
def synced(clinic: Clinic, people: People) -> Clinic:
    """A clinic whose people all hear, by the roster."""
    clinic.publish(a_roster(dr_lind={Way.EMAIL: LIND[Way.EMAIL]}))
    assert people("sync")[0] == 0
    clinic.wire.calls.clear()
    return clinic


def told(clinic: Clinic, kind: str) -> list[tuple[str, str]]:
    """To whom a notice of the kind went, and about whom."""
    found = {(each["person"], each["about"]): None for each in clinic.notices(kind)}
    return sorted(found)


def test_a_mail_that_is_not_confirmed_is_a_broken_way(synced: Clinic) -> None:
    leave_unconfirmed("lind@clinic.example")

    synced.sweep(synced.now + HOUR)

    reach = read_reach(aws.tables())
    assert reach.broken == {"dr-lind": {Way.EMAIL}}
    assert reach.pages.broken == {"dr-lind": {Way.EMAIL}}


def test_of_an_on_call_person_whom_no_page_reaches_lead_and_catch_all_hear_once(
    synced: Clinic,
) -> None:
    leave_unconfirmed("lind@clinic.example")

    for hours in (1, 2, 3):
        synced.sweep(synced.now + hours * HOUR)

    assert told(synced, "unreachable") == [("director", "dr-lind"), ("nora", "dr-lind")]
    assert len(synced.notices("unreachable")) == 2


def test_the_notice_names_the_member_and_the_way_and_no_address(synced: Clinic) -> None:
    leave_unconfirmed("lind@clinic.example")

    synced.sweep(synced.now + HOUR)

    text = synced.notices("unreachable")[0]["text"]
    assert "dr-lind of north" in text
    assert "(email)" in text
    assert "lind@" not in text.lower()


def test_once_it_is_confirmed_they_hear_that_a_page_reaches_again(synced: Clinic) -> None:
    leave_unconfirmed("lind@clinic.example")
    synced.sweep(synced.now + HOUR)
    confirm("lind@clinic.example")

    synced.sweep(synced.now + timedelta(minutes=10))

    assert told(synced, "reachable") == [("director", "dr-lind"), ("nora", "dr-lind")]
    assert read_reach(aws.tables()).broken == {}


def test_sweeps_of_the_same_hour_look_once(synced: Clinic) -> None:
    synced.sweep(synced.now + HOUR)
    synced.wire.calls.clear()

    synced.pass_minutes(5)

    assert synced.wire.of("ListSubscriptionsByTopic") == []


def test_a_new_policy_is_looked_at_at_once(synced: Clinic) -> None:
    synced.publish(a_roster(dr_lind={Way.SMS: "+15550100008"}))

    synced.sweep()

    assert read_reach(aws.tables()).pages.broken == {"dr-lind": {Way.SMS}}


def test_that_a_phone_has_said_stop_stays_known_between_two_runs_of_the_command(
    clinic: Clinic, people: People
) -> None:
    clinic.publish(a_roster(dr_lind={Way.SMS: STOPPED}))
    people("sync")

    clinic.sweep(clinic.now + HOUR)

    assert read_reach(aws.tables()).pages.broken == {"dr-lind": {Way.SMS}}
    assert told(clinic, "unreachable") == [("director", "dr-lind"), ("nora", "dr-lind")]


def test_a_group_in_which_nobody_has_a_way_of_their_own_is_not_looked_at(clinic: Clinic) -> None:
    clinic.sweep(clinic.now + HOUR)

    assert clinic.wire.of("ListSubscriptionsByTopic") == []
    assert clinic.notices("unreachable") == []


def test_topics_that_cannot_be_listed_fail_the_sweep_and_are_looked_at_in_the_next(
    synced: Clinic,
) -> None:
    def refuse(_number: int, call: Call) -> Fault | None:
        return Fault.REFUSED if call.operation == "ListSubscriptionsByTopic" else None

    with synced.wire.failing(refuse):
        assert synced.sweep(synced.now + HOUR)["Failed"] == 1

    assert synced.sweep(synced.now + timedelta(minutes=1))["Failed"] == 0


def test_who_works_by_another_way_is_not_told_of(clinic: Clinic, people: People) -> None:
    clinic.publish(a_roster(dr_okafor=OKAFOR))
    people("sync")
    leave_unconfirmed(OKAFOR[Way.PAGER])

    clinic.sweep(clinic.now + HOUR)

    assert read_reach(aws.tables()).pages.broken == {"dr-okafor": {Way.PAGER}}
    assert clinic.notices("unreachable") == []


def test_in_debug_mode_everything_is_recorded_and_nothing_is_sent(
    synced: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_unconfirmed("lind@clinic.example")
    monkeypatch.setenv("NOTIFY_PEOPLE", "false")
    forget()

    synced.sweep(synced.now + HOUR)

    assert synced.wire.of("Publish") == []
    said = [event for each in synced.ledgers().values() for event in each]
    whys = {event.why for event in said if event.subject.startswith("TOLD#")}
    assert whys == {"debug mode: nothing was sent"}


def test_a_page_passes_over_who_cannot_be_reached_and_the_ledger_says_so(
    clinic: Clinic, people: People
) -> None:
    clinic.publish(a_roster())
    people("sync")
    for endpoint in OKAFOR.values():
        leave_unconfirmed(endpoint)
    clinic.now = AT_NIGHT
    clinic.sweep()

    urgent = clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))

    assert clinic.paged()[0] == "nora"
    (paged,) = [each for each in clinic.ledger(urgent) if each.action is Action.PAGED]
    assert paged.detail["skipped"] == ["on_call: no working way"]


def test_a_page_goes_out_by_every_way_that_works_and_by_no_other(
    clinic: Clinic, people: People
) -> None:
    clinic.publish(a_roster())
    people("sync")
    leave_unconfirmed(OKAFOR[Way.PAGER])
    clinic.now = AT_NIGHT
    clinic.sweep()

    clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))

    assert [each["way"] for each in clinic.notices("page")] == ["sms"]


def test_in_debug_mode_the_ledger_tells_that_a_reply_did_not_leave(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_PEOPLE", "false")
    forget()

    answered = clinic.take(by_portal(HOURS, clinic.now, "evt-1"))

    assert clinic.mails() == []
    (sent,) = [each for each in clinic.ledger(answered) if each.action is Action.REPLY_SENT]
    assert sent.why == "debug mode: nothing was sent"


def test_debug_mode_is_counted_in_every_sweep(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NOTIFY_PEOPLE", "false")
    forget()
    capsys.readouterr()

    clinic.sweep()

    assert '"DebugMode":[1.0]' in capsys.readouterr().out.replace(" ", "")
