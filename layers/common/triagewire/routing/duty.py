"""Who is at work: shifts and leave in site time, and nobody who is away.

`away` holds those who have said themselves that they are not there; the roster's own mark counts
beside it. A member's week holds on the site's holidays no more than its hours do.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from triagewire.clock.calendar import DAY, Calendar, local, next_open, open_hours
from triagewire.policy.model import Site
from triagewire.policy.roster import Member, Role

NOBODY: frozenset[str] = frozenset()
AHEAD_DAYS = 35
"""How far ahead a roster is read: who is not back by then is looked for again then."""
LOOK_AGAIN = timedelta(hours=1)
"""How soon to look again for a team of which nobody is expected: one who is away may be back."""


def on_duty(site: Site, member_id: str, now: datetime, away: frozenset[str] = NOBODY) -> bool:
    """Whether a member works now: the own week where the roster gives one, else the site's hours.

    Nobody does who is away or on leave, nor anybody whom the roster does not have.
    """
    member = site.members.get(member_id)
    if member is None or member.away or member_id in away:
        return False
    return _begun(next(_shifts(site, member, now, days=2), None), now)


def is_absent(site: Site, member_id: str, now: datetime, away: frozenset[str] = NOBODY) -> bool:
    """Whether a member is away, on leave today or no longer on the roster: not only off shift."""
    member = site.members.get(member_id)
    if member is None or member.away or member_id in away:
        return True
    today = local(site.calendar, now).date()
    return any(leave.begins <= today <= leave.ends for leave in member.leave)


def team_on_duty(
    site: Site, team: str, now: datetime, away: frozenset[str] = NOBODY
) -> Iterator[str]:
    """The ids of a team's members who work now and are given work, in roster order."""
    for member_id in agents(site, team):
        if on_duty(site, member_id, now, away):
            yield member_id


def shift_ends(site: Site, member_id: str, now: datetime) -> datetime | None:
    """When the shift ends (UTC) that a member works now; None for who does not work now and for a
    shift without an end.
    """
    member = site.members.get(member_id)
    if member is None:
        return None
    shifts = _shifts(site, member, now)
    first = next(shifts, None)
    if first is None or not _begun(first, now):
        return None
    ends = first[1]
    for opens, closes in shifts:
        if opens > ends:
            return ends
        ends = closes
    return ends if ends < now + (AHEAD_DAYS - 2) * DAY else None


def next_on_duty(site: Site, team: str, now: datetime, away: frozenset[str] = NOBODY) -> datetime:
    """The next moment (UTC, `now` at the earliest) at which anybody of a team is at work.

    Where nobody is expected it is when to look again: an hour later, in the hours of the site.
    """
    begins = [
        max(shift[0], now)
        for member_id in agents(site, team)
        if member_id not in away and not site.members[member_id].away
        if (shift := next(_shifts(site, site.members[member_id], now), None))
    ]
    return min(begins, default=None) or next_open(site.calendar, now + LOOK_AGAIN)


def agents(site: Site, team: str) -> Iterator[str]:
    """The ids of a team's members who are given work, in roster order."""
    for member_id, member in site.members.items():
        if team in member.teams and Role.AGENT in member.roles:
            yield member_id


def _shifts(
    site: Site, member: Member, since: datetime, days: int = AHEAD_DAYS
) -> Iterator[tuple[datetime, datetime]]:
    """What a member works from `since` on, in order (UTC), without the days on leave."""
    calendar = Calendar(zone=site.zone, week=member.week or site.hours, holidays=site.holidays)
    first = local(calendar, since).date()
    for day in (first + ahead * DAY for ahead in range(days)):
        if not any(leave.begins <= day <= leave.ends for leave in member.leave):
            yield from (hours for hours in open_hours(calendar, day) if hours[1] > since)


def _begun(shift: tuple[datetime, datetime] | None, now: datetime) -> bool:
    return shift is not None and shift[0] <= now
