"""Who is writing on which ticket: one item a member, which the table forgets by itself."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from triagewire.store.codec import number, read_text, stamp, text
from triagewire.store.table import Tables, key, query
from triagewire.writer import Writer

PREFIX = "MEMBER#"
FORGOTTEN_AFTER = timedelta(hours=1)
"""So long after it ran out the table may forget an item; the table's own time is not exact."""


def writers_of(tables: Tables, ticket_id: str, now: datetime) -> Iterator[Writer]:
    """Who writes on a ticket `now`, whoever they are; in one read, and moments late."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :ticket",
        ExpressionAttributeValues={":ticket": text(_pk(ticket_id))},
    )
    for item in found:
        until = datetime.fromisoformat(read_text(item, "until"))
        if until > now:
            yield Writer(
                member=read_text(item, "sk").removeprefix(PREFIX),
                since=datetime.fromisoformat(read_text(item, "since")),
                until=until,
            )


def write_writer(tables: Tables, ticket_id: str, writer: Writer) -> None:
    """Keep that a member writes, until they say so again, say that they stopped, or time runs
    out. Nothing is decided by it, so it needs no condition: the last one counts.
    """
    tables.client.put_item(
        TableName=tables.tickets,
        Item={
            **key(_pk(ticket_id), PREFIX + writer.member),
            "since": text(stamp(writer.since)),
            "until": text(stamp(writer.until)),
            "expires": number(int((writer.until + FORGOTTEN_AFTER).timestamp())),
        },
    )


def _pk(ticket_id: str) -> str:
    return f"WRITING#{ticket_id}"
