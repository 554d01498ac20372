"""Reports of measures: the lives of tickets, as they were gathered, become the files of days and
weeks that are over.

What is missing of the last two weeks is made, and what is there is left: a run that dies, or is
called twice, does no harm. Of a report the file for programs is written last: where it is, the
others are.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from triagewire.flow.around_measures import PolicyOf, around, go_live
from triagewire.flow.measuring import Kept, lives_since
from triagewire.measures.due import GROUP, OVERDUE, Due, Each, due, folder
from triagewire.measures.encoded import Filed, from_json
from triagewire.measures.figures import Asked, report
from triagewire.measures.files import MEDIA_TYPES, files_of
from triagewire.measures.life import Life
from triagewire.measures.measure import Around
from triagewire.measures.report import Trust
from triagewire.observability import count, logger
from triagewire.policy.model import PublishedPolicy
from triagewire.trends.finding import Finding

JSON = "json"
TITLES = {Each.DAILY: "Daily report", Each.WEEKLY: "Trend review"}
TOLD = "told/"
"""Of which reports people were told, by the place of their files."""
LIVES = timedelta(days=40)
"""So far back lives are read: two weeks to catch up, a week, and the one before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The lives of a run, how far the ledger behind them can be trusted, and what figures need
    beside them.
    """

    lives: Mapping[str, Life]
    trust: Trust
    around: Around
    since: Mapping[str, datetime]


type Find = Callable[[Due, Known, Filed[Finding]], tuple[Finding, ...]]
type Tell = Callable[[Due, Filed[Finding]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    """What a run works with. `find` gives the findings of a trend review; `tell` tells the leads of
    a site; `time_left` says whether another report may be begun.
    """

    kept: Kept
    active: PublishedPolicy
    policy_of: PolicyOf
    now: datetime
    find: Find
    tell: Tell
    time_left: Callable[[], bool]

    @property
    def zones(self) -> dict[str, tuple[str, ...]]:
        """By site, "" for all of them, the zones in which its days end."""
        known = {name: (site.zone,) for name, site in self.active.policy.sites.items()}
        return {"": tuple(zone for (zone,) in known.values()), **known}


def make(run: Reviewing, each: Each) -> dict[str, int]:
    """Make the reports that are due and not there, and tell of the newest of each site; says how
    many were made, and of how many people were told.

    A report that fails is left to the next run, and the others are made; then its error is raised.
    """
    done = {"made": 0, "told": 0}
    failed: Exception | None = None
    for what, known in _waiting(run, each):
        if not run.time_left():
            logger.warning("reports are left to the next run", kind=each.value)
            break
        try:
            filed = _filed(run, what, known, done)
            if what.newest and what.site:
                _tell_once(run, what, filed, done)
        except Exception as error:
            logger.error("a report failed", site=what.site or GROUP, error=type(error).__name__)
            failed = failed or error
    if failed is not None:
        raise failed
    return done


def is_overdue(run: Reviewing, lives: Mapping[str, Life]) -> bool:
    """Whether a day that ended long ago has no report at a site that had tickets before its end,
    nor has any day after it.
    """
    for site, zones in run.zones.items():
        late = due(Each.DAILY, site, zones, run.now - OVERDUE)[:1]
        for what in late:
            there = _there(run.kept, site, Each.DAILY, what.name)
            if not there and _had_tickets(what, zones, lives):
                return True
    return False


def _waiting(run: Reviewing, each: Each) -> Iterator[tuple[Due, Known]]:
    """The reports to be made or told of, the newest of every site first, and what is known."""
    expected = [what for site, zones in run.zones.items() for what in _open(run, each, site, zones)]
    if not expected:
        return
    gathered, lives = lives_since(run.kept, run.now - LIVES)
    until = gathered.mark.until
    if until is None:
        return
    known = Known(
        lives=lives,
        trust=gathered.trust,
        around=around(run.active, run.policy_of, lives.values()),
        since=go_live(run.active),
    )
    ready = {
        what
        for site, zones in run.zones.items()
        for what in due(each, site, zones, min(until, run.now))
        if what.newest or _had_tickets(what, zones, lives)
    }
    for what in sorted(expected, key=lambda one: (-one.period.first.toordinal(), one.site)):
        found = next((one for one in ready if one.path == what.path), None)
        if found is not None:
            yield found, known


def _open(run: Reviewing, each: Each, site: str, zones: tuple[str, ...]) -> list[Due]:
    """What would be due if the ledger were signed for until now, and is not done."""
    expected = due(each, site, zones, run.now)
    if not expected:
        return []
    there = _there(run.kept, site, each, min(one.name for one in expected))
    return [
        what
        for what in expected
        if what.name not in there
        or (what.newest and site and run.kept.read(TOLD + what.path) is None)
    ]


def _there(kept: Kept, site: str, each: Each, since: str) -> frozenset[str]:
    """The names of the reports of a site that are there, from one name on."""
    begins = folder(site, each)
    keys = kept.keys(begins, begins + since)
    ending = f".{JSON}"
    return frozenset(
        key.removeprefix(begins).removesuffix(ending) for key in keys if key.endswith(ending)
    )


def _had_tickets(what: Due, zones: tuple[str, ...], lives: Mapping[str, Life]) -> bool:
    """Whether any ticket is known that came before a period was over."""
    ends = max(map(what.period.ends, zones))
    return any(
        what.site in ("", life.site) and life.received_at is not None and life.received_at < ends
        for life in lives.values()
    )


def _filed(run: Reviewing, what: Due, known: Known, done: dict[str, int]) -> Filed[Finding]:
    """A report as it is there, or as it is made now."""
    place = f"{what.path}.{JSON}"
    body = run.kept.read(place)
    if body is not None:
        return from_json(body, Finding)
    filed = _made(run, what, known)
    files = files_of(TITLES[what.each], filed)
    for ending in sorted(files, key=lambda one: one == JSON):
        run.kept.write(f"{what.path}.{ending}", files[ending], MEDIA_TYPES[ending])
    done["made"] += 1
    count("ReportsMade")
    return filed


def _made(run: Reviewing, what: Due, known: Known) -> Filed[Finding]:
    now, before = (
        report(
            known.lives.values(),
            Asked(period=period, around=known.around, site=what.site, go_live=known.since),
            known.trust,
            run.now,
        )
        for period in (what.period, what.period.before)
    )
    filed = Filed[Finding](report=now, before=before)
    findings = run.find(what, known, filed) if what.each is Each.WEEKLY else ()
    return Filed[Finding](report=now, before=before, findings=findings)


def _tell_once(run: Reviewing, what: Due, filed: Filed[Finding], done: dict[str, int]) -> None:
    """Tell of a report, and note it. Who dies between the two tells twice, and nobody never."""
    mark = TOLD + what.path
    if run.kept.read(mark) is None:
        run.tell(what, filed)
        run.kept.write(mark, run.now.isoformat().encode(), "text/plain")
        done["told"] += 1
