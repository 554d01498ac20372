"""Subscription notifications of R4, R4B and R5: which are silent, and what each event becomes."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.unit.channels.fhir_bodies import (
    SUBSCRIPTION,
    WORDS,
    Resource,
    a_bundle,
    a_communication,
    event_r4,
    notified,
    said,
    sent,
    status_r4,
    status_r5,
)
from triagewire.channels.ehr.values import UNREAD
from triagewire.channels.outcome import OutcomeKind


@pytest.mark.parametrize("kind", ["handshake", "heartbeat", "query-status", "query-event"])
@pytest.mark.parametrize("status", [status_r4, status_r5])
def test_a_notification_without_an_event_is_answered_and_ignored(
    status: Callable[..., Resource], kind: str
) -> None:
    outcome = sent(notified(status(kind=kind), a_communication()))

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)


def test_a_heartbeat_may_carry_the_name_of_an_event() -> None:
    assert sent(notified(status_r4(kind="heartbeat-notification"))).kind is OutcomeKind.IGNORED


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (status_r4(event_r4("2")), "history"),
        (status_r4(event_r4(2)), "history"),
        (status_r5("Communication/c81"), "history"),
        (status_r5("Communication/c81", first=2), "subscription-notification"),
        (status_r5("https://fhir.example/r4/Communication/c81/_history/1"), "history"),
    ],
)
def test_an_event_goes_by_its_subscription_and_number(status: Resource, kind: str) -> None:
    arrival = said(notified(status, a_communication(), kind=kind))

    assert (arrival.text, arrival.event_id) == (WORDS, f"{SUBSCRIPTION}#2")


def test_several_events_are_several_messages() -> None:
    status = status_r4(event_r4("2"), event_r4("3", "Communication/c82"))
    second = a_communication(id="c82", payload=[{"contentString": "And my refill?"}])

    first, other = sent(notified(status, second, a_communication())).arrivals

    assert (first.text, first.event_id) == (WORDS, f"{SUBSCRIPTION}#2")
    assert (other.text, other.event_id) == ("And my refill?", f"{SUBSCRIPTION}#3")


def test_an_event_of_which_only_the_id_comes_is_a_message_to_be_read_in_the_ehr() -> None:
    arrival = said(notified(status_r4(event_r4("2"))))

    assert (arrival.text, arrival.pointer) == ("", "Communication/c81")
    assert (arrival.remarks, arrival.thread) == ((UNREAD,), "Communication/c81")
    assert arrival.occurred_at == datetime(2026, 11, 23, 15, 0, 13, 188243, tzinfo=UTC)


def test_an_entry_with_an_address_alone_holds_nothing() -> None:
    notification = notified(status_r4(event_r4("2")))
    notification["entry"].append({"fullUrl": "https://fhir.example/r4/Communication/c81"})
    notification["entry"].append({"request": {"method": "POST", "url": "Communication"}})

    assert said(notification).pointer == "Communication/c81"


def test_an_event_of_which_nothing_comes_is_still_a_message() -> None:
    arrival = said(notified(status_r4(event_r4("2", None))))

    assert (arrival.text, arrival.pointer) == ("", f"{SUBSCRIPTION}#2")


def test_a_resource_that_no_event_names_is_the_message() -> None:
    assert said(notified(status_r4(event_r4("2", None)), a_communication())).text == WORDS


def test_resources_that_are_fewer_than_the_events_stand_for_none_of_them() -> None:
    status = status_r4(event_r4("2", None), event_r4("3", None))

    arrivals = sent(notified(status, a_communication())).arrivals

    assert [arrival.text for arrival in arrivals] == [WORDS, "", ""]


def test_two_notifications_in_one_bundle_take_nothing_from_each_other() -> None:
    first = notified(status_r4(event_r4("2", None)), a_communication())
    second = notified(status_r4(event_r4("3", None)))
    both = a_bundle({**first, "id": "a"}, {**second, "id": "b"})

    assert [arrival.text for arrival in sent(both).arrivals] == [WORDS, ""]


def test_an_event_about_something_else_is_shown_to_a_person() -> None:
    task = {"resourceType": "Task", "id": "t5", "status": "requested"}

    arrival = said(notified(status_r5("Task/t5"), task))

    assert (arrival.text, arrival.pointer) == ("", "Task/t5")


def test_an_identifier_points_as_well_as_an_address() -> None:
    status = status_r5(None)
    identifier = {"system": "urn:x:case", "value": 55}
    status["notificationEvent"][0]["focus"] = {"identifier": identifier}

    assert said(notified(status)).pointer == "urn:x:case|55"


def test_a_withdrawn_message_of_an_event_is_ignored() -> None:
    wrong = a_communication(status="entered-in-error")

    assert sent(notified(status_r4(event_r4("2")), wrong)).kind is OutcomeKind.IGNORED


def test_a_notification_may_come_inside_a_message() -> None:
    inner = notified(status_r5("Communication/c81"), a_communication())
    header = {
        "resourceType": "MessageHeader",
        "eventCoding": {"code": "subscription-notification"},
        "focus": [{"reference": "urn:uuid:inner"}],
    }
    outer = a_bundle(header, inner, kind="message")

    assert said(outer).event_id == f"{SUBSCRIPTION}#2"


def test_events_without_numbers_are_told_apart_by_what_they_say() -> None:
    status = status_r5("Communication/c81", "Communication/c82")
    for event in status["notificationEvent"]:
        del event["eventNumber"]

    first, second = (each.event_id for each in sent(notified(status)).arrivals)

    assert first.startswith("derived:sha256:")
    assert first != second


def test_a_repeat_in_a_new_bundle_is_the_same_event() -> None:
    ids = {said({**notified(status_r4(event_r4("7"))), "id": name}).event_id for name in "ab"}

    assert ids == {f"{SUBSCRIPTION}#7"}
