"""What is known of each source at run time: its bucket, when it last gave something, who was told.

One item a source, all under one key, so that a sweep reads them with one query. A caller of a
browser form has a bucket of its own, under a hash of the address, which the table forgets.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from triagewire.channels.bucket import MICROSECOND, Bucket, microseconds
from triagewire.channels.source_state import SourceState
from triagewire.store.codec import Item, number, read_number, read_text, stamp, text
from triagewire.store.table import Tables, condition_failed, key, query

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SOURCES = "SOURCES"
CALLER = "CALLER"
MARKED_ANEW_AFTER = timedelta(seconds=30)
"""A flood is marked on the item this often, not at each of its calls."""
FORGOTTEN_AFTER = timedelta(minutes=5)
"""How long a caller's bucket is kept once it is full again; a missing bucket is a full one."""


type Marks = Mapping[str, datetime | None]

MARKS = tuple(each.name for each in fields(SourceState))


def read_source_states(tables: Tables) -> dict[str, SourceState]:
    """The states of all sources that were ever seen, by `site/source`."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :sources",
        ExpressionAttributeValues={":sources": text(SOURCES)},
        ConsistentRead=True,
    )
    return {read_text(item, "sk"): _state(item) for item in found}


def take_token(tables: Tables, name: str, bucket: Bucket, now: datetime) -> int:
    """Take a token for a message of the source `site/source`, and note that it gave one.

    Returns 0, or the microseconds until a token is free; then the refusal is marked for the owner.
    """
    wait, item = _take(tables, (SOURCES, name), bucket, now, {"given_at": text(stamp(now))})
    if wait and _unmarked(_state(item), now):
        _mark_limited(tables, name, now)
    return wait


def take_callers_token(tables: Tables, caller: str, bucket: Bucket, now: datetime) -> int:
    """Take a token for one caller, by the hash of its address. Returns as `take_token` does."""
    full_again = bucket.size * bucket.spacing * MICROSECOND
    expires = int((now + full_again + FORGOTTEN_AFTER).timestamp())
    wait, _ = _take(
        tables, (f"{CALLER}#{caller}", CALLER), bucket, now, {"expires": number(expires)}
    )
    return wait


def mark_given(tables: Tables, name: str, now: datetime) -> None:
    """Note that a source gave something that no limit applies to, such as a stored mail."""
    _update(tables, (SOURCES, name), "given_at = :now", {":now": text(stamp(now))})


def write_marks(tables: Tables, name: str, marks: Marks, seen: Marks) -> None:
    """Set marks of a source, where None takes one away, if those of `seen` are still as they were.

    Otherwise nothing happens: the next look sees what has changed.
    """
    given = {mark: at for mark, at in marks.items() if at}
    sets = ", ".join(f"{mark} = :{mark}" for mark in given)
    removes = ", ".join(mark for mark in marks if mark not in given)
    claims = [f"{m} = :seen_{m}" if at else f"attribute_not_exists({m})" for m, at in seen.items()]
    values = {f":{mark}": text(stamp(at)) for mark, at in given.items()}
    values |= {f":seen_{mark}": text(stamp(at)) for mark, at in seen.items() if at}
    try:
        tables.client.update_item(
            TableName=tables.tickets,
            Key=key(SOURCES, name),
            UpdateExpression=" ".join(
                part for part in (sets and f"SET {sets}", removes and f"REMOVE {removes}") if part
            ),
            ConditionExpression=" AND ".join(claims),
            ExpressionAttributeValues=values,
        )
    except ClientError as error:
        if not condition_failed(error):
            raise


def _take(
    tables: Tables,
    place: tuple[str, str],
    bucket: Bucket,
    now: datetime,
    notes: Mapping[str, "AttributeValueTypeDef"],
) -> tuple[int, Item]:
    """One round trip while the bucket is full, as it is between messages; else one more."""
    at = microseconds(now)
    noted = "".join(f", {name} = :{name}" for name in notes)
    given = {f":{name}": value for name, value in notes.items()}
    item = _update(
        tables,
        place,
        f"full_at = :next{noted}",
        {":next": number(bucket.after(at, at)), ":now": number(at), **given},
        "attribute_not_exists(full_at) OR full_at <= :now",
    )
    if item is None:
        return 0, {}
    if wait := bucket.wait(read_number(item, "full_at"), at):
        return wait, item
    item = _update(
        tables,
        place,
        f"full_at = full_at + :spacing{noted}",
        {":spacing": number(bucket.spacing), ":most": number(at + bucket.lead), **given},
        "full_at <= :most",
    )
    return (0, {}) if item is None else (bucket.wait(read_number(item, "full_at"), at), item)


def _update(
    tables: Tables,
    place: tuple[str, str],
    sets: str,
    values: Mapping[str, "AttributeValueTypeDef"],
    condition: str = "",
) -> Item | None:
    """None when written; the item as it stands when the condition refused."""
    arguments: dict[str, Any] = {}
    if condition:
        arguments["ConditionExpression"] = condition
        arguments["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    try:
        tables.client.update_item(
            TableName=tables.tickets,
            Key=key(*place),
            UpdateExpression=f"SET {sets}",
            ExpressionAttributeValues=values,
            **arguments,
        )
    except ClientError as error:
        if not condition_failed(error):
            raise
        response: Any = error.response
        standing: Item = response.get("Item", {})
        return standing
    return None


def _unmarked(state: SourceState, now: datetime) -> bool:
    return state.limited_at is None or now - state.limited_at >= MARKED_ANEW_AFTER


def _mark_limited(tables: Tables, name: str, now: datetime) -> None:
    sets = "limited_since = if_not_exists(limited_since, :now), limited_at = :now"
    _update(tables, (SOURCES, name), sets, {":now": text(stamp(now))})


def _state(item: Item) -> SourceState:
    stamps = {mark: read_text(item, mark) for mark in MARKS}
    return SourceState(**{mark: datetime.fromisoformat(at) for mark, at in stamps.items() if at})
