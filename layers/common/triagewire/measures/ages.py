"""How old the work is that is open at a moment."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from triagewire.measures.life import Life

AGES: Mapping[str, timedelta] = {
    "under 4 hours": timedelta(hours=4),
    "4 to 24 hours": timedelta(days=1),
    "1 to 3 days": timedelta(days=3),
    "3 to 7 days": timedelta(days=7),
}
"""The names of ages, the youngest first, and until when each lasts; wall time since receipt."""
OLDEST = "over 7 days"
NAMES = (*AGES, OLDEST)


def age_name(age: timedelta) -> str:
    """The name of an age."""
    return next((name for name, until in AGES.items() if age < until), OLDEST)


def backlog(lives: Iterable[tuple[Life, datetime]]) -> dict[str, dict[str, int]]:
    """How many tickets of each age are open, by the queue in which they stand. Each life comes with
    the moment (UTC) of which it is asked; its queue is that of its last event.
    """
    found: dict[str, Counter[str]] = {}
    for life, moment in lives:
        if life.received_at is not None and life.open_at(moment):
            ages = found.setdefault(life.team, Counter())
            ages[age_name(moment - life.received_at)] += 1
    return {team: in_order(ages) for team, ages in sorted(found.items())}


def in_order(ages: Mapping[str, int]) -> dict[str, int]:
    """Ages with the youngest first, every one of them."""
    return {name: ages.get(name, 0) for name in NAMES}


def together(by_team: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """The ages of all teams in one."""
    total = Counter[str]()
    for ages in by_team.values():
        total.update(ages)
    return in_order(total)
