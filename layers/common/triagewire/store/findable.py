"""What tickets are found by: who asks, under keyed hashes, and the folded words of each message.

The words are PHI: they stand in no key and are sealed; the table forgets both by itself.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from triagewire.errors import SealBrokenError
from triagewire.store.cipher import Place
from triagewire.store.codec import Item, number, pack, read_text, stamp, text
from triagewire.store.sealed import read_sealed, sealed_bytes
from triagewire.store.table import Tables, Write, key, query

REQUESTER_KEPT = timedelta(days=400)
"""Longer than a year: who comes once a year is found again."""
WORDS_KEPT = timedelta(days=120)
"""Longer than a ticket may wait; those of a closed one are taken away before."""
PAGE = 3_000
"""So many messages are read at once, or a megabyte if that is less."""
MOST_BYTES = 8_192
"""Of packed words: a search reads all that a site keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsPage:
    """Some of a site's messages, by ticket, with their folded words; whether it is the last."""

    found: tuple[tuple[str, str], ...]
    last: bool


def add_requester(
    tables: Tables, site: str, identity_hash: str, ticket_id: str, received_at: datetime
) -> Write:
    """The write by which a ticket is found under an identity of who asks."""
    item = {
        **key(_requester_pk(site, identity_hash), f"{stamp(received_at)}#{ticket_id}"),
        "expires": _expires(received_at + REQUESTER_KEPT),
    }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item}}
    return Write(put, "requester of a ticket")


def tickets_of(tables: Tables, site: str, identity_hash: str, most: int) -> tuple[str, ...]:
    """The ids of an identity's tickets, the newest first, at most so many."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :who",
        ExpressionAttributeValues={":who": text(_requester_pk(site, identity_hash))},
        ScanIndexForward=False,
        Limit=most,
    )
    ids = (read_text(item, "sk").rpartition("#")[2] for item in islice(found, most))
    return tuple(dict.fromkeys(ids))


def add_words(tables: Tables, site: str, ticket_id: str, words: str, now: datetime) -> Write:
    """The write of a message's folded words; of very long ones the beginning."""
    place = Place(_words_pk(site), ticket_id, "words")
    item = {
        **key(place.pk, place.sk),
        "words": sealed_bytes(tables, site, place, _packed(words)),
        "expires": _expires(now + WORDS_KEPT),
    }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item}}
    return Write(put, f"words of {ticket_id}")


def forget_words(tables: Tables, site: str, ticket_ids: Iterable[str]) -> Iterator[Write]:
    """The writes that take away the words of tickets that nobody works on any more."""
    for each in ticket_ids:
        delete: Any = {
            "Delete": {"TableName": tables.tickets, "Key": key(_words_pk(site), each)},
        }
        yield Write(delete, f"words of {each}")


def words_of_site(tables: Tables, site: str) -> Iterator[WordsPage]:
    """All words that a site keeps, read page by page as far as the caller looks; they
    lag behind the table by moments.
    """
    asked: dict[str, Any] = {
        "TableName": tables.tickets,
        "KeyConditionExpression": "pk = :site",
        "ExpressionAttributeValues": {":site": text(_words_pk(site))},
        "Limit": PAGE,
    }
    while True:
        answer = tables.client.query(**asked)
        found = tuple(_opened(tables, answer["Items"]))
        after = answer.get("LastEvaluatedKey")
        yield WordsPage(found=found, last=not after)
        if not after:
            return
        asked["ExclusiveStartKey"] = after


def _packed(words: str) -> bytes:
    packed = pack(words)
    while len(packed) > MOST_BYTES:
        words = words[: 3 * len(words) // 4]
        packed = pack(words)
    return packed


def _expires(at: datetime) -> Any:  # noqa: ANN401
    return number(int(at.timestamp()))


def _requester_pk(site: str, identity_hash: str) -> str:
    return f"REQUESTER#{site}#{identity_hash}"


def _words_pk(site: str) -> str:
    return f"TEXT#{site}"


def _opened(tables: Tables, items: Iterable[Item]) -> Iterator[tuple[str, str]]:
    """Ticket and words of each item; what was altered is found by no word, and hides no other."""
    for item in items:
        with suppress(SealBrokenError):
            yield read_text(item, "sk"), read_sealed(tables, item, "words", str)
