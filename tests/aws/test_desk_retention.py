"""Legal holds at the desk, by every role; and what a purged ticket still shows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.aws.test_desk_calls import OTHER, SECRET, TICKET, Answer, Desk, a_desk
from tests.builders import MONDAY_MORNING, a_ticket, minutes
from triagewire.arrival import Channel
from triagewire.flow.context import Context
from triagewire.flow.policies import current_policy
from triagewire.flow.purging import purge
from triagewire.retention import PurgeReason
from triagewire.ticket import Status, Ticket

WHY = "Letter of counsel, matter 2026-117"
CLOSED = a_ticket(
    id=TICKET,
    status=Status.CLOSED,
    outcome="done",
    resolved_at=MONDAY_MORNING,
    closed_at=MONDAY_MORNING,
    timer=None,
)
LATER = MONDAY_MORNING + timedelta(days=400)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A refill request, and a second one of the same patient by phone."""
    other = a_ticket(id=OTHER, channels=(Channel.PHONE,), source="phone")
    with a_desk(a_ticket(id=TICKET), other) as opened:
        yield opened


def held(desk: Desk, by: str = "audra", ticket: str = TICKET, **fields: Any) -> Answer:  # noqa: ANN401
    body = {"hold": True, "reason": "litigation", "why": WHY, **fields}
    return desk.post(by, f"/desk/tickets/{ticket}/hold", body)


def released(desk: Desk, by: str = "director", ticket: str = TICKET) -> Answer:
    return held(desk, by, ticket, hold=False, reason="matter_closed")


def purged(desk: Desk) -> Ticket:
    """The ticket after its time."""
    policy = current_policy().get()
    context = Context(tables=desk.tables, policy=policy, now=LATER, actor="system:escalate")
    return purge(context, desk.ticket(), PurgeReason.RETENTION_OVER)


# Who holds, and who lets go


@pytest.mark.parametrize(("who", "status"), [("audra", 200), ("director", 200), ("nora", 403)])
def test_an_auditor_and_an_administrator_place_a_hold(desk: Desk, who: str, status: int) -> None:
    assert held(desk, who).status == status
    assert (desk.ticket().hold is not None) is (status == 200)


@pytest.mark.parametrize(("who", "status"), [("audra", 403), ("director", 200), ("nora", 403)])
def test_only_an_administrator_releases_one(desk: Desk, who: str, status: int) -> None:
    held(desk)

    assert released(desk, who).status == status
    assert (desk.ticket().hold is None) is (status == 200)


def test_the_ticket_shows_who_holds_it_and_why_and_the_ledger_only_the_code(desk: Desk) -> None:
    held(desk)

    shown = desk.get("nick", f"/desk/tickets/{TICKET}").body

    hold = {key: shown["hold"][key] for key in ("by", "reason", "why")}
    assert hold == {"by": "audra", "reason": "litigation", "why": WHY}
    assert [each["text"] for each in shown["messages"] if each["direction"] == "note"] == [WHY]
    assert WHY not in str(shown["timeline"])


def test_a_hold_that_stands_is_not_placed_again_and_one_that_does_not_is_not_released(
    desk: Desk,
) -> None:
    assert released(desk).status == 409
    held(desk)
    assert held(desk, "director").status == 409


@pytest.mark.parametrize(
    "wrong",
    [{"why": ""}, {"why": "   "}, {"why": "x" * 501}, {"hold": 1}, {"reason": "because"}],
)
def test_a_hold_says_why_in_words_and_by_a_known_code(desk: Desk, wrong: dict[str, Any]) -> None:
    assert held(desk, **wrong).status == 422


def test_who_decided_on_an_older_version_is_told_what_happened(desk: Desk) -> None:
    seen = desk.ticket().version
    desk.act("nick", "claim")

    assert held(desk, version=seen).status == 409


# What was merged


def test_a_held_ticket_that_is_merged_holds_its_survivor(desk: Desk) -> None:
    held(desk, ticket=OTHER)

    desk.act("director", "merge", ticket=OTHER, reason="same_need")

    assert desk.ticket().hold is not None
    assert desk.ticket(OTHER).hold is None
    assert held(desk, "director", OTHER).status == 409


def test_what_is_taken_out_of_a_held_ticket_is_held_too(desk: Desk) -> None:
    desk.act("director", "merge", ticket=OTHER, reason="same_need")
    held(desk)

    apart = {"ticket": OTHER, "reason": "by_mistake"}
    desk.act("director", "unmerge", at=MONDAY_MORNING + minutes(5), **apart)

    assert desk.ticket().hold is not None
    assert desk.ticket(OTHER).hold == desk.ticket().hold


# What is left


def test_a_purged_ticket_says_so_and_shows_no_word() -> None:
    with a_desk(CLOSED) as desk:
        before = desk.get("nick", f"/desk/tickets/{TICKET}").body
        purged(desk)

        after = desk.get("nick", f"/desk/tickets/{TICKET}")

    assert before["purged_at"] is None
    assert SECRET in str(before)
    assert after.status == 200
    assert after.body["purged_at"] == LATER.isoformat()
    assert SECRET not in after.text
    assert after.body["requester"]["name"] is None
    assert [each["text"] for each in after.body["messages"]] == [""]
    assert after.body["timeline"][-2]["action"] == "purged"


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("reply", {"text": "It is ready."}),
        ("note", {"text": "Called again."}),
        ("reopen", {"reason": "not_finished"}),
        ("hold", {"hold": True, "why": "too late"}),
    ],
)
def test_nothing_can_be_done_with_it_any_more(act: str, body: dict[str, Any]) -> None:
    with a_desk(CLOSED) as desk:
        purged(desk)

        assert desk.act("director", act, **body).status == 409


def test_a_queue_and_its_file_are_as_before() -> None:
    with a_desk(replace(CLOSED), a_ticket(id=OTHER)) as desk:
        purged(desk)

        queue = desk.get("nora", "/desk/queues/north/clinical")
        file = desk.get("nora", "/desk/queues/north/clinical/export")

    assert [each["id"] for each in queue.body["tickets"]] == [OTHER]
    assert file.status == 200
