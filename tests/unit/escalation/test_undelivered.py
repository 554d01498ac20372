"""What SNS sends back when it gives up on somebody: what is believed of it."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING
from triagewire.errors import InvalidFieldError, TriagewireError, UnreadableError
from triagewire.escalation.bundle import bundle_id
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.undelivered import Undelivered, lost_notices, undelivered
from triagewire.ladder import Way
from triagewire.ledger.event import Action, Event

PAGE = "TICKET-A-1-page-dr-okafor"
OTHER = "TICKET-B-4-breach-dr-okafor"
SILENT = "north/portal-source_silent-20260302T140000"
TAKEN_BACK = Undelivered(message=PAGE, person="dr-okafor", way=Way.SMS)


def an_envelope(**attributes: str) -> str:
    sent = {"notice": PAGE, "person": "dr-okafor", "way": "sms", "kind": "page", **attributes}
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "TopicArn": "arn:aws:sns:us-east-1:123456789012:pages",
            "Subject": "Triagewire",
            "Message": "PAGE for dr-okafor",
            "Timestamp": "2026-03-02T14:00:00.000Z",
            "MessageAttributes": {
                name: {"Type": "String", "Value": value} for name, value in sent.items()
            },
        }
    )


def an_event(*notices: str, ways: list[str] | None = None, action: Action = Action.TOLD) -> Event:
    return Event(
        subject="TOLD#dr-okafor",
        sequence=1,
        at=MONDAY_MORNING,
        actor="system:escalate",
        action=action,
        why="notices were sent",
        detail={"notices": list(notices), "ways": ways or ["sms", "email"], "failed": []},
        policy_version=1,
        request_id="",
        previous="",
    )


def test_an_envelope_names_message_person_and_way() -> None:
    assert undelivered(an_envelope(), {}) == TAKEN_BACK


def test_the_bare_text_of_a_subscription_has_them_beside_it() -> None:
    attributes = {
        "notice": {"stringValue": PAGE, "dataType": "String"},
        "person": {"stringValue": "dr-okafor", "dataType": "String"},
        "way": {"stringValue": "sms", "dataType": "String"},
    }

    assert undelivered("PAGE for dr-okafor", attributes) == TAKEN_BACK


@pytest.mark.parametrize(
    "body",
    [
        "not JSON",
        "[]",
        "{}",
        json.dumps({"Type": "Notification", "Message": json.dumps({"AlarmName": "Heartbeat"})}),
        an_envelope(way="carrier pigeon"),
        an_envelope(person=""),
        json.dumps({"MessageAttributes": {"notice": "text", "person": [], "way": 7}}),
    ],
    ids=["text", "list", "nothing", "an alarm", "no such way", "nobody", "wrong types"],
)
def test_anything_else_is_left_for_a_person_to_look_at(body: str) -> None:
    with pytest.raises((UnreadableError, InvalidFieldError)):
        undelivered(body, {})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(
    body=st.text(max_size=40) | json_values.map(json.dumps),
    attributes=st.dictionaries(st.sampled_from(["notice", "person", "way"]), json_values),
)
def test_whatever_comes_back_is_understood_or_refused(
    body: str, attributes: Mapping[str, object]
) -> None:
    try:
        undelivered(body, attributes)
    except TriagewireError as error:
        assert isinstance(error, UnreadableError | InvalidFieldError)  # noqa: PT017


def test_a_page_that_was_sent_is_known_with_its_ticket() -> None:
    (lost,) = lost_notices(TAKEN_BACK, [an_event(OTHER), an_event(PAGE)])

    assert (lost.id, lost.ticket_id, lost.kind) == (PAGE, "TICKET-A", NoticeKind.PAGE)
    assert lost.at == MONDAY_MORNING


def test_a_bundle_is_known_by_all_that_was_in_it() -> None:
    what = Undelivered(message=bundle_id([PAGE, OTHER]), person="dr-okafor", way=Way.EMAIL)

    lost = lost_notices(what, [an_event(PAGE, OTHER)])

    assert [(each.ticket_id, each.kind) for each in lost] == [
        ("TICKET-A", NoticeKind.PAGE),
        ("TICKET-B", NoticeKind.BREACH),
    ]


def test_a_page_in_a_bundle_goes_on_although_something_else_in_it_is_about_no_ticket() -> None:
    what = Undelivered(message=bundle_id([PAGE, SILENT]), person="dr-okafor", way=Way.SMS)

    assert [each.id for each in lost_notices(what, [an_event(PAGE, SILENT)])] == [PAGE]


@pytest.mark.parametrize(
    "events",
    [
        [],
        [an_event(OTHER)],
        [an_event(PAGE, OTHER)],
        [an_event(PAGE, ways=["email"])],
        [an_event(PAGE, action=Action.NOTICE_FAILED)],
    ],
    ids=["nothing", "another", "another bundle", "by another way", "never sent"],
)
def test_what_the_ledger_does_not_know_moves_no_ladder(events: list[Event]) -> None:
    with pytest.raises(UnreadableError):
        lost_notices(TAKEN_BACK, events)


def test_what_is_about_no_ticket_is_for_operations() -> None:
    what = Undelivered(message=SILENT, person="ivo", way=Way.SMS)

    with pytest.raises(UnreadableError):
        lost_notices(what, [an_event(SILENT)])


def test_the_word_of_a_report_is_known_for_one() -> None:
    what = undelivered(an_envelope(kind="report", notice="report-north-daily-2026-03-02"), {})

    assert what.is_report
    assert not undelivered(an_envelope(), {}).is_report
