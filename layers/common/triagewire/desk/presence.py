"""Who is at work, as the desk takes it and shows it."""

from datetime import datetime

from triagewire.desk.requests import Body, Moment, Name
from triagewire.desk.shapes import MemberView, PresenceView
from triagewire.flow.presence import AtWork, Statement


class PresenceBody(Body):
    """That somebody is away or back: who signed in, or the `member` of whom a lead says it."""

    away: bool
    member: Name | None = None
    until: Moment | None = None

    def statement(self, caller: str) -> Statement:
        """The same as the value that the use case takes."""
        return Statement(member=self.member or caller, away=self.away, until=self.until)


def presence_view(site_id: str, members: tuple[AtWork, ...], now: datetime) -> PresenceView:
    """Everybody of a site who has a team, in roster order."""
    return {
        "site": site_id,
        "at": now.isoformat(),
        "members": [member_view(member) for member in members],
    }


def member_view(found: AtWork) -> MemberView:
    """One member: at work or why not, until when, and what they carry."""
    said, leave = found.said, found.leave
    return {
        "member": found.member,
        "name": found.name,
        "teams": list(found.teams),
        "at_work": found.at_work,
        "on_shift": found.on_shift,
        "shift_ends_at": _iso(found.shift_ends_at),
        "away": found.away,
        "away_since": _iso(said.away_since) if found.away else None,
        "away_until": _iso(said.until) if found.away else None,
        "said_by": said.by if found.away and said.by else None,
        "leave_until": leave.ends.isoformat() if leave else None,
        "load": found.load,
        "capacity": found.capacity,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
