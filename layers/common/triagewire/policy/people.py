"""What a policy must say of the people behind its queues: who is named can get and open them."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations

from triagewire.policy.document import Place, Problem
from triagewire.policy.model import Policy, Site
from triagewire.policy.roster import Member, Pair, Role, Team

LONGEST_ID = 128
"""Characters of a member id, as of a sign-in name: it is part of the keys of what they are told."""
_APART = re.compile(r"[\s#/]")
"""What stands between the parts of such keys, or would be lost in a message."""


def people_problems(site: Site) -> Iterator[Problem]:
    """What is wrong with the members of a site, and with who comes first in its teams."""
    yield from pair_problems(site)
    for team_id in site.teams:
        yield from _nobody(site, team_id)
    for member_id, member in site.members.items():
        place: Place = ("members", member_id)
        yield from _member_problems(site, member_id, member, place)
        yield from _leave_problems(member, place)
        if member.substitute and (problem := _substitute_problem(site, member_id, member)):
            yield (*place, "substitute"), problem


def double_problems(policy: Policy) -> Iterator[Problem]:
    """Who would be given work at two sites, in places of the whole policy: neither site would know
    what they carry at the other.
    """
    first: dict[str, str] = {}
    for site_id, site in policy.sites.items():
        for member_id, member in site.members.items():
            if Role.AGENT not in member.roles:
                continue
            if member_id in first:
                told = f"is given work at {first[member_id]} too: take the role agent away at one"
                yield ("sites", site_id, "members", member_id), told
            first.setdefault(member_id, site_id)


def pair_problems(site: Site) -> Iterator[Problem]:
    """What is wrong with the primaries and secondaries of a site's teams."""
    for team_id, team in site.teams.items():
        own = Pair(primary=team.primary, secondary=team.secondary)
        yield from _pair(site, ("teams", team_id), team_id, own)
        yield from _groups(site, team_id, team)


def _nobody(site: Site, team_id: str) -> Iterator[Problem]:
    of_team = [member for member in site.members.values() if team_id in member.teams]
    if not of_team:
        yield ("teams", team_id), "has no members"
    elif not any(Role.AGENT in member.roles for member in of_team):
        yield ("teams", team_id), "no member has the role agent: nobody would get its tickets"


def _member_problems(site: Site, member_id: str, member: Member, place: Place) -> Iterator[Problem]:
    for problem in _id_problems(member_id):
        yield place, problem
    for team_id in member.teams:
        if team_id not in site.teams:
            yield (*place, "teams"), f"{team_id} is no team of this site"
    if member.capacity < 0:
        yield (*place, "capacity"), "must not be below 0, which is no limit"
    for number, skill in enumerate(member.skills):
        if not skill.strip():
            yield (*place, "skills", number), "is blank: name the skill, or leave it out"


def _id_problems(member_id: str) -> Iterator[str]:
    if member_id != member_id.lower():
        yield "must be lower case, as sign-in names are"
    if not 0 < len(member_id) <= LONGEST_ID:
        yield f"must have 1 to {LONGEST_ID} characters, as sign-in names have"
    if _APART.search(member_id) or not member_id.isprintable():
        yield "must have no space, # or / in it: write a dot or a dash"


def _leave_problems(member: Member, place: Place) -> Iterator[Problem]:
    for (_, one), (number, other) in combinations(enumerate(member.leave), 2):
        if one.begins <= other.ends and other.begins <= one.ends:
            told = f"overlaps the leave from {one.begins} to {one.ends}: write the two as one"
            yield (*place, "leave", number), told


def _substitute_problem(site: Site, member_id: str, member: Member) -> str:
    """Who stands in for a member must be another one, be given work, and open what they open."""
    other = site.members.get(member.substitute)
    if other is None:
        return f"{member.substitute} is not among the members"
    if member.substitute == member_id:
        return "is the member themselves: name somebody else, or leave it out"
    if _comes_back(site, member_id):
        return "comes back to the member themselves: somebody in the round must have none"
    if Role.AGENT not in other.roles:
        return f"{member.substitute} needs the role agent to be given work"
    missing = [team for team in member.teams if team not in other.teams]
    if missing:
        return f"{member.substitute} needs the same access: the team {', '.join(missing)}"
    return ""


def _comes_back(site: Site, member_id: str) -> bool:
    seen: set[str] = set()
    at = site.members[member_id].substitute
    while at in site.members and at not in seen:
        seen.add(at)
        at = site.members[at].substitute
    return member_id in seen


def _groups(site: Site, team_id: str, team: Team) -> Iterator[Problem]:
    handled: Mapping[str, None] = dict.fromkeys((team_id, *team.handles))
    for group, pair in team.groups.items():
        place: Place = ("teams", team_id, "groups", group)
        if group not in handled:
            yield place, f"{team_id} does not handle {group}"
        if not pair.primary:
            yield place, "needs a primary"
        yield from _pair(site, place, team_id, pair)


def _pair(site: Site, place: Place, team_id: str, pair: Pair) -> Iterator[Problem]:
    """Two different people who are in the team, or nobody at all."""
    for name, person in (("primary", pair.primary), ("secondary", pair.secondary)):
        member = site.members.get(person)
        if person and member is None:
            yield (*place, name), f"{person} is not among the members"
        elif member is not None and team_id not in member.teams:
            yield (*place, name), f"{person} is not in the team {team_id}"
    if bool(pair.primary) != bool(pair.secondary):
        missing = "secondary" if pair.primary else "primary"
        yield place, f"needs a {missing} too: with one of them away nobody would be next"
    elif pair.primary and pair.primary == pair.secondary:
        yield (*place, "secondary"), "must be somebody else than the primary"
