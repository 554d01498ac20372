"""A rehearsal prints its timeline only: what the flows log and count is heard here, not shown."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

from triagewire.observability import logger, metrics

NAMESPACE = "Rehearsal"


class Heard(logging.Filter):
    """Keeps what went wrong, by the words of its log line, and lets nothing through."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[str] = []

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep an error; show nothing."""
        if record.levelno >= logging.ERROR:
            kind = getattr(record, "error", "")
            self.errors.append(f"{record.getMessage()}: {kind}" if kind else record.getMessage())
        return False

    def drained(self) -> list[str]:
        """What went wrong since the last call."""
        heard, self.errors = self.errors, []
        return heard


@contextmanager
def unheard() -> Iterator[Heard]:
    """While this lasts nothing that the flows log or count reaches the terminal."""
    heard, counted = Heard(), metrics()
    known = counted.provider.namespace
    counted.provider.namespace = known or NAMESPACE
    logger.addFilter(heard)
    try:
        # A metric prints itself as soon as it has a hundred values.
        with redirect_stdout(io.StringIO()):
            yield heard
    finally:
        logger.removeFilter(heard)
        counted.clear_metrics()
        counted.provider.namespace = known
