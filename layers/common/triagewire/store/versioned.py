"""Records outside a ticket that change by version: locks, and counts of automatic texts."""

from datetime import datetime
from typing import Any, Protocol

from triagewire.store.codec import blob, number
from triagewire.store.table import Tables, Write, key


class Versioned(Protocol):
    """A record whose first version is 1 and whose every change is one above the last."""

    @property
    def version(self) -> int:
        """How often it was written."""


def write_versioned(
    tables: Tables, pk: str, sk: str, record: Versioned, expires: datetime, claims: str
) -> Write:
    """The write of a record, which holds only if nobody wrote it since this one was decided.

    The table forgets it some time after `expires` (UTC); `claims` names it when the write is lost.
    """
    item = {
        **key(pk, sk),
        "version": number(record.version),
        "expires": number(int(expires.timestamp())),
        "document": blob(record),
    }
    condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if record.version > 1:
        condition = {
            "ConditionExpression": "attribute_not_exists(pk) OR version = :decided_from",
            "ExpressionAttributeValues": {":decided_from": number(record.version - 1)},
        }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item, **condition}}
    return Write(put, claims)
