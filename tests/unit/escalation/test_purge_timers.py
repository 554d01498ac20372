"""When the words of a closed ticket are purged: one timer, never while held, never early."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, a_site, a_ticket
from triagewire.escalation.steps import close
from triagewire.escalation.timers import next_timer, purge_timer
from triagewire.policy.retention import Retention
from triagewire.retention import RELEASE_GRACE, Hold, HoldReason
from triagewire.ticket import Status, Ticket, TimerKind

DAY = timedelta(days=1)
HOLD = Hold(by="audra", at=MONDAY_MORNING, reason=HoldReason.AUDIT, why="the yearly audit")
RESOLVED = a_ticket(status=Status.RESOLVED, resolved_at=MONDAY_MORNING, timer=None)

days = st.one_of(st.none(), st.integers(30, 4_000))
acts = st.lists(
    st.tuples(st.integers(0, 500), st.sampled_from(["hold", "release", "sweep"]), days),
    max_size=12,
)
"""After so many days: somebody holds it, releases it, or a sweep comes; and what the policy says by
then.
"""


@dataclass(slots=True)
class Life:
    """A closed ticket, as acts and sweeps leave it behind."""

    ticket: Ticket
    kept: Retention

    def hold(self) -> None:
        if self.ticket.purged_at is None:
            self._timed(replace(self.ticket, hold=HOLD))

    def release(self, now: datetime) -> None:
        if self.ticket.hold is not None:
            self._timed(replace(self.ticket, hold=None, unheld_at=now))

    def _timed(self, ticket: Ticket) -> None:
        self.ticket = replace(ticket, timer=purge_timer(ticket, self.kept))


@given(acts, days)
def test_whatever_happens_nothing_is_purged_early_or_held_and_one_timer_says_when(
    acts: list[tuple[int, str, int | None]], first: int | None
) -> None:
    now = MONDAY_MORNING
    life = Life(close(RESOLVED, now, Retention(message_days=first)).ticket, Retention())
    for after, act, kept in acts:
        now += after * DAY
        life.kept = Retention(message_days=kept)
        if act == "hold":
            life.hold()
        elif act == "release":
            life.release(now)
        else:
            life.ticket = swept(life.ticket, life.kept, now)
        holds_for(life.ticket, life.kept, now, swept=act == "sweep")


def swept(ticket: Ticket, kept: Retention, now: datetime) -> Ticket:
    """What a sweep makes of a ticket: what its timer asks for, under the policy of now."""
    if ticket.timer is None or ticket.timer.at > now:
        return ticket
    wanted = purge_timer(ticket, kept)
    if wanted is None or wanted.at > now:
        return replace(ticket, timer=wanted)
    early = ticket.closed_at is None or kept.kept is None or ticket.closed_at + kept.kept > now
    assert not early
    assert ticket.hold is None
    assert ticket.unheld_at is None or ticket.unheld_at + RELEASE_GRACE <= now
    return replace(ticket, purged_at=now, timer=None)


def holds_for(ticket: Ticket, kept: Retention, now: datetime, *, swept: bool) -> None:
    """What must hold at every moment of a closed ticket's life."""
    timer = ticket.timer
    assert timer is None or timer.kind is TimerKind.PURGE
    assert timer is None or (ticket.hold is None and ticket.purged_at is None)
    if swept and timer is not None:
        assert timer.at > now


@given(st.integers(30, 4_000))
def test_a_ticket_that_is_closed_under_a_policy_has_its_timer_from_then_on(kept: int) -> None:
    closed = close(RESOLVED, MONDAY_MORNING, Retention(message_days=kept)).ticket

    assert closed.timer is not None
    assert (closed.timer.kind, closed.timer.at) == (TimerKind.PURGE, MONDAY_MORNING + kept * DAY)


def test_a_ticket_that_is_open_has_none_whatever_the_policy_says() -> None:
    site = a_site(retention=Retention(message_days=30))
    timer = next_timer(a_ticket(), site)

    assert timer is not None
    assert timer.kind is not TimerKind.PURGE
    assert purge_timer(replace(RESOLVED, closed_at=MONDAY_MORNING), site.retention) is None


def test_what_has_begun_is_ended_also_where_the_policy_keeps_for_ever_by_now() -> None:
    begun = replace(
        RESOLVED, status=Status.CLOSED, closed_at=MONDAY_MORNING, purging_since=MONDAY_MORNING
    )

    timer = purge_timer(begun, Retention())

    assert timer is not None
    assert timer.at == MONDAY_MORNING


def test_after_a_release_nothing_goes_for_a_week() -> None:
    late = MONDAY_MORNING + 400 * DAY
    closed = replace(RESOLVED, status=Status.CLOSED, closed_at=MONDAY_MORNING, unheld_at=late)

    timer = purge_timer(closed, Retention(message_days=30))

    assert timer is not None
    assert timer.at == late + 7 * DAY
