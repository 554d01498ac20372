"""The time of people, as far as their acts and looks in the ledger tell."""

from collections.abc import Callable, Iterable
from functools import partial

from triagewire.measures.life import Life, Sitting
from triagewire.measures.measure import Around, Kind, Measure, Sample, Take, Theme, Unit
from triagewire.measures.samples import (
    by_clinician,
    hours_of,
    is_triage,
    sittings_until,
    worked,
)
from triagewire.team import CLINICAL

A_HUNDRED = 100
MINUTES = 60
ASSUMED = (
    "acts and looks of one person on one ticket no more than 10 minutes apart are one sitting, "
    "from the first to the last of them, and of 1 minute at least: reading before the first "
    "look, telephone and talk are not seen, and a break at the desk is"
)

type Which = Callable[[Sitting, Life, Around], bool]


def _every(sitting: Sitting, life: Life, around: Around) -> bool:
    return True


def _triage(sitting: Sitting, life: Life, around: Around) -> bool:
    return is_triage(sitting, life)


def _clinical_admin(sitting: Sitting, life: Life, around: Around) -> bool:
    """Office or IT work, as scoring or who judged it had it, in a clinician's hands."""
    team = life.judged[-1].team if life.judged else life.scored_team
    return team not in ("", CLINICAL) and by_clinician(sitting, life, around)


def _hours(which: Which) -> Take:
    def take(life: Life, around: Around) -> Iterable[Sample]:
        for each in life.sittings:
            if which(each, life, around):
                yield Sample(each.begins, hours_of(each))

    return take


def _triage_per_hundred(life: Life, around: Around) -> Iterable[Sample]:
    if settled := worked(life):
        triage = (each for each in sittings_until(life, settled.at) if is_triage(each, life))
        yield Sample(settled.at, A_HUNDRED * sum(map(hours_of, triage)))


def _staff_minutes(life: Life, around: Around) -> Iterable[Sample]:
    if settled := worked(life):
        hours = sum(map(hours_of, sittings_until(life, settled.at)))
        yield Sample(settled.at, MINUTES * hours)


_HOURS = partial(Measure, theme=Theme.PEOPLE, unit=Unit.HOURS, kind=Kind.SUM, estimate=ASSUMED)

MEASURES = (
    _HOURS(
        id="staff_hours",
        name="Hours of staff at tickets",
        formula="sum of all sittings, in hours; counted when a sitting begins",
        excluded="sittings at merged tickets",
        take=_hours(_every),
    ),
    _HOURS(
        id="triage_hours",
        name="Hours of triage",
        formula="sum of the sittings in the review queue, of looks before anybody did anything, "
        "and of those in which a ticket was handed on, in hours; counted when a sitting begins",
        excluded="all other sittings",
        take=_hours(_triage),
    ),
    Measure(
        id="triage_hours_per_hundred",
        name="Hours of triage per 100 tickets",
        theme=Theme.PEOPLE,
        unit=Unit.HOURS,
        kind=Kind.MEAN,
        formula="100 x hours of triage until then / tickets resolved; counted at the first "
        "resolution",
        excluded="what an article answered, what asked for nothing, what is still open",
        take=_triage_per_hundred,
        target=1.0,
        estimate=ASSUMED,
    ),
    _HOURS(
        id="clinical_admin_hours",
        name="Hours of clinicians at office work",
        formula="sum of the sittings of clinicians at tickets whose verdict names no clinical "
        "team, in hours; a clinician is who sits in a clinical queue or is on the roster of one",
        excluded="tickets without a verdict; office work inside a clinical ticket",
        take=_hours(_clinical_admin),
        compare="draft replies: support staff 23 s and clinicians 3 s less per message (13 "
        "specialties, 2025); timed by the record system, another thing than ours",
    ),
    Measure(
        id="staff_minutes",
        name="Minutes of staff per ticket",
        theme=Theme.PEOPLE,
        unit=Unit.MINUTES,
        kind=Kind.SPREAD,
        formula="sum of the sittings until then, per ticket; counted at the first resolution",
        excluded="what an article answered, what asked for nothing, what is still open",
        take=_staff_minutes,
        estimate=ASSUMED,
    ),
)
