"""Whether a new ticket is the same need of the same person as one that is open already.

One lock stands for each identity and topic of a site during the merge window. The decision is made
from the locks and the tickets they name, and is written in the same transaction as new locks, so
two newcomers never both win.

"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triagewire.routing.person import Identity, comparable, contradicts
from triagewire.ticket import ANSWERED_AUTOMATICALLY, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The claim of a ticket on an identity and topic until `expires` (UTC).

    `shared` records that two people were seen behind the same contact: nobody is merged through it
    any more.
    """

    site: str
    identity_hash: str
    topic: str
    ticket_id: str
    expires: datetime
    shared: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One identity of the newcomer with the lock that stands for it and the open ticket behind that
    lock.
    """

    identity: Identity
    identity_hash: str
    lock: Lock | None = None
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The ticket to merge into, if any, and the locks to write (each replaces its predecessor).

    `answered` says that a robot has answered the same question already: a person is next.
    """

    survivor: Ticket | None
    locks: tuple[Lock, ...]
    answered: bool = False


def find_duplicate(
    newcomer: Ticket, topic: str, sightings: Sequence[Sighting], now: datetime, window: timedelta
) -> Finding:
    """Decide by the strongest identity first; a shared or contradicted contact joins nobody."""
    survivor: Ticket | None = None
    shared: dict[str, bool] = {}
    for seen in sorted(sightings, key=lambda each: not each.identity.strong):
        live = seen.lock is not None and seen.lock.expires > now
        shared[seen.identity_hash] = live and seen.lock is not None and seen.lock.shared
        if not live or seen.ticket is None:
            continue
        if contradicts(newcomer.requester, seen.ticket.requester):
            shared[seen.identity_hash] = True
        elif seen.ticket.id in newcomer.linked:
            continue  # two needs that were told apart stay apart
        elif not comparable(newcomer.requester, seen.ticket.requester):
            continue  # one contact, and nothing by which mother and child could be told apart
        elif survivor is None and seen.ticket.is_open and not shared[seen.identity_hash]:
            survivor = seen.ticket
    holder = survivor or newcomer
    return Finding(
        survivor=survivor,
        locks=_locks(holder, topic, sightings, shared, now, window),
        answered=any(_answered(seen, now) for seen in sightings),
    )


def _locks(
    holder: Ticket,
    topic: str,
    sightings: Sequence[Sighting],
    shared: Mapping[str, bool],
    now: datetime,
    window: timedelta,
) -> tuple[Lock, ...]:
    """One lock per identity, each a version above the one it replaces.

    The window begins with the first message: repetitions do not prolong it.
    """
    return tuple(
        Lock(
            site=holder.site,
            identity_hash=seen.identity_hash,
            topic=topic,
            ticket_id=holder.id,
            expires=seen.lock.expires
            if seen.lock and seen.lock.expires > now and seen.lock.ticket_id == holder.id
            else now + window,
            shared=shared[seen.identity_hash],
            version=(seen.lock.version if seen.lock else 0) + 1,
        )
        for seen in sightings
    )


def _answered(seen: Sighting, now: datetime) -> bool:
    """Whether this identity had an automatic answer on the topic within the window."""
    live = seen.lock is not None and seen.lock.expires > now
    return live and seen.ticket is not None and seen.ticket.outcome == ANSWERED_AUTOMATICALLY
