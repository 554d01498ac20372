"""From the signed copies to figures: each event is read once, and a break is told."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_MORNING, minutes
from tests.measured import AROUND, GENUINE, KEY, Desk
from triagewire.flow.checkpointing import make_checkpoint
from triagewire.flow.measuring import gather, lives_since
from triagewire.ledger.event import Action
from triagewire.measures.figures import Asked, report
from triagewire.measures.period import day_of


def test_a_life_is_told_by_the_events_of_its_ticket() -> None:
    desk = Desk()
    desk.happens(
        "A", 0, Action.RECEIVED, "source:form", site="north", channel="web", requester="patient"
    )
    desk.happens("A", 25, Action.RESPONDED, "staff:bela", in_time=True)
    desk.signed()

    gathered, lives = lives_since(desk.kept, MONDAY_MORNING)

    assert (lives["A"].site, lives["A"].channel) == ("north", "web")
    found = report(
        lives.values(),
        Asked(period=day_of(MONDAY_MORNING.date()), around=AROUND),
        gathered.trust,
        desk.box.now,
    )
    cell = found.cell()
    assert cell is not None
    assert cell.figures["first_response"] == (1, 25.0, 25.0)


def test_what_was_gathered_before_is_gone_on_from() -> None:
    desk = Desk()
    desk.happens("A", 0, Action.RECEIVED, "source:form", site="north")
    first = desk.signed()
    desk.happens("A", 25, Action.RESPONDED, "staff:bela", in_time=True)
    second = desk.signed()

    assert (first.gathering.events, second.gathering.events) == (1, 2)
    assert second.gathering.lives["A"].responded_at == MONDAY_MORNING + minutes(25)


@pytest.mark.parametrize("spoilt", ["events/", "checkpoints/"])
def test_nothing_counts_of_what_does_not_verify(spoilt: str) -> None:
    desk = Desk()
    desk.happens("A", 0, Action.RECEIVED, "source:form", site="north")
    desk.box.now += timedelta(minutes=5)
    make_checkpoint(desk.box, KEY, desk.box.now)
    (key,) = (each for each in desk.box.bodies if each.startswith(spoilt))
    desk.box.bodies[key] = desk.box.bodies[key].replace(b"2026-03-02", b"2026-03-03", 1)

    found = gather(desk.box, desk.kept, GENUINE)

    assert not found.gathering.lives
    assert not found.trust.whole


@pytest.mark.parametrize(("minutes_before", "told"), [(1, 0), (3, 1)])
def test_the_minute_by_which_a_sweep_stamps_is_no_clock_that_ran_backwards(
    minutes_before: int, told: int
) -> None:
    desk = Desk()
    desk.happens("A", 10, Action.RECEIVED, "source:form", site="north")
    desk.happens("A", 10 - minutes_before, Action.REMINDED)

    assert desk.signed().gathering.lives["A"].backwards == told
