"""Whose ladders a ticket climbs: the team's, the score's or the site's, as it began with them."""

from collections.abc import Mapping
from dataclasses import replace

from tests.builders import (
    LADDERS,
    MONDAY_MORNING,
    TEAMS,
    a_site,
    a_ticket,
    a_verdict,
    for_review,
    minutes,
)
from triagewire.escalation.ladders import ladders_in_force
from triagewire.escalation.steps import Step, step
from triagewire.escalation.timers import next_timer
from triagewire.ladder import Ladder, OwnLadders, Tell
from triagewire.policy.model import Site
from triagewire.ticket import REVIEW, Ticket, Timer, TimerKind

AT = MONDAY_MORNING
URGENT = a_verdict(5)
SLOW = Ladder(steps=(Tell.LEAD,), wait_minutes=40)
SLOWER = Ladder(steps=(Tell.LEAD,), wait_minutes=50)


def own(**ladders: Ladder) -> Mapping[str, OwnLadders]:
    return {"clinical_standard": OwnLadders(breach=ladders["breach"])}


def with_scores(scores: Mapping[str, OwnLadders]) -> Site:
    return a_site(ladders=replace(LADDERS, scores=scores))


def paging(*steps: Tell, wait: int = 5) -> Site:
    """The clinic with one ladder of pages, by day and by night."""
    ladder = Ladder(steps=steps, wait_minutes=wait)
    return a_site(ladders=replace(LADDERS, urgent=ladder, urgent_after_hours=ladder))


def page(ticket: Ticket, site: Site, after: float = 0) -> Step:
    """What a page does that is due so many minutes after the ticket came."""
    due = replace(ticket, timer=Timer(at=AT + minutes(after), kind=TimerKind.PAGE))
    return step(due, site, AT + minutes(after))


def people(done: Step) -> list[str]:
    return [notice.person for notice in done.notices]


def test_what_nobody_says_otherwise_is_as_the_site_has_it() -> None:
    assert ladders_in_force(a_ticket(), a_site()) == LADDERS


def test_the_ladders_of_a_score_come_before_those_of_the_site() -> None:
    site = with_scores(own(breach=SLOW))

    assert ladders_in_force(a_ticket(), site).breach == SLOW
    assert ladders_in_force(a_ticket(a_verdict(3)), site).breach == LADDERS.breach


def test_the_ladders_of_a_team_come_before_those_of_a_score() -> None:
    clinical = replace(TEAMS["clinical"], ladders=own(breach=SLOWER))
    site = replace(with_scores(own(breach=SLOW)), teams={**TEAMS, "clinical": clinical})

    assert ladders_in_force(a_ticket(), site).breach == SLOWER


def test_a_team_leaves_as_they_are_the_fields_that_it_does_not_name() -> None:
    clinical = replace(
        TEAMS["clinical"], ladders={"clinical_standard": OwnLadders(acknowledged_minutes=7)}
    )
    site = replace(with_scores(own(breach=SLOW)), teams={**TEAMS, "clinical": clinical})

    found = ladders_in_force(a_ticket(), site)

    assert (found.breach, found.acknowledged_minutes, found.urgent) == (SLOW, 7, LADDERS.urgent)


def test_what_is_in_doubt_has_the_ladders_of_the_review() -> None:
    site = with_scores({REVIEW: OwnLadders(breach=SLOW), **own(breach=SLOWER)})

    assert ladders_in_force(a_ticket(for_review(candidate=4)), site).breach == SLOW


def test_a_running_escalation_keeps_its_ladder_whatever_becomes_of_the_policy() -> None:
    begun = page(a_ticket(URGENT), paging(Tell.ON_CALL, Tell.LEAD, wait=4)).ticket
    edited = paging(Tell.LEAD, wait=55)

    assert next_timer(begun, edited) == Timer(at=AT + minutes(4), kind=TimerKind.PAGE)
    assert people(page(begun, edited, 4)) == ["nora"]


def test_a_ticket_that_goes_to_another_team_climbs_the_ladder_of_that_team_from_the_top() -> None:
    site = paging(Tell.LEAD, Tell.ON_CALL)
    begun = page(a_ticket(URGENT), site).ticket
    moved = replace(begun, team="billing")

    assert people(page(moved, site, 5)) == ["bela"]


def test_a_step_that_leaves_the_ladder_moves_nobody_else() -> None:
    three = paging(Tell.LEAD, Tell.ON_CALL, Tell.CATCH_ALL)
    begun = page(page(a_ticket(URGENT), three).ticket, three, 5).ticket
    gone = paging(Tell.LEAD)

    assert people(page(begun, gone, 10)) == ["director"]
