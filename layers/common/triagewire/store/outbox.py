"""The outbox: what people are still to be told. One box for each person, site and time, with a
timer of its own in the index that escalate reads; the notices lie in it as items of their own.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triagewire.escalation.notice import AnyNotice, Notice, PersonNotice, SourceNotice
from triagewire.store.codec import blob, number, read_blob, read_number, read_text, stamp, text
from triagewire.store.table import Tables, Write, get_item, key, query
from triagewire.store.tickets import SHARDS

BOX = "BOX"
NOTICE = "NOTICE#"
OUTBOX = "OUTBOX#"
FORMS: dict[str, type[AnyNotice]] = {
    "ticket": Notice,
    "source": SourceNotice,
    "person": PersonNotice,
}
"""What a notice is about, as it is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where the notices of a person at a site wait; `opens` is when they are due together, None for
    what is due at once.
    """

    site: str
    person: str
    opens: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What lies in a box; `enqueued` counts all that was ever put in."""

    box: Box
    enqueued: int
    notices: tuple[AnyNotice, ...]


@dataclass(frozen=True, slots=True)
class MadeDue(Write):
    """The write that makes a box due. A decision may put several notices into one box, which
    DynamoDB takes once in a transaction, so that these are joined.
    """

    tables: Tables
    box: Box
    at: datetime
    notices: int = 1

    def joined(self, other: Write) -> Write | None:
        """One write for two that make the same box due."""
        if not isinstance(other, MadeDue) or other.box != self.box:
            return None
        return _made_due(
            self.tables, self.box, min(self.at, other.at), self.notices + other.notices
        )


def enqueue(tables: Tables, notice: AnyNotice, box: Box, now: datetime) -> list[Write]:
    """The writes that put a notice into a box, and make the box due."""
    form = next(name for name, kind in FORMS.items() if isinstance(notice, kind))
    item = {
        **key(_pk(box), NOTICE + notice.id),
        "form": text(form),
        "document": blob(notice),
    }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item}}
    return [Write(put, f"notice {notice.id}"), _made_due(tables, box, box.opens or now, 1)]


def read_box(tables: Tables, box: Box) -> Waiting:
    """All that waits in a box, as the latest writes left it."""
    # The count first: what comes in after it makes the settling of this look fail.
    head = get_item(tables.client, tables.tickets, _pk(box), BOX)
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :box AND begins_with(sk, :notice)",
        ExpressionAttributeValues={":box": text(_pk(box)), ":notice": text(NOTICE)},
        ConsistentRead=True,
    )
    notices = tuple(read_blob(item, "document", FORMS[read_text(item, "form")]) for item in found)
    return Waiting(box=box, enqueued=read_number(head, "enqueued") if head else 0, notices=notices)


def due_boxes(tables: Tables, now: datetime) -> Iterator[tuple[Box, datetime]]:
    """Every box that is due at `now`, and since when."""
    for shard in box_shards():
        found = query(
            tables.client,
            TableName=tables.tickets,
            IndexName="timer",
            KeyConditionExpression="timer_shard = :shard AND timer_due <= :now",
            ExpressionAttributeValues={":shard": text(shard), ":now": text(stamp(now))},
        )
        for item in found:
            yield _box(read_text(item, "pk")), datetime.fromisoformat(read_text(item, "timer_due"))


def box_shards() -> Iterator[str]:
    """Every partition of the timer index that holds boxes."""
    yield from (f"outbox#{each}" for each in range(SHARDS))


def emptied(tables: Tables, waiting: Waiting, gone: tuple[str, ...]) -> list[Write]:
    """The writes that take notices out of a box by their ids."""
    return [
        Write(
            {
                "Delete": {
                    "TableName": tables.tickets,
                    "Key": key(_pk(waiting.box), NOTICE + each),
                }
            },
            f"notice {each}",
        )
        for each in gone
    ]


def rest(tables: Tables, waiting: Waiting, until: datetime | None) -> Write:
    """The write that lets a box rest until a time, or for good when it is empty; fails when more
    was put in since it was read.
    """
    values = {":enqueued": number(waiting.enqueued)}
    change = "REMOVE timer_shard, timer_due"
    if until is not None:
        change = "SET timer_shard = :shard, timer_due = :due"
        values |= {":shard": text(_shard(waiting.box)), ":due": text(stamp(until))}
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(_pk(waiting.box), BOX),
            "UpdateExpression": change,
            "ConditionExpression": "enqueued = :enqueued",
            "ExpressionAttributeValues": values,
        }
    }
    return Write(update, f"outbox of {waiting.box.person}")


def _made_due(tables: Tables, box: Box, at: datetime, notices: int) -> MadeDue:
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(_pk(box), BOX),
            "UpdateExpression": "SET timer_shard = :shard, timer_due = :due ADD enqueued :more",
            "ExpressionAttributeValues": {
                ":shard": text(_shard(box)),
                ":due": text(stamp(at)),
                ":more": number(notices),
            },
        }
    }
    return MadeDue(update, f"outbox of {box.person}", tables, box, at, notices)


def _pk(box: Box) -> str:
    return f"{OUTBOX}{box.site}#{box.person}#{stamp(box.opens) if box.opens else ''}"


def _box(pk: str) -> Box:
    site, person, opens = pk.removeprefix(OUTBOX).split("#")
    return Box(site=site, person=person, opens=datetime.fromisoformat(opens) if opens else None)


def _shard(box: Box) -> str:
    return f"outbox#{zlib.crc32(_pk(box).encode()) % SHARDS}"
