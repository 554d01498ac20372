"""What a policy must say of who is on call: turns that can be meant, and no time with nobody."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise

from triagewire.clock.calendar import DAY, MIDNIGHT, WEEKDAYS, local
from triagewire.escalation.coverage import Shift, gaps, shifts
from triagewire.escalation.feed_tokens import MOST_FEEDS
from triagewire.escalation.on_call import OVERRIDE
from triagewire.policy.calendars import week_problems
from triagewire.policy.document import Place, Problem
from triagewire.policy.model import Site
from triagewire.policy.roster import PartRota, Rota

AHEAD = timedelta(days=30)
"""So far ahead somebody must be on call at every hour: time enough to find who takes over."""
ON_CALL: Place = ("on_call",)


def named(site: Site) -> Iterator[tuple[Place, str]]:
    """Everybody who is on call by a rota or an override, with where the policy says so."""
    for place, rota in _rotas(site):
        for number, person in enumerate(rota.rota):
            yield (*place, "rota", number), person
    for number, override in enumerate(site.on_call.overrides):
        yield (*ON_CALL, "overrides", number, "member"), override.member


def on_call_problems(site: Site) -> Iterator[Problem]:
    """What is wrong with the rotas of a site, their swaps and overrides, whatever the time."""
    yield from _part_problems(site)
    yield from _override_problems(site)
    for place, rota in _rotas(site):
        yield from _swap_problems(place, rota)
    if site.on_call.feed < 0:
        yield (*ON_CALL, "feed"), "must not be below 0, which is no feed"
    if site.on_call.feed > MOST_FEEDS:
        yield (*ON_CALL, "feed"), f"must not be above {MOST_FEEDS}"


def gap_problems(site: Site, now: datetime) -> Iterator[Problem]:
    """The times from `now` (UTC) on for 30 days in which nobody is on call; only for a site that is
    sound otherwise.
    """
    for gap in gaps(shifts(site, now, now + AHEAD)):
        begins, ends = (
            f"{local(site.calendar, at):%Y-%m-%d %H:%M}" for at in (gap.begins, gap.ends)
        )
        told = f"nobody is on call from {begins} to {ends}: {absence(site, gap)}"
        yield _place_of(gap), f"{told}: add an override for that time, or swap the turn"


def absence(site: Site, gap: Shift) -> str:
    """Why whose turn it is is not there, in words."""
    person = gap.turn.member
    member = site.members.get(person)
    if member is None:
        return f"{person} is not among the members"
    return f"{person} is {'away' if member.away else 'on leave'}"


def _rotas(site: Site) -> Iterator[tuple[Place, Rota]]:
    yield ON_CALL, site.on_call
    for name, part in site.on_call.also.items():
        yield (*ON_CALL, "also", name), part


def _place_of(gap: Shift) -> Place:
    if gap.turn.rota == OVERRIDE:
        return (*ON_CALL, "overrides", gap.turn.number, "member")
    return (*ON_CALL, *(("also", gap.turn.rota) if gap.turn.rota else ()), "rota")


def _part_problems(site: Site) -> Iterator[Problem]:
    """Parts of the week have hours and a name of their own, and share no hour."""
    parts = site.on_call.also
    for name, part in parts.items():
        place: Place = (*ON_CALL, "also", name)
        yield from week_problems(part.week, (*place, "week"))
        if name in ("", OVERRIDE):
            yield place, "is no name for a part of the week: choose another"
    for (one, first), (other, second) in combinations(parts.items(), 2):
        if day := _shared_day(first, second):
            told = f"shares hours of {day} with {one}: give each hour to one of them"
            yield (*ON_CALL, "also", other, "week"), told


def _shared_day(one: PartRota, other: PartRota) -> str:
    for day in WEEKDAYS:
        hours = sorted((*one.week.get(day, ()), *other.week.get(day, ())))
        for first, second in pairwise(hours):
            if first.closes == MIDNIGHT or second.opens < first.closes:
                return day
    return ""


def _override_problems(site: Site) -> Iterator[Problem]:
    for (_, one), (number, other) in combinations(enumerate(site.on_call.overrides), 2):
        if one.begins < other.ends and other.begins < one.ends:
            told = f"overlaps the one from {one.begins:%Y-%m-%d %H:%M} to {one.ends:%Y-%m-%d %H:%M}"
            yield (
                (*ON_CALL, "overrides", number),
                f"{told}: let one end where the other begins",
            )


def _swap_problems(place: Place, rota: Rota) -> Iterator[Problem]:
    """A swap is of two turns of different people, each swapped once."""
    taken: dict[int, int] = {}
    for number, swap in enumerate(rota.swaps):
        at: Place = (*place, "swaps", number)
        sound = True
        for name, day in (("one", swap.one), ("other", swap.other)):
            if problem := _no_turn(rota, day):
                yield (*at, name), problem
                sound = False
        if not sound:
            continue
        turns = (rota.turn_of(swap.one), rota.turn_of(swap.other))
        if problem := _useless(rota, *turns) or _again(taken, *turns):
            yield at, problem
        taken |= dict.fromkeys(turns, number)


def _no_turn(rota: Rota, day: date) -> str:
    """What to say of a date at which no turn of the rota begins or is under way."""
    if day < rota.since:
        return f"is before the rota begins, on {rota.since}: name a date of a turn"
    if isinstance(rota, PartRota) and not _serves(rota, day):
        return "is no turn: the part of the week has no hours then"
    return ""


def _serves(part: PartRota, day: date) -> bool:
    """Whether the turn of a date has any of the part's hours, from handover to handover."""
    first = part.since + part.turn_of(day) * part.turn_days * DAY
    begins = datetime.combine(first, part.handover)
    ends = begins + part.turn_days * DAY
    for later in range(part.turn_days + 1):
        date_ = first + later * DAY
        for hours in part.week.get(WEEKDAYS[date_.weekday()], ()):
            opens = datetime.combine(date_, hours.opens)
            closes = datetime.combine(date_, hours.closes)
            closes += DAY if hours.closes == MIDNIGHT else timedelta(0)
            if max(opens, begins) < min(closes, ends):
                return True
    return False


def _useless(rota: Rota, one: int, other: int) -> str:
    if one == other:
        return "both dates are of one turn: name a date of each of the two turns"
    people = [rota.rota[turn % len(rota.rota)] for turn in (one, other)]
    return (
        f"both turns are those of {people[0]}: nothing would change" if len({*people}) == 1 else ""
    )


def _again(taken: dict[int, int], one: int, other: int) -> str:
    before = taken.get(one, taken.get(other))
    return "" if before is None else f"a turn of it is swapped by swaps.{before} already"
