"""A page with the topic: what subscriptions filter by, and what becomes of it when SNS refuses."""

from dataclasses import replace

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import CHEST_PAIN
from tests.aws.senders import by_portal
from tests.aws.wire import Call, Fault
from tests.builders import AT_NIGHT, MEMBERS, a_policy, a_site, minutes
from triagewire import aws
from triagewire.ladder import Way
from triagewire.ledger.event import Action
from triagewire.store.ledger import read_events
from triagewire.store.told import told_subject


@pytest.fixture
def night(clinic: Clinic) -> Clinic:
    """The provider on call has a phone and a pager."""
    ways = {Way.SMS: "+15550100103", Way.PAGER: "https://pager.example/enqueue"}
    members = {**MEMBERS, "dr-okafor": replace(MEMBERS["dr-okafor"], ways=ways)}
    clinic.publish(a_policy(site=a_site(members=members)))
    clinic.now = AT_NIGHT
    return clinic


def no_texts(_number: int, call: Call) -> Fault | None:
    """SNS refuses every text."""
    attributes = call.arguments.get("MessageAttributes", {})
    text = attributes.get("way", {}).get("StringValue") == "sms"
    return Fault.REFUSED if text else None


def told(person: str) -> list[tuple[Action, object, object]]:
    """What the ledger says of the messages to somebody."""
    events = read_events(aws.tables(), told_subject(person))
    return [(each.action, each.detail.get("ways"), each.detail.get("failed")) for each in events]


def test_each_way_has_its_message_and_the_whole_topic_one_copy(night: Clinic) -> None:
    night.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))

    sent = [(each["way"], each["copy"], each["person"]) for each in night.notices("page")]
    assert sent == [("sms", "first", "dr-okafor"), ("pager", "more", "dr-okafor")]
    assert told("dr-okafor") == [(Action.TOLD, ["sms", "pager"], [])]


def test_a_way_that_is_refused_holds_up_no_other(night: Clinic) -> None:
    with night.wire.failing(no_texts):
        night.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))

    assert told("dr-okafor") == [(Action.TOLD, ["pager"], ["sms"])]


def test_a_page_that_nothing_took_is_found_by_the_next_sweep_and_told(night: Clinic) -> None:
    def nothing(_number: int, call: Call) -> Fault | None:
        return Fault.REFUSED if call.operation == "Publish" else None

    with night.wire.failing(nothing):
        night.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))
    night.wire.calls.clear()

    night.sweep(AT_NIGHT + minutes(1))

    # A page does not wait for the look at who has subscribed: it goes by all the ways they have.
    assert night.paged() == ["dr-okafor", "dr-okafor"]
    assert [action for action, _, _ in told("dr-okafor")] == [Action.NOTICE_FAILED, Action.TOLD]
