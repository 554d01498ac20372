"""By which policy version's calendars the open tickets measure: one item beside the versions."""

from dataclasses import dataclass, replace
from typing import Any

from triagewire.store.active import POLICY
from triagewire.store.codec import blob, number, read_blob
from triagewire.store.table import Tables, Write, commit, get_item, key, only_at

CLOCKED = "CLOCKED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocked:
    """How far a new version's calendars have been taken up.

    Every open ticket measures by those of `version`. While `going` is another one, a walk through
    the open tickets has come as far as `after`; it is `sure` as long as nothing it passed can
    measure by an older version. `revision` counts the writes.
    """

    version: int
    going: int = 0
    after: str = ""
    sure: bool = True
    revision: int = 0


def read_clocked(tables: Tables) -> Clocked | None:
    """How far it got; None before anything was ever taken up."""
    item = get_item(tables.client, tables.tickets, POLICY, CLOCKED)
    return None if item is None else read_blob(item, "document", Clocked)


def write_clocked(tables: Tables, clocked: Clocked) -> None:
    """Note how far it got. Raises ConflictError when another run has noted something since."""
    after = replace(clocked, revision=clocked.revision + 1)
    item = {
        **key(POLICY, CLOCKED),
        "version": number(after.revision),
        "document": blob(after),
    }
    condition = only_at(clocked.revision)
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item, **condition}}
    commit(tables, [Write(put, "calendars taken up")])
