"""`triagewire demo`: set up, replay one clinic day, report, stop everything that was started."""

import json
import time
from dataclasses import dataclass, field
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from local.demo.day import ENDS, STARTS, ZONES, messages
from local.demo.facts import Facts, gather
from local.demo.pings import ping_all
from local.demo.promises import check
from local.demo.replay import replay_of
from local.demo.report import Report, report_of
from local.demo.screen import show
from local.demo.world import furnish
from local.stack import session
from local.stack.clock import SimulatedClock
from local.stack.deployment import Stack
from local.stack.emulator import ROOT

FOLDER = ROOT / "build" / "demo"
SET_UP_STEPS = 6
KEPT, BROKEN = 0, 1


@dataclass(slots=True)
class Bar:
    """The progress of the set-up and of the day, and how long each took in real seconds."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)
    _task: TaskID | None = None
    _began: float = field(default_factory=time.monotonic)

    def step(self, what: str) -> None:
        """A set-up step begins."""
        if self._task is None:
            self._task = self.progress.add_task(what, total=SET_UP_STEPS)
        else:
            self.progress.update(self._task, advance=1, description=what)

    def day(self) -> TaskID:
        """The set-up is done and the day begins."""
        if self._task is not None:
            self.progress.update(self._task, completed=SET_UP_STEPS, description="ready")
        self.lap("set_up")
        minutes = (ENDS - STARTS).total_seconds() / 60
        return self.progress.add_task("the clinic day", total=minutes)

    def lap(self, name: str) -> None:
        """Note how long what has just ended took."""
        now = time.monotonic()
        self.seconds[name] = round(now - self._began, 1)
        self._began = now


def run_demo(*, as_json: bool = False) -> int:
    """Run it all; 0 when every promise was kept. `build/demo/report.json` has the facts."""
    console = Console(stderr=as_json)
    columns = (TextColumn("{task.description:<44}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bar = Bar(progress)
        with session.running(bar.step, FOLDER / "stack", time_travel=True) as stack:
            facts = _replayed(stack, bar)
        bar.lap("reading_and_stopping")
    report = report_of(facts, check(facts), bar.seconds)
    _write(report)
    if as_json:
        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        show(report, console)
        console.print(", ".join(f"{name} {took:.0f} s" for name, took in bar.seconds.items()))
        console.print(f"the same facts: {(FOLDER / 'report.json').relative_to(ROOT)}")
    return KEPT if report["kept"] else BROKEN


def _replayed(stack: Stack, bar: Bar) -> Facts:
    clock = SimulatedClock(stack.emulator.clock_file)
    try:
        clock.move_to(STARTS)
        bar.step("publish the policy, fill in the secrets")
        world = furnish(stack, clock.now())
        bar.step("let the staff sign in, and every sender try its webhook")
        replay = replay_of(world, clock, messages(), lambda _now, _what: None)
        # somebody may work at several sites, with one account
        for member in {each for site in world.policy.sites.values() for each in site.members}:
            replay.staff.desk.enrol(member)
        ping_all(world, clock.now())
        day = bar.day()
        replay.progress = lambda now, what: _advance(bar.progress, day, now, what)
        seen = replay.run()
        bar.lap("day")
        return gather(replay, seen)
    finally:
        clock.close()


def _advance(progress: Progress, day: TaskID, now: datetime, what: str) -> None:
    """Show the simulated time; the day is counted in its minutes."""
    there = now.astimezone(ZONES["riverside"])
    minutes = (now - STARTS).total_seconds() / 60
    shown = f"{there:%A %H:%M} {what}"[:44]
    progress.update(day, completed=minutes, description=shown)


def _write(report: Report) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / "report.json"
    path.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
