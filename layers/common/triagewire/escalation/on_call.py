"""Who is on call: rotas that hand over in site time, and what stands before them.

A handover happens once, at the first instant at which the site's clock reads its time or a later
one: where the clocks go back over it, nobody is on call twice.
"""

from dataclasses import dataclass
from datetime import date, datetime

from triagewire.clock.calendar import DAY, Calendar, instant, is_open, local
from triagewire.policy.model import Site
from triagewire.policy.roster import PartRota, Rota
from triagewire.routing.duty import is_absent

OVERRIDE = "override"
"""Where a turn is from that no rota gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whose turn it is by the policy, there or not. `rota` is the name of a part of the week, empty
    for the rota of the whole week, or `override`; `number` tells its turns apart.
    """

    member: str
    rota: str = ""
    number: int


def on_call(site: Site, now: datetime) -> str | None:
    """The member id of the provider on call at `now` (UTC); None in a gap, when the one whose turn
    it is is away, on leave or no longer on the roster.
    """
    planned = turn_at(site, now).member
    return None if is_absent(site, planned, now) else planned


def turn_at(site: Site, now: datetime) -> Turn:
    """Whose turn it is at `now` (UTC): an override's, that of a part of the week, or the rota's."""
    calendar = site.calendar
    for number in reversed(range(len(site.on_call.overrides))):
        override = site.on_call.overrides[number]
        if instant(calendar, override.begins) <= now < instant(calendar, override.ends):
            return Turn(member=override.member, rota=OVERRIDE, number=number)
    for name, part in site.on_call.also.items():
        if is_open(hours_of(site, part), now):
            return _turn(part, name, calendar, now)
    return _turn(site.on_call, "", calendar, now)


def hours_of(site: Site, part: PartRota) -> Calendar:
    """The hours in which the rota of a part of the week holds."""
    return Calendar(zone=site.zone, week=part.week)


def handed_over(rota: Rota, calendar: Calendar, now: datetime) -> date:
    """The date of the last handover time that has passed at `now`, whether or not a turn began."""
    day = local(calendar, now).date() + DAY  # a clock set back at midnight reads yesterday again
    while handover(rota, calendar, day) > now:
        day -= DAY
    return day


def handover(rota: Rota, calendar: Calendar, day: date) -> datetime:
    """The instant (UTC) of a date's handover time."""
    return instant(calendar, datetime.combine(day, rota.handover))


def _turn(rota: Rota, name: str, calendar: Calendar, now: datetime) -> Turn:
    number = rota.turn_of(handed_over(rota, calendar, now))
    return Turn(member=rota.member_of(number), rota=name, number=number)
