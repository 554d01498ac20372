"""From the message to the acknowledged page and the digest at opening, with everything going wrong
at every boundary: nothing is lost, and one misfortune repeats at most one message.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.aws.said import APPOINTMENT, CHEST_PAIN, UNCLEAR, score_as_said
from tests.builders import minutes
from tests.unit.escalation.healed import STEP, holds
from tests.unit.escalation.nights import WRITES, Fault, Night, under_way
from triagewire.ticket import Ticket

OPENING = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _scores_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: None)
    monkeypatch.setattr(
        "triagewire.flow.judge.score", lambda subject, _engine: score_as_said(subject.text)
    )


# One misfortune at every boundary of a night


def arrives(night: Night) -> None:
    night.write(CHEST_PAIN)
    night.write(APPOINTMENT)


def is_routed_and_paged(night: Night) -> None:
    night.route()


def is_paged_again(night: Night) -> None:
    night.now += STEP
    night.sweep()


def is_acknowledged(night: Night) -> None:
    for ticket in night.tickets():
        if ticket.must_page and ticket.escalation.paged_at:
            night.acts("acknowledge", ticket, "dr-okafor")


def sleeps_on(night: Night) -> None:
    night.now += minutes(61)
    night.sweep()


def is_answered(night: Night) -> None:
    for ticket in night.tickets():
        if ticket.must_page:
            night.acts("respond", ticket, "dr-okafor")


def opens(night: Night) -> None:
    night.now = OPENING
    night.sweep()


def breaches(night: Night) -> None:
    night.now = OPENING + minutes(241)
    night.sweep()


JOURNEY: tuple[Callable[[Night], None], ...] = (
    arrives,
    is_routed_and_paged,
    is_paged_again,
    is_acknowledged,
    sleeps_on,
    is_answered,
    opens,
    breaches,
)


@dataclass(frozen=True)
class Boundary:
    """One call of the journey, at which a process may die."""

    number: int
    step: str
    operation: str


def boundaries() -> list[Boundary]:
    """Every call of a journey on which nothing goes wrong."""
    night, found = Night(), []
    for part in JOURNEY:
        begun = len(night.wire.calls)
        part(night)
        found += [
            Boundary(number, part.__name__, night.wire.calls[number])
            for number in range(begun, len(night.wire.calls))
        ]
    return found


def struck_at(number: int, fault: Fault) -> Night:
    """The journey with one misfortune; sender and stream come again a moment later."""
    night = Night()
    night.wire.fault = lambda at, _call: fault if at == number else None
    for part in JOURNEY:
        part(night)
        night.send()
        night.route()
    night.heal()
    return night


@pytest.mark.parametrize("fault", list(Fault))
def test_one_misfortune_at_any_boundary_loses_nothing_and_repeats_one_message_at_most(
    fault: Fault,
) -> None:
    hit = list(_struck(fault, boundaries()))
    for boundary in hit:
        night = struck_at(boundary.number, fault)
        assert night.wire.struck == 1, boundary
        holds(night, repeated=1)
    steps = Counter(each.step for each in hit)
    print(f"{fault}: {len(hit)} boundaries: {dict(steps)}")  # noqa: T201
    assert set(steps) == {part.__name__ for part in JOURNEY}
    assert sum(each.operation == "publish" for each in hit) >= len(("page", "page", "digest"))


def _struck(fault: Fault, calls: list[Boundary]) -> Iterator[Boundary]:
    """The calls at which the fault differs from one at another: a read whose answer is lost is one
    that failed, and of a run of reads the first stands for all.
    """
    before = ""
    for each in calls:
        first = each.operation != before
        if each.operation in WRITES or (fault is Fault.REFUSED and first):
            yield each
        before = each.operation


def test_a_night_without_misfortune_is_told_once() -> None:
    night = Night()
    for part in JOURNEY:
        part(night)

    kinds = Counter(name.split("-")[-2] for name, _ in night.wire.sent if "okafor" not in name)
    assert kinds["digest"] == 1
    assert holds(night, repeated=0)


# Anything, in any order


@dataclass(frozen=True)
class Deed:
    """Something that happens while calls go wrong, at a host whose clock differs."""

    what: str
    chance: int = 0
    skew: float = 0
    at: int | None = None
    fault: Fault = Fault.DIES_AFTER


def writes(night: Night, deed: Deed) -> None:
    night.write((CHEST_PAIN, APPOINTMENT, UNCLEAR)[deed.chance % 3])


def is_handed_over(night: Night, deed: Deed) -> None:
    night.route(deed.skew)


def is_handed_over_again(night: Night, deed: Deed) -> None:
    """An old record comes again, in whatever order."""
    tickets = night.tickets()
    if tickets:
        with under_way():
            night.hand_over(tickets[deed.chance % len(tickets)].id, deed.skew)


def is_swept(night: Night, deed: Deed) -> None:
    night.sweep(deed.skew)


def is_swept_twice(night: Night, deed: Deed) -> None:
    night.sweep(deed.skew)
    night.sweep(-deed.skew)


def passes(night: Night, deed: Deed) -> None:
    night.now += minutes((1, 4, 6, 31, 62, 240, 700)[deed.chance % 7])
    night.sweep(deed.skew)


def is_heard(night: Night, deed: Deed) -> None:
    for ticket in _some(night, deed):
        night.acts("acknowledge", ticket, "dr-okafor")


def is_responded_to(night: Night, deed: Deed) -> None:
    for ticket in _some(night, deed):
        night.acts("respond", ticket, "nora")


def _some(night: Night, deed: Deed) -> Iterator[Ticket]:
    tickets = [each for each in night.tickets() if each.at_work]
    if tickets:
        yield tickets[deed.chance % len(tickets)]


DEEDS: dict[str, Callable[[Night, Deed], None]] = {
    each.__name__: each
    for each in (
        writes,
        is_handed_over,
        is_handed_over_again,
        is_swept,
        is_swept_twice,
        passes,
        is_heard,
        is_responded_to,
    )
}
OFTEN = ["writes", "is_handed_over", "is_handed_over", "passes", "passes"]
deeds = st.builds(
    Deed,
    what=st.sampled_from([*OFTEN, *DEEDS]),
    chance=st.integers(0, 20),
    skew=st.sampled_from([0, 0, 0, -4, -1, 0.5, 2]),
    at=st.none() | st.integers(0, 30),
    fault=st.sampled_from(list(Fault)),
)


@given(history=st.lists(deeds, min_size=2, max_size=14))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_goes_wrong_in_whatever_order_no_urgent_ticket_stays_unheard(
    history: list[Deed],
) -> None:
    night = Night()
    night.write(CHEST_PAIN)
    for deed in history:
        begun = len(night.wire.calls)
        night.wire.fault = _fault_of(deed, begun)
        DEEDS[deed.what](night, deed)
    night.heal()
    holds(night, repeated=night.wire.struck)


def _fault_of(deed: Deed, begun: int) -> Callable[[int, str], Fault | None]:
    return lambda at, _call: deed.fault if deed.at is not None and at == begun + deed.at else None
