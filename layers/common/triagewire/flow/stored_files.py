"""Stored mails and large bodies that belong to tickets, by their links into the inbound bucket.

A sender may write any link into a message. Only one is followed that lies where the mail of the
ticket's own source is stored, or where its own body is.
"""

from collections.abc import Iterable, Iterator, Sequence

from triagewire.flow.context import Context
from triagewire.message import Message
from triagewire.quarantined import KeptBody
from triagewire.store.messages import read_messages
from triagewire.store.tickets import load_tickets
from triagewire.ticket import Ticket

type Said = tuple[Ticket, Sequence[Message], KeptBody | None]
"""A ticket, its messages, and what is kept of a body that could not be read."""


def files_of(context: Context, whole: Sequence[Said]) -> tuple[str, ...]:
    """The links of the files that belong to these tickets and to no other that still has words: a
    further need of one mail is a ticket of its own, and the last of them takes the mail away.
    """
    found = dict.fromkeys(link for each in whole for link in _links(*each))
    if not found:
        return ()
    ids = {ticket.id for ticket, _, _ in whole}
    beside = {each for ticket, _, _ in whole for each in ticket.linked} - ids
    shared = set(_of_others(context, sorted(beside)))
    return tuple(link for link in found if link not in shared)


def _of_others(context: Context, ids: Sequence[str]) -> Iterator[str]:
    for other in load_tickets(context.tables, ids).values():
        if other.purged_at is None:
            yield from _links(other, tuple(read_messages(context.tables, other.id)), None)


def _links(ticket: Ticket, said: Iterable[Message], kept: KeptBody | None) -> Iterator[str]:
    own = f"quarantine/{ticket.site}/{ticket.id}"
    if kept is not None and _key(kept.link) == own:
        yield kept.link
    for message in said:
        links = (*(each.link for each in message.attachments), message.pointer or "")
        yield from (each for each in links if _is_mail_of(ticket, each))


def _is_mail_of(ticket: Ticket, link: str) -> bool:
    key = _key(link)
    return key.startswith(f"mail/{ticket.site}/{ticket.source}/") and ".." not in key


def _key(link: str) -> str:
    """What a link of a bucket names in it; empty for any other link."""
    return link.removeprefix("s3://").partition("/")[2] if link.startswith("s3://") else ""
