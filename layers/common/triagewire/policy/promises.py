"""What a policy must say of its promises: each can be kept, and none goes out at night unseen."""

from collections.abc import Iterator

from triagewire.clock.promise import CalendarKind
from triagewire.policy.document import Place, Problem
from triagewire.policy.model import Site
from triagewire.policy.roster import AfterHours
from triagewire.policy.targets import Target
from triagewire.routing.queueing import may_own
from triagewire.sane import MOST_MINUTES
from triagewire.ticket import REVIEW
from triagewire.verdict import Urgency

URGENCIES = tuple(each.name.lower() for each in sorted(Urgency, reverse=True))
URGENT = Urgency.CLINICAL_URGENT.name.lower()
NO_SUCH_YEAR = 2200
MOST_DAYS = 3660
"""Ten years: further ahead nothing is closed, and nobody is remembered."""
LONGEST_WINDOW = 1440
"""Minutes: fairness looks at a day at most."""


def promise_problems(site: Site) -> Iterator[Problem]:
    """What is wrong with targets, what happens after hours, and the numbers of a site."""
    yield from _target_problems(site)
    for team_id in site.teams:
        yield from _team_problems(site, team_id)
    yield from _after_hours_problems(site)
    yield from _number_problems(site)


def _target_problems(site: Site) -> Iterator[Problem]:
    for field, targets in (("targets", site.targets), ("resolution", site.resolution)):
        if targets and targets.clinical_urgent.hours is not CalendarKind.ALWAYS:
            yield (field, URGENT, "hours"), "must be always: what is urgent waits for no opening"
    if site.resolution is None:
        return
    for name in (*URGENCIES, REVIEW):
        first, settled = getattr(site.targets, name), getattr(site.resolution, name)
        if problem := _longer(first, settled):  # either may be the one to change
            yield ("targets", name, *_differs(first, settled)), problem
            yield ("resolution", name, *_differs(first, settled)), problem


def _team_problems(site: Site, team_id: str) -> Iterator[Problem]:
    """A team's own promises, where it has any; the site's hold for the rest of them."""
    team, place = site.teams[team_id], ("teams", team_id)
    for field, own in (("targets", team.targets), ("resolution", team.resolution)):
        if own and team_id == REVIEW:
            yield (*place, field), f"the promise of this queue is targets.{REVIEW} of the site"
            continue
        for name, target in own.items():
            if name not in URGENCIES:
                yield (*place, field, name), f"is none of {', '.join(URGENCIES)}"
            elif name == URGENT and target.hours is not CalendarKind.ALWAYS:
                told = "must be always: what is urgent waits for no opening"
                yield (*place, field, name, "hours"), told
    if team_id != REVIEW:
        yield from _team_order(site, team_id)


def _team_order(site: Site, team_id: str) -> Iterator[Problem]:
    team = site.teams[team_id]
    for urgency in Urgency:
        name = urgency.name.lower()
        settled = team.resolution.get(name)
        if settled is None and site.resolution is not None:
            settled = site.resolution.of(urgency)
        if settled is None or not {name} & (team.targets.keys() | team.resolution.keys()):
            continue
        first = team.targets.get(name) or site.targets.of(urgency)
        if problem := _longer(first, settled):
            field = "resolution" if name in team.resolution else "targets"
            yield ("teams", team_id, field, name, *_differs(first, settled)), problem


def _differs(first: Target, settled: Target) -> tuple[str, ...]:
    return ("minutes",) if first.minutes > settled.minutes else ("hours",)


def _longer(first: Target, settled: Target) -> str:
    """What to say where a need would have to be settled before anybody has answered."""
    if first.minutes > settled.minutes:
        late = f"a first response in {first.minutes} minutes is later than settled in"
        return f"{late} {settled.minutes}: promise the response sooner"
    if first.hours is CalendarKind.SITE and settled.hours is CalendarKind.ALWAYS:
        return "settled counts every hour, a first response only open ones: let both count the same"
    return ""


def _after_hours_problems(site: Site) -> Iterator[Problem]:
    for name, what in site.after_hours.items():
        place: Place = ("after_hours", name)
        if name not in URGENCIES:
            yield place, f"is none of {', '.join(URGENCIES)}"
        elif what is AfterHours.WAIT and name == URGENT:
            yield place, "never waits for the morning: leave it out, or say on_call"
        elif what is AfterHours.ON_CALL and Urgency[name.upper()] < Urgency.CLINICAL_STANDARD:
            yield from _unseen(site, place)


def _unseen(site: Site, place: Place) -> Iterator[Problem]:
    """Office and IT tickets that the provider on call would get, and could not open."""
    for person in site.on_call.people:
        if person not in site.members:
            continue
        closed = [team for team in site.teams if not may_own(site, person, team)]
        if closed:
            told = f"{person} is on call and may not open {', '.join(closed)}"
            yield place, f"{told}: say wait, or give them the role lead"
            return


def _number_problems(site: Site) -> Iterator[Problem]:
    if site.enforce_from is not None and site.enforce_from.tzinfo is None:
        told = "has no time zone: write it with its offset, as in 2026-03-01T08:00:00-05:00"
        yield ("enforce_from",), told
    if site.enforce_from is not None and site.enforce_from.year >= NO_SUCH_YEAR:
        yield ("enforce_from",), f"must be before the year {NO_SUCH_YEAR}: leave it out"
    if not 0 <= site.fairness.window_minutes <= LONGEST_WINDOW:
        told = f"must be between 0 (no such window) and {LONGEST_WINDOW}"
        yield ("fairness", "window_minutes"), told
    if site.fairness.most_ahead < 0:
        yield ("fairness", "most_ahead"), "must not be below 0 (no such window)"
    for name, least, most in (
        ("continuity_days", 0, MOST_DAYS),
        ("close_after_days", 1, MOST_DAYS),
        ("merge_window_minutes", 1, MOST_MINUTES),
    ):
        if getattr(site, name) < least:
            yield (name,), f"must be at least {least}"
        if getattr(site, name) > most:
            yield (name,), f"must be at most {most}"
