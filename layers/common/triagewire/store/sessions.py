"""Sessions of staff: when each was last used, and whether it has ended; the ledger says that it
began and that it ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from triagewire.emergency import Emergency, EmergencyReason
from triagewire.ledger.event import Entry, Stamp
from triagewire.store.chained import Head, Headed, appended
from triagewire.store.codec import Item, number, read_number, read_text, stamp, text
from triagewire.store.table import Tables, Write, condition_failed, get_item, key

SESSION = "SESSION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One signing-in of a member, known by the hash of what its tokens share; times are UTC.

    `seen_at` is when they last did something, to the minute; `ended_at` is when they signed out.
    `emergency` is the emergency access that was begun in it and not ended.
    `version` counts its ledger events and `ledger_head` is the hash of the last one.
    """

    id: str
    member: str
    seen_at: datetime
    ended_at: datetime | None = None
    emergency: Emergency | None = None
    version: int = 0
    ledger_head: str = ""


def session_subject(session_id: str) -> str:
    """The partition of a session, and its subject in the ledger."""
    return f"{SESSION}#{session_id}"


def read_session(tables: Tables, session_id: str) -> Session | None:
    """A session as the latest write left it; None for one that was never used."""
    item = get_item(tables.client, tables.tickets, session_subject(session_id), SESSION)
    return None if item is None else _session(session_id, item)


def write_session(
    tables: Tables, after: Session, entries: Sequence[Entry], stamped: Stamp, expires: datetime
) -> list[Write]:
    """The writes of a session's beginning, change or end with its ledger events: valid only
    together, and only while `after.version` is still the one that is stored. The table forgets it
    after `expires`.
    """
    subject = session_subject(after.id)
    at = Headed(subject=subject, pk=subject, sk=SESSION, claims="a session", counted="version")

    def item_of(head: Head) -> dict[str, Any]:
        return _item(replace(after, version=head.events, ledger_head=head.hash), expires)

    head = Head(after.version, after.ledger_head)
    return appended(tables, at, head, entries, stamped, item_of)


def touch(tables: Tables, session_id: str, now: datetime, expires: datetime) -> bool:
    """Note that a session is used; False if it has ended meanwhile."""
    try:
        tables.client.update_item(
            TableName=tables.tickets,
            Key=key(session_subject(session_id), SESSION),
            UpdateExpression="SET seen_at = :now, expires = :expires",
            ConditionExpression="attribute_exists(pk) AND attribute_not_exists(ended_at)",
            ExpressionAttributeValues={
                ":now": text(stamp(now)),
                ":expires": number(int(expires.timestamp())),
            },
        )
    except ClientError as error:
        if condition_failed(error):
            return False
        raise
    return True


def _item(session: Session, expires: datetime) -> dict[str, Any]:
    item = {
        "member": text(session.member),
        "seen_at": text(stamp(session.seen_at)),
        "version": number(session.version),
        "ledger_head": text(session.ledger_head),
        "expires": number(int(expires.timestamp())),
    }
    if session.ended_at is not None:
        item["ended_at"] = text(stamp(session.ended_at))
    if session.emergency is not None:
        item |= {
            "emergency_site": text(session.emergency.site),
            "emergency_until": text(stamp(session.emergency.until)),
            "emergency_why": text(session.emergency.why.value),
        }
    return item


def _session(session_id: str, item: Item) -> Session:
    ended = read_text(item, "ended_at")
    return Session(
        id=session_id,
        member=read_text(item, "member"),
        seen_at=datetime.fromisoformat(read_text(item, "seen_at")),
        ended_at=datetime.fromisoformat(ended) if ended else None,
        emergency=_emergency(item),
        version=read_number(item, "version"),
        ledger_head=read_text(item, "ledger_head"),
    )


def _emergency(item: Item) -> Emergency | None:
    until = read_text(item, "emergency_until")
    if not until:
        return None
    return Emergency(
        site=read_text(item, "emergency_site"),
        until=datetime.fromisoformat(until),
        why=EmergencyReason(read_text(item, "emergency_why")),
    )
