"""How much comes in, how much goes out, and how much of it is no work of its own."""

from collections.abc import Iterable
from functools import partial

from triagewire.measures.life import Life
from triagewire.measures.measure import Around, Better, Kind, Measure, Sample, Theme, Unit
from triagewire.ticket import NOT_NEEDED


def _received(life: Life, around: Around) -> Iterable[Sample]:
    if life.received_at:
        yield Sample(life.received_at, 1.0)


def _resolved(life: Life, around: Around) -> Iterable[Sample]:
    for each in life.settled:
        yield Sample(each.at, 1.0)


def _opened_again(life: Life, around: Around) -> Iterable[Sample]:
    for each in life.settled:
        if each.reopened_at:
            yield Sample(each.reopened_at, 1.0)


def _further_needs(life: Life, around: Around) -> Iterable[Sample]:
    if life.received_at and life.part_of:
        yield Sample(life.received_at, 1.0)


def _unreadable(life: Life, around: Around) -> Iterable[Sample]:
    if life.received_at and life.unreadable:
        yield Sample(life.received_at, 1.0)


def _duplicates(life: Life, around: Around) -> Iterable[Sample]:
    if life.received_at:
        yield Sample(life.received_at, 0.0)
    for each in life.taken_in:
        if each.repeats:
            yield Sample(each.at, 1.0)


def _not_needed(life: Life, around: Around) -> Iterable[Sample]:
    if settled := life.first_worked:
        yield Sample(settled.at, float(settled.outcome == NOT_NEEDED))


_TICKETS = partial(
    Measure, theme=Theme.VOLUME, unit=Unit.TICKETS, kind=Kind.SUM, better=Better.NEITHER
)

MEASURES = (
    _TICKETS(
        id="received",
        name="Tickets that came in",
        formula="tickets by their receipt; a further need of a message is a ticket of its own",
        excluded="nothing more",
        take=_received,
    ),
    _TICKETS(
        id="resolved",
        name="Resolutions",
        formula="resolutions by people, programs and articles; a ticket that was opened again may "
        "have several",
        excluded="nothing more",
        take=_resolved,
    ),
    _TICKETS(
        id="opened_again",
        name="Reopenings",
        formula="times that a resolved ticket was opened again",
        excluded="messages after a ticket was closed for good",
        take=_opened_again,
    ),
    _TICKETS(
        id="further_needs",
        name="Further needs of one message",
        formula="tickets that were opened for a further need of another ticket's message",
        excluded="nothing more",
        take=_further_needs,
    ),
    _TICKETS(
        id="unreadable",
        name="Messages that could not be read",
        formula="tickets that stand for a signed body of which no message could be made",
        excluded="those that were read again or dismissed since: what they held is counted itself",
        take=_unreadable,
        better=Better.LOWER,
    ),
    Measure(
        id="duplicates",
        name="Messages that repeat an open need",
        theme=Theme.VOLUME,
        unit=Unit.SHARE,
        kind=Kind.SHARE,
        formula="messages that were merged because the same person had written of the same, or "
        "staff said so / (those + tickets that came in)",
        excluded="further messages of a conversation; merges that were undone",
        take=_duplicates,
        better=Better.NEITHER,
    ),
    Measure(
        id="not_needed",
        name="Tickets that asked for nothing",
        theme=Theme.VOLUME,
        unit=Unit.SHARE,
        kind=Kind.SHARE,
        formula="tickets resolved as not needed (spam, thanks, mistakes) / tickets first resolved "
        "by a person or a program",
        excluded="what an article answered",
        take=_not_needed,
        better=Better.NEITHER,
    ),
)
