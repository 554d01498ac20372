"""Simulated time for a stack that was started with time travel and the process that drives it."""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import time_machine

# The followers look every 10 ms.
_SETTLE_SECONDS = 0.03


class SimulatedClock:
    """Moves this process, the emulator and every function worker to the same moment.

    AWS signatures carry the time, so the driving process has to travel too. Move forward only:
    the emulator's schedules do not fire again before the latest moment they have seen.
    """

    def __init__(self, clock_file: Path) -> None:
        self._file = clock_file
        self._traveller: time_machine.travel | None = None
        self._coordinates: time_machine.Traveller | None = None
        self._serial = 0

    def move_to(self, moment: datetime) -> None:
        """Make it `moment` everywhere; time then goes on at its usual pace."""
        # The escape hatch opens only from inside a travel.
        travelling = self._coordinates is not None
        real = time_machine.escape_hatch.time.time() if travelling else time.time()
        offset = moment.timestamp() - real
        self._serial += 1
        draft = self._file.with_name(f"clock.{self._serial}")
        draft.write_text(json.dumps({"offset": offset}), encoding="utf-8")
        os.replace(draft, self._file)
        if self._coordinates is None:
            self._traveller = time_machine.travel(moment, tick=True)
            self._coordinates = self._traveller.start()
        else:
            self._coordinates.move_to(moment)
        time.sleep(_SETTLE_SECONDS)

    def now(self) -> datetime:
        """The simulated moment."""
        return datetime.now(UTC)

    def close(self) -> None:
        """Bring this process back to real time."""
        if self._traveller is not None:
            self._traveller.stop()
            self._traveller = self._coordinates = None
