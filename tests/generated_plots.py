"""Made-up tickets whose whole story is decided before any event is written: what happens to each,
when, and by whom. Times are minutes after the receipt.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONES = {"north": "America/New_York", "west": "America/Los_Angeles"}
FIRST = datetime(2026, 2, 20)  # noqa: DTZ001 a wall time of the site
DAYS = 42
"""Six weeks around March 2026: the clocks go forward on the 8th."""
GO_LIVE = {"west": datetime(2026, 3, 10, 7, tzinfo=UTC)}
WORKERS = {"clinical": "nick", "billing": "bela", "scheduling": "sami", "it": "ivo"}
VERDICTS = {
    "clinical": "clinical",
    "billing": "billing",
    "scheduling": "scheduling",
    "it": "it_ehr",
    "review": "",
}
TOPICS = {"clinical": "symptom", "billing": "billing", "scheduling": "appointment", "it": "access"}
CLINICIANS = ("nick", "nora", "rhea")
"""`rhea` judges reviews and is on the clinical roster too."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A person at a ticket from one minute to another, and what they do there; "look" is nothing
    more than that.
    """

    member: str
    team: str
    begins: float
    ends: float
    deed: str


@dataclass(frozen=True, slots=True)
class End:
    """A resolution: when, how, by whom, in which queue, in time or not, and when opened again."""

    at: float
    outcome: str
    by: str
    team: str
    in_time: bool = True
    reopened: float | None = None


@dataclass(slots=True)
class Plot:
    """One ticket. `fate` says what is special of it: `plain`, `article`, `program`, `open`,
    `merged`, `robot`, `unreadable`, `read_again` or `broken`.
    """

    id: str
    site: str
    received: datetime
    fate: str
    channel: str
    language: str
    score: int
    candidate: int
    scored_for: str
    """The queue for which scoring takes it."""
    teams: list[str]
    """The queues in which it stands, one after the other."""
    review: bool = False
    part_of: str = ""
    visits: list[Visit] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    answered: tuple[float, str, bool] | None = None
    label: tuple[int, str, str] | None = None
    """Score, team and topic that a person gave."""
    page: tuple[float, float] | None = None
    """When it left and when it was heard."""
    misroute: float | None = None
    hand_back: float | None = None
    reminded: float | None = None
    late: float | None = None
    escalated: float | None = None
    settled_late: float | None = None
    wait: tuple[float, float] | None = None
    surveyed: float | None = None
    rated: int = 0
    repeats: list[tuple[float, str, bool]] = field(default_factory=list)
    """Other tickets merged into it: when, which, and whether they say the same again."""
    undelivered: float | None = None
    closed: float | None = None

    @property
    def urgency(self) -> int:
        """What it is worked at first."""
        return max(self.score, self.candidate) if self.review else self.score

    @property
    def last_urgency(self) -> int:
        """What it is worked at once a person has judged it."""
        return self.label[0] if self.label else self.urgency

    def at(self, minute: float) -> datetime:
        """A moment of its story."""
        return self.received + timedelta(minutes=minute)


def plots(count: int, seed: int = 7) -> Iterator[Plot]:
    """So many tickets, in the order in which they come in; the same ones for the same seed."""
    dice = Random(seed)
    for number in range(count):
        wall = FIRST + timedelta(minutes=number * DAYS * 1440 / count)
        yield from _story(Random(dice.random()), f"T{number:06d}", wall)


def _story(dice: Random, name: str, wall: datetime) -> Iterator[Plot]:
    site = dice.choice(("north", "north", "west"))
    received = wall.replace(tzinfo=ZoneInfo(ZONES[site])).astimezone(UTC)
    score = dice.choice((1, 2, 2, 2, 3, 3, 4, 4, 5))
    team = "clinical" if score >= 4 else dice.choice(("billing", "scheduling", "it"))
    fate = dice.choices(
        ("plain", "article", "program", "open", "robot", "unreadable", "read_again", "broken"),
        (80, 6, 3, 4, 3, 1, 1, 1),
    )[0]
    plot = Plot(
        id=name,
        site=site,
        received=received,
        fate=fate,
        channel=dice.choice(("ehr", "email", "phone")),
        language=dice.choice(("", "", "", "es")),
        score=score,
        candidate=min(5, score + dice.choice((0, 0, 1, 2))),
        scored_for=team,
        teams=[team],
        part_of=f"{name}-lead" if dice.random() < 0.04 else "",
    )
    _TELL.get(fate, _plain)(plot, dice)
    yield plot
    for minute, other, _ in plot.repeats:
        yield Plot(
            id=other,
            site=site,
            received=plot.at(minute),
            fate="merged",
            channel=plot.channel,
            language="",
            score=score,
            candidate=score,
            scored_for=team,
            teams=[],
            part_of=name,
        )


def _plain(plot: Plot, dice: Random) -> None:
    if plot.score == 5:
        plot.page = (0.1 + dice.randint(1, 20) / 60, float(dice.randint(2, 9)))
        plot.visits.append(Visit("nora", plot.teams[0], plot.page[1], plot.page[1], "hear"))
    elif dice.random() < 0.25:
        plot.review = True
    minute = float(dice.randint(10, 600))
    minute = _before_work(plot, dice, minute)
    minute = _trouble(plot, dice, minute)
    _work(plot, dice, minute)
    _afterwards(plot, dice)


def _before_work(plot: Plot, dice: Random, minute: float) -> float:
    """A look of somebody, a review, a hand-back, a move to the right team."""
    team = plot.teams[0]
    if plot.review:
        plot.teams.insert(0, "review")
    if dice.random() < 0.2:
        begins = -3.0 if dice.random() < 0.1 and plot.page is None else minute
        plot.visits.append(Visit("lena", plot.teams[0], begins, begins, "look"))
        minute += 15
    if plot.review:
        given = dice.choice((plot.score, plot.score, plot.candidate, max(1, plot.score - 1)))
        to = dice.choice((team, team, "clinical" if given >= 4 else "billing"))
        plot.label = (given, VERDICTS[to], TOPICS[to])
        plot.teams[1] = to
        plot.visits.append(Visit("rhea", "review", minute, minute + 2, "review"))
        minute += 20
    if dice.random() < 0.12:
        plot.hand_back = minute
        minute += 45
    if dice.random() < 0.1:
        here = plot.teams[-1]
        to = dice.choice([each for each in WORKERS if each != here])
        plot.misroute = minute + 1.5
        plot.visits.append(Visit(WORKERS[here], here, minute, minute + 1.5, "hand_on"))
        plot.teams.append(to)
        minute += 20
    return minute


def _trouble(plot: Plot, dice: Random, minute: float) -> float:
    if dice.random() < 0.25:
        plot.reminded = minute
        minute += 1
    if dice.random() < 0.2:
        plot.late = minute
        minute += 1
        if dice.random() < 0.5:
            plot.escalated = minute + 30
            minute += 31
    return minute


def _work(plot: Plot, dice: Random, minute: float) -> None:
    """An answer and a resolution, in one sitting or in two."""
    team = plot.teams[-1]
    who, outcome = WORKERS[team], "not_needed" if dice.random() < 0.06 else "done"
    how = dice.choice(("called", "replied", "")) if outcome == "done" else ""
    plot.visits.append(Visit(who, team, minute, minute + 5, "work"))
    end = minute + 5
    if how:
        plot.answered = (minute + 3, how, plot.late is None)
    if dice.random() < 0.5:
        if dice.random() < 0.6:
            plot.wait = (minute + 5, minute + 5 + dice.randint(200, 3000))
            minute = plot.wait[1] - 1
        else:
            minute += dice.randint(60, 900)
        if dice.random() < 0.3:
            plot.settled_late = minute - 5
        end = minute + 3
        plot.visits.append(Visit(who, team, minute, end, "finish"))
    if plot.answered is None:
        plot.answered = (end, outcome, plot.late is None)
    plot.ends.append(End(end, outcome, who, team, plot.settled_late is None))


def _afterwards(plot: Plot, dice: Random) -> None:
    end, team = plot.ends[0], plot.teams[-1]
    if dice.random() < 0.12:
        again = end.at + dice.randint(30, 4000)
        plot.ends[0] = End(end.at, end.outcome, end.by, end.team, end.in_time, again)
        done = again + dice.randint(30, 900)
        plot.visits.append(Visit(WORKERS[team], team, done, done + 4, "work_again"))
        plot.ends.append(End(done + 4, "answered", WORKERS[team], team))
    last = plot.ends[-1].at
    if dice.random() < 0.4:
        plot.surveyed = last + 60
        plot.rated = dice.choice((0, 1, 3, 4, 5, 5))
    if dice.random() < 0.1:
        plot.undelivered = last + 70
    for number in range(dice.choice((0, 0, 0, 0, 1, 2))):
        plot.repeats.append((5.0 + number, f"{plot.id}-{number}", dice.random() < 0.6))
    if dice.random() < 0.5:
        plot.closed = last + 7 * 1440


def _article(plot: Plot, dice: Random) -> None:
    plot.ends.append(End(0.05, "answered_automatically", "", plot.teams[0]))
    if dice.random() < 0.3:
        plot.ends[0] = End(0.05, "answered_automatically", "", plot.teams[0], reopened=40.0)
        _work(plot, dice, 90.0)
        _afterwards_of_article(plot)


def _afterwards_of_article(plot: Plot) -> None:
    plot.surveyed, plot.rated = plot.ends[-1].at + 60, 2


def _program(plot: Plot, dice: Random) -> None:
    plot.ends.append(End(float(dice.randint(3, 20)), "done_automatically", "", plot.teams[0]))


def _open(plot: Plot, dice: Random) -> None:
    if dice.random() < 0.5:
        plot.visits.append(Visit("lena", plot.teams[0], 30.0, 30.0, "look"))
    if dice.random() < 0.4:
        plot.late = 300.0


def _read_again(plot: Plot, dice: Random) -> None:
    plot.teams, plot.scored_for = ["review"], "review"
    plot.ends.append(End(float(dice.randint(60, 600)), "redriven", "", "review"))


def _unreadable(plot: Plot, dice: Random) -> None:
    plot.teams, plot.scored_for = ["review"], "review"


_TELL = {
    "article": _article,
    "program": _program,
    "open": _open,
    "unreadable": _unreadable,
    "read_again": _read_again,
}
