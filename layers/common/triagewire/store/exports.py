"""The ledger of what was taken out of a site as a file: a chain of its own for each site."""

from triagewire.ledger.event import Entry, Stamp
from triagewire.store.chained import Headed, appended, in_item, read_head
from triagewire.store.table import Tables, Write

EXPORTS = "EXPORTS"


def exports_subject(site: str) -> str:
    """The ledger's subject of what was exported of a site."""
    return f"{EXPORTS}#{site}"


def exports(site: str) -> Headed:
    """Where the head of that ledger stands."""
    subject = exports_subject(site)
    return Headed(
        subject=subject, pk=subject, sk=EXPORTS, claims=f"exports of {site}", counted="version"
    )


def exported(tables: Tables, site: str, entry: Entry, stamped: Stamp) -> list[Write]:
    """The writes that record an export: valid only together, and while nobody else records one."""
    at = exports(site)
    head = read_head(tables, at)
    return appended(tables, at, head, (entry,), stamped, lambda after: in_item(at, after))
