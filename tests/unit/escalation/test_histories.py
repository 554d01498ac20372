"""Whatever happens in whatever order: nothing open is without a timer, nothing is breached twice.

The same days, on the mock that knows DynamoDB better, are in `tests/aws/test_always_holds.py`.
"""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.aws.said import score_as_said
from tests.builders import minutes
from tests.deeds import REGRADES
from tests.holds import (
    it_has_its_timer,
    it_is_no_less_urgent,
    its_ledger_tells_where_it_is,
    loads_are_what_is_held,
    nothing_was_told_twice,
    what_is_late_was_told,
)
from tests.unit.escalation.days import DEEDS, SKEWS, Days, Deed
from triagewire.ledger.chain import first_fault
from triagewire.observability import logger
from triagewire.store.loads import read_loads
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Ticket

AT_MOST = 12
"""Sweeps of one moment until nothing is due any more: each does up to four steps of a ticket."""

COMMON = ["write"] * 4 + ["pass"] * 6 + ["move", "move", "accept", "wait", "unmerge"]
alone = st.builds(
    Deed,
    what=st.sampled_from([*COMMON, *DEEDS]),
    one=st.integers(0, 23),
    other=st.integers(0, 23),
    skew=st.sampled_from(SKEWS),
)
deeds = st.one_of(
    alone,
    alone,
    st.builds(replace, alone, at=st.integers(0, 3)),
    st.builds(replace, alone, at=st.integers(0, 3), meanwhile=alone),
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
@settings(max_examples=1000, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_open_is_without_a_timer_and_nothing_is_breached_twice(history: list[Deed]) -> None:
    days = Days()
    before: dict[str, Ticket] = {}
    for deed in history:
        days.happens(deed)
        for ticket in days.tickets():
            it_has_its_timer(ticket)
            if not REGRADES & _all_of(deed):
                it_is_no_less_urgent(ticket, before.get(ticket.id, ticket))
        before = {ticket.id: ticket for ticket in days.tickets()}
    _nothing_stays_due(days)
    for ticket in days.tickets():
        events = days.ledger(ticket.id)
        assert first_fault(ticket_pk(ticket.id), events, ticket.version, ticket.ledger_head) is None
        its_ledger_tells_where_it_is(ticket, events)
        nothing_was_told_twice(events)
        what_is_late_was_told(ticket, days.now)
    loads_are_what_is_held(days.tickets(), read_loads(days.tables, "north"))


def _all_of(deed: Deed) -> set[str]:
    return {deed.what, deed.meanwhile.what if deed.meanwhile else deed.what}


def _nothing_stays_due(days: Days) -> None:
    """Each due step moves the timer on: soon nothing is due at the same moment.

    By then the claims of the dead have run out, and no host's clock is ahead any more.
    """
    days.now += minutes(5)
    for _ in range(AT_MOST):
        if not days.sweep():
            return
    raise AssertionError([each.timer for each in days.tickets()])
