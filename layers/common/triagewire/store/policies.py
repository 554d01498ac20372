"""Policy versions: immutable items and one pointer to the active one. Functions cache what they
read.
"""

from datetime import datetime
from typing import Any

from triagewire.channels.source import Source
from triagewire.ledger.chain import extend
from triagewire.ledger.event import Action, Entry, Event, Stamp
from triagewire.policy.model import Policy, PublishedPolicy
from triagewire.store.active import ACTIVE, POLICY, SOURCES, last_usable, version_item, version_sk
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


def load_policy(tables: Tables, version: int) -> PublishedPolicy:
    """One version. Raises `msgspec.ValidationError` if it does not fit this code,
    PolicyMissingError if absent.
    """
    item = version_item(tables, version)
    return PublishedPolicy(
        version=version,
        policy=read_blob(item, "document", Policy),
        published_at=datetime.fromisoformat(read_text(item, "published_at")),
        published_by=read_text(item, "published_by"),
    )


def load_usable_policy(tables: Tables, active: int) -> PublishedPolicy:
    """The active version or, if this code cannot read it, the last good one before it."""
    return last_usable(active, lambda version: load_policy(tables, version))


def publish(tables: Tables, policy: Policy, stamped: Stamp) -> int:
    """Store a checked policy as the next version and make it the active one; returns its number.

    Raises ConflictError when somebody else published meanwhile.
    """
    pointer = get_item(tables.client, tables.tickets, POLICY, ACTIVE) or {}
    version = read_number(pointer, "active") + 1
    events = _events(pointer, version, stamped)
    document = {
        "document": blob(policy),
        "published_at": text(stamp(stamped.at)),
        "published_by": text(stamped.actor),
    }
    sources = {"sources": blob(_sources_by_name(policy))}
    writes = [
        Write(_immutable(tables, version_sk(version), document), f"policy version {version}"),
        Write(_immutable(tables, version_sk(version, SOURCES), sources), "sources of a version"),
        Write(_pointer(tables, version, events[-1]), "active policy"),
        *append(tables, events),
    ]
    commit(tables, writes)
    return version


def _immutable(tables: Tables, sk: str, attributes: dict[str, Any]) -> Any:  # noqa: ANN401
    return {
        "Put": {
            "TableName": tables.tickets,
            "Item": {**key(POLICY, sk), **attributes},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }


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
