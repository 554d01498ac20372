"""What is known of an address, and what that keeps from being sent there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from triagewire.arrival import Fact, FactKind

BOUNCE_BARS = timedelta(days=60)
"""So long no automatic text goes where mail came back for good; then somebody may have mended it.
"""

_FIELDS: Mapping[FactKind, str] = {
    FactKind.BOUNCE: "bounced_at",
    FactKind.COMPLAINT: "complained_at",
    FactKind.OPT_OUT: "opted_out_at",
    FactKind.OPT_IN: "opted_in_at",
}
"""Where a record keeps when something of a kind happened last."""

type Barred = Literal["", "bounced", "opted_out", "complained"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRecord:
    """What happened to an address (times in UTC, None: it did not). `asked_at` is when it was last
    asked how satisfied its owner is. `version` lets a transaction notice a change.
    """

    site: str
    address_hash: str
    bounced_at: datetime | None = None
    opted_out_at: datetime | None = None
    opted_in_at: datetime | None = None
    complained_at: datetime | None = None
    asked_at: datetime | None = None
    version: int = 0


def barred_by(record: AddressRecord, now: datetime) -> Barred:
    """Why no automatic text goes to an address; what holds against a person too comes first."""
    if has_opted_out(record):
        return "opted_out"
    if record.bounced_at is not None and now < record.bounced_at + BOUNCE_BARS:
        return "bounced"
    return "complained" if record.complained_at is not None else ""


def has_opted_out(record: AddressRecord) -> bool:
    """Whether the last word was that no more texts are wanted."""
    out, back = record.opted_out_at, record.opted_in_at
    return out is not None and (back is None or back <= out)


def learnt(record: AddressRecord, fact: Fact, now: datetime) -> AddressRecord:
    """The record with what a fact says of its address, one version on where that is news. Facts
    come late and in any order: what happened last holds.
    """
    name = _FIELDS.get(fact.kind)
    if name is None or (fact.kind is FactKind.BOUNCE and not fact.permanent):
        return record
    at = min(fact.occurred_at or now, now)
    known: datetime | None = getattr(record, name)
    if known is not None and known >= at:
        return record
    news: dict[str, Any] = {name: at}
    return replace(record, version=record.version + 1, **news)


def is_texted(to: str) -> bool:
    """Whether an address is one of a person, by mail or text, and not a system's."""
    return "@" in to or to.startswith("+")
