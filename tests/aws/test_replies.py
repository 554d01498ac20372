"""Automatic texts: who gets one, what it says, and who never gets one."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.aws.clinic import Clinic
from tests.aws.replying import hand_queue_over
from tests.aws.said import (
    APPOINTMENT,
    AUTHORIZATION,
    CHEST_PAIN,
    HOURS,
    MIXED,
    REFILL,
    UNCLEAR,
)
from tests.aws.senders import by_mail, by_phone, by_portal
from tests.aws.wire import Fault
from tests.builders import (
    AT_NIGHT,
    OPENING_HOURS,
    a_policy,
    a_requester,
    a_site,
    a_source,
    minutes,
    sources_of,
)
from triagewire.flow.policies import current_policy
from triagewire.ledger.event import Action
from triagewire.message import Delivery, Direction
from triagewire.ticket import Status

NO_MAIL = a_requester(email=None)


def text_of(mail: dict[str, object]) -> str:
    content: dict[str, dict[str, dict[str, dict[str, str]]]] = mail["Content"]  # type: ignore[assignment]
    return content["Simple"]["Body"]["Text"]["Data"]


def test_a_question_about_hours_is_answered_and_closed(clinic: Clinic) -> None:
    ticket = clinic.ticket(clinic.take(by_portal(HOURS, clinic.now, "evt-1")))

    (mail,) = clinic.mails()
    assert mail["Destination"] == {"ToAddresses": ["ada.marlow@mail.example"]}
    assert text_of(mail).startswith("We are open Monday to Friday, 8 am to 5 pm.")
    assert (ticket.status, ticket.outcome) == (Status.RESOLVED, "answered_automatically")


def test_a_question_without_an_address_to_answer_goes_to_a_person(clinic: Clinic) -> None:
    ticket = clinic.ticket(clinic.take(by_portal(HOURS, clinic.now, "evt-1", who=NO_MAIL)))

    assert (ticket.status, ticket.team) == (Status.ROUTED, "scheduling")


@pytest.mark.parametrize(
    ("text", "by"),
    [(AUTHORIZATION, "Monday, March 2, 12:00 PM"), (APPOINTMENT, "Monday, March 2, 1:00 PM")],
    ids=["authorisation", "appointment"],
)
def test_an_administrative_request_is_acknowledged_with_its_time(
    clinic: Clinic, text: str, by: str
) -> None:
    clinic.take(by_portal(text, clinic.now, "evt-1"))

    (mail,) = clinic.mails()
    assert f"We will answer by {by}." in text_of(mail)


def test_at_night_the_acknowledgement_names_the_next_business_day(clinic: Clinic) -> None:
    clinic.now = AT_NIGHT
    clinic.take(by_portal(APPOINTMENT, AT_NIGHT, "evt-1"))

    (mail,) = clinic.mails()
    assert "We are closed and will answer by Tuesday, March 3, 12:00 PM." in text_of(mail)


def test_who_writes_spanish_is_answered_in_spanish(clinic: Clinic) -> None:
    clinic.take(by_portal(HOURS, clinic.now, "evt-1", language="es-MX"))

    (mail,) = clinic.mails()
    assert text_of(mail).startswith("Abrimos de lunes a viernes")


@pytest.mark.parametrize("text", [CHEST_PAIN, REFILL, UNCLEAR, MIXED])
def test_nothing_automatic_is_sent_for(clinic: Clinic, text: str) -> None:
    ticket = clinic.take(by_portal(text, clinic.now, "evt-1"))

    assert clinic.mails() == []
    assert Action.REPLY_WITHHELD in clinic.actions(ticket)


def test_nothing_automatic_is_sent_to_somebody_unknown(clinic: Clinic) -> None:
    sources = sources_of("north") | {
        "mailbox": a_source("mailbox", "postmark", requester_kind="unknown")
    }
    clinic.publish(a_policy(site=a_site(sources=sources)))

    clinic.take(by_mail(HOURS, clinic.now, "mail-1"))

    assert clinic.mails() == []


def test_no_robot_is_answered(clinic: Clinic) -> None:
    headers = [{"Name": "Auto-Submitted", "Value": "auto-generated"}]

    clinic.post(by_mail(HOURS, clinic.now, "mail-1", Headers=headers))
    clinic.settle()

    assert clinic.mails() == []


def test_our_own_mail_says_that_a_robot_wrote_it(clinic: Clinic) -> None:
    clinic.take(by_portal(HOURS, clinic.now, "evt-1"))

    (mail,) = clinic.mails()
    assert {"Name": "Auto-Submitted", "Value": "auto-replied"} in (
        mail["Content"]["Simple"]["Headers"]
    )


def test_a_duplicate_is_not_acknowledged_a_second_time(clinic: Clinic) -> None:
    clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    clinic.now += minutes(5)
    clinic.take(by_phone(APPOINTMENT, clinic.now, "call-1"))

    assert len(clinic.mails()) == 1


def test_a_reply_is_kept_as_a_message_and_recorded_when_it_has_left(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))

    reply = next(each for each in clinic.said(ticket) if each.direction is Direction.OUTBOUND)
    assert (reply.delivery, reply.made_by) == (Delivery.SENT, "template:acknowledgement")
    actions = clinic.actions(ticket)
    assert actions.index(Action.REPLY_QUEUED) < actions.index(Action.REPLY_SENT)


def test_a_reply_whose_record_comes_again_is_sent_once(clinic: Clinic) -> None:
    clinic.post(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    clinic.hand_over(clinic.records())
    outgoing = clinic.records()

    for _ in range(3):
        assert clinic.hand_over(outgoing) == []

    assert len(clinic.mails()) == 1


def test_while_mail_is_down_the_reply_waits(clinic: Clinic) -> None:
    clinic.post(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    clinic.hand_over(clinic.records())
    outgoing = clinic.records()
    with clinic.wire.failing(lambda _at, call: _mail(call.operation, Fault.REFUSED)):
        assert clinic.hand_over(outgoing) == []
    (ticket,) = clinic.tickets()
    assert Action.REPLY_SENT not in clinic.actions(ticket.id)

    assert hand_queue_over(clinic, clinic.now + timedelta(seconds=6)) == []

    assert Action.REPLY_SENT in clinic.actions(ticket.id)


def test_an_answer_that_can_never_be_delivered_leaves_the_question_to_a_person(
    clinic: Clinic,
) -> None:
    with clinic.wire.failing(lambda _at, call: _mail(call.operation, Fault.REJECTED)):
        ticket = clinic.take(by_portal(HOURS, clinic.now, "evt-1"))

    after = clinic.ticket(ticket)
    assert Action.REPLY_FAILED in clinic.actions(ticket)
    assert (after.status, after.team) == (Status.REOPENED, "scheduling")
    assert after.timer is not None


@pytest.mark.parametrize(
    "changes", [{"enabled": False}, {"valid_until": date(2026, 3, 1)}], ids=["withdrawn", "over"]
)
def test_an_article_that_is_given_no_more_does_not_leave_late(
    clinic: Clinic, changes: dict[str, Any]
) -> None:
    """What is wrong by the time mail works again goes to a person instead."""
    with clinic.wire.failing(lambda _at, call: _mail(call.operation, Fault.REFUSED)):
        ticket = clinic.take(by_portal(HOURS, clinic.now, "evt-1"))
    tried = len(clinic.mails())
    article = replace(OPENING_HOURS, **changes)
    replies = replace(a_site().replies, articles={"opening-hours": article})
    clinic.publish(a_policy(site=a_site(replies=replies)))
    current_policy.cache_clear()

    assert hand_queue_over(clinic, clinic.now + minutes(6)) == []

    assert len(clinic.mails()) == tried
    assert Action.REPLY_WITHHELD in clinic.actions(ticket)
    assert clinic.ticket(ticket).status is Status.REOPENED


def test_an_acknowledgement_is_no_first_response_and_stops_no_clock(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))

    clinic.sweep(clinic.now + minutes(240))

    assert Action.BREACHED in clinic.actions(ticket)


def _mail(operation: str, fault: Fault) -> Fault | None:
    return fault if operation == "SendEmail" else None
