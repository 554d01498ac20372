"""How long things take: from the message to each of what follows."""

from collections.abc import Iterable
from datetime import datetime

from triagewire.clock.calendar import elapsed
from triagewire.measures.life import Life
from triagewire.measures.measure import Around, Kind, Measure, Sample, Unit


def minutes_between(begins: datetime, ends: datetime) -> float:
    """Wall minutes; 0 where a clock ran backwards."""
    return max(0.0, (ends - begins).total_seconds() / 60)


def _first_response(life: Life, around: Around) -> Iterable[Sample]:
    if life.received_at and life.responded_at:
        yield Sample(life.responded_at, minutes_between(life.received_at, life.responded_at))


def _first_response_in_hours(life: Life, around: Around) -> Iterable[Sample]:
    if life.received_at and life.responded_at and life.responded_at >= life.received_at:
        calendar = around.calendar(life.site, life.responded_version)
        open_for = elapsed(calendar, life.received_at, life.responded_at)
        yield Sample(life.responded_at, open_for.total_seconds() / 60)


MEASURES = (
    Measure(
        id="first_response",
        name="Time to first response",
        unit=Unit.MINUTES,
        kind=Kind.SPREAD,
        formula="first answer of a person to the requester, minus receipt; in wall minutes",
        excluded="tickets that an article answered, and those that nobody has answered yet",
        take=_first_response,
    ),
    Measure(
        id="first_response_hours",
        name="Time to first response in open hours",
        unit=Unit.MINUTES,
        kind=Kind.SPREAD,
        formula="the same, in minutes of the site's hours",
        excluded="the same; hours are those of the policy under which it was answered",
        take=_first_response_in_hours,
    ),
)
