"""What each person was told lately, and who is telling them something right now."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from triagewire.escalation.told import AHEAD, Told
from triagewire.ledger.chain import extend
from triagewire.ledger.event import Entry, Stamp
from triagewire.store.codec import Item, blob, number, read_blob, stamp, text
from triagewire.store.ledger import append
from triagewire.store.table import Tables, Write, condition_failed, get_item, key

PK = "TOLD"


def told_subject(person: str) -> str:
    """The ledger's subject of what a person was told."""
    return f"{PK}#{person}"


def read_told(tables: Tables, person: str) -> Told:
    """What a person was told, as the latest write left it."""
    return _told(person, get_item(tables.client, tables.tickets, PK, person))


def write_told(
    tables: Tables, after: Told, entries: tuple[Entry, ...], stamped: Stamp
) -> list[Write]:
    """The writes of what a person was told and of its ledger events: valid only together, and only
    while `after.version` is still the one that is stored. They end the claim. There is at least one
    entry.
    """
    subject = told_subject(after.person)
    events = extend(subject, after.version, after.ledger_head, entries, stamped)
    kept = replace(after, version=events[-1].sequence, ledger_head=events[-1].hash)
    known = after.version
    values: dict[str, Any] = {":document": blob(kept), ":next": number(kept.version)}
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(PK, after.person),
            "UpdateExpression": "SET document = :document, version = :next REMOVE claimed_until",
            "ConditionExpression": "version = :version"
            if known
            else "attribute_not_exists(version)",
            "ExpressionAttributeValues": values | ({":version": number(known)} if known else {}),
        }
    }
    return [Write(update, f"what {after.person} was told"), *append(tables, events)]


def claim_person(tables: Tables, person: str, now: datetime, until: datetime) -> Told | None:
    """Take the right to tell a person something until `until`, and say what they were told so far;
    None if somebody else has it.

    A claim whose holder died runs out by itself. One that ends later than any could that was taken
    lately is of a clock that has been put back since, and holds nobody up.
    """
    bogus = until + AHEAD
    try:
        answer = tables.client.update_item(
            TableName=tables.tickets,
            Key=key(PK, person),
            UpdateExpression="SET claimed_until = :until",
            ConditionExpression=(
                "attribute_not_exists(claimed_until) OR claimed_until <= :now"
                " OR claimed_until > :bogus"
            ),
            ExpressionAttributeValues={
                ":until": text(stamp(until)),
                ":now": text(stamp(now)),
                ":bogus": text(stamp(bogus)),
            },
            ReturnValues="ALL_NEW",
        )
    except ClientError as error:
        if _taken(error):
            return None
        raise
    return _told(person, answer["Attributes"])


def unclaim_person(tables: Tables, person: str, until: datetime) -> None:
    """Give back a claim under which nothing was recorded."""
    try:
        tables.client.update_item(
            TableName=tables.tickets,
            Key=key(PK, person),
            UpdateExpression="REMOVE claimed_until",
            ConditionExpression="claimed_until = :until",
            ExpressionAttributeValues={":until": text(stamp(until))},
        )
    except ClientError as error:
        if not _taken(error):
            raise


def _told(person: str, item: Item | None) -> Told:
    if item is None or "document" not in item:
        return Told(person=person)
    return read_blob(item, "document", Told)


def _taken(error: ClientError) -> bool:
    """Whether a claim is somebody else's, or was being given up at this very moment."""
    code = error.response["Error"]["Code"]
    return condition_failed(error) or code == "TransactionConflictException"
