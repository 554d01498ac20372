"""Pages by a ladder: whom each step tells, how long it waits for them, and when it begins again."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.builders import (
    AT_NIGHT,
    LADDERS,
    MEMBERS,
    MONDAY_MORNING,
    a_site,
    a_ticket,
    a_verdict,
    minutes,
)
from triagewire.escalation.reach import EVERYBODY, Reach
from triagewire.escalation.steps import Step, step
from triagewire.escalation.timers import next_timer
from triagewire.ladder import Ladder, LadderStep, Tell, Way
from triagewire.ledger.event import Action
from triagewire.policy.model import Site
from triagewire.policy.roster import Member
from triagewire.ticket import Ticket, Timer, TimerKind

AT = MONDAY_MORNING
URGENT = a_verdict(5)


def laddered(urgent: Ladder) -> Site:
    """The clinic with one ladder of pages, by day and by night."""
    return a_site(ladders=replace(LADDERS, urgent=urgent, urgent_after_hours=urgent))


def steps_of(*steps: Tell | LadderStep, wait: int = 5) -> Ladder:
    return Ladder(steps=steps, wait_minutes=wait)


def page(
    ticket: Ticket,
    site: Site,
    now: datetime = AT,
    reach: Reach = EVERYBODY,
    away: frozenset[str] = frozenset(),
) -> Step:
    """What a page does that is due now."""
    due = replace(ticket, timer=Timer(at=now, kind=TimerKind.PAGE))
    return step(due, site, now, away, reach)


def people(done: Step) -> list[str]:
    return [notice.person for notice in done.notices]


def pages(ticket: Ticket, site: Site, count: int) -> list[tuple[float, list[str]]]:
    """The first pages of a ticket that nobody acknowledges: after how many minutes, and to whom."""
    found, start = [], ticket.received_at
    for _ in range(count):
        due = next_timer(replace(ticket, clock=None), site)
        assert due is not None
        done = page(ticket, site, due.at)
        found.append(((due.at - start).total_seconds() / 60, people(done)))
        ticket = done.ticket
    return found


def broken(**ways: Way) -> Reach:
    """People none of whose ways carries anything."""
    return Reach(broken={name.replace("_", "-"): frozenset({way}) for name, way in ways.items()})


# Whom a step tells


def test_a_team_step_pages_everybody_of_the_team_who_is_at_work() -> None:
    done = page(a_ticket(URGENT), laddered(steps_of(Tell.TEAM)), away=frozenset({"nell"}))

    assert people(done) == ["nick", "rhea"]


def test_a_named_person_is_told_while_they_are_on_the_roster() -> None:
    ladder = steps_of(LadderStep(tell=Tell.MEMBER, member="dr-lind"), Tell.LEAD)
    gone = {name: member for name, member in MEMBERS.items() if name != "dr-lind"}

    assert people(page(a_ticket(URGENT), laddered(ladder))) == ["dr-lind"]
    assert people(page(a_ticket(URGENT), replace(laddered(ladder), members=gone))) == ["nora"]


def test_nobody_waits_for_a_step_that_tells_nobody_and_the_ledger_says_why() -> None:
    site = laddered(steps_of(Tell.ASSIGNEE, Tell.LEAD, Tell.ON_CALL))

    done = page(a_ticket(URGENT), site, reach=broken(nora=Way.TOPIC))

    assert people(done) == ["dr-okafor"]
    (entry,) = done.entries
    assert entry.detail["skipped"] == ["assignee: nobody", "lead: no working way"]


def test_who_hears_alerts_but_no_pages_is_passed_over_by_a_page() -> None:
    site = laddered(steps_of(Tell.LEAD, Tell.ON_CALL))
    alerts_only = Reach(broken_pages={"nora": frozenset({Way.TOPIC})})

    assert people(page(a_ticket(URGENT), site, reach=alerts_only)) == ["dr-okafor"]


def test_the_catch_all_is_told_by_the_topic_when_no_way_of_theirs_works() -> None:
    director: Member = replace(MEMBERS["director"], ways={Way.SMS: "+15550107001"})
    site = replace(laddered(steps_of(Tell.CATCH_ALL)), members={**MEMBERS, "director": director})

    (notice,) = page(a_ticket(URGENT), site, reach=broken(director=Way.SMS)).notices

    assert (notice.person, notice.ways) == ("director", (Way.TOPIC,))


def test_a_step_asks_for_its_own_ways() -> None:
    ladder = steps_of(LadderStep(tell=Tell.LEAD, ways=(Way.PAGER, Way.SMS)))

    (notice,) = page(a_ticket(URGENT), laddered(ladder)).notices

    assert notice.ways == (Way.PAGER, Way.SMS)


# When


def test_each_step_waits_as_long_as_it_says_and_after_the_last_comes_the_first() -> None:
    ladder = steps_of(
        LadderStep(tell=Tell.LEAD, wait_minutes=2),
        Tell.ON_CALL,
        LadderStep(tell=Tell.CATCH_ALL, wait_minutes=1),
        wait=7,
    )

    assert pages(a_ticket(URGENT), laddered(ladder), 5) == [
        (0, ["nora"]),
        (2, ["dr-okafor"]),
        (9, ["director"]),
        (10, ["nora"]),
        (12, ["dr-okafor"]),
    ]


@pytest.mark.parametrize(
    ("at", "then"), [("2026-03-02T16:58-05:00", "dr-okafor"), ("2026-03-03T07:58-05:00", "nora")]
)
def test_when_the_site_opens_or_closes_the_other_ladder_begins_at_its_top(
    at: str, then: str
) -> None:
    first = datetime.fromisoformat(at)
    begun = page(page(a_ticket(URGENT, first), a_site(), first).ticket, a_site(), first).ticket

    assert people(page(begun, a_site(), first + minutes(5))) == [then]


def test_a_page_says_whether_somebody_was_paged_before() -> None:
    once = page(a_ticket(URGENT), a_site())
    twice = page(once.ticket, a_site(), AT + minutes(5))

    assert [each.notices[0].again for each in (once, twice)] == [False, True]
    assert twice.ticket.escalation.paged == ("nora", "dr-okafor")


# Acknowledging


def test_an_acknowledgement_lasts_longer_while_somebody_works_on_the_ticket() -> None:
    begun = page(a_ticket(URGENT), a_site()).ticket
    heard = replace(begun.escalation, acknowledged_at=AT, acknowledged_by="nora")
    worked = replace(begun, escalation=heard, worked_at=AT + minutes(20), clock=None)

    assert next_timer(worked, a_site()) == Timer(at=AT + minutes(80), kind=TimerKind.PAGE)


def test_an_acknowledgement_that_expires_begins_the_ladder_at_its_top() -> None:
    site = laddered(steps_of(Tell.LEAD, Tell.ON_CALL))
    begun = page(page(a_ticket(URGENT), site).ticket, site, AT + minutes(5)).ticket
    heard = replace(begun.escalation, acknowledged_at=AT, acknowledged_by="nora")

    done = page(replace(begun, escalation=heard), site, AT + minutes(60))

    assert [entry.action for entry in done.entries] == [
        Action.ACKNOWLEDGEMENT_EXPIRED,
        Action.PAGED,
    ]
    assert people(done) == ["nora"]
    assert done.notices[0].again


EVERYONE = laddered(steps_of(LadderStep(tell=Tell.TEAM, everyone=True), Tell.LEAD))


def heard_by(ticket: Ticket, *who: str) -> Ticket:
    """The ticket once these have acknowledged a page that asks everyone."""
    return replace(ticket, escalation=replace(ticket.escalation, heard_by=who))


def test_a_step_for_everyone_pages_those_again_who_have_not_acknowledged() -> None:
    asked = page(a_ticket(URGENT), EVERYONE).ticket

    again = page(heard_by(asked, "nick"), EVERYONE, AT + minutes(5))

    assert asked.escalation.awaited == ("nick", "nell", "rhea")
    assert people(again) == ["nell", "rhea"]
    assert again.entries[0].why == "everybody of this step is to acknowledge"


def test_who_sleeps_through_both_pages_of_a_step_for_everyone_does_not_hold_up_the_ladder() -> None:
    asked = page(a_ticket(URGENT), EVERYONE).ticket
    again = page(heard_by(asked, "nick"), EVERYONE, AT + minutes(5)).ticket

    assert people(page(again, EVERYONE, AT + minutes(10))) == ["nora"]


def test_a_step_for_everyone_that_nobody_heard_is_followed_by_the_next() -> None:
    asked = page(a_ticket(URGENT), EVERYONE).ticket

    assert people(page(asked, EVERYONE, AT + minutes(5))) == ["nora"]


def test_who_has_left_is_not_waited_for() -> None:
    asked = heard_by(page(a_ticket(URGENT), EVERYONE).ticket, "nick", "rhea")

    done = page(asked, EVERYONE, AT + minutes(5), away=frozenset({"nell"}))

    assert done.notices == ()
    assert [entry.action for entry in done.entries] == [Action.ACKNOWLEDGED]
    assert done.ticket.escalation.acknowledged_by == "rhea"


def test_at_night_a_page_goes_to_who_is_on_call_though_the_ticket_is_nobodys() -> None:
    done = page(a_ticket(URGENT, AT_NIGHT), a_site(), AT_NIGHT)

    assert people(done) == ["dr-okafor"]
    assert "skipped" not in done.entries[0].detail
