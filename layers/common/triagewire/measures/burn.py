"""How quickly a site uses up what it may break of its promises: the burn of its error budget.

An objective of 95 per cent leaves a budget of 5 in a hundred. A burn of 1 uses up just that budget;
20 breaks every promise. What counts is the smaller of the burns of a long and of a short window:
the long one says that it matters, the short one that it goes on (Google, The Site Reliability
Workbook, chapter 5). A clinic has few promises in an hour, so a site never alarms by one or two.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from triagewire.measures.catalogue import BY_ID
from triagewire.measures.figures import Asked, why_left_out
from triagewire.measures.life import Life
from triagewire.measures.measure import Around
from triagewire.measures.period import day_of
from triagewire.verdict import Urgency


class Promise(StrEnum):
    """What a site promises: a first answer of a person in time, that a page of something clinical
    urgent is heard in time, that what is asked is settled in time.
    """

    FIRST_RESPONSE = "first_response"
    PAGE = "page"
    RESOLUTION = "resolution"


OBJECTIVES: Mapping[Promise, float] = {
    Promise.FIRST_RESPONSE: 0.95,
    Promise.PAGE: 0.99,
    Promise.RESOLUTION: 0.9,
}
"""Which share of each is to be kept."""
REPORTED = {
    Promise.FIRST_RESPONSE: BY_ID["response_promises"],
    Promise.RESOLUTION: BY_ID["resolution_promises"],
}
"""The measures that say whether one was kept: alarm and report can never disagree."""
HEARD_WITHIN = timedelta(minutes=15)
"""A page is heard in time if somebody acknowledges it, or works on the ticket, so soon after the
first one: the target that the shipped policy has for what is clinical urgent.
"""
LEAST_BROKEN: Mapping[Promise, int] = {
    Promise.FIRST_RESPONSE: 3,
    Promise.PAGE: 2,
    Promise.RESOLUTION: 5,
}
"""So many must be broken in the long window: a quiet site is not judged by one ticket."""
FASTEST = {Promise.FIRST_RESPONSE: 14.4, Promise.PAGE: 14.4, Promise.RESOLUTION: 7.2}
"""What of a month's budget is gone in an hour at 14.4: 2 per cent. A tenth cannot burn faster
than 10.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """A long and a short window that both must burn, and how much is too much in both."""

    long: timedelta
    short: timedelta
    too_much: float


def windows_of(promise: Promise) -> tuple[Windows, ...]:
    """The pairs of windows of a promise. A checkpoint is signed every five minutes and lives are
    gathered every hour, so none is shorter than an hour.
    """
    hour, quarter, days = timedelta(hours=1), timedelta(hours=6), timedelta(days=3)
    return (
        Windows(long=hour, short=hour, too_much=FASTEST[promise]),
        Windows(long=quarter, short=hour, too_much=FASTEST[promise] / 2.4),
        Windows(long=days, short=quarter, too_much=1.0),
    )


LONGEST = timedelta(days=3)
"""No promise that was kept or broken longer ago counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """How one promise of one site stands. `level` is 1 where it burns just too quickly, as an alarm
    understands it; `broken` of `n` is of the longest window.
    """

    site: str
    promise: Promise
    level: float
    n: int
    broken: int


def burn_of(
    lives: Iterable[Life],
    now: datetime,
    around: Around,
    go_live: Mapping[str, datetime] | None = None,
) -> tuple[Burn, ...]:
    """The burn of each promise of each site, the quickest first; none of a promise that was neither
    kept nor broken in the longest window.

    `now` (UTC) is how far the ledger was read: the windows end there. What no measure counts does
    not count here.
    """
    asked = Asked(period=day_of(now.date()), around=around, go_live=go_live or {})
    found: dict[tuple[str, Promise], list[tuple[timedelta, bool]]] = defaultdict(list)
    for life in lives:
        if why_left_out(life, asked):
            continue
        for promise, at, kept in outcomes(life, now, around):
            if timedelta() <= now - at < LONGEST:
                found[life.site, promise].append((now - at, kept))
    burns = (_burn(site, promise, each) for (site, promise), each in found.items())
    return tuple(sorted(burns, key=lambda each: (-each.level, each.site, each.promise)))


def outcomes(life: Life, now: datetime, around: Around) -> Iterator[tuple[Promise, datetime, bool]]:
    """What became of a ticket's promises by `now`: which, when it was kept or broken (UTC), and
    whether it was kept. Answers and resolutions are those of the reports.
    """
    for promise, measure in REPORTED.items():
        for at, kept in measure.take(life, around):
            yield promise, at, bool(kept)
    yield from _page(life, now)


def _page(life: Life, now: datetime) -> Iterator[tuple[Promise, datetime, bool]]:
    if life.paged_at is None or life.peak < Urgency.CLINICAL_URGENT:
        return
    ends = life.paged_at + HEARD_WITHIN
    worked = (life.heard_at, life.acted_at, life.responded_at)
    heard = min((at for at in worked if at and at >= life.paged_at), default=None)
    if heard is not None and heard <= ends:
        yield Promise.PAGE, heard, True
    elif ends <= now:
        yield Promise.PAGE, ends, False


def _burn(site: str, promise: Promise, kept: list[tuple[timedelta, bool]]) -> Burn:
    broken = sum(not in_time for _, in_time in kept)
    level = max(_level(promise, windows, kept) for windows in windows_of(promise))
    return Burn(site=site, promise=promise, level=round(level, 3), n=len(kept), broken=broken)


def _level(promise: Promise, windows: Windows, kept: list[tuple[timedelta, bool]]) -> float:
    """How much a pair of windows burns, as a part of what is too much; 0 for too few tickets."""
    within = [in_time for ago, in_time in kept if ago < windows.long]
    if within.count(False) < LEAST_BROKEN[promise]:
        return 0.0
    recent = [in_time for ago, in_time in kept if ago < windows.short]
    return min(burn(promise, within), burn(promise, recent)) / windows.too_much


def burn(promise: Promise, kept: list[bool]) -> float:
    """How quickly promises that were kept or not use up their budget; 0 where there is none."""
    broken = kept.count(False) / len(kept) if kept else 0.0
    return broken / (1 - OBJECTIVES[promise])
