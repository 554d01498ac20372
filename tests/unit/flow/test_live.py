"""What is counted live of a change that was stored: by site, once for each promise."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MONDAY_MORNING, a_ticket, an_entry, minutes
from tests.conftest import Written
from triagewire import observability
from triagewire.clock.calendar import ALWAYS
from triagewire.clock.promise import CalendarKind
from triagewire.clock.sla import start_clock
from triagewire.flow.live import count_live
from triagewire.ledger.event import Action, Entry
from triagewire.store.tickets import Change
from triagewire.ticket import NOT_NEEDED, Escalation, Ticket

NURSE = "staff:nurse.ann"


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> Iterator[None]:
    observability._of_sites.clear()
    yield
    observability._of_sites.clear()


def promised(escalation: Escalation | None = None) -> Ticket:
    """A ticket of north with both promises running."""
    clock = start_clock(60, ALWAYS, MONDAY_MORNING, kind=CalendarKind.ALWAYS)
    return a_ticket(clock=clock, resolution=clock, escalation=escalation or Escalation())


def counted(before: Ticket | None, *entries: Entry, actor: str = NURSE) -> list[tuple[str, float]]:
    """What a change counts of its site."""
    count_live(Change(before=before, after=a_ticket(), entries=entries), actor)
    assert observability._of_sites.keys() <= {"north"}
    return [(name, value) for name, value, _ in observability._of_sites.get("north", [])]


def answered(*, in_time: bool = True) -> Entry:
    """A person answered."""
    return an_entry(action=Action.RESPONDED, detail={"in_time": in_time})


def resolved(*, in_time: bool = True, response: bool = True) -> Entry:
    """Somebody resolved it."""
    detail = {"in_time": response, "resolution_in_time": in_time}
    return an_entry(action=Action.RESOLVED, detail=detail)


def breached(target: str) -> Entry:
    """The sweep found a promise over."""
    return an_entry(action=Action.BREACHED, detail={"target": target})


def test_an_answer_in_time_keeps_the_promise_of_its_site() -> None:
    assert counted(promised(), answered()) == [("FirstResponsesKept", 1)]


def test_a_late_answer_breaks_it_where_no_sweep_has_said_so_yet() -> None:
    assert counted(promised(), answered(in_time=False)) == [("FirstResponsesBroken", 1)]


def test_a_promise_that_was_broken_is_not_broken_again_by_the_late_answer() -> None:
    late = promised(escalation=Escalation(breached_at=MONDAY_MORNING))

    assert counted(late, answered(in_time=False)) == []


def test_a_second_answer_keeps_nothing() -> None:
    ticket = promised()
    assert ticket.clock is not None
    stopped = replace(ticket, clock=replace(ticket.clock, stopped_at=MONDAY_MORNING))

    assert counted(stopped, answered()) == []


@pytest.mark.parametrize(
    ("target", "name"),
    [("first_response", "FirstResponsesBroken"), ("resolution", "ResolutionsBroken")],
)
def test_what_the_sweep_finds_broken_counts(target: str, name: str) -> None:
    assert counted(promised(), breached(target), actor="system:escalate") == [(name, 1)]


def test_who_resolves_a_ticket_answers_it_by_that() -> None:
    expected = [("FirstResponsesKept", 1), ("ResolutionsKept", 1)]

    assert counted(promised(), resolved()) == expected


def test_an_answer_that_resolves_it_too_counts_once_for_each_promise() -> None:
    expected = [("FirstResponsesKept", 1), ("ResolutionsKept", 1)]

    assert counted(promised(), answered(), resolved()) == expected


def test_a_late_end_breaks_the_resolution_once() -> None:
    late = promised(escalation=Escalation(resolution_breached_at=MONDAY_MORNING))

    assert counted(promised(), answered(), resolved(in_time=False))[1:] == [
        ("ResolutionsBroken", 1)
    ]
    observability._of_sites.clear()
    assert counted(late, resolved(in_time=False)) == [("FirstResponsesKept", 1)]


def test_what_the_system_settles_keeps_no_promise_of_people() -> None:
    assert counted(promised(), resolved(), actor="system:score_route") == []


def test_what_asked_for_nothing_keeps_no_promise() -> None:
    assert counted(promised(), replace(resolved(), why=NOT_NEEDED)) == []


def test_a_site_that_promises_no_resolution_keeps_none() -> None:
    assert counted(replace(promised(), resolution=None), answered(), resolved()) == [
        ("FirstResponsesKept", 1)
    ]


def test_each_page_counts_and_how_many_it_took_until_somebody_heard() -> None:
    paged = an_entry(action=Action.PAGED)
    heard = an_entry(action=Action.ACKNOWLEDGED)
    thrice = promised(escalation=Escalation(pages=3))

    assert counted(promised(), paged) == [("Pages", 1)]
    observability._of_sites.clear()
    assert counted(thrice, heard) == [("PagesUntilHeard", 3)]
    observability._of_sites.clear()
    assert counted(replace(thrice, escalation=Escalation(pages=3, heard_by=("a",))), heard) == []


def test_a_ticket_that_is_opened_and_what_only_looks_count_nothing() -> None:
    assert counted(None, an_entry(action=Action.LINKED)) == []
    assert counted(promised(), an_entry(action=Action.VIEWED)) == []


def test_the_line_of_a_site_counts_for_the_function_and_for_the_site(written: Written) -> None:
    observability.metrics().clear_metrics()
    counted(promised(), answered())
    took = timedelta(seconds=2) / minutes(1 / 60_000)
    observability.milliseconds("ReceivedToRouted", took, site="north")
    observability.flush_metrics()

    (line,) = (json.loads(each) for each in written.getvalue().splitlines())
    (told,) = line["_aws"]["CloudWatchMetrics"]
    assert told["Dimensions"] == [["service"], ["site"]]
    assert (line["site"], line["FirstResponsesKept"], line["ReceivedToRouted"]) == (
        "north",
        [1.0],
        [2000.0],
    )
    assert not observability._of_sites


def test_many_values_of_a_site_lose_none(written: Written) -> None:
    observability.metrics().clear_metrics()
    for _ in range(250):
        observability.count("Arrivals", site="north")
    observability.flush_metrics()

    lines = [json.loads(each) for each in written.getvalue().splitlines()]
    assert sum(sum(each["Arrivals"]) for each in lines) == 250


def test_what_is_no_site_id_is_counted_without_a_site() -> None:
    observability.metrics().clear_metrics()
    observability.count("Arrivals", site="Quillon Zzyzx")

    assert not observability._of_sites
    assert observability.metrics().metric_set["Arrivals"]["Value"] == [1.0]
    observability.metrics().clear_metrics()
