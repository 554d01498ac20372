"""Policy versions: immutable items and one pointer to the active one. Functions cache what they
read.

Beside each version stand the synthetic tickets that it passed: the next one is held against them.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from triagewire.channels.source import Source
from triagewire.errors import PolicyMissingError
from triagewire.ledger.chain import extend
from triagewire.ledger.event import Action, Detail, Entry, Event, Stamp
from triagewire.policy.model import AcceptedLowering, Policy, PublishedPolicy
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
from triagewire.store.large import immutable, immutable_writes, read_large
from triagewire.store.ledger import append
from triagewire.store.table import Tables, Write, commit, get_item, key

CHECKS = "CHECKS"


def load_policy(tables: Tables, version: int) -> PublishedPolicy:
    """One version. Raises `msgspec.ValidationError` if it does not fit this code,
    PolicyMissingError if absent.
    """
    item = version_item(tables, version)
    return PublishedPolicy(
        version=version,
        policy=read_large(tables, item, Policy),
        published_at=datetime.fromisoformat(read_text(item, "published_at")),
        published_by=read_text(item, "published_by"),
        accepted=read_blob(item, "accepted", AcceptedLowering) if "accepted" in item else None,
    )


def load_checks(tables: Tables, version: int) -> dict[str, Any]:
    """The synthetic tickets that a version passed, by id; none of one from before they were
    kept.
    """
    item = get_item(tables.client, tables.tickets, POLICY, version_sk(version, CHECKS))
    return {} if item is None else read_blob(item, "checks", dict[str, Any])


def load_usable_policy(tables: Tables, active: int) -> PublishedPolicy:
    """The active version or, if this code cannot read it, the last good one before it."""
    return last_usable(active, lambda version: load_policy(tables, version))


def publish(
    tables: Tables,
    policy: Policy,
    stamped: Stamp,
    checks: Mapping[str, Any] | None = None,
    accepted: AcceptedLowering | None = None,
) -> int:
    """Store a checked policy as the next version and make it the active one; returns its number.

    `checks` are the synthetic tickets that it passed, `accepted` is why it may call some of them
    less urgent than the version before. Raises ConflictError when somebody else published
    meanwhile.
    """
    pointer = get_item(tables.client, tables.tickets, POLICY, ACTIVE) or {}
    version = read_number(pointer, "active") + 1
    events = _events(tables, pointer, version, policy, stamped, accepted)
    said = {
        "published_at": text(stamp(stamped.at)),
        "published_by": text(stamped.actor),
        **({"accepted": blob(accepted)} if accepted else {}),
    }
    tried = {"checks": blob(checks or {})}
    sources = {"sources": blob(_sources_by_name(policy))}
    writes = [
        *immutable_writes(tables, POLICY, version_sk(version), policy, said),
        _beside(tables, version_sk(version, SOURCES), sources),
        _beside(tables, version_sk(version, CHECKS), tried),
        Write(_pointer(tables, version, events[-1]), "active policy"),
        *append(tables, events),
    ]
    commit(tables, writes)
    return version


def _beside(tables: Tables, sk: str, attributes: dict[str, Any]) -> Write:
    return Write(immutable(tables, {**key(POLICY, sk), **attributes}), f"{POLICY} {sk}")


def _sources_by_name(policy: Policy) -> dict[str, Source]:
    return {
        f"{site_id}/{name}": source
        for site_id, site in policy.sites.items()
        for name, source in site.sources.items()
    }


def _events(
    tables: Tables,
    pointer: Item,
    version: int,
    policy: Policy,
    stamped: Stamp,
    accepted: AcceptedLowering | None,
) -> tuple[Event, ...]:
    """What the ledger says of a publication, and of who may see and do what since."""
    published = _published(version, accepted)
    access = _access_changed(tables, version, policy)
    entries = (published, *((access,) if access else ()))
    sequence = read_number(pointer, "ledger_events")
    return extend(POLICY, sequence, read_text(pointer, "ledger_head"), entries, stamped)


def _published(version: int, accepted: AcceptedLowering | None) -> Entry:
    why, detail = "all checks passed", dict[str, Detail](version=version)
    if accepted:
        why = "all checks passed, and a person answers for what is less urgent than before"
        detail |= {"reason": accepted.reason, "lowered": [*accepted.tickets]}
        if accepted.rules:
            detail |= {"weakened": [*accepted.rules]}
    return Entry(action=Action.POLICY_PUBLISHED, why=why, detail=detail)


def _access_changed(tables: Tables, version: int, policy: Policy) -> Entry | None:
    """Who gained or lost access by a version, against the last one that can be read."""
    from triagewire.policy.access_changes import access_changes  # noqa: PLC0415  seldom needed

    before, since = None, 0
    with suppress(PolicyMissingError):
        known = load_usable_policy(tables, version - 1)
        before, since = known.policy, known.version
    found = access_changes(before, policy)
    if not found:
        return None
    why = "the roster was changed" if since else "the first roster"
    detail: dict[str, Detail] = {"version": version, "since_version": since, **found}
    return Entry(action=Action.ACCESS_CHANGED, why=why, detail=detail)


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
