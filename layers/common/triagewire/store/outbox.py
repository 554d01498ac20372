"""The outbox: what people are still to be told. One box for each person, site and time, with a
timer of its own in the index that escalate reads; the notices lie in it as items of their own.

A box with a page in it has its timer in partitions of their own, so that a sweep sees it first.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from triagewire.escalation.notice import (
    AnyNotice,
    EmergencyNotice,
    Notice,
    PersonNotice,
    SourceNotice,
)
from triagewire.store.codec import blob, number, read_blob, read_number, read_text, stamp, text
from triagewire.store.table import Tables, Write, get_item, key, query
from triagewire.store.tickets import SHARDS, due_in

BOX = "BOX"
NOTICE = "NOTICE#"
OUTBOX = "OUTBOX#"
ALERTS, PAGES = "outbox#", "outbox#page#"
"""What the partitions of the timer index begin with."""
KEPT = timedelta(days=30)
"""How long the empty box of an opening is kept: nothing is put into it after the opening."""
MILLISECOND = timedelta(milliseconds=1)
FORMS: dict[str, type[AnyNotice]] = {
    "ticket": Notice,
    "source": SourceNotice,
    "person": PersonNotice,
    "emergency": EmergencyNotice,
}
"""What a notice is about, as it is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where the notices of a person at a site wait; `opens` is when they are due together, None for
    what is due at once. `page` says that one of them is known to be a page.
    """

    site: str
    person: str
    opens: datetime | None = None
    page: bool = field(default=False, compare=False)

    @property
    def id(self) -> str:
        """Its name among the boxes of everybody."""
        return f"{self.site}#{self.person}#{stamp(self.opens) if self.opens else ''}"


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
    notices: int
    page: bool

    def joined(self, other: Write) -> Write | None:
        """One write for two that make the same box due."""
        if not isinstance(other, MadeDue) or other.box != self.box:
            return None
        both, page = self.notices + other.notices, self.page or other.page
        return _made_due(self.tables, self.box, min(self.at, other.at), both, page)


def enqueue(tables: Tables, notice: AnyNotice, box: Box, now: datetime) -> list[Write]:
    """The writes that put a notice into a box, and make the box due."""
    form = next(name for name, kind in FORMS.items() if isinstance(notice, kind))
    item = {
        **key(_pk(box), NOTICE + notice.id),
        "form": text(form),
        "document": blob(notice),
    }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item}}
    made_due = _made_due(tables, box, box.opens or now, 1, notice.is_page)
    return [Write(put, f"notice {notice.id}"), made_due]


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


def due_boxes(
    tables: Tables, now: datetime, *, pages: bool = False
) -> Iterator[tuple[Box, datetime]]:
    """Every box that is due at `now`, and since when; those with a page first, or only those."""
    for shard in box_shards():
        if pages and not shard.startswith(PAGES):
            return
        for pk, at in due_in(tables, shard, now):
            yield _box(pk, page=shard.startswith(PAGES)), at


def box_shards() -> Iterator[str]:
    """Every partition of the timer index that holds boxes, those of pages first."""
    for prefix in (PAGES, ALERTS):
        yield from (f"{prefix}{each}" for each in range(SHARDS))


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


def rest(tables: Tables, waiting: Waiting, until: datetime | None, page: bool = False) -> Write:
    """The write that lets a box rest until a time, or for good when it is empty; fails when more
    was put in since it was read. `page` says whether a page is left in it.
    """
    box, values = waiting.box, {":enqueued": number(waiting.enqueued)}
    if until is not None:
        change = "SET timer_shard = :shard, timer_due = :due"
        # Due no sooner than `until`: the index knows milliseconds.
        values |= {":shard": text(_shard(box, page)), ":due": text(stamp(_rounded_up(until)))}
    elif box.opens is not None:
        change = "SET expires = :expires REMOVE timer_shard, timer_due"
        values |= {":expires": number(int((box.opens + KEPT).timestamp()))}
    else:
        change = "REMOVE timer_shard, timer_due"
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(_pk(box), BOX),
            "UpdateExpression": change,
            "ConditionExpression": "enqueued = :enqueued",
            "ExpressionAttributeValues": values,
        }
    }
    return Write(update, f"outbox of {box.person}")


def _made_due(tables: Tables, box: Box, at: datetime, notices: int, page: bool) -> MadeDue:
    # An alert does not take a box that holds a page out of the partitions of pages.
    shard = ":shard" if page else "if_not_exists(timer_shard, :shard)"
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(_pk(box), BOX),
            "UpdateExpression": f"SET timer_shard = {shard}, timer_due = :due ADD enqueued :more",
            "ExpressionAttributeValues": {
                ":shard": text(_shard(box, page)),
                ":due": text(stamp(at)),
                ":more": number(notices),
            },
        }
    }
    return MadeDue(update, f"outbox of {box.person}", tables, box, at, notices, page)


def _rounded_up(at: datetime) -> datetime:
    over = at.microsecond % 1000
    return at if not over else at - timedelta(microseconds=over) + MILLISECOND


def _pk(box: Box) -> str:
    return OUTBOX + box.id


def _box(pk: str, page: bool) -> Box:
    # Only a member id may hold a #, where a policy from before that was refused has one.
    site, _, rest = pk.removeprefix(OUTBOX).partition("#")
    person, _, opens = rest.rpartition("#")
    at = datetime.fromisoformat(opens) if opens else None
    return Box(site=site, person=person, opens=at, page=page)


def _shard(box: Box, page: bool) -> str:
    return f"{PAGES if page else ALERTS}{zlib.crc32(_pk(box).encode()) % SHARDS}"
