"""One life of the embedded stack: for the length of a block, or from `make up` to `make down`."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Never

from local.stack import deployment, emulator
from local.stack.deployment import Stack
from local.stack.emulator import ROOT, Emulator, Report, StackError

DIRECTORY = ROOT / "build" / "stack"


def up(
    report: Report,
    directory: Path = DIRECTORY,
    *,
    time_travel: bool = False,
    model_url: str = "",
) -> Stack:
    """Start, build and deploy, and leave it running; `report` is told the name of each step.
    `time_travel` and `model_url` are those of `emulator.start`.

    Raises `StackError` when one already runs from `directory` or a step fails.
    """
    if (running := find(directory)) and running.emulator.is_running():
        raise StackError("the embedded stack is already running; `make down` stops it")
    report("start the embedded AWS stack")
    started = emulator.start(directory, time_travel=time_travel, model_url=model_url)
    try:
        _remember(Stack(started, {}))
        report("build the functions and the layer")
        deployment.build()
        report("deploy the template")
        stack = deployment.deploy(started)
        _remember(stack)
    except BaseException:
        started.stop()
        raise
    return stack


def down(directory: Path = DIRECTORY) -> bool:
    """Stop what `up` left running; whether there was anything."""
    stack = find(directory)
    if stack is None or not stack.emulator.is_ours():
        _state_file(directory).unlink(missing_ok=True)
        return False
    stack.emulator.stop()
    _state_file(directory).unlink(missing_ok=True)
    return True


def find(directory: Path = DIRECTORY) -> Stack | None:
    """The stack that `up` left, whether or not it still runs."""
    try:
        state = json.loads(_state_file(directory).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    process = state["emulator"] | {"directory": Path(state["emulator"]["directory"])}
    return Stack(Emulator(**process), state["outputs"])


@contextmanager
def running(
    report: Report,
    directory: Path = DIRECTORY,
    *,
    time_travel: bool = False,
    model_url: str = "",
) -> Iterator[Stack]:
    """A stack for the length of the block; it ends with the block, also on Ctrl-C or a TERM."""
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        # Whoever ran here before us and was killed could not stop what it had started.
        down(directory)
        stack = up(report, directory, time_travel=time_travel, model_url=model_url)
        try:
            yield stack
        finally:
            down(directory)
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(_signal: int, _frame: FrameType | None) -> Never:
    raise KeyboardInterrupt


def _remember(stack: Stack) -> None:
    state = {"emulator": asdict(stack.emulator), "outputs": stack.outputs}
    _state_file(stack.emulator.directory).write_text(
        json.dumps(state, indent=2, default=str), encoding="utf-8"
    )


def _state_file(directory: Path) -> Path:
    return directory / "state.json"
