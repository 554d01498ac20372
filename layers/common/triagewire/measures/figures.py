"""Lives of a period → its figures, told apart by site, team, topic, channel and language."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from triagewire.measures.catalogue import MEASURES
from triagewire.measures.life import Life
from triagewire.measures.measure import Around, Figure, figure_of
from triagewire.measures.period import Period
from triagewire.measures.report import By, Cell, Report, Trust

DIMENSIONS: Mapping[By, Callable[[Life], str]] = {
    By.ALL: lambda _: "",
    By.SITE: lambda life: life.site,
    By.TEAM: lambda life: life.team,
    By.TOPIC: lambda life: life.topic,
    By.CHANNEL: lambda life: life.channel,
    By.LANGUAGE: lambda life: life.language or "en",
    By.URGENCY: lambda life: str(life.peak),
}
"""What each dimension says of a life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a report is about. `go_live` is, by site, since when (UTC) tickets count."""

    period: Period
    around: Around
    site: str = ""
    go_live: Mapping[str, datetime] = field(default_factory=dict)


def report(lives: Iterable[Life], asked: Asked, trust: Trust, made_at: datetime) -> Report:
    """The measures of a period."""
    counted, left_out = _counted(lives, asked)
    values: dict[tuple[By, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    days: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for life in counted:
        _take(life, asked, values, days)
    values[By.ALL, ""]  # also where there is no ticket at all
    return Report(
        period=asked.period,
        site=asked.site,
        made_at=made_at,
        trust=trust,
        cells=tuple(
            Cell(by=by, of=of, figures=_figures(values[by, of])) for by, of in sorted(values)
        ),
        left_out=left_out,
        days={day.isoformat(): _figures(days[day.isoformat()]) for day in asked.period.dates()},
    )


def why_left_out(life: Life, asked: Asked) -> str:
    """Why no measure counts a ticket, "" for one that counts."""
    since = asked.go_live.get(life.site)
    reasons = (
        (bool(life.broken), "its ledger does not verify"),
        (life.received_at is None, "its first event has not come"),
        (life.site not in asked.around.zones, "its site is not in the policy"),
        (bool(life.merged_into), "merged into another ticket"),
        (life.automatic, "written by a robot"),
        (bool(since and life.received_at and life.received_at < since), "from before go-live"),
    )
    return next((why for applies, why in reasons if applies), "")


def _counted(lives: Iterable[Life], asked: Asked) -> tuple[list[Life], dict[str, int]]:
    counted, left_out = [], Counter[str]()
    for life in lives:
        if asked.site and life.site != asked.site:
            continue
        if why := why_left_out(life, asked):
            left_out[why] += _is_of(life, asked)
        else:
            counted.append(life)
    return counted, {why: times for why, times in sorted(left_out.items()) if times}


def _is_of(life: Life, asked: Asked) -> bool:
    """Whether a ticket that is left out came in the period, as far as anybody knows."""
    zone = asked.around.zones.get(life.site, "UTC")
    at = life.received_at or life.at
    return at is not None and asked.period.begins(zone) <= at < asked.period.ends(zone)


def _take(
    life: Life,
    asked: Asked,
    values: Mapping[tuple[By, str], dict[str, list[float]]],
    days: Mapping[str, dict[str, list[float]]],
) -> None:
    zone = asked.around.zones[life.site]
    begins, ends = asked.period.begins(zone), asked.period.ends(zone)
    cells = [values[by, of(life)] for by, of in DIMENSIONS.items()]
    for measure in MEASURES:
        for at, value in measure.take(life, asked.around):
            if begins <= at < ends:
                for cell in cells:
                    cell[measure.id].append(value)
                days[at.astimezone(ZoneInfo(zone)).date().isoformat()][measure.id].append(value)


def _figures(values: Mapping[str, list[float]]) -> dict[str, Figure]:
    return {each.id: figure_of(each.kind, values.get(each.id, [])) for each in MEASURES}
