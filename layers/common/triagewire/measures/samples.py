"""What several measures take of a life in the same way."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from triagewire.clock.calendar import elapsed
from triagewire.measures.life import Life, Settled, Sitting
from triagewire.measures.measure import Around, Sample
from triagewire.ticket import NOT_NEEDED, REVIEW

HIGH_ACUITY = 4
A_MINUTE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)


def minutes_between(begins: datetime, ends: datetime) -> float:
    """Wall minutes; 0 where a clock ran backwards."""
    return max(0.0, (ends - begins) / A_MINUTE)


def seconds_between(begins: datetime, ends: datetime) -> float:
    """Wall seconds; 0 where a clock ran backwards."""
    return max(0.0, (ends - begins).total_seconds())


def open_minutes(
    life: Life, around: Around, begins: datetime, ends: datetime, version: int
) -> float:
    """Minutes of the site's hours, as a policy version has them, without those in which the ticket
    waited for somebody outside; 0 where a clock ran backwards.
    """
    calendar = around.calendar(life.site, version)
    open_for = elapsed(calendar, begins, ends)
    for wait in life.waits:
        waited = max(wait.begins, begins), min(wait.ends or ends, ends)
        open_for -= elapsed(calendar, *waited)
    return max(0.0, open_for / A_MINUTE)


def once(happened: datetime | None, ended: datetime | None) -> Iterator[Sample]:
    """One sample of a ticket to which something may happen: 1 when it first happens, 0 when the
    ticket ends without it, none while that is open.
    """
    if happened is not None and (ended is None or happened <= ended):
        yield Sample(happened, 1.0)
    elif ended is not None:
        yield Sample(ended, 0.0)


def worked(life: Life) -> Settled | None:
    """The first resolution by a person or a program, unless nothing had been needed."""
    settled = life.first_worked
    return None if settled is None or settled.outcome == NOT_NEEDED else settled


def sittings_until(life: Life, at: datetime) -> list[Sitting]:
    """The sittings that had begun by then."""
    return [each for each in life.sittings if each.begins <= at]


def is_triage(sitting: Sitting, life: Life) -> bool:
    """Whether it served to find out whose the ticket is: in the review queue, a look before anybody
    did anything, or one in which the ticket was handed on.
    """
    if sitting.team == REVIEW:
        return True
    if not sitting.acts:
        return life.acted_at is None or sitting.begins < life.acted_at
    return any(
        move.by == sitting.member and sitting.begins <= move.at <= sitting.ends
        for move in life.moves
    )


def by_clinician(sitting: Sitting, life: Life, around: Around) -> bool:
    """Whether a clinician sat there: in a clinical queue, or on the roster of one."""
    return sitting.team in around.clinical.get(
        life.site, ()
    ) or sitting.member in around.clinicians.get(life.site, ())


def hours_of(sitting: Sitting) -> float:
    """Its length in hours."""
    return sitting.length / AN_HOUR
