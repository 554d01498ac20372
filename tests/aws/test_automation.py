"""A request of staff that a program settles: the event that asks, and what its report does."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from functions.desk import handler as desk
from functions.score_route import handler as score_route
from tests.automation_contract import EVENT
from tests.aws.arriving import arrives, mailed, token_of
from tests.aws.clinic import LAMBDA, Clinic, bare
from tests.aws.deployment import LINK_URL
from tests.aws.test_desk_calls import a_request
from tests.aws.test_staff_requests import KENJI, by_it_form
from tests.aws.wire import Call, Died, Fault
from tests.builders import REPLIES, a_policy, a_site, minutes
from tests.shipped import shipped_engine
from triagewire import aws
from triagewire.arrival import RequesterKind, StaffRequest
from triagewire.automated import AutomationState
from triagewire.flow import working
from triagewire.ledger.event import Action
from triagewire.message import Delivery, Direction, ReplyWay
from triagewire.policy.automation import Automation, RequestType, When
from triagewire.policy.model import Intake, Policy
from triagewire.policy.replies import Template
from triagewire.scoring.score import Engine
from triagewire.store.messages import message_sk
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status

BUS = "triagewire-test-automation"
FORGOT = "I forgot my password for Epic and cannot sign in."
DONE = {"status": "done", "message": "A link to choose a new password is on its way."}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program got."""

    status: int
    body: dict[str, Any]
    text: str


def a_policy_with_programs() -> Policy:
    reset = RequestType(
        when=When(topics=("access",), words=("password",)), needs=("account",), minutes=30
    )
    done = Template(
        subject={"en": "It is done", "es": "Está hecho"},
        text={"en": "{site}: {message} Or call {phone}.", "es": "{site}: {message} {phone}"},
    )
    automation = Automation(types={"password_reset": reset}, done=done)
    question = Template(subject={"en": "One question"}, text={"en": "Tell us\n{missing}"})
    intake = Intake(
        critical={"it_access": ("account",)}, fields={"account": {"en": "which account it is"}}
    )
    replies = replace(REPLIES, question=question)
    return a_policy(a_site(automation=automation, replies=replies, intake=intake))


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The shipped rules, compiled once."""
    return shipped_engine()


@pytest.fixture
def clinic(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A clinic whose group has a program for password resets."""
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: engine)
    monkeypatch.setenv("AUTOMATION_BUS", BUS)
    with ExitStack() as stack:
        clinic = stack.enter_context(bare())
        aws.events().create_event_bus(Name=BUS)
        clinic.publish(a_policy_with_programs())
        yield clinic
        clinic.check()


def announced(clinic: Clinic) -> list[dict[str, Any]]:
    """What the bus was given."""
    return [entry for call in clinic.wire.of("PutEvents") for entry in call["Entries"]]


def forgotten(clinic: Clinic, text: str = FORGOT, event_id: str = "it-1") -> str:
    """Kenji has forgotten his password; returns his ticket."""
    return clinic.take(by_it_form(clinic, text, event_id, account="Epic"))


def path_of(clinic: Clinic, at: int = -1) -> str:
    """The path by which the program of an event reports."""
    detail = json.loads(announced(clinic)[at]["Detail"])
    return str(detail["callback"]).removeprefix(LINK_URL)


def report(
    clinic: Clinic,
    said: dict[str, Any] | bytes,
    path: str | None = None,
    media: str = "application/json",
) -> Answer:
    """A program reports, and all that follows happens."""
    answer = posted(clinic, said, path or path_of(clinic), media)
    clinic.settle()
    return answer


def posted(
    clinic: Clinic, said: dict[str, Any] | bytes, path: str, media: str = "application/json"
) -> Answer:
    """What a program gets that reports."""
    raw = said if isinstance(said, bytes) else json.dumps(said).encode()
    request = a_request(None, "POST", path, raw, at=clinic.now)
    request |= {"resource": "/automation/{token}", "headers": {"content-type": media}}
    answer: dict[str, Any] = desk.lambda_handler(request, SimpleNamespace(aws_request_id="r-1"))
    return Answer(answer["statusCode"], json.loads(answer["body"]), answer["body"])


def unreachable(**_arguments: object) -> None:
    """A bus that nobody can reach."""
    raise ConnectionError


def notes(clinic: Clinic, ticket: str) -> list[str]:
    return [each.text for each in clinic.said(ticket) if each.direction is Direction.NOTE]


# What programs are told


def test_a_request_is_announced_as_the_contract_says(clinic: Clinic) -> None:
    ticket = forgotten(clinic)

    (event,) = announced(clinic)
    assert (event["Source"], event["DetailType"]) == ("triagewire", "Request made")
    assert event["EventBusName"] == BUS
    detail = json.loads(event["Detail"])
    EVENT.validate(detail)
    assert detail["ticket"] == ticket
    assert detail["fields"] == {"account": "Epic"}
    assert FORGOT not in event["Detail"]


def test_the_ticket_stays_with_its_team_and_shows_that_a_program_was_asked(clinic: Clinic) -> None:
    ticket = clinic.ticket(forgotten(clinic))

    assert (ticket.status, ticket.team, ticket.assignee) == (Status.ROUTED, "it", "ivo")
    assert ticket.clock is not None
    assert ticket.clock.paused_at is None
    assert ticket.automation is not None
    assert ticket.automation.state is AutomationState.REQUESTED
    assert ticket.automation.due_at == clinic.now + minutes(30)
    (handed,) = (e for e in clinic.ledger(ticket.id) if e.action is Action.HANDED_TO_PROGRAM)
    assert handed.detail["type"] == "password_reset"
    assert str(KENJI.email) not in str(handed.detail)


def test_a_record_that_comes_again_announces_nothing_again(clinic: Clinic) -> None:
    clinic.post(by_it_form(clinic, FORGOT, account="Epic"))
    clinic.hand_over(clinic.records())
    outgoing = clinic.records()

    clinic.hand_over(outgoing)
    clinic.hand_over(outgoing)

    assert len(announced(clinic)) == 1


def test_a_bus_that_fails_is_tried_again(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as down:
        down.setattr(aws, "events", lambda: SimpleNamespace(put_events=unreachable))
        ticket = forgotten(clinic)
    (asked,) = (m for m in clinic.said(ticket) if m.way is ReplyWay.AUTOMATION)
    assert asked.delivery is Delivery.PENDING

    clinic.now += minutes(10)
    keys = {"pk": ticket_pk(ticket), "sk": message_sk(asked)}
    again = {"messageId": "m-1", "eventSource": "aws:sqs", "body": json.dumps(keys)}
    with time_machine.travel(clinic.now, tick=False):
        answer = score_route.lambda_handler({"Records": [again]}, LAMBDA)

    assert answer == {"batchItemFailures": []}
    assert len(announced(clinic)) == 1


def test_what_it_needs_may_be_told_in_an_answer(clinic: Clinic) -> None:
    ticket = clinic.take(by_it_form(clinic, "I forgot my password.", "it-1"))
    assert clinic.ticket(ticket).asked == ("account",)
    assert announced(clinic) == []

    clinic.now += minutes(10)
    asked = replace(KENJI, kind=RequesterKind.PATIENT)
    stated = {"thread_token": token_of(ticket), "requester": asked, "subject": "Re: One question"}
    fields = StaffRequest(account="Epic")
    arrives(clinic, mailed("Account: Epic", "mail-1", staff_request=fields, **stated))

    (event,) = announced(clinic)
    assert json.loads(event["Detail"])["ticket"] == ticket
    assert json.loads(event["Detail"])["fields"] == {"account": "Epic"}
    assert clinic.ticket(ticket).automation is not None


@pytest.mark.parametrize(
    "text",
    [
        "My chest hurts badly and I forgot my password.",
        "I forgot my password and patients are waiting in pain, one is not breathing well.",
    ],
)
def test_what_is_urgent_is_for_people_alone(clinic: Clinic, text: str) -> None:
    forgotten(clinic, text)

    assert announced(clinic) == []


def test_a_robot_asks_no_program_for_anything(clinic: Clinic) -> None:
    """It would answer what the program says with the next request."""
    robots = (
        "This is an automated message. We have received your request. "
        "Password for Epic: your ticket number is 4711."
    )

    forgotten(clinic, robots)

    assert announced(clinic) == []


def test_a_patients_request_is_never_announced(clinic: Clinic) -> None:
    arrives(clinic, mailed("I forgot my password for the portal.", "mail-1"))

    assert announced(clinic) == []


# What a program reports


def test_done_closes_the_ticket_and_tells_the_requester(clinic: Clinic) -> None:
    ticket = forgotten(clinic)
    clinic.now += minutes(2)

    answer = report(clinic, DONE)

    assert (answer.status, answer.body["state"]) == (200, "done")
    stored = clinic.ticket(ticket)
    assert (stored.status, stored.outcome) == (Status.RESOLVED, "done_automatically")
    assert stored.responded_at is None
    assert clinic.loads("it") == {"ivo": 0}
    mail = clinic.mails()[-1]
    assert mail["Destination"] == {"ToAddresses": ["kenji@clinic.example"]}
    assert "a new password is on its way" in json.dumps(mail["Content"])
    assert {"Name": "Auto-Submitted", "Value": "auto-replied"} in (
        mail["Content"]["Simple"]["Headers"]
    )


def test_a_report_is_in_the_ledger_with_what_became_of_the_ticket(clinic: Clinic) -> None:
    ticket = forgotten(clinic)

    report(clinic, DONE)

    (told,) = (e for e in clinic.ledger(ticket) if e.action is Action.PROGRAM_REPORTED)
    assert told.why == "done"
    assert told.request_id


def test_what_no_carrier_takes_is_left_out_of_what_the_requester_gets(clinic: Clinic) -> None:
    forgotten(clinic)

    report(clinic, {"status": "done", "message": "\x00A link\x1b is on its way.\u2028"})

    said = clinic.mails()[-1]["Content"]["Simple"]["Body"]["Text"]["Data"]
    assert "A link is on its way." in said
    assert not {"\x00", "\x1b", "\u2028"} & set(said)


def test_the_same_report_again_gets_the_same_answer_and_does_nothing(clinic: Clinic) -> None:
    ticket = forgotten(clinic)
    first = report(clinic, DONE)
    before, sent = clinic.actions(ticket), len(clinic.mails())
    clinic.now += timedelta(days=2)

    again = report(clinic, DONE)

    assert (again.status, again.body) == (first.status, first.body)
    assert clinic.actions(ticket) == before
    assert len(clinic.mails()) == sent


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.LOST, Fault.DIES_BEFORE, Fault.DIES_AFTER])
def test_a_report_whose_answer_was_lost_is_taken_once(clinic: Clinic, fault: Fault) -> None:
    ticket, path = forgotten(clinic), path_of(clinic)
    sent = len(clinic.mails())

    def befalls(_number: int, call: Call) -> Fault | None:
        return fault if call.operation == "TransactWriteItems" else None

    with clinic.wire.failing(befalls), suppress(Died):
        assert posted(clinic, DONE, path).status == 500
    again = report(clinic, DONE, path)

    assert (again.status, again.body["state"]) == (200, "done")
    assert clinic.actions(ticket).count(Action.RESOLVED) == 1
    assert len(clinic.mails()) == sent + 1


def test_a_report_that_loses_a_race_is_decided_again(clinic: Clinic) -> None:
    ticket, path = forgotten(clinic), path_of(clinic)
    clinic.now += minutes(1)
    taken: list[str] = []

    def befalls(_number: int, call: Call) -> Fault | None:
        if call.operation != "TransactWriteItems" or taken:
            return None
        taken.append(ticket)
        return Fault.CONFLICT

    with clinic.wire.failing(befalls):
        answer = posted(clinic, DONE, path)

    assert (answer.status, taken) == (200, [ticket])
    assert clinic.ticket(ticket).status is Status.RESOLVED


def test_failed_leaves_the_ticket_to_its_team_with_a_note(clinic: Clinic) -> None:
    ticket = forgotten(clinic)

    answer = report(clinic, {"status": "failed", "message": "No such account.", "reference": "J-7"})

    assert (answer.status, answer.body["state"]) == (200, "failed")
    assert notes(clinic, ticket) == [
        "The program for password_reset reports failed (J-7): No such account."
    ]
    stored = clinic.ticket(ticket)
    assert (stored.status, stored.assignee) == (Status.ROUTED, "ivo")
    assert "No such account" not in str([e.detail for e in clinic.ledger(ticket)])


def test_working_gives_the_program_as_long_again(clinic: Clinic) -> None:
    ticket = forgotten(clinic)
    clinic.now += minutes(29)

    answer = report(clinic, {"status": "working"})
    clinic.pass_minutes(2)

    assert answer.status == 200
    stored = clinic.ticket(ticket).automation
    assert stored is not None
    assert stored.state is AutomationState.REQUESTED
    assert stored.due_at == clinic.now + minutes(28)


def test_without_an_answer_in_time_it_is_the_teams_again_and_may_still_be_done(
    clinic: Clinic,
) -> None:
    ticket = forgotten(clinic)
    due = clinic.ticket(ticket).clock

    clinic.sweep(clinic.now + minutes(30))

    stored = clinic.ticket(ticket)
    assert stored.automation is not None
    assert stored.automation.state is AutomationState.GIVEN_BACK
    assert stored.clock == due
    assert Action.TAKEN_BACK in clinic.actions(ticket)
    assert report(clinic, DONE).body["state"] == "done"


def test_a_person_who_has_taken_it_up_goes_before_the_program(clinic: Clinic) -> None:
    ticket = forgotten(clinic)
    clinic.now += minutes(1)
    context, principal = clinic._desk("ivo")
    working.accept(context, principal, ticket)

    first, again = report(clinic, DONE), report(clinic, DONE)

    assert (first.status, again.status) == (409, 409)
    assert first.body["error"] == "not_now"
    assert len(notes(clinic, ticket)) == 1
    assert clinic.ticket(ticket).status is Status.ACCEPTED


def test_so_does_one_who_has_resolved_it(clinic: Clinic) -> None:
    ticket = forgotten(clinic)
    clinic.now += minutes(1)
    clinic.resolve(ticket, "ivo")

    answer = report(clinic, DONE)

    assert answer.status == 409
    assert clinic.ticket(ticket).outcome == "done"
    assert len(notes(clinic, ticket)) == 1


def test_so_does_a_requester_who_has_written_since(clinic: Clinic) -> None:
    ticket = forgotten(clinic)
    clinic.now += minutes(5)
    stated = {"thread_token": token_of(ticket), "requester": KENJI}
    arrives(clinic, mailed("Also my badge does not open door 3.", "mail-1", **stated))

    answer = report(clinic, DONE)

    assert answer.status == 409
    assert clinic.ticket(ticket).is_open


def test_what_has_become_an_emergency_is_for_people_alone(clinic: Clinic) -> None:
    ticket = forgotten(clinic)
    clinic.now += minutes(5)
    stated = {"thread_token": token_of(ticket), "requester": KENJI}
    worse = "I have had crushing chest pain for twenty minutes and can hardly breathe."
    arrives(clinic, mailed(worse, "mail-1", **stated))

    answer = report(clinic, DONE)

    assert answer.status == 409
    assert clinic.ticket(ticket).must_page
    (aside,) = clinic.ticket(ticket).linked
    assert clinic.ticket(aside).automation is None
    assert len(announced(clinic)) == 1


@pytest.mark.parametrize("forged", ["x", "tw-0000", "A" * 60, "%00", "a" * 401])
def test_whoever_was_not_asked_is_told_nothing(clinic: Clinic, forged: str) -> None:
    forgotten(clinic)
    before = clinic.tickets()

    one, other = (report(clinic, DONE, f"/automation/{each}") for each in (forged, "y"))

    assert (one.status, other.status) == (404, 404)
    assert one.text == other.text
    assert clinic.tickets() == before


def test_a_callback_is_of_no_use_after_a_week(clinic: Clinic) -> None:
    ticket = forgotten(clinic)
    path = path_of(clinic)
    clinic.now += timedelta(days=7, seconds=1)

    assert report(clinic, DONE, path).status == 404
    assert clinic.ticket(ticket).is_open


@pytest.mark.parametrize(
    ("said", "media", "status"),
    [
        (b"{}", "application/json", 422),
        (b'{"status": "ok"}', "application/json", 422),
        (b'{"status": "done", "close": true}', "application/json", 422),
        (json.dumps({"status": "done", "message": "x" * 1001}).encode(), "application/json", 422),
        (b"not json", "application/json", 422),
        (b"", "application/json", 422),
        (b"status=done", "application/x-www-form-urlencoded", 415),
        (b" " * 20_000, "application/json", 413),
    ],
)
def test_a_report_that_cannot_be_read_changes_nothing(
    clinic: Clinic, said: bytes, media: str, status: int
) -> None:
    ticket = forgotten(clinic)
    before = clinic.actions(ticket)

    assert report(clinic, said, media=media).status == status
    assert clinic.actions(ticket) == before


def test_a_report_is_text_and_nothing_of_it_is_filled_in(clinic: Clinic) -> None:
    forgotten(clinic)

    report(clinic, {"status": "done", "message": "{phone} {0.__class__} <b>x</b>"})

    assert "{phone} {0.__class__} <b>x</b>" in str(clinic.mails()[-1])
