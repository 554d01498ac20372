"""Labels in the table: by site and time, so that a range of days is one query and never a scan."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from triagewire.label import Label
from triagewire.store.cipher import Place
from triagewire.store.codec import stamp, text
from triagewire.store.sealed import read_sealed, sealed
from triagewire.store.table import Tables, Write, key, query


def add_label(tables: Tables, label: Label) -> Write:
    """The write of a label, beside the decision that made it. Labels are kept for good."""
    place = Place(_pk(label.site), f"{stamp(label.at)}#{label.ticket_id}", "document")
    document = sealed(tables, label.site, place, label)
    item = {**key(place.pk, place.sk), "document": document}
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item}}
    return Write(put, f"label of {label.ticket_id}")


def labels_since(tables: Tables, site: str, since: datetime) -> Iterator[Label]:
    """The labels of a site from a moment (UTC) on, the oldest first."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :site AND sk >= :since",
        ExpressionAttributeValues={":site": text(_pk(site)), ":since": text(stamp(since))},
    )
    for item in found:
        yield read_sealed(tables, item, "document", Label)


def _pk(site: str) -> str:
    return f"LABELS#{site}"
