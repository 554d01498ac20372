"""Whatever happens in whatever order: nothing open is without a timer, nothing is breached twice.

The same days, on the mock that knows DynamoDB better, are in `tests/aws/test_always_holds.py`.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.aws.said import score_as_said
from tests.builders import minutes
from tests.unit.escalation.days import DEEDS, SKEWS, Days, Deed
from triagewire.clock.promise import TargetKind
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action, Event
from triagewire.ledger.routes import Place, routes_of
from triagewire.observability import logger
from triagewire.store.loads import read_loads
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import REVIEW, Status, Ticket

AT_MOST = 12
"""Sweeps of one moment until nothing is due any more: each does up to four steps of a ticket."""
TOLD_ANEW = {Action.ABSORBED, Action.REASSIGNED}
"""After these people are reminded again: of what became worse, and of what is new to them."""
REGRADES = ("move", "decide", "unmerge")
"""The deeds by which a person may lower an urgency."""
UNPLACED = (Status.NEW, Status.MERGED)

COMMON = ["write"] * 4 + ["pass"] * 6 + ["move", "move", "accept", "wait", "unmerge"]
deeds = st.builds(
    Deed,
    what=st.sampled_from([*COMMON, *DEEDS]),
    one=st.integers(0, 23),
    other=st.integers(0, 23),
    skew=st.sampled_from(SKEWS),
    dies_at=st.sampled_from([None, None, None, None, 0, 1, 2, 3]),
)


@pytest.fixture(autouse=True)
def _scores_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scoring says what `said` tells, and nothing that goes wrong inside is swallowed."""
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: None)
    monkeypatch.setattr(
        "triagewire.flow.judge.score", lambda subject, _engine: score_as_said(subject.text)
    )
    monkeypatch.setattr(logger, "error", _went_wrong)


def _went_wrong(what: str, **details: object) -> None:
    raise AssertionError(f"{what}: {details}")


@given(history=st.lists(deeds, min_size=1, max_size=24))
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_open_is_without_a_timer_and_nothing_is_breached_twice(history: list[Deed]) -> None:
    days = Days()
    before: dict[str, Ticket] = {}
    for deed in history:
        days.happens(deed)
        for ticket in days.tickets():
            _it_has_its_timer(ticket)
            if deed.what not in REGRADES:
                _it_is_no_less_urgent(ticket, before.get(ticket.id, ticket))
        before = {ticket.id: ticket for ticket in days.tickets()}
    _nothing_stays_due(days)
    for ticket in days.tickets():
        events = days.ledger(ticket.id)
        assert first_fault(ticket_pk(ticket.id), events, ticket.version, ticket.ledger_head) is None
        _its_ledger_tells_where_it_is(ticket, events)
        _nothing_was_told_twice(events)
        _what_is_late_was_told(ticket, days)
    _loads_are_what_is_held(days)


def _it_has_its_timer(ticket: Ticket) -> None:
    unfinished = ticket.is_open or ticket.status is Status.RESOLVED
    assert (ticket.timer is not None) is unfinished, ticket
    if ticket.status is Status.ACCEPTED:
        assert None not in (ticket.assignee, ticket.accepted_at), ticket


def _it_is_no_less_urgent(ticket: Ticket, before: Ticket) -> None:
    if before.status is not Status.NEW:
        assert ticket.urgency >= before.urgency, ticket


def _nothing_stays_due(days: Days) -> None:
    """Each due step moves the timer on: soon nothing is due at the same moment.

    By then the claims of the dead have run out, and no host's clock is ahead any more.
    """
    days.now += minutes(5)
    for _ in range(AT_MOST):
        if not days.sweep():
            return
    raise AssertionError([each.timer for each in days.tickets()])


def _its_ledger_tells_where_it_is(ticket: Ticket, events: list[Event]) -> None:
    history = routes_of(events)
    assert (history.handoffs, history.bounces) == (ticket.handoffs, ticket.bounces)
    if ticket.status in UNPLACED:
        assert history.legs == ()
    else:
        assert history.legs[-1].place == Place(ticket.team, ticket.assignee)


def _nothing_was_told_twice(events: list[Event]) -> None:
    """A promise is breached once, and half of it is announced once, until it begins anew."""
    for target in TargetKind:
        reminded = breached = 0
        answered = False
        for event in events:
            anew = _begins_anew(event, answered=answered and target is TargetKind.FIRST_RESPONSE)
            breached = 0 if anew else breached
            reminded = 0 if anew or event.action in TOLD_ANEW else reminded
            answered = event.action is Action.RESPONDED or (answered and not anew)
            of_it = event.detail.get("target") == target.value
            breached += of_it and event.action is Action.BREACHED
            reminded += of_it and event.action is Action.REMINDED
            assert max(breached, reminded) <= 1, (target, event)


def _begins_anew(event: Event, *, answered: bool) -> bool:
    """Whether a promise may begin anew with an event: a reopening, what came after an answer, a
    person's score that leaves more time, two tickets that are apart again.
    """
    match event.action:
        case Action.REOPENED | Action.UNMERGED | Action.PARTED:
            return True
        case Action.ABSORBED:
            return answered
        case Action.REASSIGNED:
            score, before = event.detail["score"], event.detail["score_before"]
            assert isinstance(before, int)
            judged = event.detail["from_team"] == REVIEW
            return answered or (isinstance(score, int) and (judged or score < before))
    return False


def _what_is_late_was_told(ticket: Ticket, days: Days) -> None:
    """After a sweep no running promise is over of which nobody was told, and no page is owed."""
    if not ticket.at_work:
        return
    told = ticket.escalation
    for clock, breached_at in (
        (ticket.clock, told.breached_at),
        (ticket.resolution, told.resolution_breached_at),
    ):
        if clock is not None and clock.running and breached_at is None:
            assert clock.due_at > days.now
    if ticket.must_page and ticket.clock is not None and ticket.clock.running:
        assert told.paged_at is not None or told.acknowledged_at is not None


def _loads_are_what_is_held(days: Days) -> None:
    held: Counter[str] = Counter()
    for ticket in days.tickets():
        if ticket.is_open and ticket.assignee:
            held[ticket.assignee] += ticket.load
    carried = read_loads(days.tables, "north")
    assert {who: load.weight for who, load in carried.items() if load.weight} == +held
