"""The ledger of the policy, for what happens to it or around it without a new version."""

from triagewire.errors import PolicyMissingError
from triagewire.ledger.event import Entry, Stamp
from triagewire.store.active import ACTIVE, POLICY
from triagewire.store.chained import Headed, appended, read_head
from triagewire.store.table import Tables, Write

POLICY_LEDGER = Headed(subject=POLICY, pk=POLICY, sk=ACTIVE, claims="ledger of the policy")


def noted(tables: Tables, entry: Entry, stamped: Stamp) -> list[Write]:
    """The writes that add an entry to the policy's ledger; they hold while nobody else adds one.

    Raises PolicyMissingError before the first publication.
    """
    head = read_head(tables, POLICY_LEDGER)
    if not head.events:
        raise PolicyMissingError("no policy is published: run `triagewire policy publish`")
    return appended(tables, POLICY_LEDGER, head, (entry,), stamped)
