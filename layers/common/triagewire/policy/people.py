"""What a policy must say of the people behind its queues: who is named can get and open them."""

from collections.abc import Iterator, Mapping

from triagewire.policy.document import Place
from triagewire.policy.model import Pair, Site, Team


def pair_problems(site: Site) -> Iterator[tuple[Place, str]]:
    """What is wrong with the primaries and secondaries of a site's teams."""
    for team_id, team in site.teams.items():
        own = Pair(primary=team.primary, secondary=team.secondary)
        yield from _pair(site, ("teams", team_id), team_id, own)
        yield from _groups(site, team_id, team)


def _groups(site: Site, team_id: str, team: Team) -> Iterator[tuple[Place, str]]:
    handled: Mapping[str, None] = dict.fromkeys((team_id, *team.handles))
    for group, pair in team.groups.items():
        place: Place = ("teams", team_id, "groups", group)
        if group not in handled:
            yield place, f"{team_id} does not handle {group}"
        if not pair.primary:
            yield place, "needs a primary"
        yield from _pair(site, place, team_id, pair)


def _pair(site: Site, place: Place, team_id: str, pair: Pair) -> Iterator[tuple[Place, str]]:
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
