"""Quarantine from end to end: kept whole, shown with its why, read again after a fix."""

import json
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError, ReadTimeoutError

from functions.desk.handler import lambda_handler
from ops import quarantine as command
from ops.cli import main
from ops.deployed import Deployed
from tests.aws.clinic import LAMBDA, Clinic, ticket_id_of
from tests.aws.said import CHEST_PAIN, REFILL
from tests.aws.senders import by_portal, unreadable
from tests.aws.test_desk_calls import CONSOLE, the_claims
from tests.aws.wire import Died, Fault
from tests.builders import a_policy, a_site, minutes
from triagewire import aws
from triagewire.channels import epic
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.request import WebhookRequest
from triagewire.channels.source import Source
from triagewire.flow import staff
from triagewire.flow.handing import Handoff, HandoffReason
from triagewire.flow.redrive import redrive
from triagewire.ids import ticket_id
from triagewire.ledger.event import Action
from triagewire.quarantined import KeptBody
from triagewire.store.quarantine import all_kept, load_kept, whole_body
from triagewire.ticket import Status
from triagewire.verdict import Urgency

PARSE = epic.parse
STACK = Deployed({"TicketsTableName": "tickets", "LedgerTableName": "ledger"})

type Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Call:
    """The operator's command against the clinic: exit code, what it printed, what it told."""
    monkeypatch.setattr(command, "deployed", lambda _stack: STACK)

    def run(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        with time_machine.travel(clinic.now, tick=False):
            code = main(["quarantine", *arguments])
        said = capfd.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def fix(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Deploys code that knows the engine's new name for the body."""
    return lambda: monkeypatch.setattr(epic, "parse", _fixed)


def _fixed(request: WebhookRequest, source: Source, now: datetime) -> Parsed:
    event = json.loads(request.body)
    if "words" in event.get("data", {}):
        event["data"]["body"] = event["data"].pop("words")
    if event.get("type") == "read_receipt":
        return Ignored("read receipt")
    return PARSE(replace(request, body=json.dumps(event).encode()), source, now)


def new_format(clinic: Clinic, words: str, event_id: str = "evt-1", **data: object) -> str:
    """Post a message whose body the present code looks for under another name."""
    payload = {
        "type": "patient_message.received",
        "timestamp": clinic.now.isoformat(),
        "data": {"message_id": event_id, "patient": {"mrn": "777"}, "words": words, **data},
    }
    return _posted(clinic, payload, event_id)


def _posted(clinic: Clinic, payload: Mapping[str, object], event_id: str) -> str:
    answer = clinic.post(unreadable(clinic.now, event_id, payload))
    assert answer["statusCode"] == 202
    clinic.settle()
    return ticket_id_of(answer)


def kept(review: str) -> KeptBody:
    found = load_kept(aws.tables(), "north", review)
    assert found is not None
    return found[0]


# What is kept


def test_a_body_is_kept_with_what_reads_it_again_and_no_credential(clinic: Clinic) -> None:
    item = kept(new_format(clinic, REFILL))

    assert (item.site, item.source, item.reason) == ("north", "portal", "data.body: is missing")
    assert (item.received_at, item.method, item.media_type) == (
        clinic.now,
        "POST",
        "application/json",
    )
    assert item.headers == {"content-type": "application/json", "webhook-id": "evt-1"}


def test_a_body_that_no_item_holds_goes_to_the_bucket_and_staff_see_its_beginning(
    clinic: Clinic,
) -> None:
    noise = random.Random(7).randbytes(400_000).hex()
    item = kept(new_format(clinic, "It still hurts.", scan=noise))

    whole = whole_body(aws.tables(), item, aws.s3)
    assert item.link == f"s3://inbound-of-the-tests/quarantine/north/{item.ticket_id}"
    assert json.loads(whole)["data"]["scan"] == noise
    assert item.size_bytes == len(whole)
    found = load_kept(aws.tables(), "north", item.ticket_id)
    assert found is not None
    assert found[1] == whole[:100_000]


def test_while_the_bucket_does_not_take_a_body_its_sender_keeps_it(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triagewire.flow.quarantine.put_in_bucket", _no_bucket)
    noise = random.Random(7).randbytes(400_000).hex()

    answer = clinic.post(unreadable(clinic.now, "evt-1", {"type": "scan", "value": noise}))

    assert answer["statusCode"] == 503
    assert clinic.tickets() == []


def _no_bucket(*_arguments: object) -> str:
    raise ClientError({"Error": {"Code": "SlowDown", "Message": ""}}, "PutObject")


def test_a_body_that_packs_well_stays_in_the_table(clinic: Clinic) -> None:
    assert kept(new_format(clinic, "so " * 300_000)).link == ""


def test_the_desk_shows_the_body_its_source_and_why_it_stands_there(clinic: Clinic) -> None:
    review = new_format(clinic, "Ich habe Schmerzen")

    shown = _opened(clinic, review)

    assert "Ich habe Schmerzen" in shown["body"]
    told = shown["quarantine"]
    assert (told["source"], told["reason"]) == ("portal", "data.body: is missing")
    assert (told["shown_whole"], told["link"], told["settled"]) == (True, None, None)
    assert (told["media_type"], told["received_at"]) == (
        "application/json",
        clinic.now.isoformat(),
    )


def test_the_desk_shows_a_long_body_up_to_a_bound(clinic: Clinic) -> None:
    shown = _opened(clinic, new_format(clinic, "so " * 300_000))

    assert len(shown["body"]) == 50_000
    assert not shown["quarantine"]["shown_whole"]


def _opened(clinic: Clinic, ticket_id: str) -> dict[str, Any]:
    request = {
        "httpMethod": "GET",
        "path": f"/desk/tickets/{ticket_id}",
        "resource": "/desk/tickets/{id}",
        "headers": {},
        "multiValueHeaders": {},
        "body": None,
        "requestContext": {
            "requestTimeEpoch": int(clinic.now.timestamp() * 1000),
            "authorizer": {"claims": the_claims("rhea", clinic.now)},
        },
        "stageVariables": {"SignInClient": CONSOLE},
    }
    answer = lambda_handler(request, LAMBDA)
    assert answer["statusCode"] == 200, answer
    shown: dict[str, Any] = json.loads(answer["body"])
    return shown


def test_two_unreadable_events_that_look_alike_are_two_reviews(clinic: Clinic) -> None:
    payload = {"type": "lab_result.created"}
    first = _posted(clinic, payload, "evt-1")
    _let_staff_close(clinic, first)
    clinic.now += minutes(600)

    second = _posted(clinic, payload, "evt-2")

    assert second != first
    assert clinic.ticket(second).is_open
    assert _posted(clinic, payload, "evt-2") == second


# Looking at it


def test_the_list_names_what_waits_and_none_of_its_words(clinic: Clinic, call: Call) -> None:
    review = new_format(clinic, CHEST_PAIN)

    code, out, _ = call("list")

    assert code == 0
    assert out.split()[2:] == [review, "north/portal", "waits", "data.body:", "is", "missing"]
    assert call("list", "--site", "west")[1] == ""
    assert CHEST_PAIN not in out


def test_the_list_is_printed_for_machines(clinic: Clinic, call: Call) -> None:
    review = new_format(clinic, REFILL)

    (item,) = json.loads(call("list", "--json")[1])

    assert (item["ticket"], item["source"], item["settled"]) == (review, "portal", None)


def test_show_says_what_the_body_would_become_without_a_word_of_it(
    clinic: Clinic, call: Call, fix: Callable[[], None]
) -> None:
    review = new_format(clinic, CHEST_PAIN)
    before, out, _ = call("show", review)
    fix()

    assert before == 0
    assert json.loads(out)["now"] == "cannot be read: data.body: is missing"
    assert json.loads(call("show", review)[1])["now"] == "can be read: 1 ticket(s)"
    assert CHEST_PAIN not in out
    assert Action.VIEWED not in clinic.actions(review)


def test_a_printed_body_is_exact_and_stands_in_the_ledger_under_the_operators_name(
    clinic: Clinic, call: Call
) -> None:
    review = new_format(clinic, CHEST_PAIN)

    _, out, _ = call("show", review, "--body")

    assert json.loads(out)["data"]["words"] == CHEST_PAIN
    event = clinic.ledger(review)[-1]
    assert (event.action, event.actor) == (Action.VIEWED, "administrator:moto")


def test_a_body_cannot_steer_the_terminal_that_shows_it() -> None:
    assert command._harmless("a\x1b[2Jb\u202ec\nd\te") == "a\ufffd[2Jb\ufffdc\nd\te"


def test_a_ticket_that_is_not_in_quarantine_is_named(clinic: Clinic, call: Call) -> None:
    readable = clinic.take(by_portal(REFILL, clinic.now, "evt-9"))

    for named in (readable, "NOSUCHTICKET"):
        code, _, err = call("show", named)
        assert (code, named in err) == (1, True)


# Reading it again


def test_a_redriven_body_becomes_the_ticket_that_it_should_have_been(
    clinic: Clinic, call: Call, fix: Callable[[], None]
) -> None:
    came = clinic.now
    review = new_format(clinic, REFILL)
    fix()
    clinic.now += minutes(30)

    code, out, _ = call("redrive", review)
    clinic.settle()

    becomes = ticket_id("north", "portal", "evt-1")
    ticket = clinic.ticket(becomes)
    assert (code, out.strip()) == (0, f"{review}  redriven -> {becomes}")
    assert [each.text for each in clinic.said(becomes)] == [REFILL]
    assert (ticket.team, ticket.status, ticket.received_at) == ("clinical", Status.ROUTED, came)
    assert ticket.linked == (review,)
    assert clinic.actions(becomes)[:2] == [Action.RECEIVED, Action.REDRIVEN]


def test_its_promise_counts_from_when_it_came(
    clinic: Clinic, call: Call, fix: Callable[[], None]
) -> None:
    came = clinic.now
    review = new_format(clinic, REFILL)
    fix()
    clinic.now += minutes(30)
    call("redrive", review)
    clinic.settle()

    clock = clinic.ticket(ticket_id("north", "portal", "evt-1")).clock
    assert clock is not None
    assert clock.due_at == came + minutes(120)


def test_its_review_is_closed_and_the_load_given_back(
    clinic: Clinic, call: Call, fix: Callable[[], None]
) -> None:
    review = new_format(clinic, REFILL)
    assert clinic.loads("review") == {"rhea": 5}
    fix()

    call("redrive", review)

    closed = clinic.ticket(review)
    becomes = ticket_id("north", "portal", "evt-1")
    assert (closed.status, closed.outcome) == (Status.RESOLVED, "redriven")
    assert closed.linked == (becomes,)
    assert clinic.loads("review") == {"rhea": 0}
    told = {event.action: event for event in clinic.ledger(review)}
    assert told[Action.REDRIVEN].detail["tickets"] == [becomes]
    assert told[Action.REDRIVEN].actor == "administrator:moto"
    assert told[Action.RESOLVED].why == "redriven"


def test_its_body_stays_and_is_marked(clinic: Clinic, call: Call, fix: Callable[[], None]) -> None:
    review = new_format(clinic, REFILL)
    fix()
    call("redrive", review)

    assert kept(review).settled == "redriven"
    assert kept(review).tickets == (ticket_id("north", "portal", "evt-1"),)
    assert call("list")[1] == ""
    assert "redriven" in call("list", "--all")[1]
    assert json.loads(call("show", review, "--body")[1])["data"]["words"] == REFILL


def test_an_emergency_that_could_not_be_read_pages_once_it_is(
    clinic: Clinic, call: Call, fix: Callable[[], None]
) -> None:
    review = new_format(clinic, CHEST_PAIN)
    clinic.wire.calls.clear()
    fix()
    clinic.now += minutes(5)

    call("redrive", review)
    clinic.settle()

    assert len(clinic.paged()) == 1


def test_twice_changes_nothing_more(clinic: Clinic, call: Call, fix: Callable[[], None]) -> None:
    review = new_format(clinic, REFILL)
    fix()
    call("redrive", review)
    clinic.settle()
    before = (clinic.tickets(), clinic.ledgers())

    code, out, _ = call("redrive", review)

    assert (code, "settled before" in out) == (0, True)
    assert (clinic.tickets(), clinic.ledgers()) == before


def test_a_body_that_stays_unreadable_says_why_and_changes_nothing(
    clinic: Clinic, call: Call
) -> None:
    review = new_format(clinic, CHEST_PAIN)
    before = (clinic.tickets(), clinic.ledgers())

    code, out, err = call("redrive", review)

    assert (code, out.strip()) == (1, f"{review}  still unreadable: data.body: is missing")
    assert CHEST_PAIN not in out + err
    assert (clinic.tickets(), clinic.ledgers()) == before


def test_what_turns_out_to_be_no_message_is_closed_only_when_the_operator_says_so(
    clinic: Clinic, call: Call, fix: Callable[[], None]
) -> None:
    review = _posted(clinic, {"type": "read_receipt"}, "evt-1")
    fix()

    code, out, _ = call("redrive", review)
    assert (code, "no message (read receipt)" in out) == (1, True)
    assert clinic.ticket(review).is_open

    assert call("redrive", review, "--accept-ignored")[0] == 0
    assert clinic.ticket(review).outcome == "dismissed"
    assert clinic.actions(review)[-2:] == [Action.QUARANTINE_DISMISSED, Action.RESOLVED]
    assert kept(review).settled == "dismissed"


def test_everything_of_a_source_is_redriven_and_one_bad_body_stops_no_other(
    clinic: Clinic, call: Call, fix: Callable[[], None]
) -> None:
    first = new_format(clinic, REFILL, "evt-1")
    bad = _posted(clinic, {"type": "lab_result.created"}, "evt-2")
    second = new_format(clinic, CHEST_PAIN, "evt-3")
    fix()

    assert call("redrive", "--all", "--source", "mailbox")[1] == ""
    assert call("redrive", "--all", "--site", "west")[1] == ""
    code, _, _ = call("redrive", "--all", "--site", "north", "--source", "portal")

    assert code == 1
    assert [kept(each).settled for each in (first, second)] == ["redriven", "redriven"]
    assert kept(bad).settled is None


def test_what_staff_have_dealt_with_is_redriven_only_by_name(
    clinic: Clinic, call: Call, fix: Callable[[], None]
) -> None:
    review = new_format(clinic, REFILL)
    _let_staff_close(clinic, review)
    fix()

    code, out, _ = call("redrive", "--all")
    assert (code, "closed by staff" in out, kept(review).settled) == (0, True, None)

    assert call("redrive", review)[0] == 0
    closed = clinic.ticket(review)
    assert (closed.outcome, kept(review).settled) == ("done", "redriven")


def _let_staff_close(clinic: Clinic, review: str) -> None:
    context, principal = clinic._desk("rhea")
    reason = HandoffReason.REVIEWED
    handoff = Handoff(reason=reason, team="clinical", score=Urgency(2))
    staff.reassign(context, principal, review, handoff)
    clinic.resolve(review, "rhea")


def test_a_ticket_that_its_sender_made_after_the_fix_is_linked_and_not_made_twice(
    clinic: Clinic, call: Call, fix: Callable[[], None]
) -> None:
    review = new_format(clinic, REFILL)
    fix()
    again = new_format(clinic, REFILL)
    assert again == ticket_id("north", "portal", "evt-1")

    call("redrive", review)

    assert len(clinic.tickets()) == 2
    assert clinic.ticket(again).linked == (review,)
    assert clinic.actions(again)[-1] is Action.REDRIVEN


def test_a_source_that_the_policy_has_lost_is_named(clinic: Clinic, call: Call) -> None:
    review = new_format(clinic, REFILL)
    clinic.publish(a_policy(site=a_site(sources={})))

    code, _, err = call("redrive", review)

    assert (code, "no source north/portal" in err) == (1, True)
    assert json.loads(call("show", review)[1])["now"] == "the policy has no source north/portal"


@pytest.mark.parametrize("fault", [Fault.DIES_BEFORE, Fault.DIES_AFTER, Fault.LOST])
def test_a_crash_anywhere_on_the_way_is_mended_by_doing_it_again(
    clinic: Clinic, call: Call, fix: Callable[[], None], fault: Fault
) -> None:
    review = new_format(clinic, REFILL)
    fix()
    begin_again = clinic.remember()
    clinic.wire.calls.clear()
    call("redrive", review)
    count = len(clinic.wire.calls)
    becomes = ticket_id("north", "portal", "evt-1")

    for nth in range(count):
        begin_again()
        with clinic.wire.faulty(fault, nth), suppress(Died, ClientError, ReadTimeoutError):
            call("redrive", review)
        assert call("redrive", review)[0] == 0
        clinic.settle()
        clinic.check()
        assert clinic.actions(becomes).count(Action.REDRIVEN) == 1
        assert clinic.actions(review).count(Action.REDRIVEN) == 1
        assert clinic.loads("review") == {"rhea": 0}
        assert len(clinic.tickets()) == 2


def test_of_two_operators_at_once_one_settles_it_and_both_are_told_the_ticket(
    clinic: Clinic, fix: Callable[[], None]
) -> None:
    review = new_format(clinic, REFILL)
    fix()
    context, _ = clinic._desk("rhea")
    before = load_kept(aws.tables(), "north", review)
    assert before is not None

    done = [redrive(context, *before) for _ in range(2)]

    becomes = (ticket_id("north", "portal", "evt-1"),)
    assert [each.tickets for each in done] == [becomes, becomes]
    assert clinic.actions(review).count(Action.REDRIVEN) == 1
    clinic.settle()


def test_every_kept_body_of_a_site_is_listed_without_its_bytes(clinic: Clinic) -> None:
    reviews = {new_format(clinic, REFILL, f"evt-{number}", n=number) for number in range(3)}

    assert {each.ticket_id for each in all_kept(aws.tables(), "north")} == reviews
    assert boto3.client("s3").list_objects_v2(Bucket="inbound-of-the-tests")["KeyCount"] == 0
