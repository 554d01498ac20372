"""Moves the wall clock of an embedded-stack process (the emulator or a function worker).

Python imports this by its name at start when its folder is on PYTHONPATH, which only
`local.stack.emulator` puts there. `time.time()` and `datetime.now()` show real time plus the
offset in the file that TRIAGEWIRE_CLOCK_FILE names; `time.monotonic()` stays real. Nothing of
this is in a deployed function, which therefore needs no hook for simulated time.
"""

import json
import os
import threading
import time
from pathlib import Path

_POLL_SECONDS = 0.01


def _offset(path: Path) -> float:
    return float(json.loads(path.read_text(encoding="utf-8"))["offset"])


def _version(path: Path) -> tuple[int, int]:
    """What changes when the file is replaced."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns


def _follow(path: Path) -> None:
    """Travel by the offset in `path`, now and whenever the file is replaced."""
    import time_machine  # noqa: PLC0415 - a process without a clock file must not pay for it

    real = time_machine.escape_hatch.time.time
    seen = _version(path)
    coordinates = time_machine.travel(time.time() + _offset(path), tick=True).start()
    # The start itself takes tens of milliseconds, by which this clock would stay behind.
    coordinates.move_to(real() + _offset(path))

    def watch() -> None:
        nonlocal seen
        while True:
            time.sleep(_POLL_SECONDS)
            found = _version(path)
            if found != seen:
                seen = found
                coordinates.move_to(real() + _offset(path))

    threading.Thread(target=watch, name="clock", daemon=True).start()


if _path := os.environ.get("TRIAGEWIRE_CLOCK_FILE"):
    _follow(Path(_path))
