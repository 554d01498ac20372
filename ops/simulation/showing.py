"""The timeline for a person: a table by day, on the clock of the site."""

from collections.abc import Iterator
from itertools import groupby

from ops.simulation.scenario import Scenario
from ops.simulation.timeline import Moment, Timeline

TOLD = frozenset({"sent", "digest", "not_sent"})


def shown(scenario: Scenario, timeline: Timeline) -> Iterator[str]:
    """The lines of the table. A message that carried one notice as soon as it was decided is shown
    with it; every other message has a line of its own.
    """
    if scenario.about:
        yield from (scenario.about.strip(), "")
    rows = [each for each in timeline.moments if not _is_shown_with_its_notice(each, timeline)]
    width = max((len(each.ticket or "") for each in rows), default=0)
    days = groupby(rows, key=lambda each: timeline.local(each.at, scenario.site).date())
    for day, moments in days:
        zone = scenario.policies[scenario.policy].sites[scenario.site].zone
        yield f"{day:%a} {day.isoformat()}  {zone}"
        for each in moments:
            yield _row(each, timeline, scenario, width)
        yield ""


def _row(moment: Moment, timeline: Timeline, scenario: Scenario, width: int) -> str:
    at = timeline.local(moment.at, scenario.site)
    ways, _ = timeline.sent_of(moment)
    ways = ways or list(moment.more.get("ways", ()))
    to = f"→ {', '.join(moment.to)}" if moment.to else ""
    by = f"by {moment.more['by']}" if "by" in moment.more else ""
    how = f"[{', '.join(ways)}]" if ways else ""
    said = " ".join(filter(None, (by, to, how, _why(moment))))
    return f"  {at:%H:%M:%S}  {moment.event:<12}  {moment.ticket or '':<{width}}  {said}".rstrip()


def _why(moment: Moment) -> str:
    more = moment.more
    parts = [moment.why] if moment.why else []
    if more.get("tickets") and not moment.ticket:
        parts.append(", ".join(_few(more["tickets"])))
    if moment.event == "scored":
        parts.insert(0, f"score {more.get('score')}")
    parts += [
        f"{name} {more[name]}" for name in ("into", "member", "from", "person") if name in more
    ]
    parts += [f"{name} {_clock(more[name])}" for name in ("due", "until") if more.get(name)]
    if more.get("skipped"):
        parts.append(f"skipped {', '.join(map(str, more['skipped']))}")
    return "; ".join(parts)


def _few(names: list[str], most: int = 5) -> list[str]:
    return names if len(names) <= most else [*names[:most], f"and {len(names) - most} more"]


def _clock(iso: str) -> str:
    """A time without its seconds and offset: the table's day and zone say the rest."""
    return iso[:16].replace("T", " ")


def _is_shown_with_its_notice(moment: Moment, timeline: Timeline) -> bool:
    if moment.event != "sent" or moment.more["notices"] != 1 or moment.more["failed"]:
        return False
    carried = [
        each
        for each in timeline.moments
        if each.at == moment.at and each.notices and moment.more["message"] in each.notices
    ]
    return bool(carried)
