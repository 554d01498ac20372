"""The ledger of what a member tried at a site that is not theirs to see or do: a chain of its own
for each member and site.
"""

from triagewire.ledger.event import Entry, Stamp
from triagewire.store.chained import Headed, noted, of_member
from triagewire.store.table import Tables, Write


def denials_subject(site: str, member: str) -> str:
    """The ledger's subject of what was denied to a member at a site."""
    return denials(site, member).subject


def denials(site: str, member: str) -> Headed:
    """Where the head of that ledger stands."""
    return of_member("DENIED", site, member, f"denials of {member}")


def noted_denial(
    tables: Tables, site: str, member: str, entry: Entry, stamped: Stamp
) -> list[Write]:
    """The writes that record a try; they hold while the member's last one is still the last."""
    return noted(tables, denials(site, member), entry, stamped)
