"""Who is at work: shifts in site time, and nobody who is marked away."""

from collections.abc import Iterator
from datetime import datetime

from triagewire.clock.calendar import Calendar, is_open
from triagewire.policy.model import Member, Site


def on_duty(site: Site, member: Member, now: datetime) -> bool:
    """Whether a member works now: the own week where the roster gives one, else the site's
    hours.
    """
    if member.away:
        return False
    week = member.week or site.hours
    return is_open(Calendar(zone=site.zone, week=week, holidays=site.holidays), now)


def team_on_duty(site: Site, team: str, now: datetime) -> Iterator[str]:
    """The ids of a team's members who work now, in roster order."""
    for member_id, member in site.members.items():
        if team in member.teams and on_duty(site, member, now):
            yield member_id
