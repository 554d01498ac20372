"""Who is there for a ticket: what members say of their being at work, beside the roster."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from triagewire.policy.model import Site
from triagewire.routing.duty import agents, on_duty
from triagewire.routing.queueing import after_hours_owner, fallbacks, may_own
from triagewire.ticket import REVIEW, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Whether a member of a site has said that they are away; all times UTC.

    `away_since` is None for who is back, `until` for who did not say when they come back, `by` is
    the member who said it. `version` counts the ledger events of this member's presence and
    `ledger_head` is the hash of the last one; somebody who never said anything has version 0.
    """

    member: str
    away_since: datetime | None = None
    until: datetime | None = None
    by: str = ""
    version: int = 0
    ledger_head: str = ""

    def away(self, now: datetime) -> bool:
        """Whether they have said that they are away and their time is not over."""
        return self.away_since is not None and (self.until is None or now < self.until)


def roster_digest(site: Site) -> str:
    """What tells one roster from another in when its members work and for which teams; the same for
    the same roster.
    """
    weeks = sorted(
        (name, member.away, member.leave, sorted(member.week.items()), member.teams, member.roles)
        for name, member in site.members.items()
    )
    whole = (site.zone, sorted(site.hours.items()), site.holidays, weeks)
    return hashlib.sha256(repr(whole).encode()).hexdigest()[:16]


def may_keep(ticket: Ticket, site: Site) -> bool:
    """Whether a ticket's owner is still on the roster and may open the queue that it stands in."""
    if ticket.assignee is None:
        return True
    return may_own(site, ticket.assignee, ticket.team) if ticket.team else True


def is_there(ticket: Ticket, site: Site, now: datetime, away: frozenset[str]) -> bool:
    """Whether a ticket's owner is there to take it up: at work, or on call for what nobody else
    gets while the site is closed. `away` holds those who have said that they are not.
    """
    owner = ticket.assignee
    if owner is None or owner in away or not may_keep(ticket, site):
        return False
    if on_duty(site, owner, now, away):
        return True
    return owner == after_hours_owner(site, ticket.urgency, now, ticket.team or REVIEW)


def queues_served(site: Site, team: str) -> tuple[str, ...]:
    """The teams whose tickets somebody may get whose work for `team` has become less: those that
    share a member with it, and those that fall back on one of them.
    """
    crew = [member for member in site.members.values() if team in member.teams]
    shared = {team, *(each for member in crew for each in member.teams)}
    return tuple(
        name for name in site.teams if name in shared or shared & set(fallbacks(site, name))
    )


def nobody_left(ticket: Ticket, site: Site) -> bool:
    """Whether everybody of the team who is given work has let a ticket lie or given it back."""
    return set(agents(site, ticket.team or "")) <= set(ticket.declined)


def with_time_again(ticket: Ticket, now: datetime) -> Ticket:
    """A ticket that has waited: an owner who had not taken it up has as long for that as at
    first.
    """
    untouched = ticket.assignee is not None and ticket.accepted_at is None
    return replace(ticket, assigned_at=now) if untouched else ticket
