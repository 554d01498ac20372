"""Which queue a ticket stands in, and why: the verdict, the site's teams, and its routing rules.

A rule of the site sends what it describes to another team, or asks for who has a skill. None moves
what is clinical urgent or must be judged by a person, and none gives clinical work to people who
may not open it. The reasons are for the ledger: they name rules and teams, and never what the
request says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from triagewire.arrival import RequesterKind
from triagewire.clock.calendar import is_open
from triagewire.escalation.on_call import on_call
from triagewire.message import Message
from triagewire.policy.model import Policy, Site
from triagewire.policy.roster import AfterHours, Role, RoutingRule, When
from triagewire.scoring.tongues import primary
from triagewire.team import CLINICAL
from triagewire.ticket import REVIEW, Ticket
from triagewire.verdict import Urgency, Verdict

READ_WITHOUT_A_NAME = "en"
"""The language of a verdict that names none."""


_OVERSEERS = frozenset({Role.LEAD, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What routing rules may ask of a request beside its verdict; "" is what nobody stated.

    `usual_team` is the team that last worked for the same patient.
    """

    source: str = ""
    channel: str = ""
    application: str = ""
    department: str = ""
    usual_team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A queue, the skill that its owner should have ("" for none), and why it is that queue."""

    team: str
    skill: str = ""
    why: str


NOTHING_KNOWN = Facts()


def facts_of(ticket: Ticket, message: Message | None = None, usual_team: str = "") -> Facts:
    """What a ticket and the message that made it say of the request; an application or department
    only where staff state it, for a patient's form may hold anything.
    """
    staff = ticket.requester.kind is RequesterKind.STAFF
    stated = message.staff_request if message and staff else None
    channel = message.channel if message else next(iter(ticket.channels), "")
    return Facts(
        source=ticket.source,
        channel=str(channel),
        application=stated.application if stated else "",
        department=stated.department if stated else "",
        usual_team=usual_team,
    )


def queue_of(verdict: Verdict, site: Site, facts: Facts = NOTHING_KNOWN) -> Destination:
    """The queue for a verdict and why: review unless it is clear, clinical urgent always the
    clinical one, else that of the first rule which matches and may have it, else the team's own.
    """
    if verdict.review and verdict.score is not Urgency.CLINICAL_URGENT:
        return Destination(team=REVIEW, why="a person must judge it first")
    usual = _served(verdict, site)
    passed = []
    for name, rule in site.routing.items():
        if not matches(rule.when, verdict, facts):
            continue
        refusal = _refusal(rule, verdict, site)
        if not refusal:
            return _by_rule(name, rule, usual, site)
        passed.append(f"routing rule {name} is passed over: {refusal}")
    return Destination(team=usual.team, why="; ".join((usual.why, *passed)))


def queue_under(policy: Policy, site: str, verdict: Verdict, facts: Facts) -> str:
    """The queue in which a policy would put a ticket of a site; "" where it has no such site."""
    known = policy.sites.get(site)
    return queue_of(verdict, known, facts).team if known else ""


def matches(when: When, verdict: Verdict, facts: Facts) -> bool:
    """Whether a request is one that a rule describes: every field that is filled holds one of its
    values. A rule that asks for nothing describes nothing, and a blank value is no value.
    """
    asked = [
        answer
        for wanted, answer in (
            (when.sources, _is_one(facts.source, when.sources)),
            (when.channels, _is_one(facts.channel, when.channels)),
            (when.topics, _is_one(verdict.topic, when.topics)),
            (when.teams, _is_one(verdict.team, when.teams)),
            (when.applications, _names_one(facts.application, when.applications)),
            (when.departments, _names_one(facts.department, when.departments)),
            (when.languages, _speaks_one(verdict.language, when.languages)),
            (when.usual_teams, _is_one(facts.usual_team, when.usual_teams)),
        )
        if wanted
    ]
    return bool(asked) and all(asked)


def team_for(site: Site, verdict_team: str) -> str | None:
    """The team of a site that takes what scoring names so; None where no team does."""
    for name, team in site.teams.items():
        if verdict_team == name or verdict_team in team.handles:
            return name
    return None


def takes_clinical_work(site: Site, team: str) -> bool:
    """Whether clinical tickets may stand in a team's queue: in the clinical one, in review, and in
    that of a team whose members all are in the clinical one too, so that nobody sees more by it.
    """
    clinical = team_for(site, CLINICAL)
    if team in (clinical, REVIEW):
        return True
    of_team = [member for member in site.members.values() if team in member.teams]
    return bool(of_team) and all(clinical in member.teams for member in of_team)


def fallbacks(site: Site, team: str) -> tuple[str, ...]:
    """The teams that get a ticket of `team` while nobody of it can, the nearest first.

    None for the review queue, which a ticket leaves by a person's decision only, and none that may
    not have what the team has. A chain that comes back to itself ends there.
    """
    clinical = takes_clinical_work(site, team)
    return tuple(
        each for each in _chain(site, team) if takes_clinical_work(site, each) or not clinical
    )


def after_hours_owner(site: Site, urgency: Urgency, now: datetime, team: str = "") -> str | None:
    """Who gets a ticket of this urgency while the site is closed: the provider on call where the
    policy says so, else None. With a `team`, only a provider who may work its tickets.
    """
    if site.after_hours.get(urgency.name.lower()) is not AfterHours.ON_CALL:
        return None
    if is_open(site.calendar, now):
        return None
    provider = on_call(site, now)
    if provider is None or not team:
        return provider
    return provider if may_own(site, provider, team) else None


def may_own(site: Site, member_id: str, team: str) -> bool:
    """Whether a member of the roster may open and work the tickets of a team's queue."""
    member = site.members.get(member_id)
    if member is None:
        return False
    if not _OVERSEERS.isdisjoint(member.roles):
        return True
    return Role.AGENT in member.roles and team in member.teams


def _served(verdict: Verdict, site: Site) -> Destination:
    """The queue without any rule."""
    team = team_for(site, verdict.team)
    if team is None:
        return Destination(team=REVIEW, why=f"no team of this site handles {verdict.team}")
    return Destination(team=team, why=f"{verdict.topic} is handled by {team}")


def _refusal(rule: RoutingRule, verdict: Verdict, site: Site) -> str:
    """Why a rule that matches may not have its way; "" where it may. A skill alone moves nothing.

    A team that is gone is no refusal: what it was to get stands before a person.
    """
    if not rule.team and not rule.skill:
        return "it names neither a team nor a skill"
    if rule.team and verdict.score is Urgency.CLINICAL_URGENT:
        return "it may not move what is clinical urgent"
    if not rule.team or rule.team not in site.teams:
        return ""
    clinical = max(verdict.score, verdict.candidate) >= Urgency.CLINICAL_STANDARD
    if clinical and not takes_clinical_work(site, rule.team):
        return f"{rule.team} takes no clinical work"
    return ""


def _by_rule(name: str, rule: RoutingRule, usual: Destination, site: Site) -> Destination:
    if not rule.team:
        why = f"{usual.why}; routing rule {name} asks for a skill"
        return Destination(team=usual.team, skill=rule.skill, why=why)
    if rule.team not in site.teams:
        why = f"routing rule {name} names a team that this site does not have"
        return Destination(team=REVIEW, why=why)
    return Destination(
        team=rule.team, skill=rule.skill, why=f"routing rule {name} sends it to {rule.team}"
    )


def _chain(site: Site, team: str) -> Iterator[str]:
    seen = {team, REVIEW}
    while team != REVIEW and team in site.teams:
        team = site.teams[team].fallback
        if team in seen or team not in site.teams:
            return
        seen.add(team)
        yield team


def names_something(value: str) -> bool:
    """Whether the value of a rule can match anything at all."""
    return bool(_words(value))


def _is_one(value: str, wanted: tuple[str, ...]) -> bool:
    plain = value.strip().casefold()
    return bool(plain) and plain in {each.strip().casefold() for each in wanted}


def _names_one(value: str, wanted: tuple[str, ...]) -> bool:
    """Whether one of the names stands in what somebody wrote, as whole words in that order."""
    written = f" {_words(value)} "
    return any((name := _words(each)) and f" {name} " in written for each in wanted)


def _words(value: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", value.casefold()))


def _speaks_one(language: str, wanted: tuple[str, ...]) -> bool:
    spoken = primary(language) or READ_WITHOUT_A_NAME
    return spoken in {primary(each) for each in wanted}
