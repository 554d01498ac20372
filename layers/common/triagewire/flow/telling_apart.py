"""The locks that made two tickets one, after a person has told them apart.

The desk has no key to hash an identity with: the hashes stand on the tickets.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta

from triagewire.flow.context import Context
from triagewire.routing.duplicates import Lock
from triagewire.routing.person import identities
from triagewire.store.locks import load_lock, write_lock
from triagewire.store.table import Write
from triagewire.store.threads import load_thread, write_thread
from triagewire.ticket import Ticket


def tell_apart(
    context: Context,
    parted: Ticket,
    survivor: Ticket,
    staying: Collection[Ticket],
    *,
    two_people: bool,
) -> Iterator[Write]:
    """The writes after which no lock of the parted ticket leads to its survivor by itself.

    A patient id leads to whose it is. A contact that both used is shared: for one more window it
    merges nobody. The sender's thread leads to the parted ticket, unless what stays came through it
    too: then it goes on leading to the survivor, or, where `two_people` write in it, to nobody.
    """
    family = {parted.id, survivor.id, *survivor.merged_from}
    for topic in sorted(_topics(parted, survivor)):
        for number, hashed in enumerate(parted.known_as):
            lock = load_lock(context.tables, parted.site, hashed, topic)
            if lock is None or lock.expires <= context.now or lock.ticket_id not in family:
                continue
            strong = number == 0 and bool(parted.requester.patient_id)
            moved = _of_patient(lock, parted, survivor) if strong else _shared(lock, context)
            yield write_lock(context.tables, replace(moved, version=lock.version + 1))
    yield from _thread(context, parted, survivor, staying, family, two_people=two_people)


def _topics(parted: Ticket, survivor: Ticket) -> set[str]:
    return {each.verdict.topic for each in (parted, survivor) if each.verdict is not None}


def _of_patient(lock: Lock, parted: Ticket, survivor: Ticket) -> Lock:
    known = set(identities(parted.requester)) & set(identities(survivor.requester))
    same = any(each.strong for each in known)
    return replace(lock, ticket_id=survivor.id if same else parted.id)


def _shared(lock: Lock, context: Context) -> Lock:
    window = timedelta(minutes=context.site(lock.site).merge_window_minutes)
    return replace(lock, shared=True, expires=max(lock.expires, context.now + window))


def _thread(
    context: Context,
    parted: Ticket,
    survivor: Ticket,
    staying: Collection[Ticket],
    family: Collection[str],
    *,
    two_people: bool,
) -> Iterator[Write]:
    if not parted.thread_hash:
        return
    lock = load_thread(context.tables, parted.site, parted.source, parted.thread_hash)
    if lock is None or not lock.live(context.now) or lock.ticket_id not in family:
        return
    thread = parted.source, parted.thread_hash
    both = any((each.source, each.thread_hash) == thread for each in (survivor, *staying))
    if both and not two_people:
        return
    moved = replace(lock, shared=True) if both else replace(lock, ticket_id=parted.id)
    yield write_thread(context.tables, replace(moved, version=lock.version + 1))
