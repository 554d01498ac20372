"""Whom a step of a ladder tells: who is there, may be told and can be reached.

A step with nobody behind it is passed over at once, and the ledger says so; nobody's wait is lost
by it. The site's catch-all is told whatever is known of them, so no ladder ends in silence.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from triagewire.escalation.on_call import on_call
from triagewire.escalation.reach import Reach, ways_of
from triagewire.ladder import LadderStep, Tell, Way
from triagewire.policy.model import Site
from triagewire.routing.duty import is_absent, team_on_duty
from triagewire.routing.presence import is_there
from triagewire.ticket import REVIEW, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """All that a step is decided by beside its ticket: `away` are those who said that they are not
    there, `reach` is what is known of people's ways.
    """

    site: Site
    now: datetime
    away: frozenset[str]
    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The step of a ladder that tells somebody, and which steps were passed over to get there."""

    index: int
    step: LadderStep
    people: tuple[str, ...]
    skipped: tuple[str, ...] = ()


def find(
    steps: Sequence[LadderStep],
    taken: int,
    ticket: Ticket,
    around: Around,
    heard: Collection[str] = (),
) -> Found | None:
    """The next step with somebody to tell after so many were `taken`, from the top again after the
    last; None if all whom the ladder can tell are among those who have `heard`.
    """
    skipped: list[str] = []
    for ahead in range(len(steps)):
        index = (taken + ahead) % len(steps)
        people, why = people_of(steps[index], ticket, around)
        if why:
            skipped.append(f"{steps[index].member or steps[index].tell.value}: {why}")
        left = tuple(each for each in people if each not in heard)
        if left:
            return Found(index=index, step=steps[index], people=left, skipped=tuple(skipped))
    return None


def people_of(step: LadderStep, ticket: Ticket, around: Around) -> tuple[tuple[str, ...], str]:
    """The member ids that a step tells at the moment, in roster order; if it tells nobody, why."""
    if step.tell is Tell.CATCH_ALL:
        return (around.site.catch_all,), ""
    meant = dict.fromkeys(_meant(step, ticket, around))
    there = tuple(each for each in meant if each in around.site.members)
    reached = tuple(each for each in there if ways_of(around.site, each, around.reach))
    if reached:
        return reached, ""
    return (), "no working way" if there else "nobody"


def ways_to(person: str, step: LadderStep, around: Around) -> tuple[Way, ...]:
    """The ways to ask for; who has none that works hears what the topic's own subscribers hear."""
    if not ways_of(around.site, person, around.reach):
        return (Way.TOPIC,)
    return step.ways


def _meant(step: LadderStep, ticket: Ticket, around: Around) -> tuple[str, ...]:
    """Whom the policy means, reachable or not; an owner who is not there is not meant."""
    site, now = around.site, around.now
    match step.tell:
        case Tell.ASSIGNEE:
            there = is_there(ticket, site, now, around.away)
            return (ticket.assignee,) if there and ticket.assignee else ()
        case Tell.TEAM:
            return tuple(team_on_duty(site, ticket.team or REVIEW, now, around.away))
        case Tell.LEAD:
            team = site.teams.get(ticket.team or REVIEW)
            return _unless_absent(team.lead, around) if team else ()
        case Tell.ON_CALL:
            provider = on_call(site, now)
            return (provider,) if provider else ()
        case _:
            return _unless_absent(step.member, around)


def _unless_absent(person: str, around: Around) -> tuple[str, ...]:
    """Somebody off shift is called all the same; who is away or on leave would burn the wait."""
    absent = is_absent(around.site, person, around.now, around.away)
    return () if absent else (person,)
