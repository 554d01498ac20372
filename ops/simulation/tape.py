"""The table in memory with a tape: what a stream would show of it, and what the ledger says, in the
order in which it was written.
"""

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ops.simulation.expressions import Item, Values
from ops.simulation.table import Memory, Shelf
from triagewire.keyring import DerivedKeys
from triagewire.store.table import Tables

TICKETS = "tickets"
LEDGER = "ledger"
KEYS = DerivedKeys(os.urandom(32))
"""What is simulated leaves no trace: its keys are gone with the process."""
STREAMED = ("MSG#", "FACT#")
"""What score_route is called for; the template's filter says the same."""


class Died(BaseException):
    """The process was killed: nothing of it catches this."""


@dataclass(slots=True)
class Tape(Memory):
    """`inserted` are stream records that nobody has taken yet, `recorded` the subject and place of
    ledger events; `writes_left` counts down to the death of the process that writes.
    """

    inserted: deque[dict[str, Any]] = field(default_factory=deque)
    recorded: list[tuple[str, int]] = field(default_factory=list)
    writes_left: int | None = None

    def __post_init__(self) -> None:
        self.before = self.about_to_write

    @property
    def as_tables(self) -> Tables:
        """The tables as the flows take them."""
        client: Any = self
        return Tables(client=client, tickets=TICKETS, ledger=LEDGER, keys=KEYS)

    def about_to_write(self) -> None:
        """Something is to be written or told: where the scenario wants it, the process dies."""
        if self.writes_left is None:
            return
        if self.writes_left == 0:
            self.writes_left = None
            raise Died
        self.writes_left -= 1

    @contextmanager
    def spared(self) -> Iterator[None]:
        """What is written meanwhile brings no process nearer to its death."""
        left, self.writes_left = self.writes_left, None
        yield
        self.writes_left = left

    def first_due(self) -> datetime | None:
        """When the first timer of all, of tickets and of people who are to be told, is due."""
        items = self.tables.get(TICKETS, Shelf()).all_with("timer_shard")
        due = min((item["timer_due"]["S"] for item in items), default=None)
        return None if due is None else datetime.fromisoformat(due)

    def _write(self, kind: str, part: Values) -> None:
        fresh = kind == "Put" and _key(part["Item"]) not in self._table(part)
        Memory._write(self, kind, part)
        if fresh:
            self._note(part["TableName"], part["Item"])

    def _note(self, table: str, item: Item) -> None:
        if table == LEDGER:
            self.recorded.append((item["pk"]["S"], int(item["sk"]["S"])))
        elif item["sk"]["S"].startswith(STREAMED):
            keys = {name: item[name] for name in ("pk", "sk")}
            self.inserted.append({"dynamodb": {"Keys": keys, "NewImage": item}})


def _key(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]
