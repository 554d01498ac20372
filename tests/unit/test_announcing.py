"""A request leaves for the bus with its callback; a text gets its link only as it leaves."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from tests.automation_contract import EVENT, EXAMPLE
from tests.builders import MONDAY_MORNING, a_message
from triagewire import announcing, aws, linked
from triagewire.errors import UndeliverableError
from triagewire.message import ReplyWay
from triagewire.replies.automation import CallbackLink, read_callback_token
from triagewire.replies.feedback_tokens import FEEDBACK_LINK, SURVEY, read_feedback_token
from triagewire.settings import Settings

KEY = b"l" * 32
TICKET = "A7" * 13
SAID = {
    "version": 1,
    "ticket": TICKET,
    "site": "north",
    "type": "password_reset",
    "requester": {"email": "kenji@clinic.example"},
    "fields": {"account": "Épic"},
    "due_at": "2026-03-02T14:30:00+00:00",
}
REQUEST = a_message(
    ticket_id=TICKET, way=ReplyWay.AUTOMATION, text=json.dumps(SAID), automatic=True
)
QUESTION = a_message(
    ticket_id=TICKET, text=f"How was it? {FEEDBACK_LINK}", made_by=SURVEY, automatic=True
)


class Bus:
    """What EventBridge answers."""

    def __init__(self, failed: int = 0) -> None:
        self.failed = failed
        self.taken: list[dict[str, Any]] = []

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        """Take, or refuse, an event."""
        self.taken.extend(Entries)
        return {"FailedEntryCount": self.failed, "Entries": [{"ErrorCode": "ThrottlingException"}]}


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Bus:
    """A deployment with a bus."""
    names = Settings(
        tickets_table="t",
        ledger_table="l",
        automation_bus="bus",
        link_url="https://x.example/prod/",
    )
    found = Bus()
    for edge in (announcing, linked):
        monkeypatch.setattr(edge, "settings", lambda: names)
        monkeypatch.setattr(edge, "link_key", lambda: SimpleNamespace(get=lambda: KEY))
    monkeypatch.setattr(aws, "events", lambda: found)
    return found


def with_settings(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:  # noqa: ANN401
    names = Settings(tickets_table="t", ledger_table="l", **changes)
    for edge in (announcing, linked):
        monkeypatch.setattr(edge, "settings", lambda: names)


def test_an_event_has_what_was_queued_and_its_callback(bus: Bus) -> None:
    announcing.announce(REQUEST)

    (entry,) = bus.taken
    detail = json.loads(entry["Detail"])
    EVENT.validate(detail)
    callback = detail.pop("callback")
    assert detail == SAID
    assert callback.startswith("https://x.example/prod/automation/")
    link = read_callback_token(KEY, callback.rpartition("/")[2], MONDAY_MORNING)
    assert link == CallbackLink(
        ticket_id=TICKET, requested_at=MONDAY_MORNING, type="password_reset"
    )


def test_each_try_is_the_same_event(bus: Bus) -> None:
    announcing.announce(REQUEST)
    announcing.announce(REQUEST)

    first, second = bus.taken
    assert first == second


def test_the_example_of_the_contract_keeps_it() -> None:
    EVENT.validate(EXAMPLE["detail"])


def test_an_event_that_the_bus_did_not_take_is_tried_again(bus: Bus) -> None:
    bus.failed = 1

    with pytest.raises(RuntimeError, match="ThrottlingException"):
        announcing.announce(REQUEST)


def test_in_debug_mode_nothing_leaves(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch, automation_bus="bus", link_url="https://x", notify_people=False)

    announcing.announce(REQUEST)

    assert bus.taken == []


@pytest.mark.parametrize("missing", [{"link_url": "https://x"}, {"automation_bus": "bus"}])
def test_without_a_bus_or_an_address_it_can_never_leave(
    bus: Bus, monkeypatch: pytest.MonkeyPatch, missing: dict[str, str]
) -> None:
    with_settings(monkeypatch, **missing)

    with pytest.raises(UndeliverableError):
        announcing.announce(REQUEST)
    assert bus.taken == []


@pytest.mark.usefixtures("bus")
def test_a_text_gets_its_link_as_it_leaves() -> None:
    text = linked.linked(QUESTION).text

    assert text.startswith("How was it? https://x.example/prod/feedback/")
    link = read_feedback_token(KEY, text.rpartition("/")[2], MONDAY_MORNING)
    assert link.ticket_id == TICKET


@pytest.mark.usefixtures("bus")
def test_a_mark_in_what_a_person_wrote_stays_a_mark() -> None:
    written = a_message(ticket_id=TICKET, text=f"See {FEEDBACK_LINK}", author="sami")

    assert linked.linked(written) is written
