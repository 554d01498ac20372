"""Who is on call from when to when, where nobody is, and how evenly the turns fall."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import pairwise

from triagewire.clock.calendar import (
    DAY,
    MIDNIGHT,
    WEEKDAYS,
    Calendar,
    Interval,
    elapsed,
    instant,
    local,
    openings_between,
)
from triagewire.escalation.on_call import Turn, handed_over, handover, hours_of, turn_at
from triagewire.policy.model import Site
from triagewire.policy.roster import Rota
from triagewire.routing.duty import is_absent

NIGHT = (Interval(time(22), MIDNIGHT), Interval(MIDNIGHT, time(6)))
"""The hours of every day in which a page wakes somebody."""
WEEKEND = ("sat", "sun")
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One person on call from `begins` until `ends` (UTC), or nobody: then `member` is None.

    `turn` says whose turn it is, there or not.
    """

    member: str | None
    begins: datetime
    ends: datetime
    turn: Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many hours of some time a person is on call: of all, of nights, of weekends."""

    hours: float = 0.0
    nights: float = 0.0
    weekends: float = 0.0


def shifts(site: Site, since: datetime, until: datetime) -> tuple[Shift, ...]:
    """Who is on call, gaps too: in order, without a hole, from `since` to `until` (UTC)."""
    return tuple(
        replace(each, begins=max(each.begins, since), ends=min(each.ends, until))
        for each in whole_shifts(site, since, until)
    )


def whole_shifts(site: Site, since: datetime, until: datetime) -> Iterator[Shift]:
    """The shifts that touch the time from `since` to `until`, each from its beginning to its end:
    the same one whenever one looks.
    """
    if until <= since:
        return
    for each in _joined(_stretches(site, since, until)):
        if each.ends > since and each.begins < until:
            yield each


def gaps(found: Sequence[Shift]) -> tuple[Shift, ...]:
    """The shifts in which nobody would be paged."""
    return tuple(each for each in found if each.member is None)


def unreachable(site: Site, found: Sequence[Shift]) -> tuple[str, ...]:
    """Who is on call and has no way of their own by which a page reaches them, once each."""
    on = dict.fromkeys(each.member for each in found if each.member is not None)
    return tuple(each for each in on if not site.members[each].ways)


def shares(site: Site, found: Sequence[Shift]) -> dict[str, Share]:
    """How much of the shifts each person has whom the policy names for them, none at all too."""
    whole = dict.fromkeys(WEEKDAYS, (Interval(MIDNIGHT, MIDNIGHT),))
    of_kind = {
        "hours": Calendar(zone=site.zone, week=whole),
        "nights": Calendar(zone=site.zone, week=dict.fromkeys(WEEKDAYS, NIGHT)),
        "weekends": Calendar(zone=site.zone, week={day: whole[day] for day in WEEKEND}),
    }
    hours = {person: dict.fromkeys(of_kind, 0.0) for person in site.on_call.people}
    for each in found:
        for kind, calendar in of_kind.items():
            if each.member is not None:
                hours[each.member][kind] += elapsed(calendar, each.begins, each.ends) / HOUR
    return {person: Share(**of_person) for person, of_person in hours.items()}


def evenness(hours: Sequence[float]) -> float:
    """How evenly hours are shared: the fewest as a part of the most, 1 when everybody has the same
    and 0 when somebody has none.
    """
    most = max(hours, default=0.0)
    return min(hours) / most if most else 1.0


def _joined(stretches: Iterator[Shift]) -> Iterator[Shift]:
    """Stretches of the same turn with the same person, or gap, as one shift."""
    found: Shift | None = None
    for each in stretches:
        if found is not None and (found.turn, found.member) == (each.turn, each.member):
            found = replace(found, ends=each.ends)
            continue
        if found is not None:
            yield found
        found = each
    if found is not None:
        yield found


def _stretches(site: Site, since: datetime, until: datetime) -> Iterator[Shift]:
    """The time between any two changes, with who is on call in it."""
    for begins, ends in pairwise(_changes(site, since, until)):
        turn = turn_at(site, begins)
        member = None if is_absent(site, turn.member, begins) else turn.member
        yield Shift(member=member, begins=begins, ends=ends, turn=turn)


def _changes(site: Site, since: datetime, until: datetime) -> list[datetime]:
    """Every instant at which somebody else may be on call: of each turn that touches the time from
    `since` to `until` the beginning and the end, and what lies between the first and the last.
    """
    calendar, plan = site.calendar, site.on_call
    handovers = [
        handover(rota, calendar, rota.since + number * rota.turn_days * DAY)
        for rota in (plan, *plan.also.values())
        for number in _numbers(rota, calendar, since, until)
    ]
    overrides = [
        (instant(calendar, each.begins), instant(calendar, each.ends)) for each in plan.overrides
    ]
    touching = [each for each in overrides if each[0] < until and each[1] > since]
    known = {*handovers, *(at for each in touching for at in each)}
    first, last = min(known), max(known)
    for part in plan.also.values():
        hours = openings_between(hours_of(site, part), first, last)
        known |= {at for stretch in hours for at in stretch}
    known |= {at for each in overrides for at in each}
    known |= {instant(calendar, each) for each in _leave_edges(site, first, last)}
    return sorted(each for each in known if first <= each <= last)


def _numbers(rota: Rota, calendar: Calendar, since: datetime, until: datetime) -> range:
    """The turns that touch some time, and the one after them."""
    first = rota.turn_of(handed_over(rota, calendar, since))
    last = rota.turn_of(handed_over(rota, calendar, until))
    return range(first, last + 2)


def _leave_edges(site: Site, first: datetime, last: datetime) -> Iterator[datetime]:
    """The midnights (site time) at which somebody on call goes on leave or comes back."""
    begins, ends = local(site.calendar, first).date(), local(site.calendar, last).date()
    for person in site.on_call.people:
        member = site.members.get(person)
        for leave in member.leave if member else ():
            if leave.begins <= ends and begins <= leave.ends:
                yield datetime.combine(max(leave.begins, begins), MIDNIGHT)
                yield datetime.combine(min(leave.ends, ends) + DAY, MIDNIGHT)
