"""Reports are made once of what is over, whatever failed on the way, and told of once."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from tests.builders import MONDAY_MORNING, a_policy, a_site
from tests.measured import Desk, Reports
from triagewire.flow.reviewing import Known, Reviewing, is_overdue, make
from triagewire.ledger.event import Action
from triagewire.measures.due import Due, Each
from triagewire.measures.encoded import Filed, from_json
from triagewire.policy.model import Policy, PublishedPolicy
from triagewire.trends.finding import Finding, Kind

DAY = 24 * 60.0
MONDAY, TUESDAY = "2026-03-02", "2026-03-03"
FORMS = ("csv", "html", "json", "pdf")
ONE_SITE = Policy(group="lakeside", sites={"north": a_site()}, rules={})
MISROUTES = Finding(
    id="misroute-billing",
    kind=Kind.MISROUTE,
    site="north",
    title="4 of 9 tickets of rule billing-copay went to scheduling first",
    weight=32.0,
    n=4,
)


class BrokenError(Exception):
    """What S3, SNS or a report may raise."""


@dataclass
class Failing(Reports):
    """A bucket that refuses the writes of some objects, so often."""

    refused: str = ""
    times: int = 1

    def write(self, key: str, body: bytes, media_type: str) -> None:
        """Store an object, or not."""
        if self.refused and self.refused in key and self.times:
            self.times -= 1
            raise BrokenError(key)
        super().write(key, body, media_type)


@dataclass
class Office:
    """A desk whose reports are made, and who was told of them."""

    desk: Desk = field(default_factory=lambda: Desk(kept=Failing()))
    told: list[str] = field(default_factory=list)
    policy: Policy = ONE_SITE
    begun: int = 1_000

    @property
    def kept(self) -> Failing:
        """The bucket of reports."""
        assert isinstance(self.desk.kept, Failing)
        return self.desk.kept

    def ticket(self, name: str, day: float, site: str = "north") -> None:
        """A ticket that comes so many days after Monday morning, and is answered."""
        self.desk.happens(name, day * DAY, Action.RECEIVED, "source:form", site=site)
        self.desk.happens(name, day * DAY + 25, Action.RESPONDED, "staff:bela", in_time=True)

    def signed_until(self, days: float) -> None:
        """Let the ledger be signed for and gathered, so many days after Monday morning."""
        self.desk.box.now = MONDAY_MORNING + timedelta(days=days)
        self.desk.signed()

    def run(self, each: Each = Each.DAILY) -> dict[str, int]:
        """What the function does at its time."""
        return make(self.reviewing, each)

    @property
    def reviewing(self) -> Reviewing:
        """A run right after the ledger was gathered."""
        return Reviewing(
            kept=self.kept,
            active=PublishedPolicy(version=1, policy=self.policy),
            policy_of=lambda _version: self.policy,
            now=self.desk.box.now + timedelta(minutes=15),
            find=lambda _what, _known, _filed: (MISROUTES,),
            tell=self._tell,
            time_left=self._time_left,
        )

    def files(self, under: str = "reports/north/daily/") -> list[str]:
        """The names of the files that are there."""
        return [key.removeprefix(under) for key in self.kept.keys(under)]

    def _tell(self, what: Due, filed: Filed[Finding]) -> None:
        assert filed.report.period == what.period
        self.told.append(f"{what.site} {what.name}")

    def _time_left(self) -> bool:
        self.begun -= 1
        return self.begun >= 0


@pytest.fixture
def office() -> Office:
    """On Tuesday morning: Monday had a ticket."""
    office = Office()
    office.ticket("A", 0)
    office.signed_until(1)
    return office


def test_yesterday_has_its_report_in_every_form_and_beside_it_the_day_before(
    office: Office,
) -> None:
    assert office.run() == {"made": 2, "told": 1}

    assert office.files() == [f"{MONDAY}.{each}" for each in FORMS]
    assert office.files("reports/_group/daily/") == [f"{MONDAY}.{each}" for each in FORMS]
    filed = from_json(office.kept.bodies[f"reports/north/daily/{MONDAY}.json"], Finding)
    assert filed.before is not None
    now, before = filed.report.cell(), filed.before.cell()
    assert now is not None
    assert before is not None
    assert now.figures["first_response"].value == 25.0
    assert before.figures["first_response"].n == 0


def test_a_second_run_makes_nothing_and_tells_nobody(office: Office) -> None:
    office.run()
    bodies = dict(office.kept.bodies)

    assert office.run() == {"made": 0, "told": 0}
    assert office.kept.bodies == bodies
    assert office.told == [f"north {MONDAY}"]


def test_nothing_is_made_of_a_day_until_whose_end_the_ledger_is_not_signed_for() -> None:
    office = Office()
    office.ticket("A", 0)
    office.signed_until(0.6)  # midnight at the clinic is at 0.625
    late = replace(office.reviewing, now=MONDAY_MORNING + timedelta(days=1))

    make(late, Each.DAILY)

    assert f"{MONDAY}.json" not in office.files()


def test_what_an_outage_left_out_is_made_after_it_and_only_the_newest_is_told_of(
    office: Office,
) -> None:
    office.ticket("B", 2)
    office.signed_until(4)

    office.run()

    days = [name for name in office.files() if name.endswith(".json")]
    assert days == [f"2026-03-0{each}.json" for each in (2, 3, 4, 5)]
    assert office.told == ["north 2026-03-05"]


def test_no_report_is_made_of_days_before_the_first_ticket_but_for_yesterday() -> None:
    office = Office()
    office.ticket("A", 5)
    office.signed_until(1)

    office.run()

    assert [name for name in office.files() if name.endswith(".json")] == [f"{MONDAY}.json"]


def test_the_newest_reports_are_made_first_where_time_is_short(office: Office) -> None:
    office.ticket("B", 2)
    office.signed_until(3)
    office.begun = 2

    assert office.run() == {"made": 2, "told": 1}
    assert {name[:10] for name in office.files()} == {"2026-03-04"}
    office.begun = 1_000
    office.run()
    assert {name[:10] for name in office.files()} == {MONDAY, TUESDAY, "2026-03-04"}


@pytest.mark.parametrize("form", FORMS)
def test_a_run_that_dies_between_two_files_is_made_up_for_by_the_next(
    office: Office, form: str
) -> None:
    office.kept.refused = f"reports/north/daily/{MONDAY}.{form}"

    with pytest.raises(BrokenError):
        office.run()
    assert f"{MONDAY}.json" not in office.files()
    assert office.files("reports/_group/daily/") == [f"{MONDAY}.{each}" for each in FORMS]
    office.run()

    assert office.files() == [f"{MONDAY}.{each}" for each in FORMS]
    assert office.told == [f"north {MONDAY}"]


def test_who_was_not_told_is_told_by_the_next_run(office: Office) -> None:
    working, calls = office._tell, 0

    def failing(what: Due, filed: Filed[Finding]) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise BrokenError
        working(what, filed)

    run = replace(office.reviewing, tell=failing)
    with pytest.raises(BrokenError):
        make(run, Each.DAILY)
    make(run, Each.DAILY)

    assert office.told == [f"north {MONDAY}"]


def test_two_runs_at_once_leave_what_one_would(office: Office) -> None:
    def other(_what: Due, _known: Known, _filed: Filed[Finding]) -> tuple[Finding, ...]:
        office.run(Each.WEEKLY)
        return (MISROUTES,)

    office.signed_until(7)
    make(replace(office.reviewing, find=other), Each.WEEKLY)

    alone = Office()
    alone.ticket("A", 0)
    alone.signed_until(1)
    alone.signed_until(7)
    alone.run(Each.WEEKLY)
    weekly = {key: body for key, body in office.kept.bodies.items() if "/weekly/" in key}
    assert weekly == {key: body for key, body in alone.kept.bodies.items() if "/weekly/" in key}


def test_a_trend_review_holds_its_findings(office: Office) -> None:
    office.signed_until(7)

    office.run(Each.WEEKLY)

    place = "reports/north/weekly/2026-W10.json"
    assert from_json(office.kept.bodies[place], Finding).findings == (MISROUTES,)
    assert b"billing-copay" in office.kept.bodies[place.replace("json", "html")]


def test_each_site_has_the_report_of_its_own_day() -> None:
    office = Office(policy=a_policy())
    office.ticket("A", 0)
    office.signed_until(0.7)  # it is Tuesday in New York, and Monday still in Los Angeles

    office.run()

    assert f"{MONDAY}.json" in office.files()
    assert f"{MONDAY}.json" not in office.files("reports/west/daily/")
    assert f"{MONDAY}.json" not in office.files("reports/_group/daily/")


def test_a_report_of_a_broken_ledger_says_so(office: Office) -> None:
    desk = office.desk
    (key, *_) = [each for each in desk.box.bodies if each.startswith("events/")]
    desk.box.bodies[key] = desk.box.bodies[key].replace(b"source:form", b"source:fork", 1)
    del office.kept.bodies["lives/open.jsonl.gz"]
    desk.signed()

    office.run()

    filed = from_json(office.kept.bodies[f"reports/north/daily/{MONDAY}.json"], Finding)
    assert not filed.report.trust.whole


def test_a_day_without_a_report_is_overdue_26_hours_after_its_end(office: Office) -> None:
    lives = office.desk.signed().gathering.lives
    late = MONDAY_MORNING + timedelta(hours=15 + 26, minutes=10)
    run = replace(office.reviewing, now=late)

    assert not is_overdue(replace(run, now=late - timedelta(minutes=1)), lives)
    assert is_overdue(run, lives)
    office.run()
    assert not is_overdue(run, lives)


def test_a_site_that_had_no_ticket_yet_has_no_report_overdue(office: Office) -> None:
    run = replace(office.reviewing, now=MONDAY_MORNING + timedelta(days=3))

    assert not is_overdue(run, {})
