"""Whether what an event names is there: sites, sources, members, teams, and tickets by name."""

import re
from collections.abc import Iterator, Mapping

from ops.simulation.moments import stretch
from ops.simulation.scenario import Happening
from ops.simulation.sheet import (
    Act,
    Away,
    Back,
    Crash,
    Decide,
    Outage,
    Reassign,
    Said,
    Sheet,
    Unsubscribed,
)
from triagewire.policy.document import Problem
from triagewire.policy.model import Policy, Site
from triagewire.team import TEAMS
from triagewire.ticket import REVIEW
from triagewire.verdict import Urgency

_OF_SEVERAL = re.compile(r"(?P<name>.+?)(?:-[1-9][0-9]*)?(?:\+[1-9][0-9]*)?")
"""The name of a message, the number of one of a flood, and that of a further need."""
_FURTHER_NEED = re.compile(r"\+[1-9][0-9]*$")
MOST_LISTED = 12


def problems_in(
    happening: Happening, sheet: Sheet, policies: Mapping[str, Policy]
) -> Iterator[Problem]:
    """Everything that an event names and that no policy of the scenario, or no message, has."""
    sites = [p.sites[happening.site] for p in policies.values() if happening.site in p.sites]
    if not sites:
        yield ("site",), "is no site of the policy"
        return
    match happening.deed:
        case Said() as said:
            yield from _in_message(said, sites, sheet)
        case Act() as act:
            yield from _in_act(act, policies, sheet)
        case Away() | Back() as said:
            yield from _members(sites, member=said.member, by=said.by)
        case Outage() as outage:
            yield from _members(sites, person=outage.person)
            yield from _length("gives_up_after", outage.gives_up_after)
        case Crash() as crash if crash.writes < 0:
            yield ("writes",), "must not be below 0"
        case Unsubscribed() as known:
            yield from _members(sites, person=known.person)
        case _:
            return


def _in_message(said: Said, sites: list[Site], sheet: Sheet) -> Iterator[Problem]:
    sources = {name for site in sites for name in site.sources}
    if said.source and said.source not in sources:
        yield ("source",), f"must be a source of the site: {_listed(sources)}"
    if said.name and sum(name == said.name for name in _names(sheet)) > 1:
        yield ("as",), "is another message's name too: give each its own"
    if re.search(r"[+\s]", said.name):
        yield ("as",), "must have no space and no + in it"
    if not said.text.strip() and said.score is None:
        yield ("text",), "is missing: say what the message says, or state its score"
    yield from _stated(said)


def _stated(said: Said) -> Iterator[Problem]:
    """What is wrong with a score that the writer states."""
    if said.score is None:
        if said.team or said.topic:
            yield ("score",), "is missing: team and topic are stated together with it"
        return
    if said.score not in list(Urgency):
        yield ("score",), "must be a number from 1 to 5"
    if said.score < Urgency.CLINICAL_STANDARD and not said.team:
        yield ("team",), f"is missing: name whom it is for, of {', '.join(TEAMS)}"
    if said.team and said.team not in (*TEAMS, REVIEW):
        yield ("team",), f"must be one that scoring names: {', '.join((*TEAMS, REVIEW))}"


def _in_act(act: Act, policies: Mapping[str, Policy], sheet: Sheet) -> Iterator[Problem]:
    named = _OF_SEVERAL.fullmatch(act.ticket)
    names = list(_names(sheet))
    whole = _FURTHER_NEED.sub("", act.ticket)
    if whole not in names and (named is None or named["name"] not in names):
        yield ("ticket",), f"must be what a message is called by `as`: {_listed(names)}"
    everywhere = [site for policy in policies.values() for site in policy.sites.values()]
    yield from _members(everywhere, by=act.by)
    if isinstance(act, Decide | Reassign):
        teams = {name for site in everywhere for name in site.teams}
        if act.team is not None and act.team not in teams:
            yield ("team",), f"must be a team of the site: {_listed(teams)}"
        if act.score is not None and act.score not in list(Urgency):
            yield ("score",), "must be a number from 1 to 5"
    if isinstance(act, Reassign) and act.member is not None:
        yield from _members(everywhere, member=act.member)


def _length(name: str, stated: str) -> Iterator[Problem]:
    try:
        stretch(stated or "0s")
    except ValueError as error:
        yield (name,), str(error)


def _members(sites: list[Site], **named: str) -> Iterator[Problem]:
    known = {member for site in sites for member in site.members}
    for name, member in named.items():
        if member and member not in known:
            yield (name,), f"must be a member of the site: {_listed(known)}"


def _names(sheet: Sheet) -> Iterator[str]:
    for number, line in enumerate(sheet.events):
        if line.message is not None:
            yield line.message.name or f"message-{number + 1}"


def _listed(names: set[str] | list[str]) -> str:
    """The names for a person; not hundreds of them."""
    known = sorted(names)
    more = f" and {len(known) - MOST_LISTED} more" if len(known) > MOST_LISTED else ""
    return ", ".join(known[:MOST_LISTED]) + more if known else "there is none"
