"""What it takes to measure 100,000 tickets: their whole ledger gathered from signed copies, day
after day as functions/review does, and the figures of a month. Says how many events there were and
how many were read, and whether the figures are those that the script of the tickets says.

CPU time, because neighbours on the machine change it least; and memory, because a function has only
so much.

    python -m bench.measures [tickets]
"""

import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.builders import OFFICE_WEEK
from tests.generated_answers import answers
from tests.generated_ledger import events_of
from tests.generated_plots import CLINICIANS, GO_LIVE, ZONES, plots
from tests.ledgers import LocalKey
from tests.measured import Reports
from triagewire.clock.calendar import Calendar
from triagewire.flow.checkpointing import make_checkpoint
from triagewire.flow.measuring import gather, lives_since
from triagewire.ledger.copies import EVENTS, copy_key, lines_in
from triagewire.ledger.lines import from_line, to_line
from triagewire.lockbox import Stored
from triagewire.measures.figures import Asked, report
from triagewire.measures.measure import Around
from triagewire.measures.period import Period
from triagewire.measures.report import Report
from triagewire.trusted_keys import genuine_by

TICKETS = 100_000
IN_A_COPY = 1_000
KEY = LocalKey()
MARCH = Period(first=date(2026, 3, 1), last=date(2026, 3, 31))
CALENDARS = {site: Calendar(zone=zone, week=OFFICE_WEEK) for site, zone in ZONES.items()}
AROUND = Around(
    calendar=lambda site, _version: CALENDARS[site],
    clinical=dict.fromkeys(ZONES, frozenset({"clinical"})),
    clinicians=dict.fromkeys(ZONES, frozenset(CLINICIANS)),
    zones=ZONES,
)


class Disk:
    """A locked bucket in a folder, which counts how often each copy of events is read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = MARCH.begins("UTC")
        self.times: dict[str, datetime] = {}
        self.events_read = 0

    def put_once(self, key: str, body: bytes) -> bool:
        """Store an object where none is."""
        self._at(key).write_bytes(body)
        self.times[key] = self.now
        return True

    def read(self, key: str) -> bytes:
        """The bytes of an object."""
        body = self._at(key).read_bytes()
        if key.startswith(EVENTS):
            self.events_read += body.count(b"\n")
        return body

    def read_all(self, keys: Iterable[str]) -> Iterator[bytes]:
        """The bytes of several objects, uncounted: a checkpoint reads them, not a measure."""
        yield from (self._at(key).read_bytes() for key in keys)

    def after(self, prefix: str, key: str = "") -> Iterator[Stored]:
        """The objects under a prefix that sort after a key."""
        for each in sorted(self.times):
            if each.startswith(prefix) and each > key:
                yield Stored(each, self.times[each])

    def folders(self, prefix: str) -> tuple[str, ...]:
        """The folders right under a prefix."""
        under = {
            each.removeprefix(prefix).split("/")[0]
            for each in self.times
            if each.startswith(prefix)
        }
        return tuple(sorted(f"{prefix}{each}/" for each in under))

    def _at(self, key: str) -> Path:
        return self.folder / key.replace("/", "_")


def write_days(count: int, folder: Path) -> tuple[list[Path], int]:
    """The events of so many tickets as lines, in a file for each day."""
    days: dict[str, list[str]] = defaultdict(list)
    total = 0
    for number, plot in enumerate(plots(count), start=1):
        for event in events_of(plot):
            days[event.at.date().isoformat()].append(to_line(event))
            total += 1
        if number % 2_000 == 0:
            _flush(days, folder)
    _flush(days, folder)
    return sorted(folder.glob("*.day")), total


def _flush(days: dict[str, list[str]], folder: Path) -> None:
    for day, lines in days.items():
        with (folder / f"{day}.day").open("a") as file:
            file.writelines(f"{line}\n" for line in lines)
    days.clear()


def gather_all(box: Disk, kept: Reports, days: list[Path]) -> tuple[float, float, int]:
    """Sign and gather day after day; returns the CPU seconds of all, of the last day, and how many
    events were counted.
    """
    took = last = 0.0
    counted = 0
    for day in days:
        lines = lines_in(day.read_bytes())
        for begins in range(0, len(lines), IN_A_COPY):
            body = "".join(f"{line}\n" for line in lines[begins : begins + IN_A_COPY]).encode()
            box.now = max(from_line(line).at for line in lines[begins : begins + IN_A_COPY])
            box.put_once(copy_key(box.now, body), body)
        box.now += timedelta(minutes=10)
        make_checkpoint(box, KEY, box.now)
        begun = time.process_time()
        gathered = gather(box, kept, genuine_by([KEY.pem.encode()]))
        last = time.process_time() - begun
        took += last
        counted = gathered.gathering.events
    return took, last, counted


def wrong(found: Report, count: int) -> list[str]:
    """The measures whose number of samples in a cell is not what the script says."""
    said = answers(plots(count))
    days = range(MARCH.first.toordinal(), MARCH.last.toordinal() + 1)
    off = []
    for cell in found.cells:
        for name, figure in cell.figures.items():
            own = sum(day.toordinal() in days for day, _ in said[cell.by.value, cell.of][name])
            if own != figure.n:
                off.append(f"{cell.by.value}={cell.of}: {name} has {figure.n}, not {own}")
    return off


def main(arguments: list[str]) -> int:
    """Print what it took; 1 where an event was read twice or a measure is wrong."""
    count = int(arguments[0]) if arguments else TICKETS
    with TemporaryDirectory() as name:
        days, events = write_days(count, Path(name))
        box, kept = Disk(Path(name)), Reports()
        took, last, counted = gather_all(box, kept, days)
    begun = time.process_time()
    gathered, lives = lives_since(kept, MARCH.begins("UTC") - timedelta(days=60))
    loaded = time.process_time() - begun
    asked = Asked(period=MARCH, around=AROUND, go_live=GO_LIVE)
    begun = time.process_time()
    found = report(lives.values(), asked, gathered.trust, box.now)
    figured = time.process_time() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} tickets, {events} events on {len(days)} days")
    print(f"events read from copies {box.events_read}, once each: {box.events_read == events}")
    print(f"events counted {counted}; the rest follow an altered one, or tell a person of a page")
    print(
        f"gathering {took:.1f} s of CPU, {took / events * 1e6:.0f} µs an event; last {last:.1f} s"
    )
    print(f"lives read again {loaded:.1f} s; figures of March {figured:.1f} s; most {most:.0f} MB")
    size = sum(map(len, kept.bodies.values())) / 1e6
    print(f"lives take {size:.1f} MB in {len(kept.bodies)} objects")
    off = wrong(found, count)
    print("\n".join(off[:10]) or "every measure has the samples that the script says")
    return int(bool(off) or box.events_read != events)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
