"""What a due timer does: one step each, from a ticket to whom it tells."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from tests.builders import (
    AT_NIGHT,
    MONDAY_MORNING,
    TEAMS,
    a_site,
    a_ticket,
    a_verdict,
    for_review,
    minutes,
)
from triagewire.clock.promise import CalendarKind
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.steps import Step, step
from triagewire.ledger.event import Action
from triagewire.policy.model import Site
from triagewire.policy.targets import Target
from triagewire.ticket import Escalation, Ticket, Timer, TimerKind

URGENT = a_verdict(5)
AT = MONDAY_MORNING


def due(ticket: Ticket, kind: TimerKind, at: datetime) -> Ticket:
    return replace(ticket, timer=Timer(at=at, kind=kind))


def told(done: Step) -> Sequence[tuple[NoticeKind, str]]:
    return [(notice.kind, notice.person) for notice in done.notices]


def pages_of_a_night(count: int, site: Site | None = None) -> list[str]:
    """Whom an unacknowledged urgent ticket pages, one page after the other."""
    place = site or a_site()
    ticket, people = a_ticket(URGENT, AT_NIGHT, site=place), []
    for _ in range(count):
        assert ticket.timer is not None
        done = step(ticket, place, ticket.timer.at)
        people += [notice.person for notice in done.notices if notice.kind is NoticeKind.PAGE]
        ticket = done.ticket
    return people


def test_an_urgent_ticket_pages_its_owner_first_while_the_clinic_is_open() -> None:
    ticket = due(a_ticket(URGENT, assignee="nick"), TimerKind.PAGE, AT)

    assert told(step(ticket, a_site(), AT)) == [(NoticeKind.PAGE, "nick")]


def test_a_step_of_the_ladder_without_anybody_is_skipped_at_once() -> None:
    unassigned = due(a_ticket(URGENT), TimerKind.PAGE, AT)

    assert told(step(unassigned, a_site(), AT)) == [(NoticeKind.PAGE, "nora")]


def test_at_night_the_provider_on_call_is_paged() -> None:
    ticket = due(a_ticket(URGENT, AT_NIGHT), TimerKind.PAGE, AT_NIGHT)

    assert told(step(ticket, a_site(), AT_NIGHT)) == [(NoticeKind.PAGE, "dr-okafor")]


def test_the_ladder_goes_up_to_the_catch_all_and_begins_again() -> None:
    quiet = replace(a_site(), targets=replace(a_site().targets, clinical_urgent=_an_hour()))

    assert pages_of_a_night(5, quiet) == ["dr-okafor", "nora", "director", "dr-okafor", "nora"]


def test_a_team_that_is_gone_from_the_policy_still_reaches_the_catch_all() -> None:
    teams = {name: team for name, team in TEAMS.items() if name != "billing"}
    ticket = due(a_ticket(a_verdict(3)), TimerKind.BREACH, AT)

    assert told(step(ticket, a_site(teams=teams), AT)) == [(NoticeKind.BREACH, "director")]


def test_an_acknowledgement_after_which_nobody_worked_expires_with_the_next_page() -> None:
    heard = Escalation(pages=1, paged_at=AT, acknowledged_at=AT, acknowledged_by="nick")
    ticket = due(a_ticket(URGENT, escalation=heard), TimerKind.PAGE, AT + minutes(60))

    done = step(ticket, a_site(), AT + minutes(60))

    expired, paged = done.entries
    assert (expired.action, expired.detail["by"]) == (Action.ACKNOWLEDGEMENT_EXPIRED, "nick")
    assert (paged.action, paged.why) == (
        Action.PAGED,
        "acknowledged, but nobody worked on it in time",
    )
    assert done.ticket.escalation.acknowledged_at is None


def test_half_way_to_the_target_the_owner_is_reminded() -> None:
    ticket = a_ticket(assignee="nick")

    done = step(ticket, a_site(), AT + minutes(60))

    assert told(done) == [(NoticeKind.REMINDER, "nick")]
    assert done.ticket.timer == Timer(at=AT + minutes(120), kind=TimerKind.BREACH)


def test_a_ticket_that_nobody_holds_reminds_the_lead() -> None:
    assert told(step(a_ticket(), a_site(), AT + minutes(60))) == [(NoticeKind.REMINDER, "nora")]


def test_a_reminder_that_comes_after_the_due_time_is_a_breach() -> None:
    done = step(a_ticket(assignee="nick"), a_site(), AT + minutes(121))

    assert told(done) == [(NoticeKind.BREACH, "nora")]
    assert done.entries[0].action is Action.BREACHED


def test_a_breach_tells_the_lead_how_long_the_ticket_is_open() -> None:
    ticket = due(a_ticket(assignee="nick"), TimerKind.BREACH, AT + minutes(120))

    (notice,) = step(ticket, a_site(), AT + minutes(120)).notices

    assert (notice.person, notice.assignee, notice.elapsed_minutes) == ("nora", "nick", 120)


def test_an_urgent_breach_at_night_goes_to_who_is_awake() -> None:
    ticket = due(a_ticket(URGENT, AT_NIGHT), TimerKind.BREACH, AT_NIGHT + minutes(10))

    assert told(step(ticket, a_site(), AT_NIGHT + minutes(10))) == [
        (NoticeKind.BREACH, "dr-okafor")
    ]


def test_a_review_is_breached_after_fifteen_minutes() -> None:
    ticket = a_ticket(for_review(candidate=4))

    assert ticket.clock is not None
    assert ticket.clock.due_at == AT + minutes(15)
    done = step(due(ticket, TimerKind.BREACH, AT + minutes(15)), a_site(), AT + minutes(15))
    assert told(done) == [(NoticeKind.BREACH, "rhea")]


@pytest.mark.parametrize("kind", [TimerKind.WAKE, TimerKind.ASSIGN, TimerKind.SCORE])
def test_what_is_a_decision_of_its_own_is_no_step(kind: TimerKind) -> None:
    with pytest.raises(ValueError, match="no step is due"):
        step(due(a_ticket(), kind, AT), a_site(), AT)


@pytest.mark.parametrize("kind", [TimerKind.PAGE, TimerKind.REMIND, TimerKind.BREACH])
def test_the_same_step_done_again_has_the_same_notice_id(kind: TimerKind) -> None:
    ticket = due(a_ticket(URGENT), kind, AT)

    first, again = (step(ticket, a_site(), AT + minutes(late)).notices for late in (0, 1))

    assert [notice.id for notice in first] == [notice.id for notice in again]


def test_a_second_page_is_another_notice() -> None:
    once = step(due(a_ticket(URGENT), TimerKind.PAGE, AT), a_site(), AT)
    twice = step(due(once.ticket, TimerKind.PAGE, AT), a_site(), AT + minutes(15))

    assert once.notices[0].id != twice.notices[0].id


def test_a_page_of_pages_that_begin_anew_is_not_taken_for_one_of_before() -> None:
    before = step(due(a_ticket(URGENT), TimerKind.PAGE, AT), a_site(), AT)
    anew = replace(before.ticket, escalation=Escalation())
    after = step(due(anew, TimerKind.PAGE, AT), a_site(), AT)

    assert before.notices[0].id != after.notices[0].id


def test_the_ledger_names_whom_a_step_told() -> None:
    (entry,) = step(due(a_ticket(URGENT), TimerKind.PAGE, AT), a_site(), AT).entries

    assert entry.action is Action.PAGED
    assert entry.detail["people"] == ["nora"]


def _an_hour() -> Target:
    return Target(minutes=60, hours=CalendarKind.ALWAYS)
