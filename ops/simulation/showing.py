"""The timeline for a person: a table by day, on the clock of the site."""

import textwrap
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from ops.simulation.scenario import Scenario
from ops.simulation.timeline import Moment, Timeline

NAMED = ("into", "member", "from", "person", "way", "version", "writes")
TIMES = ("due", "until")
WITHOUT_WAYS = frozenset({"held", "dropped", "ways_fail"})
"""What tells nobody now, whatever became of it later."""


def shown(scenario: Scenario, timeline: Timeline) -> Iterator[str]:
    """The lines of the table. A message that carried one notice as soon as it was decided is shown
    with it; every other message has a line of its own.
    """
    if scenario.about:
        yield from (*textwrap.wrap(scenario.about, 100), "")
    decided = {(each.at, notice) for each in timeline.moments for notice in each.notices}
    rows = [each for each in timeline.moments if not _goes_with_its_notice(each, decided)]
    width = max((len(each.ticket or "") for each in rows), default=0)
    site = scenario.policies[scenario.policy].sites[scenario.site]
    yield from (f"{site.name} by the policy in {scenario.policy}", "")
    days = groupby(rows, key=lambda each: timeline.local(each.at, scenario.site).date())
    for day, moments in days:
        yield f"{day:%a} {day.isoformat()}  {site.zone}"
        yield from (_row(each, timeline, scenario.site, width) for each in moments)
        yield ""


def _row(moment: Moment, timeline: Timeline, site: str, width: int) -> str:
    at = timeline.local(moment.at, site)
    by = f"by {moment.more['by']}" if "by" in moment.more else ""
    to = f"→ {', '.join(moment.to)}" if moment.to else ""
    said = " ".join(filter(None, (by, to, _ways(moment, timeline), _why(moment))))
    return f"  {at:%H:%M:%S}  {moment.event:<12}  {moment.ticket or '':<{width}}  {said}".rstrip()


def _ways(moment: Moment, timeline: Timeline) -> str:
    """By which ways it went out, and by which it did not."""
    if moment.event in WITHOUT_WAYS:
        return ""
    ways = moment.more.get("ways") or timeline.sent_of(moment)[0]
    failed = [f"{way} failed" for way in moment.more.get("failed", ())]
    return f"[{', '.join([*ways, *failed])}]" if ways or failed else ""


def _why(moment: Moment) -> str:
    more = moment.more
    parts = [f"score {more['score']}"] if moment.event == "scored" else []
    parts += [moment.why] if moment.why else []
    if more.get("tickets") and not moment.ticket:
        parts.append(_few(more["tickets"]))
    parts += [f"{name} {more[name]}" for name in NAMED if more.get(name)]
    parts += [f"{name} {_clock(more[name])}" for name in TIMES if more.get(name)]
    if more.get("skipped"):
        parts.append(f"skipped {', '.join(map(str, more['skipped']))}")
    return "; ".join(parts)


def _few(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _clock(iso: str) -> str:
    """A time without its seconds and offset: the table's day and zone say the rest."""
    return iso[:16].replace("T", " ")


def _goes_with_its_notice(moment: Moment, decided: Collection[tuple[datetime, str]]) -> bool:
    if moment.event != "sent" or len(moment.more["notices"]) != 1 or moment.more["failed"]:
        return False
    return (moment.at, moment.more["notices"][0]) in decided
