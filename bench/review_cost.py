"""What measures and reviews cost: work that is measured here, times list prices.

The tickets are generated, so that sizes and CPU times are of lives that went through all there is;
everything else is arithmetic, whose every assumption is a constant of this file.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.builders import OFFICE_WEEK
from tests.generated_ledger import events_of
from tests.generated_plots import CLINICIANS, FIRST, GO_LIVE, ZONES, plots
from triagewire.clock.calendar import Calendar
from triagewire.ledger.copies import batch, events_in
from triagewire.measures.figures import Asked, report
from triagewire.measures.gathering import Gathering
from triagewire.measures.kept import Mark, from_file, to_file
from triagewire.measures.measure import Around
from triagewire.measures.period import A_DAY, week_of
from triagewire.measures.report import Trust

TICKETS = 5_000
A_BATCH = 100

# Prices, us-east-1, list; without any free tier.
GB_SECOND = 0.0000166667
LAMBDA_CALL = 0.20 / 1e6
GET = 0.0004 / 1e3
PUT_OR_LIST = 0.005 / 1e3
GB_MONTH = 0.023
MAIL = 2.0 / 1e5
MOST_A_MONTH = 1.0
"""Dollars: what a group of 30 providers may pay a month at most; cents are meant."""

# The function: 1,769 MB are a core, and it uses one.
GB = 2.0
CORE = 1.0
S3_SECONDS = 0.03
COLD_SECONDS = 1.5
COPIES_AT_ONCE = 16

# A group.
SITES = 3
LEADS = 4
EVENTS_A_TICKET = 22
EVENTS_A_COPY = 2
"""Those of one transaction are copied together; quiet hours have few others to go with."""
DAYS_KEPT = 37
"""A life stays at hand for 35 days after its closing."""
DAYS_READ = 40
CHECKPOINTS_A_DAY = 288
RUNS_A_DAY = 24 + 5 + 5
DAYS_OF_VERSIONS = 2
REPORT_BYTES = 400_000
"""A report in its four forms, an assumption: a generated month of 3,000 takes 660 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """CPU seconds and bytes of one event, one life and one look of a report at one life."""

    event: float
    life: float
    look: float
    stored: float
    events: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Dollars, by what they are paid for."""

    lambdas: float
    reads: float
    writes: float
    storage: float
    mails: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.lambdas + self.reads + self.writes + self.storage + self.mails


def measure(tickets: int) -> Measured:
    """Gather generated tickets, keep them, and report on one of their weeks."""
    events = [event for plot in plots(tickets) for event in events_of(plot)]
    copies = [batch(events[at : at + A_BATCH]) for at in range(0, len(events), A_BATCH)]
    gathering = Gathering()
    read = _seconds(lambda: gathering.take_all(each for body in copies for each in events_in(body)))
    if gathering.events < tickets:
        raise SystemExit("the lives do not hold the ledger")
    files: list[bytes] = []
    kept = _seconds(lambda: files.append(to_file(Mark(), gathering)))
    kept += _seconds(lambda: from_file(files[0]))
    until = max(event.at for event in events)
    calendars = {site: Calendar(zone=zone, week=OFFICE_WEEK) for site, zone in ZONES.items()}
    asked = Asked(
        period=week_of((FIRST + 21 * A_DAY).date()),
        around=Around(
            calendar=lambda site, _version: calendars[site],
            clinical=dict.fromkeys(ZONES, frozenset({"clinical"})),
            clinicians=dict.fromkeys(ZONES, frozenset(CLINICIANS)),
            zones=ZONES,
        ),
        go_live=GO_LIVE,
    )
    trust = Trust(until=until, checkpoint=1)
    look = _seconds(lambda: report(gathering.lives.values(), asked, trust, until))
    return Measured(
        event=read / len(events),
        life=kept / len(gathering.lives),
        look=look / len(gathering.lives),
        stored=len(files[0]) / len(gathering.lives),
        events=len(events) / tickets,
    )


def month(tickets_a_day: int, measured: Measured, days: int = 30) -> Bill:
    """What so many days of a group cost, every event read once."""
    lives, events = tickets_a_day * DAYS_KEPT, tickets_a_day * EVENTS_A_TICKET
    copies = events / EVENTS_A_COPY
    gathering = _lambda(
        cpu=24 * 2 * lives * measured.life + events * measured.event,
        waits=S3_SECONDS * (CHECKPOINTS_A_DAY + copies / COPIES_AT_ONCE + 24 * 5),
        calls=24,
    )
    looks = 2 * 2 * tickets_a_day * DAYS_READ  # all sites together and each alone; and before it
    daily = looks * (1 + 1 / 7) * measured.look
    reports = (1 + 1 / 7) * (SITES + 1)
    reporting = _lambda(
        cpu=daily + 10 * lives * measured.life,
        waits=S3_SECONDS * (10 * DAYS_READ + reports * 8),
        calls=RUNS_A_DAY - 24,
    )
    kept_gb = lives * measured.stored * (1 + 24 * DAYS_OF_VERSIONS) / 1e9
    reports_gb = reports * REPORT_BYTES * days / 1e9
    return Bill(
        lambdas=days * (gathering + reporting),
        reads=days * GET * (CHECKPOINTS_A_DAY + copies + 24 * 3 + 10 * DAYS_READ),
        writes=days * PUT_OR_LIST * (24 * 4 + reports * 5 + 10 * (SITES + 2)),
        storage=GB_MONTH * (kept_gb + reports_gb),
        mails=days * (1 + 1 / 7) * SITES * LEADS * MAIL,
    )


def _lambda(*, cpu: float, waits: float, calls: float) -> float:
    seconds = cpu / CORE + waits + calls * COLD_SECONDS
    return seconds * GB * GB_SECOND + calls * LAMBDA_CALL


def _seconds(work: Callable[[], object]) -> float:
    begins = time.process_time()
    work()
    return time.process_time() - begins


def _print(measured: Measured) -> float:
    print(f"read and fold one event    {measured.event * 1e6:7.0f} us of CPU")
    print(f"keep and load one life     {measured.life * 1e6:7.0f} us, {measured.stored:.0f} bytes")
    print(f"a report's look at a life  {measured.look * 1e6:7.0f} us")
    print(f"\n{'':34}{'Lambda':>9}{'reads':>9}{'writes':>9}{'storage':>9}{'mail':>9}{'total':>9}")
    whole = month(720, measured, days=139)
    monthly = {each: month(each, measured) for each in (240, 720)}
    rows = {f"a month, {each} tickets a day": bill for each, bill in monthly.items()}
    for name, bill in {**rows, "100,000 tickets, 139 days of 720": whole}.items():
        parts = (bill.lambdas, bill.reads, bill.writes, bill.storage, bill.mails, bill.total)
        print(f"{name:34}" + "".join(f"{each:9.3f}" for each in parts))
    cents = 100 * whole.total / 100_000
    print(f"\n{cents:.4f} cents a ticket; each of {100_000 * EVENTS_A_TICKET:,} events read once")
    return monthly[720].total


def main() -> int:
    """Print the work, the bills and what one ticket costs; 1 when a month costs too much."""
    parser = argparse.ArgumentParser(description="What measures and reviews cost.")
    parser.add_argument("--tickets", type=int, default=TICKETS)
    return int(_print(measure(parser.parse_args().tickets)) > MOST_A_MONTH)


if __name__ == "__main__":
    sys.exit(main())
