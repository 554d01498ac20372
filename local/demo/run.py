"""`triagewire demo`: set up, replay one clinic day, report, stop everything that was started."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from local.demo.commands import ask_afterwards, begin_shadow, subscribe_people
from local.demo.day import ENDS, STARTS, ZONES, messages, people
from local.demo.evidence import SETTLED, find, said_of
from local.demo.facts import Facts, gather, logs_of
from local.demo.measuring import measure
from local.demo.measuring import said_of as week_in_words
from local.demo.neighbours.around import RECEIVER_DOWN, RECORD_SITE, SILENT_AT, Around
from local.demo.neighbours.bridge import Bridge, pagers_of
from local.demo.neighbours.ehr import Ehr
from local.demo.neighbours.model import model_for
from local.demo.neighbours.permission import allow_converse
from local.demo.neighbours.receiver import Receiver
from local.demo.pings import ping_all
from local.demo.promises import check
from local.demo.replay import Replay, replay_of
from local.demo.report import Report, report_of
from local.demo.screen import show
from local.demo.sources import Elsewhere, candidate_of
from local.demo.world import (
    World,
    fill_reader_secrets,
    fill_reply_secrets,
    furnish,
    policy_folder,
)
from local.stack import session
from local.stack.clock import SimulatedClock
from local.stack.deployment import Stack
from local.stack.emulator import ROOT

FOLDER = ROOT / "build" / "demo"
SET_UP_STEPS = 7
EXPLAINED = "r-bumped-head"
"""The message whose scoring is drawn."""
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
        with _stack_and_neighbours(bar) as (stack, around):
            facts = _replayed(stack, around, bar)
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


@contextmanager
def _stack_and_neighbours(bar: Bar) -> Iterator[tuple[Stack, Around]]:
    with (
        model_for(messages()).running() as model,
        session.running(bar.step, FOLDER / "stack", time_travel=True, model_url=model.url) as stack,
        Ehr(people()[RECORD_SITE]).running(stack.emulator.certificate) as ehr,
        Bridge().running(stack.emulator.certificate) as bridge,
        Receiver().running(stack.emulator.certificate) as receiver,
    ):
        yield stack, Around(ehr, model, bridge, receiver)


def _replayed(stack: Stack, around: Around, bar: Bar) -> Facts:
    clock = SimulatedClock(stack.emulator.clock_file)
    pool = ThreadPoolExecutor(1)
    try:
        world = _furnished(stack, around, clock, bar)
        bar.step("let the staff sign in, and every sender try its webhook")
        candidate = candidate_of(FOLDER / "candidate", policy_folder(stack))
        shadow = pool.submit(begin_shadow, stack, candidate)
        replay = _staffed(world, around, clock)
        ping_all(world, clock.now())
        began = shadow.result()
        day = bar.day()
        replay.progress = lambda now, what: _advance(bar.progress, day, now, what)
        seen = replay.run()
        bar.lap("day")
        explained = next(each for each in seen.posted if each.message.id == EXPLAINED)
        ticket_id = explained.post.ticket_id
        said = ask_afterwards(stack, candidate, policy_folder(stack), ticket_id)
        bar.lap("administrator")
        clock.move_to(clock.now() + SETTLED)
        seen.checkpoints += world.checkpoint()
        at_its_end = gather(replay, seen, around.met())
        week = measure(world, clock, replay.pager)
        bar.lap("week")
        found = find(world, FOLDER / "evidence", ticket_id)
        bar.lap("auditor")
        said = {"shadow_began": began, **said, **week_in_words(week), **said_of(found)}
        logs = tuple(logs_of(world))
        return at_its_end(said=said, measured=week, found=found, logs=logs)
    finally:
        pool.shutdown()
        clock.close()


def _furnished(stack: Stack, around: Around, clock: SimulatedClock, bar: Bar) -> World:
    """The stack with its policy and secrets, and with the people that its topics tell."""
    clock.move_to(STARTS)
    bar.step("publish the policy, fill in the secrets")
    fill_reader_secrets(stack, around.reader_secrets)
    fill_reply_secrets(stack, around.receiver.stated_secret)
    elsewhere = Elsewhere(around.bridge.base_url, around.receiver.url)
    world = furnish(stack, clock.now(), around.settings, elsewhere)
    allow_converse(world)
    bar.step("subscribe people as the roster says, and let pagers confirm")
    subscribe_people(stack)
    around.bridge.wait_for(pagers_of(world.policy))
    return world


def _staffed(world: World, around: Around, clock: SimulatedClock) -> Replay:
    """The day, with what its neighbours will do in it, and with staff who have signed in."""
    replay = replay_of(world, clock, messages(), lambda _now, _what: None)
    replay.staff.at(SILENT_AT, lambda _now: around.ehr.fall_silent())
    for moment, down in RECEIVER_DOWN:
        replay.staff.at(moment, partial(around.receiver.go, down=down))
    # somebody may work at several sites, with one account
    for member in {each for site in world.policy.sites.values() for each in site.members}:
        replay.staff.desk.enrol(member)
    return replay


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
