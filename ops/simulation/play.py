"""Playing a scenario: its events and the sweeps between them, each at its own time.

escalate runs on whole minutes and only when something is due: the clock jumps to that minute, so
that a quiet year costs nothing.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from ops.simulation.quiet import Heard, unheard
from ops.simulation.scenario import Happening, Scenario
from ops.simulation.sheet import Act, Away, Back, Crash, Said
from ops.simulation.timeline import Moment, Timeline
from ops.simulation.world import World
from triagewire.escalation.undelivered import Undelivered

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MOST_SWEEPS = 20_000
"""Two weeks in which every minute something is due: nobody rehearses that on purpose."""
SENDER_COMES_AGAIN = timedelta(seconds=10)
"""When a sender repeats a webhook that got no answer."""
STREAM_COMES_AGAIN = timedelta(seconds=1)
"""When the table's stream hands over a record again whose function died."""


def play(scenario: Scenario) -> Timeline:
    """What happens in a scenario, from its start to its end."""
    with unheard() as heard:
        player = _Player(World(scenario), heard)
        player.play()
    return player.world.timeline


@dataclass(slots=True)
class _Player:
    """The order of things: `_tasks` are all that is to happen but the sweeps, `_looks` are minutes
    at which a sweep is wanted though no timer asks for it.
    """

    world: World
    heard: Heard
    _tasks: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _number: "count[int]" = field(default_factory=count)
    _looks: set[datetime] = field(default_factory=set)
    _swept: datetime | None = None
    _sweeps: int = 0
    _no_sweep_before: datetime | None = None

    def play(self) -> None:
        """Let everything happen in its order."""
        scenario = self.world.scenario
        for each in scenario.happenings:
            self._later(each.at, self._happening(each))
        while (nearest := self._nearest()) is not None and nearest <= scenario.ends:
            self.world.now = nearest
            if self._sweeps == MOST_SWEEPS:
                why = f"after {MOST_SWEEPS} sweeps: it is due again and again"
                self.world.timeline.add(Moment(at=nearest, event="stopped", why=why))
                return
            if self._tasks and self._tasks[0][0] == nearest:
                heapq.heappop(self._tasks)[2]()
            else:
                self._sweep()

    def _nearest(self) -> datetime | None:
        """When the next thing happens; of two at once the sweep comes last."""
        task = self._tasks[0][0] if self._tasks else None
        if task is not None and task <= self._first_minute():
            return task  # no sweep can come before it
        sweep = self._next_sweep()
        return min((each for each in (task, sweep) if each is not None), default=None)

    def _later(self, at: datetime, what: Callable[[], None]) -> None:
        heapq.heappush(self._tasks, (at, next(self._number), what))

    def _happening(self, each: Happening) -> Callable[[], None]:
        """What an event of the scenario does."""
        world, deed = self.world, each.deed

        def happen() -> None:
            self._looks.add(_minute(world.now + MINUTE))
            match deed:
                case Said():
                    self._message(deed, each.site)
                case Act():
                    about = _about(world, each, ticket=deed.ticket, by=deed.by)
                    self._run(lambda: world.staff_act(each.kind, deed, each.until), about)
                case Away() | Back():
                    if each.until:
                        self._looks.add(_minute(each.until))
                    about = _about(world, each, by=deed.by or deed.member)
                    self._run(lambda: world.say(deed, each.site, each.until), about)
                case str():
                    about = _about(world, each)
                    self._run(lambda: world.publish_policy(deed), about)
                    self._looks |= {_minute(world.now) + n * MINUTE for n in range(1, 4)}
                case Crash():
                    world.tape.writes_left = deed.writes
                    world.timeline.add(_about(world, each))
                case _:
                    self._fail(each)

        return happen

    def _fail(self, each: Happening) -> None:
        """Something does not work for a while."""
        if each.kind == "sweeps_stop":
            self._no_sweep_before = each.until
        else:
            self.world.phones.failures.append(each)
        if each.kind == "unsubscribed":  # the sweep looks at the topics once an hour
            seen = [_minute(at + HOUR) for at in (each.at, each.until) if at is not None]
            self._looks.update(seen)
        self.world.timeline.add(_about(self.world, each))

    def _message(self, said: Said, site: str) -> None:
        """A webhook: its sender repeats what got no answer."""
        world = self.world
        about = Moment(at=world.now, event="message", ticket=said.name, site=site)
        if not self._run(lambda: world.hear(said, site), about):
            self._later(world.now + SENDER_COMES_AGAIN, lambda: self._message(said, site))

    def _sweep(self) -> None:
        world = self.world
        self._swept = world.now
        self._sweeps += 1
        self._looks = {each for each in self._looks if each > world.now}
        self._run(world.sweep, Moment(at=world.now, event="sweep"))

    def _run(self, what: Callable[[], None], about: Moment) -> bool:
        """Let a process run, and score_route with what it put into the stream."""
        done = self.world.process(what, about)
        self._complain(about)
        self._take_stream()
        return done

    def _come_back(self, lost: Undelivered) -> None:
        about = Moment(at=self.world.now, event="undelivered", to=(lost.person,))
        self._run(lambda: self.world.come_back(lost), about)

    def _take_stream(self) -> None:
        """score_route takes what is new; what it died of comes again."""
        world = self.world
        while world.tape.inserted:
            record = world.tape.inserted.popleft()
            about = Moment(at=world.now, event="routing")
            if not world.process(partial(world.route, record), about):
                world.tape.inserted.appendleft(record)
                self._later(world.now + STREAM_COMES_AGAIN, self._take_stream)
                break
            self._complain(about)
        for at, lost in world.lost:
            self._later(at, partial(self._come_back, lost))
        world.lost.clear()

    def _complain(self, about: Moment) -> None:
        """What a process could not do, by the words of its log."""
        for problem in self.heard.drained():
            if not problem.endswith("WayDownError"):  # the timeline says `not_sent` of it
                self.world.timeline.add(
                    Moment(at=about.at, event="failed", why=problem, site=about.site)
                )

    def _first_minute(self) -> datetime:
        """The first minute at which escalate may run again."""
        swept = self._swept + MINUTE if self._swept else self.world.now
        return _minute(max(swept, self.world.now, self._no_sweep_before or self.world.now))

    def _next_sweep(self) -> datetime | None:
        """The next minute at which escalate has something to do; None when it never has."""
        due = self.world.tape.first_due()
        wanted = [*self._looks, *([_minute(due)] if due else [])]
        return max(min(wanted), self._first_minute()) if wanted else None


def _minute(at: datetime) -> datetime:
    """The first whole minute that is not before."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + MINUTE


def _about(world: World, each: Happening, ticket: str | None = None, **more: str) -> Moment:
    """An event of the scenario as the timeline shows it, where nothing else does."""
    said = {name: value for name, value in more.items() if value}
    if each.until:
        said["until"] = world.timeline.local(each.until, each.site).isoformat()
    for name in ("person", "way", "writes"):
        if value := getattr(each.deed, name, ""):
            said[name] = value
    return Moment(at=each.at, event=each.kind, ticket=ticket, site=each.site, more=dict(said))
