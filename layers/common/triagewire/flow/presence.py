"""Who is at work, as members say it themselves: going away sends their untouched work back, coming
back brings what waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from triagewire.access import Principal
from triagewire.clock.calendar import local
from triagewire.errors import ConflictError, InvalidFieldError, NotAllowedError
from triagewire.flow.context import Context, Plan
from triagewire.flow.returning import drain, give_back
from triagewire.ledger.event import Action, Entry
from triagewire.observability import logger
from triagewire.policy.model import Site
from triagewire.policy.roster import Leave, Role
from triagewire.routing.balance import Load
from triagewire.routing.duty import on_duty, shift_ends
from triagewire.routing.presence import Attendance, roster_digest
from triagewire.store.loads import outdated, read_loads
from triagewire.store.presence import (
    keep_roster,
    read_attendance,
    read_presence,
    write_attendance,
)

ATTEMPTS = 5
LONGEST_AWAY = timedelta(days=90)
"""Who is away for longer leaves the roster, or has leave in it."""
LOOKED_AFTER = timedelta(minutes=10)
"""For so long after somebody went, or was to be back, each sweep does what is to follow from it:
the act itself may have died half-way.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is said of a member's presence; `until` (UTC) only of who is away."""

    member: str
    away: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """One member as the desk shows who is at work; times UTC.

    `on_shift` is what week and holidays say, `leave` the one that they are on.
    """

    member: str
    name: str
    teams: tuple[str, ...]
    at_work: bool
    on_shift: bool
    shift_ends_at: datetime | None
    leave: Leave | None
    said: Attendance
    away: bool
    load: int
    capacity: int


def say(context: Context, principal: Principal, site_id: str, statement: Statement) -> AtWork:
    """Say that a member of a site is away or back; saying the same again changes nothing.

    Their untouched work goes back, or what waits for somebody is given to who came back.
    Raises NotFoundError for a site that is not theirs, InvalidFieldError, NotAllowedError for who
    may not say it of a colleague, and ConflictError.
    """
    site = principal.site(site_id)
    _check(context, principal, site_id, statement)
    if _written(context, principal, site_id, statement):
        if statement.away:
            give_back(context, site_id, lambda who: who == statement.member)
        else:
            _brings(context, site_id, site, statement.member)
    found = who_is_at_work(context, principal, site_id)
    return next(each for each in found if each.member == statement.member)


def who_is_at_work(context: Context, principal: Principal, site_id: str) -> tuple[AtWork, ...]:
    """The members of a site who have a team, in roster order. Raises NotFoundError."""
    site = principal.open_site(site_id)
    said = read_presence(context.tables, site_id).said
    loads = read_loads(context.tables, site_id)
    return tuple(
        _at_work(member, site, said.get(member, Attendance(member=member)), loads, context.now)
        for member, each in site.members.items()
        if each.teams or member == principal.id or member in said
    )


def look_after(context: Context) -> int:
    """Do again what somebody's going or coming was to do, if it was a short while ago, and return
    what lies untouched with those whom a new roster takes off, and all that its owner may open no
    more; returns how many sites or tickets failed. One read a site while nothing happens.
    """
    failed = 0
    for site_id in context.policy.policy.sites:
        try:
            failed += _look_after(context, site_id)
        except Exception as error:
            logger.error("presence not looked after", site=site_id, error=type(error).__name__)
            failed += 1
    return failed


def _look_after(context: Context, site_id: str) -> int:
    site, now = context.site(site_id), context.now
    known = read_presence(context.tables, site_id)
    gone = {each.member for each in known.said.values() if _has_just_gone(each, now)}
    for each in known.said.values():
        if each.away_since and not each.away(now) and _recent(each.until, now):
            _brings(context, site_id, site, each.member)
    failed = give_back(context, site_id, lambda who: who in gone).failed if gone else 0
    roster = roster_digest(site)
    if roster == known.roster:
        return failed
    if known.roster:
        away = frozenset(each.member for each in known.said.values() if each.away(now))
        absent = give_back(context, site_id, lambda who: not on_duty(site, who, now, away))
        failed += absent.failed
    if not failed:
        keep_roster(context.tables, site_id, roster)
    return failed


def _has_just_gone(said: Attendance, now: datetime) -> bool:
    return said.away(now) and _recent(said.away_since, now)


def _recent(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now < at + LOOKED_AFTER


def _check(context: Context, principal: Principal, site_id: str, statement: Statement) -> None:
    site = principal.site(site_id)
    if statement.member not in site.members:
        raise InvalidFieldError("member", "is no member of this site")
    leads = {Role.LEAD, Role.ADMINISTRATOR} & set(site.members[principal.id].roles)
    if statement.member != principal.id and not leads:
        raise NotAllowedError("only a lead says it of a colleague", site=site_id)
    if statement.until is None:
        return
    if not statement.away:
        raise InvalidFieldError("until", "is only of who is away")
    if not context.now < statement.until <= context.now + LONGEST_AWAY:
        raise InvalidFieldError("until", "must be later than now and within 90 days")


def _written(context: Context, principal: Principal, site_id: str, statement: Statement) -> bool:
    """Write what was said; False if it was so already."""
    for _ in range(ATTEMPTS):
        before = read_attendance(context.tables, site_id, statement.member)
        was_away = before.away(context.now)
        if statement.away is was_away and (not was_away or before.until == statement.until):
            return False
        plan = _plan(context, principal, site_id, before, statement)
        try:
            plan.commit(context)
        except ConflictError:
            continue
        return True
    raise ConflictError("presence is changing too fast: try again")


def _plan(
    context: Context,
    principal: Principal,
    site_id: str,
    before: Attendance,
    statement: Statement,
) -> Plan:
    """The statement and its ledger event; and for who goes, a new version of their load, so that
    no routing which has read them as present can still give them work.
    """
    since = before.away_since if before.away(context.now) else context.now
    after = replace(
        before,
        away_since=since if statement.away else None,
        until=statement.until,
        by=principal.id,
    )
    entry = Entry(
        action=Action.PRESENCE_CHANGED,
        why="away" if statement.away else "back",
        detail={
            "member": statement.member,
            "by": principal.id,
            "until": statement.until.isoformat() if statement.until else None,
        },
    )
    writes = write_attendance(context.tables, site_id, after, entry, context.stamp)
    if statement.away:
        writes.append(outdated(context.tables, site_id, statement.member))
    return Plan(writes=writes)


def _brings(context: Context, site_id: str, site: Site, member: str) -> None:
    """Let what waits for an owner go to who has come, where they are on duty."""
    roster = site.members.get(member)
    if roster is not None and on_duty(site, member, context.now):
        for team in roster.teams:
            drain(context, site_id, team)


def _at_work(
    member: str, site: Site, said: Attendance, loads: Mapping[str, Load], now: datetime
) -> AtWork:
    roster = site.members[member]
    gone = frozenset({member} if said.away(now) else ())
    load = loads.get(member)
    return AtWork(
        member=member,
        name=roster.name,
        teams=roster.teams,
        at_work=on_duty(site, member, now, gone),
        on_shift=on_duty(site, member, now),
        shift_ends_at=shift_ends(site, member, now),
        leave=leave_of(site, member, now),
        said=said,
        away=roster.away or said.away(now),
        load=load.weight if load else 0,
        capacity=roster.capacity,
    )


def leave_of(site: Site, member: str, now: datetime) -> Leave | None:
    """The leave that a member is on today, by the site's date."""
    today = local(site.calendar, now).date()
    leaves = site.members[member].leave
    return next((each for each in leaves if each.begins <= today <= each.ends), None)
