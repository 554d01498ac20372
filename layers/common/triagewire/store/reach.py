"""What is known of people's ways: one item, so that who tells somebody reads it in one look."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from triagewire.escalation.reach import Reach
from triagewire.store.codec import blob, number, read_blob
from triagewire.store.table import Tables, Write, get_item, key, only_at

REACH = "REACH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the last look at people's ways found. Times are UTC.

    `stopped` are the members who have said STOP to texts, `broken_since` is when a way was first
    seen not to carry everything, by `member/way`. `unreachable` holds, as `site/member`, who was
    told of as unreachable and since when; `policy_version` is the policy whose roster was looked
    at, `revision` counts the looks.
    """

    reach: Reach = field(default_factory=Reach)
    stopped: frozenset[str] = frozenset()
    broken_since: Mapping[str, datetime] = field(default_factory=dict)
    unreachable: Mapping[str, datetime] = field(default_factory=dict)
    looked_at: datetime | None = None
    policy_version: int = 0
    revision: int = 0


def read_reach(tables: Tables) -> Reach:
    """By which ways people cannot be reached; nothing is known before the first look."""
    return read_looked(tables).reach


def read_looked(tables: Tables) -> Looked:
    """What the last look found, as the latest write left it."""
    item = get_item(tables.client, tables.tickets, REACH, REACH)
    return Looked() if item is None else read_blob(item, "document", Looked)


def write_looked(tables: Tables, after: Looked) -> Write:
    """The write of a look: valid only while `after.revision` is still the one that is stored."""
    item = {
        **key(REACH, REACH),
        "revision": number(after.revision + 1),
        "document": blob(replace(after, revision=after.revision + 1)),
    }
    condition = only_at(after.revision, "revision")
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item, **condition}}
    return Write(put, "what is known of people's ways")
