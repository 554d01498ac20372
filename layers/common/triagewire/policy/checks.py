"""What a policy must pass before it may become active: nobody unreachable, no queue unowned."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from triagewire.channels.forms.answers import NAMES as FORM_NAMES
from triagewire.channels.reading.identities import email_address
from triagewire.policy.automation_checks import automation_problems, satisfaction_problems
from triagewire.policy.calendars import calendar_problems
from triagewire.policy.document import Document, Place, Problem
from triagewire.policy.intake import intake_problems
from triagewire.policy.ladder_checks import ladder_problems
from triagewire.policy.measuring_checks import measuring_problems
from triagewire.policy.model import Policy, Site
from triagewire.policy.on_call_checks import gap_problems, named, on_call_problems
from triagewire.policy.people import double_problems, people_problems
from triagewire.policy.promises import promise_problems
from triagewire.policy.reach_checks import one_person_problems, reach_problems
from triagewire.policy.reply_checks import reply_problems
from triagewire.policy.roster import Role
from triagewire.policy.routes import fallback_problems, routing_problems
from triagewire.policy.schema import problem_at
from triagewire.policy.text_checks import article_problems, text_problems
from triagewire.team import TEAMS
from triagewire.ticket import REVIEW

SERVED = (*TEAMS, REVIEW)
"""Every team that a verdict can name, and the review queue: a site has exactly one queue for each.
"""

LONGEST_MAILBOX = 17
"""Characters: a thread token has 46, and a mail address takes 64 before its @ (RFC 5321)."""

FORMS = frozenset({"typeform", "jotform", "gravityforms"})


def problems_of(policy: Policy, document: Document, now: datetime | None = None) -> list[str]:
    """Everything that types cannot say, one line each with file, line and field.

    With a `now` (UTC) a time soon after it in which nobody is on call is one, in a site that is
    sound otherwise; without one a policy of any time is looked at.
    """
    found: list[Problem] = []
    for site_id, site in policy.sites.items():
        of_site = [*_site_problems(site, policy.rules), *measuring_problems(site, now)]
        if now is not None and not of_site:
            of_site = [*gap_problems(site, now)]
        found += [(("sites", site_id, *place), problem) for place, problem in of_site]
    found += double_problems(policy)
    found += one_person_problems(policy)
    return [problem_at(document, place, problem) for place, problem in found]


def _site_problems(site: Site, rules: Mapping[str, Any]) -> Iterator[Problem]:
    yield from calendar_problems(site)
    yield from _queue_problems(site)
    yield from _reach_problems(site)
    yield from people_problems(site)
    yield from reach_problems(site)
    yield from on_call_problems(site)
    yield from routing_problems(site, rules)
    yield from fallback_problems(site)
    yield from promise_problems(site)
    yield from ladder_problems(site)
    yield from intake_problems(site)
    yield from text_problems(site)
    yield from _address_problems(site)
    yield from article_problems(site, rules)
    yield from _source_problems(site)
    yield from reply_problems(site)
    yield from automation_problems(site, rules)
    yield from satisfaction_problems(site)


def _queue_problems(site: Site) -> Iterator[Problem]:
    owners: dict[str, list[str]] = {name: [] for name in SERVED}
    for team_id, team in site.teams.items():
        for handled in {team_id, *team.handles}:
            owners.setdefault(handled, []).append(team_id)
    for name, teams in owners.items():
        if not teams:
            yield ("teams",), f"no team handles {name}: its tickets would have no queue"
        if len(teams) > 1:
            yield ("teams",), f"{name} is handled by {' and '.join(sorted(teams))}: name one"


def _reach_problems(site: Site) -> Iterator[Problem]:
    """Who is told or paged is there, and can open what they are told of."""
    for team_id, team in site.teams.items():
        yield from _on_roster(site, ("teams", team_id, "lead"), team.lead)
        yield from _can_see_queue(site, ("teams", team_id, "lead"), team.lead, team_id)
    for place, person in named(site):
        yield from _on_roster(site, place, person)
        yield from _can_work_pages(site, place, person)
    yield from _on_roster(site, ("catch_all",), site.catch_all)
    yield from _can_work_pages(site, ("catch_all",), site.catch_all)


def _on_roster(site: Site, place: Place, person: str) -> Iterator[Problem]:
    if not person:
        yield place, "names nobody: write the id of a member"
    elif person not in site.members:
        yield place, f"{person} is not among the members"


def _can_work_pages(site: Site, place: Place, person: str) -> Iterator[Problem]:
    """Who is paged must be able to open what the page is about."""
    member = site.members.get(person)
    if member is not None and not {"clinical", REVIEW} <= set(member.teams):
        yield place, f"{person} needs the teams clinical and {REVIEW} to open what pages them"


def _can_see_queue(site: Site, place: Place, person: str, team_id: str) -> Iterator[Problem]:
    """Who is told of a breach must be able to open the ticket."""
    member = site.members.get(person)
    if (
        member is None
        or team_id in member.teams
        or {Role.LEAD, Role.ADMINISTRATOR} & {*member.roles}
    ):
        return
    yield place, f"{person} needs the team {team_id}, or the role lead, to open its tickets"


def _address_problems(site: Site) -> Iterator[Problem]:
    """Answers to the site's mail have an address, with room for a thread token in it."""
    address = site.replies.address
    if not address:
        return
    if email_address(address) is None:
        yield ("replies", "address"), "is no mail address"
    elif len(address.partition("@")[0]) > LONGEST_MAILBOX:
        problem = f"needs a name of at most {LONGEST_MAILBOX} characters before the @"
        yield ("replies", "address"), problem


def _source_problems(site: Site) -> Iterator[Problem]:
    """Somebody hears of a source's silence, and a form is mapped to names that are read."""
    for name, source in site.sources.items():
        if source.owner is not None:
            yield from _on_roster(site, ("sources", name, "owner"), source.owner)
        unknown = sorted(source.options.fields.keys() - {*FORM_NAMES})
        if source.adapter in FORMS and unknown:
            place = ("sources", name, "options", "fields", unknown[0])
            yield place, f"is none of {', '.join(FORM_NAMES)}"
