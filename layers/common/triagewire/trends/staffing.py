"""Queues with unbalanced load: who does the work, what comes back untouched, when nobody is there.

A touch is a sitting of one person at one ticket (`measures.life`). Hours of work are those of the
member's own week, else the site's, less leave; who marked themselves away by hand counts as there.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from triagewire.clock.calendar import DAY, Calendar, is_open, local, open_hours
from triagewire.measures.life import Life
from triagewire.policy.roster import Member
from triagewire.routing.duty import agents, team_on_duty
from triagewire.trends.chances import holds, sure
from triagewire.trends.finding import Finding, Kind
from triagewire.trends.looked import Looked

LEAST_TOUCHES = 40
"""Of a team in a period, before its load is compared."""
MORE_THAN_THEIRS = 1.5
"""So many times as much as their share of the hours, surely, is unbalanced."""
BACK_MORE_THAN = 0.1
ALONE_MORE_THAN = 0.05
QUARTER = timedelta(minutes=15)
A_HOUR = timedelta(hours=1)


def unbalanced(looked: Looked) -> Iterator[Finding]:
    """Teams of which one member does far more than their share of the hours."""
    touches: dict[str, dict[str, list[Life]]] = defaultdict(lambda: defaultdict(list))
    for life in looked.lives:
        for sitting in life.sittings:
            if looked.happened(sitting.begins):
                touches[sitting.team][sitting.member].append(life)
    for team in looked.site.teams:
        crew = {each: touches[team][each] for each in agents(looked.site, team)}
        if found := _busiest(looked, team, crew):
            yield found


def hand_backs(looked: Looked) -> Iterator[Finding]:
    """Queues in which work lies with somebody who does not take it up."""
    placed: dict[str, list[Life]] = defaultdict(list)
    for life in looked.lives:
        if looked.happened(life.routed_at):
            placed[life.first_team].append(life)
    for team, of in sorted(placed.items()):
        back = [life for life in of if life.hand_backs]
        if holds(len(back), len(of), BACK_MORE_THAN):
            yield looked.finding(
                Kind.HAND_BACKS,
                (team,),
                f"Given back by time in {team}: their owner had not taken them up",
                back,
                of=len(of),
                told=(f"{sum(life.hand_backs for life in back)} times in all",),
                suggestion=f"See who of {team} is at work when they come (week, leave), "
                "and whether capacity gives them more than they can take up.",
            )


def nobody_at_work(looked: Looked) -> Iterator[Finding]:
    """Queues into which work comes in the site's own hours while nobody of the team works."""
    there: dict[tuple[str, datetime], bool] = {}
    came: dict[str, list[tuple[Life, bool]]] = defaultdict(list)
    for life in looked.lives:
        at = life.routed_at
        if at is None or not looked.happened(at) or not is_open(looked.site.calendar, at):
            continue
        quarter = at - timedelta(
            minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond
        )
        key = (life.first_team, quarter)
        if key not in there:
            there[key] = next(team_on_duty(looked.site, *key), None) is not None
        came[life.first_team].append((life, there[key]))
    for team, of in sorted(came.items()):
        alone = [life for life, somebody in of if not somebody]
        if team in looked.site.teams and holds(len(alone), len(of), ALONE_MORE_THAN):
            yield _nobody(looked, team, alone, len(of))


def _nobody(looked: Looked, team: str, alone: list[Life], of: int) -> Finding:
    hours: dict[str, int] = defaultdict(int)
    for life in alone:
        if life.routed_at:
            hours[f"{local(looked.site.calendar, life.routed_at):%a %H:00}"] += 1
    busiest = sorted(hours, key=lambda each: (-hours[each], each))[:3]
    return looked.finding(
        Kind.NOBODY_AT_WORK,
        (team,),
        f"Came into {team} while the site was open and nobody of the team at work",
        alone,
        of=of,
        told=(f"most at {', '.join(f'{each} ({hours[each]})' for each in busiest)}",),
        suggestion=f"Cover these hours in the week of somebody of {team}, or name a team that "
        "stands in (fallback).",
    )


def _busiest(looked: Looked, team: str, crew: Mapping[str, list[Life]]) -> Finding | None:
    hours = {each: _hours(looked, looked.site.members[each]) for each in crew}
    working = {each: lives for each, lives in crew.items() if hours[each] > 0}
    total = sum(map(len, working.values()))
    if len(working) < 2 or total < LEAST_TOUCHES:
        return None
    member = max(working, key=lambda each: (len(working[each]) / hours[each], each))
    share = hours[member] / sum(hours[each] for each in working)
    if sure(len(working[member]), total) <= MORE_THAN_THEIRS * share:
        return None
    told = (
        f"{each}: {len(lives)} touches in {hours[each]:.0f} h, {_held(looked, each)} still open"
        for each, lives in working.items()
    )
    return looked.finding(
        Kind.UNBALANCED,
        (team, member),
        f"{member} does much more of {team} than their {share:.0%} of its hours (in touches)",
        {life.ticket: life for life in working[member]}.values(),
        n=len(working[member]),
        of=total,
        told=tuple(told),
        suggestion=f"See whether {member} is the primary of {team}, or alone has a skill or a "
        "language that routing asks for; a lower capacity gives the next ones to others.",
    )


def _held(looked: Looked, member: str) -> int:
    return sum(life.owner == member and life.open_at(looked.ends) for life in looked.lives)


def _hours(looked: Looked, member: Member) -> float:
    """Hours in which a member was to work in the period."""
    site = looked.site
    calendar = Calendar(zone=site.zone, week=member.week or site.hours, holidays=site.holidays)
    total = timedelta(0)
    day = looked.period.first
    while day <= looked.period.last:
        if not any(leave.begins <= day <= leave.ends for leave in member.leave):
            total += sum(
                (ends - begins for begins, ends in open_hours(calendar, day)), timedelta(0)
            )
        day += DAY
    return total / A_HOUR
