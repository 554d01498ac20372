"""What a policy must say of its ladders: whoever is told is there and can open what they are told
of, and no wait is so long that it is silence.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from triagewire.ladder import BeforeDue, Ladder, Ladders, LadderStep, OwnLadders, Tell
from triagewire.policy.document import Place, Problem
from triagewire.policy.model import Site
from triagewire.policy.promises import URGENCIES, URGENT
from triagewire.routing.queueing import may_own
from triagewire.team import CLINICAL
from triagewire.ticket import REVIEW
from triagewire.verdict import Urgency

LONGEST_PAGE_WAIT = 60
"""Minutes: a page that nobody heard is no page if the next one comes later."""
LONGEST_ACKNOWLEDGED = 240
"""Minutes: who has heard of an urgent ticket and not worked on it for so long has forgotten it."""
MOST_STEPS = 30
"""More would never be reached, and each ticket carries the ladders that it began with."""
SCORES = (*URGENCIES, REVIEW)


@dataclass(frozen=True, slots=True)
class _Told:
    """A step, wherever it stands: who is told there of tickets of these teams."""

    place: Place
    step: LadderStep | BeforeDue
    teams: tuple[str, ...]


def ladder_problems(site: Site) -> Iterator[Problem]:
    """What is wrong with the ladders of a site, of its scores and of its teams."""
    place: Place = ("ladders",)
    yield from _waits(place, site.ladders)
    yield from _lengths(place, site.ladders)
    if site.notices.silent_minutes > LONGEST_PAGE_WAIT:
        told = f"must be at most {LONGEST_PAGE_WAIT}: so long a page may be held back"
        yield ("notices", "silent_minutes"), told
    yield from _people(site, place, site.ladders, tuple(site.teams))
    yield from _too_early(place, site.ladders, _promises(site, URGENCIES, tuple(site.teams)), max)
    yield from _own_problems(site, (*place, "scores"), site.ladders.scores, tuple(site.teams))
    for team_id, team in site.teams.items():
        yield from _own_problems(site, ("teams", team_id, "ladders"), team.ladders, (team_id,))


def _own_problems(
    site: Site, place: Place, ladders: Mapping[str, OwnLadders], teams: tuple[str, ...]
) -> Iterator[Problem]:
    for name, own in ladders.items():
        here = (*place, name)
        known = _scores_of(teams)
        if name not in known:
            yield here, f"is none of {', '.join(known)}"
            continue
        yield from _only_urgent_pages(here, name, own)
        yield from _waits(here, own)
        yield from _lengths(here, own)
        yield from _people(site, here, own, (REVIEW,) if name == REVIEW else teams)
        yield from _too_early(here, own, _promises(site, (name,), teams), min)


def _scores_of(teams: tuple[str, ...]) -> tuple[str, ...]:
    """The names by which tickets of these teams find ladders of their own."""
    if teams == (REVIEW,):
        return (URGENT, REVIEW)
    return SCORES if REVIEW in teams else URGENCIES


def _only_urgent_pages(place: Place, name: str, own: OwnLadders) -> Iterator[Problem]:
    if name == URGENT:
        return
    for field in ("urgent", "urgent_after_hours"):
        if getattr(own, field) is not None:
            yield (*place, field), f"only {URGENT} pages: write it there, or as breach"


def _waits(place: Place, ladders: Ladders | OwnLadders) -> Iterator[Problem]:
    for field, ladder in _pages(ladders):
        for where, minutes in _minutes((*place, field), ladder):
            if minutes > LONGEST_PAGE_WAIT:
                told = f"must be at most {LONGEST_PAGE_WAIT} for pages: longer is silence"
                yield where, told
    if ladders.breach is not None:
        for number, step in enumerate(ladders.breach.steps):
            if isinstance(step, LadderStep) and step.everyone:
                told = "is for pages: everybody hears of a breach in turn anyway"
                yield (*place, "breach", "steps", number, "everyone"), told
    acknowledged = ladders.acknowledged_minutes
    if acknowledged is not None and acknowledged > LONGEST_ACKNOWLEDGED:
        told = f"must be at most {LONGEST_ACKNOWLEDGED}: an acknowledgement must not last for ever"
        yield (*place, "acknowledged_minutes"), told


def _lengths(place: Place, ladders: Ladders | OwnLadders) -> Iterator[Problem]:
    """No ladder is so long that it is a slip, nor are the steps before the due time."""
    every = {**dict(_pages(ladders)), "breach": ladders.breach}
    lengths = [((name, "steps"), len(each.steps)) for name, each in every.items() if each]
    for where, length in (*lengths, (("before",), len(ladders.before or ()))):
        if length > MOST_STEPS:
            yield (*place, *where), f"has {length} steps: at most {MOST_STEPS} are climbed"


def _pages(ladders: Ladders | OwnLadders) -> Iterator[tuple[str, Ladder]]:
    found = {"urgent": ladders.urgent, "urgent_after_hours": ladders.urgent_after_hours}
    yield from ((field, ladder) for field, ladder in found.items() if ladder is not None)


def _minutes(place: Place, ladder: Ladder) -> Iterator[tuple[Place, int]]:
    yield (*place, "wait_minutes"), ladder.wait_minutes
    for number, step in enumerate(ladder.steps):
        if isinstance(step, LadderStep) and step.wait_minutes is not None:
            yield (*place, "steps", number, "wait_minutes"), step.wait_minutes


def _people(
    site: Site, place: Place, ladders: Ladders | OwnLadders, teams: tuple[str, ...]
) -> Iterator[Problem]:
    """Who is named is on the roster, and can open the tickets they would be told of."""
    for told in _told(site, place, ladders, teams):
        if told.step.tell is not Tell.MEMBER:
            continue
        person, where = told.step.member, (*told.place, "member")
        if person not in site.members:
            yield where, f"{person} is not among the members: write the id of one"
            continue
        closed = [team for team in told.teams if not may_own(site, person, team)]
        if closed:
            needs = f"{person} may not open tickets of {', '.join(closed)}"
            yield where, f"{needs}: name somebody of that team, or give them the role lead"


def _told(
    site: Site, place: Place, ladders: Ladders | OwnLadders, teams: tuple[str, ...]
) -> Iterator[_Told]:
    # What pages is clinical, or stands before a person who judges it.
    paged = tuple(each for each in teams if each in (_clinical(site), REVIEW))
    ladder_of = {**dict(_pages(ladders)), "breach": ladders.breach}
    for field, ladder in ladder_of.items():
        for number, step in enumerate(ladder.steps if ladder else ()):
            if isinstance(step, LadderStep):
                where = (*place, field, "steps", number)
                yield _Told(where, step, teams if field == "breach" else paged)
    for number, before in enumerate(ladders.before or ()):
        yield _Told((*place, "before", number), before, teams)


def _clinical(site: Site) -> str:
    handling = (name for name, team in site.teams.items() if CLINICAL in (name, *team.handles))
    return next(handling, CLINICAL)


def _too_early(
    place: Place,
    ladders: Ladders | OwnLadders,
    promises: Mapping[str, int],
    longest: Callable[[list[int]], int],
) -> Iterator[Problem]:
    """Who is told before the due time is told after the promise began."""
    if not promises:  # a site without teams, which is told elsewhere
        return
    most = longest([*promises.values()])
    for number, before in enumerate(ladders.before or ()):
        if before.minutes >= most:
            told = f"must be less than the {most} minutes promised: it would come with the ticket"
            yield (*place, "before", number, "minutes"), told


def _promises(site: Site, names: tuple[str, ...], teams: tuple[str, ...]) -> dict[str, int]:
    """The minutes of a first response by score and team, and those of the review's."""
    found = {REVIEW: site.targets.review.minutes} if REVIEW in names or teams == (REVIEW,) else {}
    for name in names:
        if name == REVIEW or teams == (REVIEW,):
            continue
        for team_id in teams:
            own = site.teams[team_id].targets.get(name)
            target = own or site.targets.of(Urgency[name.upper()])
            found[f"{team_id}/{name}"] = target.minutes
    return found
