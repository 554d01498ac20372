"""Lives of a period → its figures, told apart by site, team, topic, channel and language."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from triagewire.measures.ages import backlog, together
from triagewire.measures.catalogue import MEASURES
from triagewire.measures.life import Life
from triagewire.measures.loads import loads
from triagewire.measures.measure import Around, Figure, Measure, figure_of
from triagewire.measures.period import Period
from triagewire.measures.report import By, Cell, MemberLoad, Report, Trust
from triagewire.quarantined import Settled as Quarantined

DIMENSIONS: Mapping[By, Callable[[Life], str]] = {
    By.ALL: lambda _: "",
    By.SITE: lambda life: life.site,
    By.TEAM: lambda life: life.team,
    By.TOPIC: lambda life: life.topic,
    By.CHANNEL: lambda life: life.channel,
    By.LANGUAGE: lambda life: life.language or "en",
    By.URGENCY: lambda life: str(life.peak),
}
"""What each dimension says of a life. A team is the last queue of a ticket, by its name then."""
READ_AGAIN = frozenset(map(str, Quarantined))
BACKWARDS = "a clock ran backwards: such a time counts as 0"

type Key = tuple[By, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a report is about. `go_live` is, by site, since when (UTC) tickets count."""

    period: Period
    around: Around
    site: str = ""
    go_live: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A life that counts, the cells in which it does, and the first moments of the period's days at
    its site, the first after the last included.
    """

    life: Life
    keys: tuple[Key, ...]
    days: tuple[datetime, ...]


def report(lives: Iterable[Life], asked: Asked, trust: Trust, made_at: datetime) -> Report:
    """The measures of a period."""
    of_site = [each for each in lives if not asked.site or each.site == asked.site]
    days = {site: asked.period.moments(zone) for site, zone in asked.around.zones.items()}
    counted = [
        _Counted(each, tuple((by, of(each)) for by, of in DIMENSIONS.items()), days[each.site])
        for each in of_site
        if not why_left_out(each, asked)
    ]
    cells, by_day = _figures(counted, asked)
    old = backlog((each.life, _looked_at(each.days[-1], trust, made_at)) for each in counted)
    return Report(
        period=asked.period,
        site=asked.site,
        made_at=made_at,
        trust=trust,
        cells=cells,
        members=_members(of_site, asked, days, trust, made_at),
        ages=together(old),
        backlog=old,
        left_out=_left_out(of_site, asked),
        odd=_odd(counted),
        days=by_day,
    )


def why_left_out(life: Life, asked: Asked) -> str:
    """Why no measure counts a ticket, "" for one that counts."""
    if why := _why_unknown(life, asked):
        return why
    settled = life.resolved
    reasons = (
        (bool(life.merged_into), "merged into another ticket"),
        (life.automatic, "written by a robot"),
        (
            life.unreadable and settled is not None and settled.outcome in READ_AGAIN,
            "unreadable, and settled by what it was read as since",
        ),
    )
    return next((why for applies, why in reasons if applies), "")


def _why_unknown(life: Life, asked: Asked) -> str:
    """Why nothing at all counts that happened to a ticket, not even as anybody's work."""
    since = asked.go_live.get(life.site)
    reasons = (
        (bool(life.broken), "its ledger does not verify"),
        (life.received_at is None, "its first event has not come"),
        (life.site not in asked.around.zones, "its site is in no policy"),
        (bool(since and life.received_at and life.received_at < since), "from before go-live"),
    )
    return next((why for applies, why in reasons if applies), "")


def _left_out(lives: Iterable[Life], asked: Asked) -> dict[str, int]:
    """How many tickets of the period do not count, as far as anybody knows when they came."""
    found = Counter[str]()
    for life in lives:
        why, at = why_left_out(life, asked), life.received_at or life.at
        zone = asked.around.zones.get(life.site, "UTC")
        if why and at and asked.period.begins(zone) <= at < asked.period.ends(zone):
            found[why] += 1
    return dict(sorted(found.items()))


def _odd(counted: Iterable[_Counted]) -> dict[str, int]:
    backwards = sum(
        each.life.backwards > 0 and _day(each.days, each.life.received_at) is not None
        for each in counted
    )
    return {BACKWARDS: backwards} if backwards else {}


def _looked_at(ends: datetime, trust: Trust, made_at: datetime) -> datetime:
    """The end of the period, or how far the ledger is known where that is sooner."""
    return min(ends, trust.until or made_at)


def _members(
    lives: Iterable[Life],
    asked: Asked,
    days: Mapping[str, tuple[datetime, ...]],
    trust: Trust,
    made_at: datetime,
) -> tuple[MemberLoad, ...]:
    known = (each for each in lives if not _why_unknown(each, asked))
    return loads(
        (life, (begins, ends), _looked_at(ends, trust, made_at))
        for life in known
        for begins, *_, ends in (days[life.site],)
    )


def _figures(
    counted: list[_Counted], asked: Asked
) -> tuple[tuple[Cell, ...], dict[str, dict[str, Figure]]]:
    """The figures of each cell and of each day: measure after measure, so that the samples of one
    only are held.
    """
    keys = sorted({(By.ALL, ""), *(key for each in counted for key in each.keys)})
    cells: dict[Key, dict[str, Figure]] = {key: {} for key in keys}
    names = [each.isoformat() for each in asked.period.dates()]
    by_day: dict[str, dict[str, Figure]] = {name: {} for name in names}
    for measure in MEASURES:
        values: dict[Key, list[float]] = defaultdict(list)
        of_days: list[list[float]] = [[] for _ in names]
        for each, day, value in _samples(measure, counted, asked.around):
            of_days[day].append(value)
            for key in each.keys:
                values[key].append(value)
        for key in keys:
            cells[key][measure.id] = figure_of(measure.kind, values.get(key, []))
        for name, of_day in zip(names, of_days, strict=True):
            by_day[name][measure.id] = figure_of(measure.kind, of_day)
    return tuple(Cell(by=by, of=of, figures=cells[by, of]) for by, of in keys), by_day


def _samples(
    measure: Measure, counted: Iterable[_Counted], around: Around
) -> Iterator[tuple[_Counted, int, float]]:
    """The samples of a measure in the period, with the number of their day."""
    for each in counted:
        for at, value in measure.take(each.life, around):
            day = _day(each.days, at)
            if day is not None:
                yield each, day, value


def _day(days: tuple[datetime, ...], at: datetime | None) -> int | None:
    """On which day of the period a moment lies; None outside."""
    if at is None or not days[0] <= at < days[-1]:
        return None
    return bisect_right(days, at) - 1
