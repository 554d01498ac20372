"""The ledger of what each member of a site has searched for: when and by what, never the words."""

from triagewire.ledger.event import Entry, Stamp
from triagewire.store.chained import Headed, appended, read_head
from triagewire.store.table import Tables, Write

PREFIX = "MEMBER#"


def searches_subject(site: str, member: str) -> str:
    """The ledger's subject of a member's searches."""
    return f"{_pk(site)}#{member}"


def searches(site: str, member: str) -> Headed:
    """Where the head of that ledger stands."""
    return Headed(
        subject=searches_subject(site, member),
        pk=_pk(site),
        sk=PREFIX + member,
        claims=f"searches of {member}",
    )


def noted_search(
    tables: Tables, site: str, member: str, entry: Entry, stamped: Stamp
) -> list[Write]:
    """The writes that record a search; they hold while the member's last one is still the last."""
    at = searches(site, member)
    return appended(tables, at, read_head(tables, at), (entry,), stamped)


def _pk(site: str) -> str:
    return f"SEARCHES#{site}"
