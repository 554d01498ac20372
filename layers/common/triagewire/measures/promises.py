"""What was promised and what became of it: reminders, breaches, escalations."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from triagewire.clock.promise import TargetKind
from triagewire.measures.life import Life
from triagewire.measures.measure import Around, Better, Kind, Measure, Sample, Theme, Unit
from triagewire.measures.samples import AN_HOUR, HIGH_ACUITY, once, worked
from triagewire.ticket import NOT_NEEDED

ENDED = (
    "tickets still open to which it has not happened; what an article answered or asked for "
    "nothing, unless it happened before"
)
COUNTED = "counted when it first happens, else when the ticket is first resolved"


def _first_broken(life: Life, *targets: TargetKind) -> datetime | None:
    broken = (each.at for each in life.broken_promises if each.target in targets)
    return next(iter(broken), None)


def _response_promise(life: Life, around: Around) -> Iterable[Sample]:
    broken, answered = _first_broken(life, TargetKind.FIRST_RESPONSE), life.responded_at
    if broken is not None and (answered is None or broken <= answered):
        yield Sample(broken, 0.0)
    elif answered is not None and life.responded_how != NOT_NEEDED:
        yield Sample(answered, float(life.response_in_time is True))


def _resolution_promise(life: Life, around: Around) -> Iterable[Sample]:
    broken, settled = _first_broken(life, TargetKind.RESOLUTION), life.first_worked
    if broken is not None and (settled is None or broken <= settled.at):
        yield Sample(broken, 0.0)
    elif settled is not None and settled.outcome != NOT_NEEDED:
        yield Sample(settled.at, float(settled.in_time is True))


def _ended(life: Life) -> datetime | None:
    settled = worked(life)
    return settled.at if settled else None


def _breached(life: Life, around: Around) -> Iterable[Sample]:
    yield from once(_first_broken(life, *TargetKind), _ended(life))


def _reminded(life: Life, around: Around) -> Iterable[Sample]:
    yield from once(life.reminded_at, _ended(life))


def _escalated(life: Life, around: Around) -> Iterable[Sample]:
    yield from once(life.escalated_at, _ended(life))


def _paged(life: Life, around: Around) -> Iterable[Sample]:
    if life.paged_at:
        yield Sample(life.paged_at, 1.0)


def _opened_soon(life: Life, around: Around) -> Iterable[Sample]:
    if life.received_at and life.peak >= HIGH_ACUITY:
        until = life.received_at + AN_HOUR
        yield Sample(until, float(life.read_at is not None and life.read_at <= until))


_SHARE = partial(Measure, theme=Theme.PROMISES, unit=Unit.SHARE, kind=Kind.SHARE)

MEASURES = (
    _SHARE(
        id="response_promises",
        name="Promises of a first response that were kept",
        formula="tickets answered in time / (tickets answered + tickets whose promise broke "
        "first); counted when it is answered or breaks",
        excluded="what is neither answered nor late yet; what an article answered or asked for "
        "nothing, unless it was late by then; promises of a second answer",
        take=_response_promise,
        better=Better.HIGHER,
    ),
    _SHARE(
        id="resolution_promises",
        name="Promises of a resolution that were kept",
        formula="tickets resolved in time / (tickets resolved + tickets whose promise broke "
        "first); counted when it is resolved or breaks",
        excluded="what is neither resolved nor late yet; what an article answered or asked for "
        "nothing, unless it was late by then; promises after a reopening",
        take=_resolution_promise,
        better=Better.HIGHER,
    ),
    _SHARE(
        id="opened_soon",
        name="High acuity that somebody had opened within an hour",
        formula="tickets that ever had urgency 4 or 5 and were opened within an hour / all that "
        "ever had it; in wall time, nights included; counted an hour after receipt",
        excluded="nothing more: what nobody ever opened counts against it",
        take=_opened_soon,
        better=Better.HIGHER,
    ),
    _SHARE(
        id="breached",
        name="Tickets of which a promise was broken",
        formula=f"tickets with a breach / (those + tickets resolved without one); {COUNTED}",
        excluded=ENDED,
        take=_breached,
    ),
    _SHARE(
        id="reminded",
        name="Tickets of which somebody was reminded",
        formula=f"tickets with a reminder / (those + tickets resolved without one); {COUNTED}",
        excluded=ENDED,
        take=_reminded,
    ),
    _SHARE(
        id="escalated",
        name="Tickets that were escalated",
        formula="tickets of which those above were told after a breach / (those + tickets resolved "
        f"without that); {COUNTED}",
        excluded=f"{ENDED}; pages: they are the way of what is urgent, not an escalation",
        take=_escalated,
    ),
    Measure(
        id="paged",
        name="Tickets that paged somebody",
        theme=Theme.PROMISES,
        unit=Unit.TICKETS,
        kind=Kind.SUM,
        formula="tickets by their first page, however many people it went to",
        excluded="nothing more",
        take=_paged,
        better=Better.NEITHER,
    ),
)
