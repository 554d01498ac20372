"""How a scenario may state a time, seen from Monday evening in New York."""

from datetime import timedelta

import pytest

from ops.simulation.moments import moment, stretch
from tests.builders import MONDAY_MORNING, a_site
from triagewire.clock.calendar import local

CALENDAR = a_site().calendar
EVENING = MONDAY_MORNING + timedelta(hours=9)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("+7m", "2026-03-02T18:07:00-05:00"),
        ("+1h30m", "2026-03-02T19:30:00-05:00"),
        ("+0.3s", "2026-03-02T18:00:00.300000-05:00"),
        ("20:15", "2026-03-02T20:15:00-05:00"),
        ("02:00", "2026-03-03T02:00:00-05:00"),
        ("18:00", "2026-03-02T18:00:00-05:00"),
        ("fri 08:00:30", "2026-03-06T08:00:30-05:00"),
        ("mon 08:00", "2026-03-09T08:00:00-04:00"),
        ("2026-03-05T09:30", "2026-03-05T09:30:00-05:00"),
        ("2026-03-05T09:30Z", "2026-03-05T04:30:00-05:00"),
    ],
)
def test_a_time_is_the_next_one_that_its_text_can_mean(text: str, meant: str) -> None:
    assert local(CALENDAR, moment(text, EVENING, CALENDAR)).isoformat() == meant


def test_a_wall_time_that_the_clocks_jump_over_is_the_moment_of_the_jump() -> None:
    saturday = MONDAY_MORNING + timedelta(days=5)

    jumped = moment("sun 02:30", saturday, CALENDAR)

    assert local(CALENDAR, jumped).isoformat() == "2026-03-08T03:00:00-04:00"


@pytest.mark.parametrize(
    "text", ["", "soon", "+", "+7", "+7 minutes", "25:00", "day 08:00", "9am", "1890-01-01T08:00"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must "):
        moment(text, EVENING, CALENDAR)


@pytest.mark.parametrize("text", ["7", "7x", "m", "-7m", "7m and more"])
def test_a_length_of_time_has_units(text: str) -> None:
    with pytest.raises(ValueError, match="must be a length of time"):
        stretch(text)
