"""What came in lately, for an administrator's backtest: the one place that reads the whole table.

A scan costs what is stored and not what is found, so no function of the deployment may do it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from triagewire.message import Direction, Message
from triagewire.store.codec import stamp, text
from triagewire.store.messages import PREFIX
from triagewire.store.sealed import read_sealed
from triagewire.store.table import Tables
from triagewire.store.tickets import load_ticket
from triagewire.ticket import Ticket


def received_since(tables: Tables, since: datetime, most: int) -> Iterator[tuple[Ticket, Message]]:
    """Inbound messages received since a time (UTC) with their tickets, `most` at the most."""
    taken = 0
    for item in _messages(tables, since):
        message = read_sealed(tables, item, "document", Message)
        if message.direction is not Direction.INBOUND:
            continue
        ticket = load_ticket(tables, message.ticket_id)
        if ticket is None or ticket.purged_at is not None:
            continue
        yield ticket, message
        taken += 1
        if taken >= most:
            return


def _messages(tables: Tables, since: datetime) -> Iterator[Any]:
    pages = tables.client.get_paginator("scan").paginate(
        TableName=tables.tickets,
        FilterExpression="sk BETWEEN :since AND :end",
        ExpressionAttributeValues={
            ":since": text(f"{PREFIX}{stamp(since)}"),
            ":end": text(f"{PREFIX}~"),
        },
    )
    for page in pages:
        yield from page["Items"]
