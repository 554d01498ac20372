"""What each member did in a period, and holds at its end."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from triagewire.measures.life import Life
from triagewire.measures.report import MemberLoad
from triagewire.measures.samples import A_MINUTE

type Span = tuple[datetime, datetime]
type Who = tuple[str, str]
"""A site and a member of it."""


@dataclass(slots=True)
class _Load:
    teams: set[str] = field(default_factory=set)
    touches: int = 0
    minutes: float = 0.0
    resolved: int = 0
    handed_on: int = 0
    hand_backs: int = 0
    open: int = 0


def loads(lives: Iterable[tuple[Life, Span, datetime]]) -> tuple[MemberLoad, ...]:
    """The load of each member, by site. Each life comes with the first moment of the period at its
    site and the first after it (UTC), and the moment of which it is asked what is open. What no
    measure counts is work too: give robots' tickets and merged ones as well.
    """
    found: dict[Who, _Load] = defaultdict(_Load)
    for life, span, looked_at in lives:
        _take(life, span, looked_at, found)
    return tuple(
        MemberLoad(
            member=member,
            site=site,
            teams=tuple(sorted(load.teams)),
            touches=load.touches,
            minutes=round(load.minutes, 1),
            resolved=load.resolved,
            handed_on=load.handed_on,
            hand_backs=load.hand_backs,
            open=load.open,
        )
        for (site, member), load in sorted(found.items())
    )


def _take(life: Life, span: Span, looked_at: datetime, found: Mapping[Who, _Load]) -> None:
    for sitting in _within(span, life.sittings, lambda each: each.begins):
        load = found[life.site, sitting.member]
        load.teams.add(sitting.team)
        load.touches += 1
        load.minutes += sitting.length / A_MINUTE
    for settled in _within(span, life.settled, lambda each: each.at):
        if settled.by:
            found[life.site, settled.by].resolved += 1
    for move in _within(span, life.moves, lambda each: each.at):
        if move.by:
            found[life.site, move.by].handed_on += 1
    for back in _within(span, life.handed_back, lambda each: each.at):
        found[life.site, back.member].hand_backs += 1
    if life.owner and life.open_at(looked_at):
        found[life.site, life.owner].open += 1


def _within[T](span: Span, many: Iterable[T], at: Callable[[T], datetime]) -> Iterator[T]:
    begins, ends = span
    return (each for each in many if begins <= at(each) < ends)
