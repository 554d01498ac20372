"""The hash chain of one subject: altering, dropping, reordering or inserting an event breaks it.

SHA-256 over canonical JSON (sorted keys, no spaces, UTF-8); the first event hangs on a hash of its
subject, so that a chain cannot be moved to another ticket.

"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC

from triagewire.ledger.event import Detail, Entry, Event, Stamp


def genesis(subject: str) -> str:
    """What the first event of a subject names as its previous hash."""
    return hashlib.sha256(f"triagewire-ledger-1|{subject}".encode()).hexdigest()


def digest(event: Event) -> str:
    """The hash of an event, over everything but the hash itself."""
    text = json.dumps(content(event), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def content(event: Event) -> dict[str, object]:
    """What is hashed of an event: every field but the hash, as JSON has it."""
    return {
        "subject": event.subject,
        "sequence": event.sequence,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "action": event.action.value,
        "why": event.why,
        "detail": dict(event.detail),
        "policy_version": event.policy_version,
        "request_id": event.request_id,
        "previous": event.previous,
    }


def extend(
    subject: str, sequence: int, head: str, entries: Iterable[Entry], stamp: Stamp
) -> tuple[Event, ...]:
    """The events that follow event number `sequence`, whose hash is `head` (0 and `""` for a new
    subject).
    """
    events: list[Event] = []
    previous = head or genesis(subject)
    for number, entry in enumerate(entries, start=sequence + 1):
        event = Event(
            subject=subject,
            sequence=number,
            at=stamp.at,
            actor=stamp.actor,
            action=entry.action,
            why=entry.why,
            detail=_detail(entry, stamp),
            policy_version=stamp.policy_version,
            request_id=stamp.request_id,
            previous=previous,
        )
        previous = digest(event)
        events.append(replace(event, hash=previous))
    return tuple(events)


def _detail(entry: Entry, stamp: Stamp) -> Mapping[str, Detail]:
    return {**entry.detail, "emergency": True} if stamp.emergency else entry.detail


def first_fault(subject: str, events: Sequence[Event], count: int, head: str) -> str | None:
    """The first thing wrong with a subject's events in stored order, in words, or None.

    `count` and `head` are what the subject itself says of its ledger: they show a tail that was cut
    off.
    """
    previous = genesis(subject)
    for number, event in enumerate(events, start=1):
        if event.sequence != number:
            return f"event {number} is missing: number {event.sequence} stands in its place"
        if event.previous != previous:
            return f"event {number} does not follow the one before it"
        if digest(event) != event.hash:
            return f"event {number} was altered"
        previous = event.hash
    if len(events) != count:
        return f"{count} events were recorded and {len(events)} are there"
    if events and previous != head:
        return "the last event is not the one its subject recorded"
    return None
