"""How a site stands and who is on call, as the desk shows it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypedDict

from triagewire.desk.presence import member_view
from triagewire.desk.shapes import Count, MemberView, When
from triagewire.escalation.coverage import Shift, whole_shifts
from triagewire.flow.overview import OLDER, Backlog, Carried, Work
from triagewire.policy.model import Site

SHOWN_AHEAD = timedelta(days=14)

ByUrgency = TypedDict("ByUrgency", {"1": Count, "2": Count, "3": Count, "4": Count, "5": Count})
Ageing = TypedDict("Ageing", {"1h": Count, "4h": Count, "1d": Count, "3d": Count, "older": Count})


class BacklogView(TypedDict):
    """What is open in one team; `nobody` holds none of them, `late` of them are broken promises
    still to be kept, `ageing` is by how long ago they came in.
    """

    team: str
    open: Count
    by_urgency: ByUrgency
    late: Count
    nobody: Count
    waiting: Count
    oldest_received_at: When | None
    oldest_due_at: When | None
    ageing: Ageing


class CarriedView(MemberView):
    """A member, and what they hold of the teams shown."""

    held: Count
    late: Count


class WorkView(TypedDict):
    """How the teams of a site stand that the caller may see."""

    site: str
    at: When
    teams: list[BacklogView]
    members: list[CarriedView]


class TurnView(TypedDict):
    """Who is on call until when; `rota` is a part of the week, "" for the rota of all of it, or
    `override`.
    """

    member: str
    name: str
    until: When
    rota: str


NextTurnView = TypedDict(
    "NextTurnView", {"member": str, "name": str, "from": When, "until": When, "rota": str}
)


class OnCallView(TypedDict):
    """Who of a site is on call now, nobody in a gap, and who will be in the next two weeks."""

    site: str
    at: When
    now: list[TurnView]
    next: list[NextTurnView]


def work_view(site_id: str, found: Work, now: datetime) -> WorkView:
    """How a site stands."""
    return {
        "site": site_id,
        "at": now.isoformat(),
        "teams": [backlog_view(each) for each in found.teams],
        "members": [carried_view(each) for each in found.members],
    }


def backlog_view(found: Backlog) -> BacklogView:
    """How a team stands."""
    urgency, ages = found.by_urgency, found.ageing
    received, due = found.oldest_received_at, found.oldest_due_at
    return {
        "team": found.team,
        "open": found.open,
        "by_urgency": {
            "1": urgency[1],
            "2": urgency[2],
            "3": urgency[3],
            "4": urgency[4],
            "5": urgency[5],
        },
        "late": found.late,
        "nobody": found.nobody,
        "waiting": found.waiting,
        "oldest_received_at": None if received is None else received.isoformat(),
        "oldest_due_at": None if due is None else due.isoformat(),
        "ageing": {
            "1h": ages["1h"],
            "4h": ages["4h"],
            "1d": ages["1d"],
            "3d": ages["3d"],
            "older": ages[OLDER],
        },
    }


def carried_view(found: Carried) -> CarriedView:
    """A member with what they carry."""
    return {**member_view(found.member), "held": found.held, "late": found.late}


def on_call_view(site_id: str, site: Site, now: datetime) -> OnCallView:
    """Who is on call, and who will be."""
    shifts = tuple(whole_shifts(site, now, now + SHOWN_AHEAD))
    return {
        "site": site_id,
        "at": now.isoformat(),
        "now": [turn for each in shifts if each.begins <= now for turn in _turn(each, site)],
        "next": [turn for each in shifts if each.begins > now for turn in _next(each, site)],
    }


def _turn(shift: Shift, site: Site) -> Iterator[TurnView]:
    if shift.member is not None:
        yield {
            "member": shift.member,
            "name": site.members[shift.member].name,
            "until": shift.ends.isoformat(),
            "rota": shift.turn.rota,
        }


def _next(shift: Shift, site: Site) -> Iterator[NextTurnView]:
    for turn in _turn(shift, site):
        yield {**turn, "from": shift.begins.isoformat()}
