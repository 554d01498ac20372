"""Every measure of a generated ledger equals what its script says, by two ways of gathering."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from random import Random

import pytest

from tests.builders import OFFICE_WEEK
from tests.generated_answers import answers, left_out, local_day
from tests.generated_ledger import events_of
from tests.generated_plots import CLINICIANS, GO_LIVE, ZONES, Plot, plots
from tests.ledgers import MemoryBox
from tests.measured import GENUINE, KEY, Reports
from triagewire.clock.calendar import Calendar
from triagewire.flow.checkpointing import make_checkpoint
from triagewire.flow.measuring import gather, lives_since
from triagewire.ledger.copies import batch, copy_key
from triagewire.ledger.event import Event
from triagewire.measures.catalogue import BY_ID, MEASURES
from triagewire.measures.figures import BACKWARDS, Asked, report
from triagewire.measures.gathering import Gathering
from triagewire.measures.life import Life
from triagewire.measures.measure import Around, Kind
from triagewire.measures.period import Period
from triagewire.measures.report import By, Report, Trust

COUNT = 300
MARCH = Period(first=date(2026, 3, 1), last=date(2026, 3, 31))
CALENDARS = {site: Calendar(zone=zone, week=OFFICE_WEEK) for site, zone in ZONES.items()}
AROUND = Around(
    calendar=lambda site, _version: CALENDARS[site],
    clinical=dict.fromkeys(ZONES, frozenset({"clinical"})),
    clinicians=dict.fromkeys(ZONES, frozenset(CLINICIANS)),
    zones=ZONES,
)
ASKED = Asked(period=MARCH, around=AROUND, go_live=GO_LIVE)
REASONS = {
    "verify": "its ledger does not verify",
    "go-live": "from before go-live",
    "merged": "merged into another ticket",
    "robot": "written by a robot",
    "unreadable": "unreadable, and settled by what it was read as since",
}


@cache
def told() -> tuple[Plot, ...]:
    return tuple(plots(COUNT))


@cache
def ledger() -> tuple[Event, ...]:
    return tuple(event for plot in told() for event in events_of(plot))


@cache
def expected() -> Mapping[tuple[str, str], Mapping[str, list[tuple[date, float]]]]:
    return answers(told())


@cache
def recomputed() -> Report:
    """From all events in one go, shuffled and some of them twice."""
    events = [*ledger(), *ledger()[::3]]
    Random(3).shuffle(events)
    gathering = Gathering()
    gathering.take_all(events)
    return _reported(gathering.lives)


@cache
def incremental() -> Report:
    """From signed copies, checkpoint after checkpoint, saved and loaded in between."""
    box, kept = MemoryBox(), Reports()
    by_time = sorted(ledger(), key=lambda event: (event.at, event.subject, event.sequence))
    size = len(by_time) // 12
    for begins in range(0, len(by_time), size):
        events = by_time[begins : begins + size]
        body = batch(events)
        box.now = events[-1].at
        box.put_once(copy_key(box.now, body), body)
        box.now += timedelta(minutes=5)
        make_checkpoint(box, KEY, box.now)
        gathered = gather(box, kept, GENUINE)
    assert gathered.gathering.events > COUNT * 5
    return _reported(lives_since(kept, MARCH.begins("UTC"))[1])


def _reported(lives: Mapping[str, Life]) -> Report:
    until = max(event.at for event in ledger())
    return report(lives.values(), ASKED, Trust(until=until, checkpoint=12), until)


@pytest.mark.parametrize("measure", [each.id for each in MEASURES])
def test_a_measure_is_what_the_script_says_in_every_cell(measure: str) -> None:
    kind = BY_ID[measure].kind
    counted = 0
    for cell in recomputed().cells:
        said = [v for day, v in expected()[cell.by.value, cell.of][measure] if _in_march(day)]
        figure = cell.figures[measure]
        counted += figure.n
        assert figure.n == len(said), cell
        assert figure.value == pytest.approx(_value(kind, said), abs=1e-6), (cell.by, cell.of)
        if kind is Kind.SPREAD and said:
            assert figure.p90 == pytest.approx(_nearest(said, 0.9)), (cell.by, cell.of)
    assert counted > 0, "no ticket of the script gives this measure anything"


@pytest.mark.parametrize("measure", [each.id for each in MEASURES])
def test_so_it_is_on_every_day_of_the_site(measure: str) -> None:
    said = expected()["all", ""][measure]
    for day, figures in recomputed().days.items():
        of_day = [value for on, value in said if on.isoformat() == day]
        assert figures[measure].n == len(of_day), day
        assert figures[measure].value == pytest.approx(
            _value(BY_ID[measure].kind, of_day), abs=1e-6
        ), day


def test_the_script_says_every_measure_and_no_other() -> None:
    said = {name for measures in expected().values() for name in measures}

    assert said == set(BY_ID)


def test_gathered_bit_by_bit_it_is_the_same_as_in_one_go() -> None:
    assert incremental() == recomputed()


def test_what_is_left_out_is_counted_by_its_reason() -> None:
    out = [left_out(each) for each in told() if _in_march(local_day(each, each.received))]

    assert recomputed().left_out == {
        why: out.count(word) for word, why in REASONS.items() if word in out
    }
    assert len(recomputed().left_out) == len(REASONS)


def test_a_clock_that_ran_backwards_is_told() -> None:
    odd = [
        each
        for each in told()
        if not left_out(each)
        and _in_march(local_day(each, each.received))
        and any(visit.begins < 0 for visit in each.visits)
    ]

    assert recomputed().odd == {BACKWARDS: len(odd)}


def test_the_load_of_everybody_is_what_they_did() -> None:
    known = [each for each in told() if left_out(each) not in ("verify", "go-live")]
    visits = [
        (each.site, visit)
        for each in known
        for visit in each.visits
        if _in_march(local_day(each, each.at(visit.begins)))
    ]
    for load in recomputed().members:
        own = [v for site, v in visits if (site, v.member) == (load.site, load.member)]
        assert load.touches == len(own)
        assert load.minutes == pytest.approx(sum(max(1, v.ends - v.begins) for v in own), abs=0.051)
    assert sum(load.touches for load in recomputed().members) == len(visits)


def test_what_is_open_at_the_end_has_its_age() -> None:
    still = [each for each in told() if not left_out(each) and _open_at_end(each)]

    found = recomputed()
    assert sum(found.ages.values()) == len(still)
    assert sum(sum(ages.values()) for ages in found.backlog.values()) == len(still)


def test_a_site_alone_is_its_cell_among_all() -> None:
    gathering = Gathering()
    gathering.take_all(ledger())
    asked = Asked(period=MARCH, around=AROUND, site="west", go_live=GO_LIVE)
    trust = recomputed().trust

    west = report(gathering.lives.values(), asked, trust, recomputed().made_at).cell()

    among_all = recomputed().cell(By.SITE, "west")
    assert west is not None
    assert among_all is not None
    assert west.figures == among_all.figures


def _open_at_end(plot: Plot) -> bool:
    ends = MARCH.ends(ZONES[plot.site])
    if plot.received > ends:
        return False
    settled = any(
        plot.at(each.at) <= ends and (each.reopened is None or plot.at(each.reopened) > ends)
        for each in plot.ends
    )
    return not settled


def _in_march(day: date) -> bool:
    return MARCH.first <= day <= MARCH.last


def _value(kind: Kind, values: list[float]) -> float | None:
    if kind is Kind.SUM:
        return sum(values)
    if not values:
        return None
    return _nearest(values, 0.5) if kind is Kind.SPREAD else sum(values) / len(values)


def _nearest(values: list[float], share: float) -> float:
    """The smallest value that so large a share of the values does not exceed."""
    return min(v for v in values if sum(other <= v for other in values) >= share * len(values))
