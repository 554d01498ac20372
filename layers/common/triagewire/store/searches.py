"""The ledger of what each member of a site has searched for: when and by what, never the words."""

from triagewire.ledger.event import Entry, Stamp
from triagewire.store.chained import Headed, noted, of_member
from triagewire.store.table import Tables, Write


def searches_subject(site: str, member: str) -> str:
    """The ledger's subject of a member's searches."""
    return searches(site, member).subject


def searches(site: str, member: str) -> Headed:
    """Where the head of that ledger stands."""
    return of_member("SEARCHES", site, member, f"searches of {member}")


def noted_search(
    tables: Tables, site: str, member: str, entry: Entry, stamped: Stamp
) -> list[Write]:
    """The writes that record a search; they hold while the member's last one is still the last."""
    return noted(tables, searches(site, member), entry, stamped)
