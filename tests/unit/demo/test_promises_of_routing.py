"""A broken promise about who has a ticket is noticed: each check is shown such a day."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from local.demo.day import Expected, StaffPlan
from local.demo.facts import Facts
from local.demo.promises_of_routing import CHECKS
from tests.builders import MONDAY_MORNING, a_site, minutes
from tests.unit.demo.days import (
    POST,
    ROUTED,
    SCORED,
    a_day,
    a_day_message,
    a_posted,
    recorded,
    the_ticket,
)
from triagewire.clock.promise import PauseReason
from triagewire.clock.sla import pause, resume, start_clock
from triagewire.ledger.event import Action, Detail, Entry

ID = POST.ticket_id
LEDGER, LOADS, ABSENT, WAITING, PARTED, BOUNCED = CHECKS
TO_NICK = replace(ROUTED, detail={**ROUTED.detail, "member": "nick"})
MERGED = Entry(action=Action.MERGED, why="")


def broken(facts: Facts) -> set[str]:
    """The promises about routing that were broken on a day."""
    return {name for name, find in CHECKS.items() if list(find(facts))}


def a_day_of(
    *entries: Entry,
    plan: StaffPlan | None = None,
    parted_from: str = "",
    **of_ticket: Any,  # noqa: ANN401
) -> Facts:
    """The day of one message that staff treated so, and what happened to its ticket."""
    events = recorded(SCORED, *entries)
    expected = Expected(parted_from=parted_from)
    message = a_day_message(staff=plan or StaffPlan(), expected=expected)
    day = a_day(events={ID: events}, tickets={ID: the_ticket(events, **of_ticket)})
    return replace(day, seen=replace(day.seen, posted=[a_posted(message=message)]))


def moved(from_team: str, to_team: str) -> Entry:
    """A move between teams."""
    detail: dict[str, Detail] = {
        "from_team": from_team,
        "to_team": to_team,
        "bounce": True,
        "score": None,
    }
    return Entry(action=Action.REASSIGNED, why="wrong_team", detail=detail)


def test_an_ordinary_day_breaks_none() -> None:
    day = a_day_of(replace(TO_NICK, why="least loaded"), assignee="nick", load=4)

    assert broken(replace(day, carried={("north", "nick"): 4})) == set()


def test_an_owner_whom_the_ledger_does_not_know_is_noticed() -> None:
    day = a_day_of(replace(TO_NICK, why="least loaded"), assignee="nell")

    assert LEDGER in broken(day)


def test_an_assignment_without_a_reason_is_noticed() -> None:
    assert LEDGER in broken(a_day_of(replace(TO_NICK, why=""), assignee="nick"))


def test_a_load_that_nobody_holds_is_noticed() -> None:
    assert LOADS in broken(replace(a_day_of(TO_NICK), carried={("north", "nell"): 4}))


def test_work_that_stayed_with_who_went_away_is_noticed() -> None:
    assert ABSENT in broken(a_day_of(TO_NICK, plan=StaffPlan(owner_leaves=True)))


def test_work_that_went_back_and_on_to_another_is_in_order() -> None:
    back = Entry(action=Action.RETURNED, why="away", detail={"team": "clinical"})
    to_nell = replace(TO_NICK, detail={**TO_NICK.detail, "member": "nell"})

    assert ABSENT not in broken(a_day_of(TO_NICK, back, to_nell, plan=StaffPlan(owner_leaves=True)))


def waited(begins: datetime, ends: datetime) -> Facts:
    """A day on which the ticket waited for a payer from `begins` to `ends`."""
    calendar = a_site().calendar
    paused = pause(start_clock(480, calendar, MONDAY_MORNING), begins, PauseReason.PAYER)
    settling = resume(paused, calendar, ends)
    return a_day_of(TO_NICK, plan=StaffPlan(wait="payer"), resolution=settling)


def test_a_wait_that_was_counted_is_noticed() -> None:
    day = waited(MONDAY_MORNING + minutes(5), MONDAY_MORNING + minutes(5))

    assert WAITING in broken(day)


def test_a_wait_that_is_left_out_is_in_order() -> None:
    day = waited(MONDAY_MORNING + minutes(2), MONDAY_MORNING + minutes(8))

    assert WAITING not in broken(day)


def test_a_merge_that_was_not_undone_is_noticed() -> None:
    assert PARTED in broken(a_day_of(MERGED, parted_from="refill", merged_into="TICKET-B"))


def test_a_ticket_that_went_round_and_past_the_lead_is_noticed() -> None:
    round_trip = (moved("billing", "portal"), moved("portal", "scheduling"))
    plan = StaffPlan(moves=("portal", "scheduling", "billing"))

    assert BOUNCED in broken(a_day_of(*round_trip, moved("scheduling", "billing"), plan=plan))


def test_a_third_move_that_reached_the_lead_is_in_order() -> None:
    round_trip = (moved("billing", "portal"), moved("portal", "scheduling"))
    to_lead = replace(TO_NICK, detail={**TO_NICK.detail, "member": "bela"})
    told = Entry(action=Action.BOUNCED, why="")
    plan = StaffPlan(moves=("portal", "scheduling", "billing"))

    day = a_day_of(*round_trip, moved("scheduling", "billing"), to_lead, told, plan=plan)

    assert BOUNCED not in broken(day)
