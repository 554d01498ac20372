"""What a sender may rely on: an answer only after the write, and one ticket for each event."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from tests.aws.clinic import Clinic, ticket_id_of
from tests.aws.said import CHEST_PAIN, HOURS, REFILL
from tests.aws.senders import by_form, by_mail, by_phone, by_portal, gateway_event, unreadable
from tests.aws.wire import Fault
from tests.builders import a_policy, a_site, a_source, minutes, sources_of
from triagewire.arrival import Channel, RequesterKind
from triagewire.ledger.event import Action
from triagewire.store import sources as stored_sources
from triagewire.ticket import Status


def test_a_message_is_stored_with_its_ticket_and_its_ledger_event(clinic: Clinic) -> None:
    answer = clinic.post(by_portal(REFILL, clinic.now, "evt-1"))

    (ticket,) = clinic.tickets()
    assert answer["statusCode"] == 202
    assert json.loads(answer["body"]) == {"outcome": "accepted", "ticket_id": ticket.id}
    assert [message.text for message in clinic.said(ticket.id)] == [REFILL]
    assert clinic.actions(ticket.id) == [Action.RECEIVED]
    assert ticket.status is Status.NEW


def test_five_copies_of_an_event_at_once_make_one_ticket_and_equal_answers(clinic: Clinic) -> None:
    event, together = by_portal(REFILL, clinic.now, "evt-1"), Barrier(5)
    clinic.post(by_portal(HOURS, clinic.now, "evt-warm"))

    def post(_copy: int) -> tuple[int, str]:
        together.wait()
        answer = clinic.post(event)
        return answer["statusCode"], answer["body"]

    with ThreadPoolExecutor(5) as senders:
        answers = set(senders.map(post, range(5)))

    assert len(answers) == 1
    assert len(clinic.tickets()) == 2


def test_a_copy_days_later_gets_the_same_answer_and_changes_nothing(clinic: Clinic) -> None:
    first = clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.settle()
    before = clinic.tickets()

    # A patient's age is computed from the time of arrival: it must not make another event.
    for days in (1, 2, 3, 4):
        clinic.now += timedelta(days=days)
        again = clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
        assert (again["statusCode"], again["body"]) == (first["statusCode"], first["body"])

    assert clinic.tickets() == before


def test_a_sender_that_puts_the_time_of_sending_into_its_copies_makes_one_ticket(
    clinic: Clinic,
) -> None:
    for _ in range(3):
        clinic.now += minutes(5)
        clinic.post(by_portal(REFILL, clinic.now, "evt-1", occurred=clinic.now))

    assert len(clinic.tickets()) == 1


def test_an_event_id_used_again_for_other_words_loses_neither(clinic: Clinic) -> None:
    first = clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
    second = clinic.post(by_portal(CHEST_PAIN, clinic.now, "evt-1"))

    assert first["statusCode"] == second["statusCode"] == 202
    texts = {clinic.said(ticket.id)[0].text for ticket in clinic.tickets()}
    assert texts == {REFILL, CHEST_PAIN}
    actions = [clinic.actions(ticket.id)[0] for ticket in clinic.tickets()]
    assert sorted(actions) == [Action.RECEIVED, Action.REPEATED_DIFFERENTLY]


def test_two_sites_may_use_the_same_event_id(clinic: Clinic) -> None:
    clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.post(by_portal(REFILL, clinic.now, "evt-1", site="west"))

    assert sorted(ticket.site for ticket in clinic.tickets()) == ["north", "west"]


def test_while_the_table_is_down_the_sender_is_asked_to_come_again(clinic: Clinic) -> None:
    with clinic.wire.failing(lambda _at, call: _down(call.operation)):
        answer = clinic.post(by_portal(REFILL, clinic.now, "evt-1"))

    assert answer["statusCode"] == 503
    assert int(answer["headers"]["retry-after"]) > 0
    assert clinic.tickets() == []


def test_a_copy_that_meets_one_in_flight_waits_for_it(clinic: Clinic) -> None:
    clinic.post(by_portal(HOURS, clinic.now, "evt-warm"))

    with clinic.wire.faulty(Fault.CONFLICT, nth=0):
        answer = clinic.post(by_portal(REFILL, clinic.now, "evt-1"))

    assert [ticket.id for ticket in clinic.tickets()].count(ticket_id_of(answer)) == 1
    assert len(clinic.tickets()) == 2


@pytest.mark.parametrize(
    ("event", "channel", "kind"),
    [
        (by_portal, Channel.EHR, RequesterKind.PATIENT),
        (by_phone, Channel.PHONE, RequesterKind.PATIENT),
        (by_mail, Channel.EMAIL, RequesterKind.PATIENT),
        (by_form, Channel.WEB, RequesterKind.PATIENT),
    ],
)
def test_every_channel_makes_a_ticket(
    clinic: Clinic, event: object, channel: Channel, kind: RequesterKind
) -> None:
    answer = clinic.post(event(REFILL, clinic.now, "evt-1"))  # type: ignore[operator]

    (ticket,) = clinic.tickets()
    assert answer["statusCode"] in {200, 202}
    assert (ticket.channels, ticket.requester.kind) == ((channel,), kind)


@pytest.mark.parametrize(
    ("site", "source"), [("north", "no-such"), ("nowhere", "portal"), ("", "")]
)
def test_an_unknown_site_or_source_is_refused(clinic: Clinic, site: str, source: str) -> None:
    event = by_portal(REFILL, clinic.now, "evt-1")
    event["pathParameters"] = {"site": site, "source": source}

    assert clinic.post(event)["statusCode"] == 403
    assert clinic.tickets() == []


def test_a_forged_signature_is_refused_and_stores_nothing(clinic: Clinic) -> None:
    event = by_portal(REFILL, clinic.now, "evt-1")
    event["multiValueHeaders"]["webhook-signature"] = ["v1,Zm9yZ2Vk"]

    assert clinic.post(event)["statusCode"] == 401
    assert clinic.tickets() == []


def test_a_request_signed_for_one_site_does_not_pass_at_another(clinic: Clinic) -> None:
    headers = {"Content-Type": "application/json", "Authorization": "Basic bm9ib2R5OndpdGg="}
    event = gateway_event("west", "mailbox", (headers, b"{}"), clinic.now)

    assert clinic.post(event)["statusCode"] == 403


def test_an_old_timestamp_is_refused(clinic: Clinic) -> None:
    event = by_portal(REFILL, clinic.now - minutes(10), "evt-1")
    event["requestContext"]["requestTimeEpoch"] = int(clinic.now.timestamp() * 1000)

    assert clinic.post(event)["statusCode"] == 401


def test_a_ping_is_answered_and_stores_nothing(clinic: Clinic) -> None:
    assert clinic.post(unreadable(clinic.now, "ping-1", {"type": "ping"}))["statusCode"] == 200
    assert clinic.tickets() == []


def test_intake_never_scores_and_never_tells_anybody(clinic: Clinic) -> None:
    clinic.post(by_portal(CHEST_PAIN, clinic.now, "evt-1"))

    assert {call.service for call in clinic.wire.calls} <= {"dynamodb", "secretsmanager"}


def test_a_warm_function_reads_policy_and_secrets_once(clinic: Clinic) -> None:
    clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.wire.calls.clear()
    clinic.now += minutes(1)

    clinic.post(by_portal(HOURS, clinic.now, "evt-2"))

    # The token of the source's limit, and the message.
    operations = [call.operation for call in clinic.wire.calls]
    assert operations == ["UpdateItem", "TransactWriteItems"]


def test_without_a_published_policy_the_sender_keeps_its_message(bare_clinic: Clinic) -> None:
    answer = bare_clinic.post(by_portal(REFILL, bare_clinic.now, "evt-1"))

    assert answer["statusCode"] == 503


def test_a_source_is_closed_when_the_next_policy_has_dropped_it(bare_clinic: Clinic) -> None:
    sources = {name: each for name, each in sources_of("north").items() if name != "portal"}
    bare_clinic.publish(a_policy(site=a_site(sources=sources)))

    assert bare_clinic.post(by_portal(REFILL, bare_clinic.now, "evt-1"))["statusCode"] == 403


def test_the_time_of_a_ticket_is_that_of_the_request(clinic: Clinic) -> None:
    at = datetime(2026, 3, 2, 14, 0, 7, 250_000, tzinfo=UTC)
    clinic.now = at

    clinic.post(by_portal(REFILL, at, "evt-1"))

    assert clinic.tickets()[0].received_at == at


def _down(operation: str) -> Fault | None:
    return Fault.REFUSED if operation == "TransactWriteItems" else None


def test_the_webhook_of_a_source_that_is_new_need_not_wait(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_sources, "NEW_SOURCE_SECONDS", 0.0)
    event = by_portal(REFILL, clinic.now, "evt-1")
    event["pathParameters"]["source"] = "new"
    assert clinic.post(event)["statusCode"] == 403
    sources = {**sources_of("north"), "new": a_source("new", "epic", "north")}
    clinic.publish(a_policy(a_site(sources=sources)))

    assert clinic.post(event)["statusCode"] != 403


def test_the_log_says_whose_webhook_was_refused_and_why(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    event = by_portal(REFILL, clinic.now, "evt-1")
    event["multiValueHeaders"]["webhook-signature"] = ["v1,Zm9yZ2Vk"]
    clinic.post(event)

    (said,) = [vars(each) for each in caplog.records if each.message == "webhook answered"]
    assert (said["status"], said["site"], said["source"]) == (401, "north", "portal")
    assert said["reason"] == "webhook-signature: fits no secret of this source"


def test_an_unreadable_body_came_by_the_channel_of_its_source(clinic: Clinic) -> None:
    clinic.post(unreadable(clinic.now, "evt-1", {"type": "patient_message.received"}))

    (ticket,) = clinic.tickets()
    assert ticket.channels == (Channel.EHR,)
