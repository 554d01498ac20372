"""`triagewire people`: the topics hear by the roster, and who cannot be reached is named."""

import json
from dataclasses import replace

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID

from ops import people as command
from tests.aws.clinic import REGION, Clinic
from tests.aws.reachable import (
    LIND,
    OKAFOR,
    STOPPED,
    People,
    a_roster,
    a_stack,
    leave_unconfirmed,
    subscriptions,
)
from tests.aws.wire import Call, Fault
from triagewire import aws
from triagewire.ladder import Way
from triagewire.ledger.event import Action
from triagewire.policy.model import Policy
from triagewire.settings import settings
from triagewire.store.ledger import read_events


def test_everybody_hears_alerts_and_pages_by_each_way_of_theirs(
    clinic: Clinic, people: People
) -> None:
    clinic.publish(a_roster())

    code, _, _ = people("sync")

    assert code == 0
    for topic in ("pages", "alerts"):
        made = subscriptions(topic)
        assert set(made) >= {*OKAFOR.values(), "+15550100002", "lind@clinic.example"}
        policy = json.loads(made["+15550100002"]["FilterPolicy"])
        assert policy == {"person": ["dr-lind"], "way": ["sms"]}
        redrive = json.loads(made["+15550100002"]["RedrivePolicy"])
        assert redrive["deadLetterTargetArn"].endswith(":undelivered")


def test_who_is_on_no_page_ladder_gets_no_subscription_of_pages(
    clinic: Clinic, people: People
) -> None:
    clinic.publish(a_roster(dr_lind={}, nell={Way.SMS: "+15550100007"}))
    site = a_roster(nell={Way.SMS: "+15550100007"}).sites["north"]
    paging = replace(site.ladders, urgent=site.ladders.urgent_after_hours)
    clinic.publish(Policy(group="g", sites={"north": replace(site, ladders=paging)}, rules={}))

    people("sync")

    assert "+15550100007" in subscriptions("alerts")
    assert "+15550100007" not in subscriptions("pages")


def test_a_pager_service_is_given_up_within_a_minute(clinic: Clinic, people: People) -> None:
    clinic.publish(a_roster())

    people("sync")

    delivery = json.loads(subscriptions()[OKAFOR[Way.PAGER]]["DeliveryPolicy"])
    retry = delivery["healthyRetryPolicy"]
    assert retry["numRetries"] * retry["maxDelayTarget"] <= 60


def test_a_second_run_changes_nothing(clinic: Clinic, people: People) -> None:
    clinic.publish(a_roster())
    people("sync")
    clinic.wire.calls.clear()

    _, out, _ = people("sync", "--json")

    assert json.loads(out)["changes"] == []
    for operation in ("Subscribe", "Unsubscribe", "SetSubscriptionAttributes"):
        assert clinic.wire.of(operation) == []


def test_a_new_number_replaces_the_old_one(clinic: Clinic, people: People) -> None:
    clinic.publish(a_roster())
    people("sync")
    clinic.publish(a_roster(dr_okafor={Way.SMS: "+15550100003"}))

    people("sync")

    assert "+15550100003" in subscriptions()
    assert not {*OKAFOR.values()} & subscriptions().keys()


def test_who_left_the_roster_hears_nothing_more(clinic: Clinic, people: People) -> None:
    clinic.publish(a_roster(nick={Way.SMS: "+15550100004"}))
    people("sync")
    clinic.publish(a_roster())

    people("sync")

    assert "+15550100004" not in subscriptions("pages") | subscriptions("alerts")


def test_two_who_share_a_phone_are_both_told_there(clinic: Clinic, people: People) -> None:
    clinic.publish(a_roster())
    people("sync")
    clinic.publish(a_roster(dr_lind={Way.SMS: OKAFOR[Way.SMS]}))

    people("sync")

    policy = json.loads(subscriptions()[OKAFOR[Way.SMS]]["FilterPolicy"])
    assert policy["person"] == ["dr-lind", "dr-okafor"]


def test_what_was_subscribed_by_hand_is_left_alone(clinic: Clinic, people: People) -> None:
    sns = boto3.client("sns")
    filtered = {"FilterPolicy": json.dumps({"site": ["north"]})}
    for endpoint, attributes in (("board@clinic.example", {}), ("desk@clinic.example", filtered)):
        sns.subscribe(
            TopicArn=settings().pages_topic_arn,
            Protocol="email",
            Endpoint=endpoint,
            Attributes=attributes,
        )
    clinic.publish(a_roster())

    people("sync")

    assert json.loads(subscriptions()["desk@clinic.example"]["FilterPolicy"]) == {"site": ["north"]}
    assert "FilterPolicy" not in subscriptions()["board@clinic.example"]


def test_a_dry_run_says_what_it_would_do_and_does_nothing(clinic: Clinic, people: People) -> None:
    clinic.publish(a_roster())

    code, out, err = people("sync", "--dry-run")

    assert code == 1
    assert "subscribe: pager of dr-okafor for pages" in out
    assert "no page reaches" in err
    assert subscriptions() == {}


def test_who_changes_who_hears_is_in_the_ledger_before_and_names_no_address(
    clinic: Clinic, people: People
) -> None:
    clinic.publish(a_roster())

    people("sync", "--dry-run")
    people("sync")
    people("sync")

    told = [
        event
        for event in read_events(aws.tables(), "POLICY")
        if event.why.startswith("who hears of pages")
    ]
    assert [event.action for event in told] == [Action.ACCESS_CHANGED]
    assert "subscribe: pager of dr-okafor for pages" in str(told[0].detail["changes"])
    assert told[0].request_id.startswith("command-")
    assert not any(address in str(told) for address in (*OKAFOR.values(), *LIND.values()))


def test_no_address_is_ever_printed(clinic: Clinic, people: People) -> None:
    clinic.publish(a_roster(dr_lind={Way.SMS: STOPPED}))
    said = [*people("sync")[1:], *people("check", "--json")[1:]]
    clinic.publish(a_roster())
    said += people("sync")[1:]

    for each in (*OKAFOR.values(), *LIND.values(), STOPPED):
        assert not any(each.lower() in text.lower() for text in said)


def test_a_mail_that_nobody_confirmed_is_named_with_the_time_since(
    clinic: Clinic, people: People
) -> None:
    clinic.publish(a_roster())
    people("sync")
    leave_unconfirmed("vance@clinic.example")

    code, out, err = people("sync")

    assert code == 1
    assert "email for pages: not confirmed since 2026-03-02 14:00 UTC" in out
    assert "no page reaches north/director" in err


def test_who_has_not_confirmed_is_asked_again_only_on_request(
    clinic: Clinic, people: People
) -> None:
    clinic.publish(a_roster())
    people("sync")
    leave_unconfirmed("vance@clinic.example")
    clinic.wire.calls.clear()

    people("sync")
    assert clinic.wire.of("Subscribe") == []
    people("sync", "--ask-again")

    asked = {each["Endpoint"] for each in clinic.wire.of("Subscribe")}
    assert asked == {"vance@clinic.example"}


def test_a_phone_that_said_stop_fails_the_check(clinic: Clinic, people: People) -> None:
    clinic.publish(a_roster(dr_lind={Way.SMS: STOPPED}))
    people("sync")

    code, out, err = people("check")

    assert code == 1
    assert "sms for pages: stopped: they have texted STOP" in out
    assert "no page reaches north/dr-lind" in err


def test_the_check_changes_nothing(clinic: Clinic, people: People) -> None:
    clinic.publish(a_roster())

    code, _, _ = people("check")

    assert code == 1
    assert subscriptions() == {}


def test_who_has_no_way_hears_what_the_topic_s_own_subscribers_hear(
    clinic: Clinic, people: People
) -> None:
    nobody: dict[Way, str] = {}
    clinic.publish(a_roster(director=nobody))
    assert people("sync")[0] == 1

    boto3.client("sns").subscribe(
        TopicArn=settings().pages_topic_arn, Protocol="email", Endpoint="board@clinic.example"
    )

    assert people("sync")[0] == 0


def test_what_sns_refuses_is_named_and_keeps_nobody_else_from_being_subscribed(
    clinic: Clinic, people: People
) -> None:
    clinic.publish(a_roster(nell={Way.SMS: "+15550100007"}))

    def refuse(_number: int, call: Call) -> Fault | None:
        return Fault.REFUSED if call.arguments.get("Endpoint") == "+15550100007" else None

    with clinic.wire.failing(refuse):
        code, out, _ = people("sync")

    assert code == 1
    assert "subscribe: sms of nell for alerts: refused (InternalServerError)" in out
    assert OKAFOR[Way.SMS] in subscriptions()


def test_a_roster_that_is_not_published_removes_nothing_that_is_in_use(
    clinic: Clinic, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.publish(a_roster())
    people("sync")
    coming = a_roster(dr_okafor={Way.SMS: "+15550100003"})
    monkeypatch.setattr(command, "_policy_of", lambda _folder: coming)

    people("sync", "--policy", "policy")

    assert {"+15550100003", *OKAFOR.values()} <= subscriptions().keys()


def test_debug_mode_is_loud(
    clinic: Clinic, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.publish(a_roster())
    people("sync")
    monkeypatch.setattr(command, "deployed", lambda _name: a_stack(NotifyPeople="false"))

    code, out, _ = people("check")

    assert code == 1
    assert out.startswith("DEBUG MODE: this deployment tells nobody anything")


def test_a_notice_for_one_person_reaches_their_queue_alone(clinic: Clinic, people: People) -> None:
    clinic.publish(a_roster())
    people("sync")
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    queues = {}
    for person, number in (("dr-okafor", OKAFOR[Way.SMS]), ("dr-lind", LIND[Way.SMS])):
        url = sqs.create_queue(QueueName=person)["QueueUrl"]
        queues[person] = url
        sns.subscribe(
            TopicArn=settings().pages_topic_arn,
            Protocol="sqs",
            Endpoint=f"arn:aws:sqs:{REGION}:{DEFAULT_ACCOUNT_ID}:{person}",
            Attributes={"FilterPolicy": subscriptions()[number]["FilterPolicy"]},
        )

    aws.sns().publish(
        TopicArn=settings().pages_topic_arn,
        Message="PAGE",
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value}
            for name, value in (("person", "dr-okafor"), ("way", "sms"), ("site", "north"))
        },
    )

    heard = {who: "Messages" in sqs.receive_message(QueueUrl=url) for who, url in queues.items()}
    assert heard == {"dr-okafor": True, "dr-lind": False}
