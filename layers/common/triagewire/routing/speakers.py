"""Who reads the language that a ticket is in; and what to say where nobody at work does."""

from collections.abc import Iterable
from datetime import datetime

from triagewire.policy.model import Site
from triagewire.policy.roster import Member
from triagewire.routing.duty import NOBODY, on_duty
from triagewire.scoring.tongues import NAMES, UNKNOWN, primary


def speaks(member: Member, language: str) -> bool:
    """Whether the roster says that a member has a language; `pt` and `pt-BR` are one."""
    return primary(language) in map(primary, member.languages)


def speakers(site: Site, members: Iterable[str], language: str) -> list[str]:
    """Those of some members who have the language; none where the ticket is in no special one."""
    if language in ("", UNKNOWN):
        return []
    return [member for member in members if speaks(site.members[member], language)]


def spoken_by(
    site: Site,
    team: str,
    member: str | None,
    language: str,
    now: datetime,
    away: frozenset[str] = NOBODY,
) -> str:
    """What a route says of the language: that who gets the ticket has it, or that an interpreter is
    needed and who of other teams at work could be one; "" for a ticket in no special language.
    """
    if not language:
        return ""
    if member is not None and speaks(site.members[member], language):
        return f"speaks {_called(language)}"
    needs = f"needs an interpreter: {_called(language)}"
    others = [
        f"{other_id} of {other.teams[0] if other.teams else 'no team'}"
        for other_id, other in site.members.items()
        if team not in other.teams
        and speaks(other, language)
        and on_duty(site, other_id, now, away)
    ]
    return f"{needs}, on duty: {others[0]}" if others else needs


def _called(language: str) -> str:
    return NAMES.get(primary(language), "a language that nobody could name")
