"""How much faster the site calendar is than counting open minutes one by one.

Counting minute by minute is what a first version does, and what the tests hold the calendar
against. Also shows that the cost grows with the days between two instants and not faster.

    python -m bench.clock
"""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from bench.paired import Ratio, compare
from triagewire.clock.calendar import WEEKDAYS, Calendar, Interval, add, elapsed

SHIFTS = (
    Interval(clock_time(8), clock_time(12)),
    Interval(clock_time(13, 30), clock_time(18)),
)
CLINIC = Calendar("America/New_York", dict.fromkeys(WEEKDAYS[:5], SHIFTS))
FRIDAY_AFTERNOON = datetime(2026, 10, 30, 20, 0, tzinfo=UTC)  # the clocks change that weekend
FOUR_HOURS = 240
MINUTE = timedelta(minutes=1)
LEAST_TIMES_FASTER = 20.0
MOST_GROWTH = 13.0
"""For ten times the days: linear, with room for a busy machine."""


def main(arguments: list[str] | None = None) -> int:
    """Print the two ratios; exit code 1 when one is outside its limit."""
    parser = argparse.ArgumentParser(prog="bench.clock", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="paired rounds of each ratio")
    rounds = parser.parse_args(arguments).rounds

    faster = over_the_weekend(rounds)
    growth = ten_times_the_days(rounds)
    print(f"a 4 h target over a weekend: {faster} x faster than minute by minute")
    print(f"open time of 700 days: {growth} x the cost of 70 days")
    fine = faster.middle >= LEAST_TIMES_FASTER and growth.middle <= MOST_GROWTH
    return 0 if fine else 1


def over_the_weekend(rounds: int) -> Ratio:
    """The cost of counting minutes over that of `add`; both must name the same instant."""
    start, due = FRIDAY_AFTERNOON, add(CLINIC, FRIDAY_AFTERNOON, FOUR_HOURS)
    if _minute_by_minute(start, FOUR_HOURS) != due:
        raise AssertionError("the two ways disagree")
    return compare(
        lambda: _seconds(lambda: _minute_by_minute(start, FOUR_HOURS), 1),
        lambda: _seconds(lambda: add(CLINIC, start, FOUR_HOURS), 20),
        rounds,
    )


def ten_times_the_days(rounds: int) -> Ratio:
    """The cost of `elapsed` over 700 days as a multiple of that over 70."""
    start = FRIDAY_AFTERNOON
    return compare(
        lambda: _seconds(lambda: elapsed(CLINIC, start, start + timedelta(days=700)), 1),
        lambda: _seconds(lambda: elapsed(CLINIC, start, start + timedelta(days=70)), 5),
        rounds,
    )


def _minute_by_minute(start: datetime, minutes: int) -> datetime:
    zone, at, left = ZoneInfo(CLINIC.zone), start, minutes
    while left:
        reading = at.astimezone(zone)
        hours = CLINIC.week.get(WEEKDAYS[reading.weekday()], ())
        left -= any(each.opens <= reading.time() < each.closes for each in hours)
        at += MINUTE
    return at


def _seconds(work: Callable[[], object], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times


if __name__ == "__main__":
    sys.exit(main())
