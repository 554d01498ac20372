"""A candidate policy beside the active one, and what it would have said otherwise.

The candidate is stored like a version, and never becomes one. What it says goes to items of its
own, apart from every ticket.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from triagewire.errors import PolicyMissingError
from triagewire.ledger.event import Action, Entry, Stamp
from triagewire.policy.model import Policy
from triagewire.scoring.difference import Difference, Kind
from triagewire.store.active import POLICY, version_sk
from triagewire.store.codec import blob, number, read_blob, read_number, read_text, stamp, text
from triagewire.store.large import immutable_writes, read_large
from triagewire.store.policy_ledger import noted
from triagewire.store.table import Tables, Write, commit, get_item, key, query

SHADOW = "SHADOW"
CANDIDATE = "CANDIDATE"
COUNT = "COUNT"
KEPT = timedelta(days=90)
"""How long differences are kept: longer than anybody lets a candidate run beside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """The candidate that runs beside; `number` counts candidates, 0 when none runs."""

    number: int
    since: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """A message of a ticket that the candidate judges otherwise; `at` is UTC."""

    ticket_id: str
    at: str
    difference: Difference


def current_shadow(tables: Tables) -> Shadow:
    """Which candidate runs beside the active policy."""
    item = get_item(tables.client, tables.tickets, POLICY, SHADOW) or {}
    running = read_text(item, "running") == "yes"
    return Shadow(
        number=read_number(item, "number") if running else 0,
        since=read_text(item, "since"),
        by=read_text(item, "by"),
    )


def load_candidate(tables: Tables, candidate: int) -> Policy:
    """The policy of a candidate. Raises PolicyMissingError."""
    sk = version_sk(candidate, CANDIDATE)
    item = get_item(tables.client, tables.tickets, POLICY, sk)
    if item is None:
        raise PolicyMissingError(f"candidate {candidate} is not in the table")
    return read_large(tables, item, Policy)


def start_shadow(tables: Tables, policy: Policy, stamped: Stamp) -> int:
    """Let a policy run beside the active one; returns the candidate's number.

    Raises ConflictError when somebody else changed the policy or the shadow meanwhile.
    """
    last = last_candidate(tables)
    entry = Entry(
        action=Action.SHADOW_STARTED,
        why="a candidate runs beside the active policy",
        detail={"candidate": last + 1},
    )
    said = {"published_at": text(stamp(stamped.at)), "published_by": text(stamped.actor)}
    sk = version_sk(last + 1, CANDIDATE)
    document = immutable_writes(tables, POLICY, sk, policy, said)
    pointer = _pointer(tables, last, last + 1, stamped, running=True)
    commit(tables, [*document, pointer, *noted(tables, entry, stamped)])
    return last + 1


def stop_shadow(tables: Tables, stamped: Stamp) -> bool:
    """End the shadow; whether one was running."""
    running = current_shadow(tables).number
    if not running:
        return False
    entry = Entry(
        action=Action.SHADOW_ENDED,
        why="the candidate no longer runs",
        detail={"candidate": running},
    )
    pointer = _pointer(tables, running, running, stamped, running=False)
    commit(tables, [pointer, *noted(tables, entry, stamped)])
    return True


def last_candidate(tables: Tables) -> int:
    """The number of the last candidate, whether it still runs or not; 0 before the first."""
    item = get_item(tables.client, tables.tickets, POLICY, SHADOW) or {}
    return read_number(item, "number")


def _pointer(
    tables: Tables, before: int, candidate: int, stamped: Stamp, *, running: bool
) -> Write:
    put: Any = {
        "Put": {
            "TableName": tables.tickets,
            "Item": {
                **key(POLICY, SHADOW),
                "number": number(candidate),
                "running": text("yes" if running else "no"),
                "since": text(stamp(stamped.at)),
                "by": text(stamped.actor),
            },
            "ConditionExpression": "attribute_not_exists(pk) OR #number = :before",
            "ExpressionAttributeNames": {"#number": "number"},
            "ExpressionAttributeValues": {":before": number(before)},
        }
    }
    return Write(put, "shadow")


# What it would have said ------------------------------------------------------------------------


def keep_difference(
    tables: Tables, candidate: int, ticket_id: str, found: Difference, now: datetime
) -> None:
    """Count one compared message, and keep how it differs; the same message is kept once."""
    pk = _pk(candidate)
    tables.client.update_item(
        TableName=tables.tickets,
        Key=key(pk, COUNT),
        UpdateExpression="ADD compared :one SET expires = :expires",
        ExpressionAttributeValues={":one": number(1), ":expires": _expires(now)},
    )
    if found.kind is Kind.SAME:
        return
    item: Any = {
        **key(pk, f"MESSAGE#{ticket_id}"),
        "at": text(stamp(now)),
        "document": blob(found),
        "expires": _expires(now),
    }
    tables.client.put_item(TableName=tables.tickets, Item=item)


def compared(tables: Tables, candidate: int) -> int:
    """How many messages a candidate was tried on."""
    item = get_item(tables.client, tables.tickets, _pk(candidate), COUNT) or {}
    return read_number(item, "compared")


def read_differences(tables: Tables, candidate: int) -> Iterator[Differs]:
    """Every message that a candidate judged otherwise."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :candidate AND begins_with(sk, :prefix)",
        ExpressionAttributeValues={
            ":candidate": text(_pk(candidate)),
            ":prefix": text("MESSAGE#"),
        },
    )
    for item in found:
        yield Differs(
            ticket_id=read_text(item, "sk").removeprefix("MESSAGE#"),
            at=read_text(item, "at"),
            difference=read_blob(item, "document", Difference),
        )


def _expires(now: datetime) -> Any:  # noqa: ANN401
    return number(int((now + KEPT).timestamp()))


def _pk(candidate: int) -> str:
    return f"{SHADOW}#{candidate:08d}"
