"""What a policy must say of where tickets go: rules that match, fallbacks that may help."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from triagewire.arrival import Channel
from triagewire.policy.document import Place, Problem
from triagewire.policy.model import Site
from triagewire.policy.roster import Role, RoutingRule
from triagewire.routing.queueing import names_something, takes_clinical_work
from triagewire.scoring.tongues import NAMES, UNKNOWN, primary
from triagewire.team import CLINICAL, TEAMS, USUAL_TOPICS
from triagewire.ticket import REVIEW

LANGUAGES = ("en", *NAMES, UNKNOWN)


def routing_problems(site: Site, rules: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with a site's routing rules, beside the scoring rules of its policy."""
    for name, rule in site.routing.items():
        place: Place = ("routing", name)
        yield from _target_problems(site, rule, place)
        yield from _condition_problems(site, rule, rules, (*place, "when"))


def fallback_problems(site: Site) -> Iterator[Problem]:
    """What is wrong with who stands in for a team: no end to it, or people without the access."""
    for team_id, team in site.teams.items():
        if team.fallback and (problem := _fallback_problem(site, team_id, team.fallback)):
            yield ("teams", team_id, "fallback"), problem


def _fallback_problem(site: Site, team_id: str, fallback: str) -> str:
    if fallback not in site.teams:
        return f"{fallback} is no team of this site"
    if fallback == team_id:
        return "is the team itself: name another one, or leave it out"
    if REVIEW in (team_id, fallback):
        return f"a ticket enters and leaves {REVIEW} by a decision only: leave it out"
    if team_id in _after(site, team_id):
        return "comes back to the team itself: end the chain with a team that has none"
    if takes_clinical_work(site, team_id) and not takes_clinical_work(site, fallback):
        return f"{fallback} may not open clinical tickets: all its members need the team {CLINICAL}"
    return ""


def _after(site: Site, team_id: str) -> list[str]:
    """The teams that follow a team, each once; itself too where the chain comes back to it."""
    found: list[str] = []
    at = site.teams[team_id].fallback
    while at in site.teams and at not in found:
        found.append(at)
        at = site.teams[at].fallback
    return found


def _target_problems(site: Site, rule: RoutingRule, place: Place) -> Iterator[Problem]:
    if not rule.team and not rule.skill:
        yield place, "names neither a team nor a skill: say where the tickets go"
    if rule.team and rule.team not in site.teams:
        yield (*place, "team"), f"{rule.team} is no team of this site"
        return
    only_clinical = rule.when.teams and {*rule.when.teams} == {CLINICAL}
    if rule.team and only_clinical and not takes_clinical_work(site, rule.team):
        told = f"{rule.team} takes no clinical work: all its members need the team {CLINICAL}"
        yield (*place, "team"), told
    if rule.skill and not _has_skill(site, rule):
        yield (*place, "skill"), f"nobody {_of(rule)} has the skill {rule.skill}"


def _of(rule: RoutingRule) -> str:
    return f"of the team {rule.team}" if rule.team else "of this site"


def _has_skill(site: Site, rule: RoutingRule) -> bool:
    return any(
        rule.skill in member.skills
        for member in site.members.values()
        if Role.AGENT in member.roles and (not rule.team or rule.team in member.teams)
    )


def _condition_problems(
    site: Site, rule: RoutingRule, rules: Mapping[str, Any], place: Place
) -> Iterator[Problem]:
    when = rule.when
    known: dict[str, tuple[tuple[str, ...], Iterable[str] | None]] = {
        "sources": (when.sources, site.sources),
        "channels": (when.channels, list(Channel)),
        "topics": (when.topics, known_values(rules, "topic", USUAL_TOPICS.values())),
        "teams": (when.teams, known_values(rules, "team", TEAMS)),
        "applications": (when.applications, None),
        "departments": (when.departments, None),
        "languages": (when.languages, LANGUAGES),
        "usual_teams": (when.usual_teams, site.teams),
    }
    if not any(values for values, _ in known.values()):
        yield place, "is empty and would match nothing: name a condition, or leave the rule out"
    for field, (values, choices) in known.items():
        for number, value in enumerate(values):
            if problem := _value_problem(field, value, choices):
                yield (*place, field, number), problem


def _value_problem(field: str, value: str, choices: Iterable[str] | None) -> str:
    if not names_something(value):
        return "is blank and would match nothing: write a value, or leave it out"
    if choices is None:
        return ""
    plain = primary(value) if field == "languages" else value.strip().casefold()
    if plain in {each.casefold() for each in choices}:
        return ""
    return f"is none of {', '.join(sorted(choices))}"


def known_values(rules: Mapping[str, Any], field: str, shipped: Iterable[str]) -> set[str]:
    """The topics or teams that a verdict can have: the shipped ones, and those of the rules."""
    found = {*shipped}
    for part in rules.values():
        own = part.get("rules") if isinstance(part, Mapping) else None
        for rule in own.values() if isinstance(own, Mapping) else ():
            value = rule.get(field) if isinstance(rule, Mapping) else None
            found |= {value} if isinstance(value, str) else set()
    return found
