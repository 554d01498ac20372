"""Deciding on what one saw: a version is held against what has happened since."""

from collections.abc import Sequence

import pytest

from tests.aws.test_desk_calls import OTHER, SECRET, TICKET, Desk, a_desk
from tests.builders import a_stamp, a_ticket, a_verdict
from triagewire.ledger.event import Action, Entry
from triagewire.ledger.news import NO_NEWS
from triagewire.store.table import Tables, Write, commit
from triagewire.store.tickets import Change, changed
from triagewire.ticket import Status


def happened(desk: Desk, action: Action) -> None:
    """Something befalls the ticket."""
    ticket = desk.ticket()
    entry = Entry(action=action, why=SECRET)
    change = Change(before=ticket, after=ticket, entries=(entry,))
    _, writes = changed(desk.tables, change, a_stamp())
    commit(desk.tables, writes)


def test_who_decides_on_the_version_they_saw_is_obeyed() -> None:
    with a_desk() as desk:
        seen = desk.get("nick", f"/desk/tickets/{TICKET}").body["version"]

        answer = desk.act("nick", "claim", version=seen)

        assert (answer.status, answer.body["assignee"]) == (200, "nick")


def test_who_decides_on_what_is_no_longer_so_learns_what_has_changed() -> None:
    with a_desk(a_ticket(id=TICKET, assignee="nick")) as desk:
        seen = desk.ticket().version
        desk.act("nell", "resolve", outcome="answered")
        before = desk.ticket()

        answer = desk.act("nick", "reopen", reason="not_finished", version=seen)

        assert answer.status == 409
        assert answer.body == {
            "error": "changed_meanwhile",
            "message": "the ticket has changed since you looked",
            "id": TICKET,
            "status": "resolved",
            "version": before.version,
            "changed": ["resolved"],
        }
        assert desk.ticket() == before


def test_without_a_version_an_action_holds_for_the_ticket_as_it_is() -> None:
    with a_desk(a_ticket(id=TICKET, assignee="nick")) as desk:
        desk.act("nell", "resolve", outcome="answered")

        assert desk.act("nick", "reopen", reason="not_finished").status == 200


@pytest.mark.parametrize("action", [each for each in Action if each not in NO_NEWS])
def test_whatever_changes_a_ticket_is_a_conflict_and_named_without_a_value(action: Action) -> None:
    with a_desk() as desk:
        seen = desk.ticket().version
        happened(desk, action)

        answer = desk.act("nick", "claim", version=seen)

        assert (answer.status, answer.body["changed"]) == (409, [action.value])
        assert SECRET not in answer.text


@pytest.mark.parametrize("action", sorted(NO_NEWS))
def test_that_somebody_looked_or_was_told_is_no_conflict(action: Action) -> None:
    with a_desk() as desk:
        seen = desk.ticket().version
        happened(desk, action)

        assert desk.act("nick", "claim", version=seen).status == 200


def test_a_change_between_reading_and_writing_is_a_conflict_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_desk(a_ticket(id=TICKET, assignee="nick")) as desk:
        desk.get("nick", f"/desk/tickets/{TICKET}")  # the session has begun
        seen = desk.ticket().version
        rivals = [lambda: desk.act("nell", "reassign", reason="workload", member="nell")]

        def rival_first(tables: Tables, writes: Sequence[Write]) -> None:
            # The first thing written is that Nick has signed in.
            if rivals and any(TICKET in str(each.item) for each in writes):
                rivals.pop()()
            commit(tables, writes)

        monkeypatch.setattr("triagewire.flow.context.commit", rival_first)

        answer = desk.act("nick", "resolve", outcome="done", version=seen)

        assert (answer.status, answer.body["error"]) == (409, "changed_meanwhile")
        assert "reassigned" in answer.body["changed"]
        assert desk.ticket().status is not Status.RESOLVED


def test_a_version_that_the_ticket_never_had_is_refused_by_the_field() -> None:
    with a_desk() as desk:
        answer = desk.act("nick", "claim", version=99)

        assert (answer.status, answer.body["fields"][0]["field"]) == (422, "version")


@pytest.mark.parametrize("version", [0, -1, "1", 1.5, True])
def test_what_cannot_be_a_version_is_refused_by_the_field(version: object) -> None:
    with a_desk() as desk:
        answer = desk.act("nick", "claim", version=version)

        assert (answer.status, answer.body["fields"][0]["field"]) == (422, "version")


def test_who_decides_on_a_ticket_that_was_merged_meanwhile_is_led_to_the_other() -> None:
    with a_desk() as desk:
        desk.store(a_ticket(id=OTHER, status=Status.MERGED, merged_into=TICKET, timer=None))

        answer = desk.act("nick", "claim", OTHER, version=1)

        assert (answer.status, answer.body["error"]) == (409, "changed_meanwhile")
        assert (answer.body["id"], answer.body["changed"]) == (TICKET, ["merged"])
        assert desk.ticket().assignee is None


def test_a_page_between_looking_and_answering_does_not_cost_the_answer() -> None:
    urgent = a_ticket(a_verdict(5), id=TICKET, assignee="nick")
    with a_desk(urgent) as desk:
        seen = desk.ticket().version
        happened(desk, Action.PAGED)

        assert desk.act("nick", "respond", how="called", version=seen).status == 200


def test_a_refusal_says_how_the_ticket_stands() -> None:
    with a_desk(a_ticket(id=TICKET, status=Status.RESOLVED)) as desk:
        answer = desk.act("nick", "claim")

        assert answer.body == {
            "error": "not_now",
            "message": "the ticket is resolved, not accepted or reopened or routed or waiting",
            "id": TICKET,
            "status": "resolved",
            "version": desk.ticket().version,
        }
