"""What a policy must pass before it may become active: nobody unreachable, no queue unowned."""

from collections.abc import Iterator

from triagewire.clock.calendar import Calendar
from triagewire.policy.document import Document, Place
from triagewire.policy.model import Policy, Site
from triagewire.policy.schema import problem_at
from triagewire.ticket import REVIEW

SERVED = (
    "clinical",
    "billing",
    "scheduling",
    "portal",
    "it_access",
    "it_endpoint",
    "it_application",
    "it_ehr",
    REVIEW,
)
"""Every team that a verdict can name, and the review queue: a site has exactly one queue for each.

"""

type Problem = tuple[Place, str]


def problems_of(policy: Policy, document: Document) -> list[str]:
    """Everything that types cannot say, one line each with file, line and field."""
    return [
        problem_at(document, ("sites", site_id, *place), problem)
        for site_id, site in policy.sites.items()
        for place, problem in _site_problems(site)
    ]


def _site_problems(site: Site) -> Iterator[Problem]:
    yield from _calendar_problems(site)
    yield from _queue_problems(site)
    yield from _people_problems(site)


def _calendar_problems(site: Site) -> Iterator[Problem]:
    try:
        Calendar(zone=site.zone, week=site.hours, holidays=site.holidays)
    except ValueError as error:
        yield ("hours",), str(error)
        return
    for member_id, member in site.members.items():
        try:
            Calendar(zone=site.zone, week=member.week or site.hours)
        except ValueError as error:
            yield ("members", member_id, "week"), str(error)


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
    for team_id in site.teams:
        if not any(team_id in member.teams for member in site.members.values()):
            yield ("teams", team_id), "has no members"


def _people_problems(site: Site) -> Iterator[Problem]:
    for team_id, team in site.teams.items():
        yield from _on_roster(site, ("teams", team_id, "lead"), team.lead)
    for number, person in enumerate(site.on_call.rota):
        yield from _on_roster(site, ("on_call", "rota", number), person)
        yield from _can_work_pages(site, ("on_call", "rota", number), person)
    yield from _on_roster(site, ("catch_all",), site.catch_all)
    yield from _can_work_pages(site, ("catch_all",), site.catch_all)
    for member_id, member in site.members.items():
        if member_id != member_id.lower():
            yield ("members", member_id), "must be lower case, as sign-in names are"
        for team_id in member.teams:
            if team_id not in site.teams:
                yield ("members", member_id, "teams"), f"{team_id} is no team of this site"


def _on_roster(site: Site, place: Place, person: str) -> Iterator[Problem]:
    if person not in site.members:
        yield place, f"{person} is not among the members"


def _can_work_pages(site: Site, place: Place, person: str) -> Iterator[Problem]:
    """Who is paged must be able to open what the page is about."""
    member = site.members.get(person)
    if member is not None and not {"clinical", REVIEW} <= set(member.teams):
        yield place, f"{person} needs the teams clinical and {REVIEW} to open what pages them"
