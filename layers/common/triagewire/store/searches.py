"""The ledger of what each member of a site has searched for: when and by what, never the words."""

from typing import Any

from triagewire.ledger.chain import extend
from triagewire.ledger.event import Entry, Stamp
from triagewire.store.codec import number, read_number, read_text, text
from triagewire.store.ledger import append
from triagewire.store.table import Tables, Write, get_item, key

PREFIX = "MEMBER#"


def searches_subject(site: str, member: str) -> str:
    """The ledger's subject of a member's searches."""
    return f"{_pk(site)}#{member}"


def noted_search(
    tables: Tables, site: str, member: str, entry: Entry, stamped: Stamp
) -> list[Write]:
    """The writes that record a search; they hold while the member's last one is still the last."""
    head = get_item(tables.client, tables.tickets, _pk(site), PREFIX + member) or {}
    before = read_number(head, "ledger_events")
    subject = searches_subject(site, member)
    events = extend(subject, before, read_text(head, "ledger_head"), (entry,), stamped)
    values: dict[str, Any] = {
        ":events": number(events[-1].sequence),
        ":head": text(events[-1].hash),
    }
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(_pk(site), PREFIX + member),
            "UpdateExpression": "SET ledger_events = :events, ledger_head = :head",
            "ConditionExpression": "ledger_events = :before"
            if before
            else "attribute_not_exists(ledger_events)",
            "ExpressionAttributeValues": values | ({":before": number(before)} if before else {}),
        }
    }
    return [Write(update, f"searches of {member}"), *append(tables, events)]


def _pk(site: str) -> str:
    return f"SEARCHES#{site}"
