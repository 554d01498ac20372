"""Who gets a ticket: of those who are at work and can take it, whoever the policy prefers, else who
carries least.

What is preferred (a skill, a language, who knows the requester) never makes a ticket wait.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain

from triagewire.policy.model import Site
from triagewire.policy.roster import Fairness
from triagewire.routing.duty import NOBODY, next_on_duty, on_duty, shift_ends, team_on_duty
from triagewire.routing.queueing import after_hours_owner, fallbacks
from triagewire.routing.speakers import speakers, spoken_by
from triagewire.verdict import Urgency

NEVER = datetime.min.replace(tzinfo=UTC)
MOST_RECENT = 50
"""How many assignments of a member are remembered: a load stays one small item."""
WHILE_FULL = timedelta(minutes=5)
"""How soon to look again while people are at work who could take no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a member carries in all teams of a site: the sum of the urgencies of their running
    tickets.

    `version` counts assignments: the routing transaction notices by it that somebody else assigned
    meanwhile. `recent` are the times (UTC) of those in the fairness window, the latest last.
    """

    member: str
    weight: int = 0
    assigned_at: datetime | None = None
    version: int = 0
    recent: tuple[datetime, ...] = ()

    def given(self, now: datetime, fairness: Fairness) -> tuple[datetime, ...]:
        """The recent assignments with one more, `now`."""
        return (*_within(self.recent, now, fairness), now)[-MOST_RECENT:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a ticket asks of its owner. `group` is the verdict's team, `last_handler` who last
    worked for the same requester, `due_at` (UTC) the promise that runs, `declined` who gave it back
    or let it lie.
    """

    urgency: Urgency
    group: str = ""
    language: str = ""
    skill: str = ""
    last_handler: str = ""
    due_at: datetime | None = None
    declined: tuple[str, ...] = ()

    @property
    def urgent(self) -> bool:
        """Whether neither capacity nor the end of a shift keeps it from anybody."""
        return self.urgency is Urgency.CLINICAL_URGENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """A team at a moment (UTC) with what its members carry, and who has said they are `away`.

    `turn` tells choices apart that were made from the same loads: each takes another of the equals.
    """

    site: Site
    team: str
    now: datetime
    loads: Mapping[str, Load] = field(default_factory=dict)
    away: frozenset[str] = NOBODY
    turn: int = 0

    def load(self, member: str) -> Load:
        """What a member carries."""
        return self.loads.get(member) or Load(member=member)

    def present(self) -> list[str]:
        """Who of the team is at work, in roster order."""
        return list(team_on_duty(self.site, self.team, self.now, self.away))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who gets a ticket, in the queue of which team, and why; without a member it waits there until
    `try_at` (UTC).
    """

    team: str
    member: str | None
    why: str
    try_at: datetime | None = None


def choose_owner(crew: Crew, wanted: Wanted) -> Choice:
    """Somebody of the team, else the provider on call where the policy says so while the site is
    closed, else somebody of the teams that stand in for it; else nobody yet.

    Who declined it gets it again only when there is nobody else at all.
    """
    fresh = replace(wanted, declined=())
    tries = (wanted, fresh) if wanted.declined else (wanted,)
    choices = chain.from_iterable(_in_order(crew, each) for each in tries)
    found = next((each for each in choices if each.member), None)
    if found is not None:
        return found
    _, why = choose_member(crew, fresh)
    return Choice(team=crew.team, member=None, why=why, try_at=look_again(crew, wanted))


def choose_member(crew: Crew, wanted: Wanted) -> tuple[str | None, str]:
    """Who of the team itself gets it, and why; None and why nobody does."""
    able, said = _able(crew, wanted)
    member, why = None, said
    if able:
        skilled, of_skill = _skilled(crew.site, able, wanted.skill)
        heard = speakers(crew.site, _free(crew, skilled), wanted.language) or skilled
        found = _known(crew, wanted, heard) or _of_pair(crew, wanted, heard)
        member, reason = found or _least(crew, heard)
        why = f"{reason}{of_skill}{said}"
    spoken = spoken_by(crew.site, crew.team, member, wanted.language, crew.now, crew.away)
    return member, f"{why}; {spoken}" if spoken else why


def look_again(crew: Crew, wanted: Wanted) -> datetime:
    """When to look again (UTC) for an owner of a ticket that nobody could take: soon while somebody
    is at work, else when the next of them begins.
    """
    return min(_next_try(each, wanted) for each in _teams(crew))


def _in_order(crew: Crew, wanted: Wanted) -> Iterator[Choice]:
    """The choices of a ticket, the nearest first, as far as somebody looks at them."""
    member, why = choose_member(crew, wanted)
    yield Choice(team=crew.team, member=member, why=why)
    provider = after_hours_owner(crew.site, wanted.urgency, crew.now, crew.team)
    if provider and provider not in crew.away and provider not in wanted.declined:
        yield Choice(team=crew.team, member=provider, why="the site is closed: provider on call")
    for other in list(_teams(crew))[1:]:
        member, of_other = choose_member(other, wanted)
        why_there = f"{why}: {other.team} stands in; {of_other}"
        yield Choice(team=other.team, member=member, why=why_there)


def _teams(crew: Crew) -> Iterator[Crew]:
    """The team and those that stand in for it."""
    for team in (crew.team, *fallbacks(crew.site, crew.team)):
        yield replace(crew, team=team)


def _able(crew: Crew, wanted: Wanted) -> tuple[list[str], str]:
    """Who may get it now, and whom its length rules out; or nobody, and why."""
    present = crew.present()
    if not present:
        return [], "nobody of the team is on duty"
    free = present if wanted.urgent else _free(crew, present)
    if not free:
        return [], "everybody on duty is at capacity"
    leaving = _leaving(crew, wanted, free)
    staying = [each for each in free if each not in leaving]
    if not staying and not wanted.urgent:
        return [], "everybody on duty goes home before it is due"
    able = [each for each in staying or free if each not in wanted.declined]
    if not able:
        return [], "everybody on duty has declined it"
    passed = staying and leaving
    return able, f"; not for {', '.join(leaving)}, whose shift ends" if passed else ""


def _free(crew: Crew, members: Iterable[str]) -> list[str]:
    """Those below their capacity: it is the person's, whatever the team."""
    return [
        member
        for member in members
        if not (most := crew.site.members[member].capacity) or crew.load(member).weight < most
    ]


def _leaving(crew: Crew, wanted: Wanted, members: Sequence[str]) -> list[str]:
    """Those whose shift ends soon, and before the ticket is due: no long work is theirs."""
    if wanted.due_at is None or not crew.site.presence.shift_end_minutes:
        return []
    soon = crew.now + timedelta(minutes=crew.site.presence.shift_end_minutes)
    found = []
    for member in members:
        ends = shift_ends(crew.site, member, crew.now)
        if ends is not None and ends <= soon and ends < wanted.due_at:
            found.append(member)
    return found


def _skilled(site: Site, able: Sequence[str], skill: str) -> tuple[Sequence[str], str]:
    """Those who have a skill, or all where nobody has it; and what to say of it."""
    if not skill:
        return able, ""
    found = [member for member in able if skill in site.members[member].skills]
    return found or able, f"; has the skill {skill}" if found else f"; nobody there has {skill}"


def _known(crew: Crew, wanted: Wanted, able: Sequence[str]) -> tuple[str, str] | None:
    """Who worked for the same requester last, or who stands in for them."""
    last = wanted.last_handler
    if last in able:
        return last, "has worked for this requester before"
    stands_in = _substitute(crew, last, able)
    if stands_in:
        return stands_in, f"stands in for {last}, who has worked for this requester before"
    return None


def _of_pair(crew: Crew, wanted: Wanted, able: Sequence[str]) -> tuple[str, str] | None:
    """The primary of the group, else the secondary; for each who is not at work, the substitute."""
    team = crew.site.teams.get(crew.team)
    if team is None:
        return None
    named = team.pair(wanted.group)
    of = wanted.group if wanted.group in team.groups else crew.team
    off = "the primary is off duty or at capacity"
    for person, why in (
        (named.primary, f"primary of {of}"),
        (named.secondary, f"secondary of {of}: {off}"),
    ):
        if person in able:
            return person, why
        if stands_in := _substitute(crew, person, able):
            return stands_in, f"stands in for {person}, {why}"
    return None


def _substitute(crew: Crew, member_id: str, able: Sequence[str]) -> str:
    """Who stands in for a member that is not at work, if able to take it."""
    member = crew.site.members.get(member_id)
    if member is None or member.substitute not in able:
        return ""
    at_work = on_duty(crew.site, member_id, crew.now, crew.away)
    return "" if at_work else member.substitute


def _least(crew: Crew, able: Sequence[str]) -> tuple[str, str]:
    """Who carries least of those who are not ahead of the others, the longest idle of equals."""
    fair = _not_ahead(crew, able)
    lowest = min(crew.load(member).weight for member in fair)
    equals = sorted(
        (member for member in fair if crew.load(member).weight == lowest),
        key=lambda member: crew.load(member).assigned_at or NEVER,
    )
    why = f"least loaded of {len(able)} on duty"
    passed = len(able) - len(fair)
    why += f", {passed} had more than their share" if passed else ""
    return equals[crew.turn % len(equals)], why


def _not_ahead(crew: Crew, able: Sequence[str]) -> Sequence[str]:
    """Those who were not given so much more than the others within the window."""
    fairness = crew.site.fairness
    if not fairness.window_minutes or not fairness.most_ahead:
        return able
    got = {member: len(_within(crew.load(member).recent, crew.now, fairness)) for member in able}
    most = min(got.values()) + fairness.most_ahead
    return [member for member in able if got[member] < most]


def _within(times: Iterable[datetime], now: datetime, fairness: Fairness) -> list[datetime]:
    since = now - timedelta(minutes=fairness.window_minutes)
    return [each for each in times if each > since]


def _next_try(crew: Crew, wanted: Wanted) -> datetime:
    present = crew.present()
    if not present:
        return max(_after(crew, crew.now), crew.now + timedelta(seconds=1))
    leaving = _leaving(crew, wanted, present)
    if len(leaving) < len(present):
        return crew.now + WHILE_FULL
    ends = (shift_ends(crew.site, member, crew.now) or crew.now for member in leaving)
    return _after(crew, max(ends))


def _after(crew: Crew, at: datetime) -> datetime:
    return next_on_duty(crew.site, crew.team, at, crew.away)
