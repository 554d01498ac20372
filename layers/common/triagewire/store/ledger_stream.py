"""Records of the ledger table's stream: appended events, and what should never be there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from triagewire.errors import InvalidFieldError
from triagewire.ledger.lines import canonical
from triagewire.store.ledger import stored_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """An event that was appended, as a line; `number` is the record's place in the stream."""

    number: str
    at: datetime
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampered:
    """Something else: an event that was altered or removed, or an item that is no event. `line` has
    the whole record.
    """

    number: str
    at: datetime
    line: str


def read_records(records: Iterable[Mapping[str, Any]]) -> tuple[Appended | Tampered, ...]:
    """The records of a batch in order. Raises KeyError for what is no record of a stream."""
    return tuple(_read(record) for record in records)


def _read(record: Mapping[str, Any]) -> Appended | Tampered:
    change = record["dynamodb"]
    number = change["SequenceNumber"]
    at = datetime.fromtimestamp(change["ApproximateCreationDateTime"], UTC)
    if record["eventName"] == "INSERT":
        try:
            return Appended(number=number, at=at, line=stored_line(change["NewImage"]))
        except InvalidFieldError:
            pass
    return Tampered(number=number, at=at, line=canonical(_evidence(record)))


def _evidence(record: Mapping[str, Any]) -> dict[str, Any]:
    """What an investigation wants: what was done, when, to which item, and by a service or not."""
    change = record["dynamodb"]
    return {
        "done": record["eventName"],
        "at": change["ApproximateCreationDateTime"],
        "number": change["SequenceNumber"],
        "key": change.get("Keys"),
        "before": change.get("OldImage"),
        "after": change.get("NewImage"),
        "by": record.get("userIdentity"),
    }
