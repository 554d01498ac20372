"""Who writes into the buckets by hand changes no figure unseen, and stops none."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_MORNING
from tests.measured import GENUINE, KEY, Desk
from triagewire.flow import measuring
from triagewire.flow.checkpointing import make_checkpoint
from triagewire.flow.measuring import gather, lives_since
from triagewire.ledger.chains import Fault
from triagewire.ledger.copies import CHECKPOINTS
from triagewire.ledger.event import Action
from triagewire.measures import kept
from triagewire.measures.gathering import MOST_FAULTS, Gathering

NEXT_TO_THE_FIRST = f"{CHECKPOINTS}2026-03-02/0000000001.json.{{}}"
AFTER_ALL = f"{CHECKPOINTS}9999-12-31/9999999999.json"


def a_desk_with_a_ticket() -> Desk:
    """One message, signed for and gathered."""
    desk = Desk()
    desk.happens("A", 0, Action.RECEIVED, "source:form", site="north")
    desk.signed()
    return desk


def signed_unread(desk: Desk) -> None:
    """A checkpoint that nobody has gathered yet."""
    desk.box.now += timedelta(minutes=5)
    make_checkpoint(desk.box, KEY, desk.box.now)


def test_objects_that_are_no_checkpoints_ask_for_no_further_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measuring, "MOST_CHECKPOINTS", 2)
    desk = a_desk_with_a_ticket()
    for each in range(3):
        desk.box.put_once(NEXT_TO_THE_FIRST.format(each), b"{}")

    found = gather(desk.box, desk.kept, GENUINE)

    assert not found.more
    assert found.mark.checkpoint == 1
    assert len(found.trust.faults) == 3


def test_what_is_genuine_counts_beyond_objects_that_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measuring, "MOST_CHECKPOINTS", 2)
    desk = a_desk_with_a_ticket()
    desk.happens("A", 25, Action.RESPONDED, "staff:bela", in_time=True)
    signed_unread(desk)
    for each in range(3):
        desk.box.put_once(NEXT_TO_THE_FIRST.format(each), b"{}")

    found = gather(desk.box, desk.kept, GENUINE)

    assert found.gathering.lives["A"].responded_at is not None
    assert found.mark.checkpoint == 2


def test_a_forged_checkpoint_beside_a_genuine_one_does_not_make_that_one_bad() -> None:
    desk = a_desk_with_a_ticket()
    desk.happens("A", 25, Action.RESPONDED, "staff:bela", in_time=True)
    signed_unread(desk)
    newest = max(each for each in desk.box.bodies if each.startswith(CHECKPOINTS))
    forged = desk.box.bodies[newest].replace(b'"events":1', b'"events":9')
    assert forged != desk.box.bodies[newest]
    desk.box.put_once(NEXT_TO_THE_FIRST.format("forged"), forged)

    found = gather(desk.box, desk.kept, GENUINE)

    assert found.gathering.lives["A"].responded_at is not None
    assert not found.trust.whole


@pytest.mark.parametrize("place", [NEXT_TO_THE_FIRST.format("again"), AFTER_ALL])
def test_a_genuine_checkpoint_copied_to_another_place_moves_nothing(place: str) -> None:
    desk = a_desk_with_a_ticket()
    desk.happens("A", 25, Action.RESPONDED, "staff:bela", in_time=True)
    signed_unread(desk)
    newest = max(each for each in desk.box.bodies if each.startswith(CHECKPOINTS))
    desk.box.put_once(place, desk.box.bodies[newest])

    found = gather(desk.box, desk.kept, GENUINE)

    assert found.gathering.lives["A"].responded_at is not None
    assert found.mark.key == newest
    assert not found.trust.whole


def test_what_is_wrong_is_told_of_so_much_as_a_report_can_hold() -> None:
    gathering = Gathering()
    for each in range(2 * MOST_FAULTS):
        gathering.fault(Fault(problem=f"checkpoint {each} cannot be read"))

    assert len(gathering.faults) == MOST_FAULTS + 1
    assert "more" in str(gathering.faults[-1])


def test_an_object_planted_after_all_others_does_not_hide_those_to_come() -> None:
    desk = a_desk_with_a_ticket()
    desk.box.put_once(AFTER_ALL, b"{}")
    gather(desk.box, desk.kept, GENUINE)
    desk.happens("A", 25, Action.RESPONDED, "staff:bela", in_time=True)

    desk.box.now += timedelta(minutes=5)
    before = desk.box.bodies.pop(AFTER_ALL)
    make_checkpoint(desk.box, KEY, desk.box.now)
    desk.box.bodies[AFTER_ALL] = before
    found = gather(desk.box, desk.kept, GENUINE)

    assert found.gathering.lives["A"].responded_at is not None
    assert found.mark.checkpoint == 2


def test_a_checkpoint_that_is_gone_is_told_and_what_follows_still_counts() -> None:
    desk = a_desk_with_a_ticket()
    desk.happens("A", 25, Action.RESPONDED, "staff:bela", in_time=True)
    signed_unread(desk)
    first = min(each for each in desk.box.bodies if each.startswith(CHECKPOINTS))
    del desk.box.bodies[first]

    found = gather(desk.box, desk.kept, GENUINE)

    assert not found.trust.whole
    assert found.gathering.lives["A"].responded_at is not None


def test_lives_that_another_version_put_away_are_told_anew_and_not_mixed_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept, "VERSION", kept.VERSION - 1)
    desk = a_desk_with_a_ticket()
    desk.happens("A", 30, Action.CLOSED)
    desk.signed()
    desk.happens("B", 40 * 24 * 60, Action.RECEIVED, "source:form", site="north")
    desk.signed()
    monkeypatch.undo()

    assert lives_since(desk.kept, MONDAY_MORNING)[1] == {}
    gather(desk.box, desk.kept, GENUINE)
    assert set(lives_since(desk.kept, MONDAY_MORNING)[1]) == {"A", "B"}


def test_lives_still_tell_what_was_over_when_something_late_comes() -> None:
    desk = a_desk_with_a_ticket()
    desk.happens("A", 25, Action.RESPONDED, "staff:bela", in_time=True)
    desk.happens("A", 30, Action.CLOSED)
    desk.signed()
    desk.happens("B", 40 * 24 * 60, Action.RECEIVED, "source:form", site="north")
    assert "A" not in desk.signed().gathering.lives

    desk.happens("A", 41 * 24 * 60, Action.VIEWED, "staff:bela")
    desk.signed()
    _, lives = lives_since(desk.kept, MONDAY_MORNING)

    assert lives["A"].responded_at is not None
