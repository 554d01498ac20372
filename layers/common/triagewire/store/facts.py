"""Facts of mail and phone systems: kept before their sender gets its 2xx, once, for 90 days."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from triagewire.arrival import Fact
from triagewire.store.cipher import Place
from triagewire.store.codec import number, text
from triagewire.store.sealed import read_sealed, sealed
from triagewire.store.table import Tables, Write, condition_failed, get_item, key

PREFIX = "FACT#"
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFact:
    """A fact, and whether it stands in a ticket's ledger already."""

    fact: Fact
    recorded: bool


def store_fact(tables: Tables, fact: Fact, now: datetime) -> None:
    """Keep a fact; the same one again changes nothing. The table's stream hands it on."""
    place = Place(f"{PREFIX}{fact.site}#{fact.source}", _sk(fact), "document")
    document = sealed(tables, fact.site, place, fact)
    try:
        tables.client.put_item(
            TableName=tables.tickets,
            Item={
                **key(place.pk, place.sk),
                "expires": number(int((now + KEPT).timestamp())),
                "document": document,
            },
            ConditionExpression="attribute_not_exists(pk)",
        )
    except ClientError as error:
        if not condition_failed(error):
            raise


def load_fact(tables: Tables, pk: str, sk: str) -> StoredFact | None:
    """A fact by its key; None once it was forgotten."""
    item = get_item(tables.client, tables.tickets, pk, sk)
    if item is None:
        return None
    fact = read_sealed(tables, item, "document", Fact)
    return StoredFact(fact=fact, recorded="recorded_on" in item)


def recorded(tables: Tables, pk: str, sk: str, ticket_id: str) -> Write:
    """The write that says where a fact was recorded; it holds only once."""
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(pk, sk),
            "UpdateExpression": "SET recorded_on = :ticket",
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(recorded_on)",
            "ExpressionAttributeValues": {":ticket": text(ticket_id)},
        }
    }
    return Write(update, "fact")


def _sk(fact: Fact) -> str:
    """Its own key for each step of one message's delivery; event ids may hold addresses."""
    content = "\0".join((fact.event_id, fact.kind.value, fact.state))
    return PREFIX + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:40]
