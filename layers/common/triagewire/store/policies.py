"""Policy versions: immutable items and one pointer to the active one. Functions cache what they
read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from triagewire.channels.source import Source
from triagewire.errors import PolicyMissingError
from triagewire.ledger.chain import extend
from triagewire.ledger.event import Action, Entry, Event, Stamp
from triagewire.policy.model import Policy, PublishedPolicy
from triagewire.store.codec import (
    Item,
    blob,
    number,
    read_blob,
    read_number,
    read_text,
    stamp,
    text,
)
from triagewire.store.ledger import append
from triagewire.store.table import Tables, Write, commit, get_item, key

POLICY = "POLICY"
ACTIVE = "ACTIVE"
FALL_BACK_VERSIONS = 5
"""How many earlier versions are tried when the active one cannot be read."""


def active_version(tables: Tables) -> int:
    """The number of the active version. Raises PolicyMissingError before the first was
    published.
    """
    item = get_item(tables.client, tables.tickets, POLICY, ACTIVE)
    if item is None:
        raise PolicyMissingError("no policy is published: run `triagewire policy publish`")
    return read_number(item, "active")


def load_policy(tables: Tables, version: int) -> PublishedPolicy:
    """One version. Raises `msgspec.ValidationError` if it does not fit this code,
    PolicyMissingError if absent.
    """
    item = _version(tables, version)
    return PublishedPolicy(
        version=version,
        policy=read_blob(item, "document", Policy),
        published_at=datetime.fromisoformat(read_text(item, "published_at")),
        published_by=read_text(item, "published_by"),
    )


def load_usable_policy(tables: Tables, active: int) -> PublishedPolicy:
    """The active version or, if this code cannot read it, the last good one before it."""
    for version in range(active, max(0, active - FALL_BACK_VERSIONS), -1):
        try:
            return load_policy(tables, version)
        except msgspec.MsgspecError:
            continue
    raise PolicyMissingError(f"none of the last {FALL_BACK_VERSIONS} policy versions can be read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What intake needs of a policy, and no more: every source by `site/source`."""

    policy_version: int
    by_name: Mapping[str, Source]


def load_sources(tables: Tables) -> Sources:
    """The sources of the active version. Raises PolicyMissingError before the first was
    published.
    """
    active = active_version(tables)
    by_name: dict[str, Source] = read_blob(_version(tables, active), "sources", dict[str, Source])
    return Sources(policy_version=active, by_name=by_name)


def publish(tables: Tables, policy: Policy, stamped: Stamp) -> int:
    """Store a checked policy as the next version and make it the active one; returns its number.

    Raises ConflictError when somebody else published meanwhile.
    """
    pointer = get_item(tables.client, tables.tickets, POLICY, ACTIVE) or {}
    version = read_number(pointer, "active") + 1
    events = _events(pointer, version, stamped)
    item = {
        **key(POLICY, _sk(version)),
        "document": blob(policy),
        "sources": blob(_sources_by_name(policy)),
        "published_at": text(stamp(stamped.at)),
        "published_by": text(stamped.actor),
    }
    immutable: Any = {
        "Put": {
            "TableName": tables.tickets,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }
    writes = [
        Write(immutable, f"policy version {version}"),
        Write(_pointer(tables, version, events[-1]), "active policy"),
        *append(tables, events),
    ]
    commit(tables, writes)
    return version


def _sources_by_name(policy: Policy) -> dict[str, Source]:
    return {
        f"{site_id}/{name}": source
        for site_id, site in policy.sites.items()
        for name, source in site.sources.items()
    }


def _events(pointer: Item, version: int, stamped: Stamp) -> tuple[Event, ...]:
    entry = Entry(
        action=Action.POLICY_PUBLISHED, why="all checks passed", detail={"version": version}
    )
    sequence = read_number(pointer, "ledger_events")
    return extend(POLICY, sequence, read_text(pointer, "ledger_head"), (entry,), stamped)


def _pointer(tables: Tables, version: int, last: Event) -> Any:  # noqa: ANN401
    item = {
        **key(POLICY, ACTIVE),
        "active": number(version),
        "ledger_events": number(last.sequence),
        "ledger_head": text(last.hash),
    }
    return {
        "Put": {
            "TableName": tables.tickets,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk) OR active = :before",
            "ExpressionAttributeValues": {":before": number(version - 1)},
        }
    }


def _version(tables: Tables, version: int) -> Item:
    item = get_item(tables.client, tables.tickets, POLICY, _sk(version))
    if item is None:
        raise PolicyMissingError(f"policy version {version} is not in the table")
    return item


def _sk(version: int) -> str:
    return f"V#{version:08d}"
