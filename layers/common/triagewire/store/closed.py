"""All tickets that are closed for good, for an operator who looks after what is kept.

A scan costs what is stored and not what is found, so no function of the deployment may do it.
"""

from collections.abc import Iterator
from itertools import batched

from triagewire.store.codec import read_text, text
from triagewire.store.table import Tables
from triagewire.store.tickets import BATCH, TICKET, load_tickets
from triagewire.ticket import Ticket


def all_tickets(tables: Tables) -> Iterator[Ticket]:
    """Every ticket as it stands, in no order; the scan reads keys alone."""
    for some in batched(_ids(tables), BATCH, strict=False):
        yield from load_tickets(tables, some).values()


def _ids(tables: Tables) -> Iterator[str]:
    pages = tables.client.get_paginator("scan").paginate(
        TableName=tables.tickets,
        FilterExpression="sk = :ticket",
        ProjectionExpression="pk",
        ExpressionAttributeValues={":ticket": text(TICKET)},
    )
    for page in pages:
        for item in page["Items"]:
            yield read_text(item, "pk").removeprefix("TICKET#")
