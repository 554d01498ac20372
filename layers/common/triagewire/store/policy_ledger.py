"""The ledger of the policy, for what happens to it or around it without a new version."""

from typing import Any

from triagewire.errors import PolicyMissingError
from triagewire.ledger.chain import extend
from triagewire.ledger.event import Entry, Stamp
from triagewire.store.active import ACTIVE, POLICY
from triagewire.store.codec import number, read_number, read_text, text
from triagewire.store.ledger import append
from triagewire.store.table import Tables, Write, get_item, key


def noted(tables: Tables, entry: Entry, stamped: Stamp) -> list[Write]:
    """The writes that add an entry to the policy's ledger; they hold while nobody else adds one.

    Raises PolicyMissingError before the first publication.
    """
    pointer = get_item(tables.client, tables.tickets, POLICY, ACTIVE)
    if pointer is None:
        raise PolicyMissingError("no policy is published: run `triagewire policy publish`")
    sequence = read_number(pointer, "ledger_events")
    events = extend(POLICY, sequence, read_text(pointer, "ledger_head"), (entry,), stamped)
    head: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(POLICY, ACTIVE),
            "UpdateExpression": "SET ledger_events = :events, ledger_head = :head",
            "ConditionExpression": "ledger_events = :before",
            "ExpressionAttributeValues": {
                ":events": number(events[-1].sequence),
                ":head": text(events[-1].hash),
                ":before": number(sequence),
            },
        }
    }
    return [Write(head, "ledger of the policy"), *append(tables, events)]
