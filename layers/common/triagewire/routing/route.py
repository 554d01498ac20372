"""Who of a team gets a ticket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from triagewire.policy.model import Pair, Site
from triagewire.routing.duty import team_on_duty
from triagewire.routing.speakers import speakers, spoken_by
from triagewire.verdict import Urgency

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a member carries in one team: the sum of the urgencies of their running tickets.

    `version` lets the routing transaction notice that somebody else assigned meanwhile.
    """

    member: str
    weight: int = 0
    assigned_at: datetime | None = None
    version: int = 0


def choose_member(
    site: Site,
    team: str,
    urgency: Urgency,
    loads: Mapping[str, Load],
    now: datetime,
    *,
    language: str = "",
    group: str = "",
) -> tuple[str | None, str]:
    """The group's primary, else its secondary, else the least loaded member on duty, the longest
    idle among equals; and why.

    Capacity limits what is given out automatically, but never an urgent ticket. Who has the
    ticket's `language` comes first, but no ticket waits for them. `group` is the verdict's team.
    """
    able, why = _able(site, team, urgency, loads, now, language)
    member = None
    if able:
        member, why = _first_of(site, team, group, able) or _least_loaded(able, loads)
    spoken = spoken_by(site, team, member, language, now)
    return member, f"{why}; {spoken}" if spoken else why


def _able(
    site: Site,
    team: str,
    urgency: Urgency,
    loads: Mapping[str, Load],
    now: datetime,
    language: str,
) -> tuple[list[str], str]:
    """Who may get it now, or why nobody does."""
    present = list(team_on_duty(site, team, now))
    if not present:
        return [], "nobody of the team is on duty"
    free = _below_capacity(site, present, loads)
    able = present if urgency is Urgency.CLINICAL_URGENT else free
    able = list(speakers(site, free, language)) or able
    return able, "" if able else "everybody on duty is at capacity"


def _first_of(site: Site, team: str, group: str, able: Sequence[str]) -> tuple[str, str] | None:
    """The primary of the group, or the secondary while the primary cannot take it."""
    named = site.teams[team].pair(group) if team in site.teams else Pair()
    if not named.primary:
        return None
    of = group if group in site.teams[team].groups else team
    if named.primary in able:
        return named.primary, f"primary of {of}"
    if named.secondary in able:
        return named.secondary, f"secondary of {of}: the primary is off duty or at capacity"
    return None


def _least_loaded(able: Sequence[str], loads: Mapping[str, Load]) -> tuple[str, str]:
    def burden(member: str) -> tuple[int, datetime]:
        load = loads.get(member, Load(member=member))
        return load.weight, load.assigned_at or NEVER

    return min(able, key=burden), f"least loaded of {len(able)} on duty"


def _below_capacity(site: Site, members: Sequence[str], loads: Mapping[str, Load]) -> list[str]:
    return [
        member
        for member in members
        if not (capacity := site.members[member].capacity)
        or loads.get(member, Load(member=member)).weight < capacity
    ]
