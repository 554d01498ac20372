"""What the dashboard shows live of each change that was stored: promises kept and broken, pages, by
site and by nothing finer.

It is counted where the ledger is written, so that the two never tell of different changes. The
reports are made from the ledger; these counters are for the minute at hand.
"""

from triagewire.clock.promise import TargetKind
from triagewire.ledger.event import Action, Entry
from triagewire.observability import count
from triagewire.store.tickets import Change
from triagewire.ticket import NOT_NEEDED, Ticket

STAFF = "staff:"
BROKEN = {
    TargetKind.FIRST_RESPONSE: "FirstResponsesBroken",
    TargetKind.RESOLUTION: "ResolutionsBroken",
}
"""Counted once for each promise: when its time is over, or by a late answer before anybody saw."""


def count_live(change: Change, actor: str) -> None:
    """Count what a stored change says of its site; one that opens a ticket says nothing yet."""
    before = change.before
    if before is None:
        return
    actions = {entry.action for entry in change.entries}
    for entry in change.entries:
        for name, value in _counted(entry, before):
            count(name, value, site=before.site)
        if entry.action is Action.RESOLVED and entry.why != NOT_NEEDED and actor.startswith(STAFF):
            answered = Action.RESPONDED in actions
            ended = () if answered else _first_response(entry, before)
            for name in (*ended, *_resolution(entry, before)):
                count(name, site=before.site)


def _counted(entry: Entry, before: Ticket) -> list[tuple[str, int]]:
    """The metrics that an entry adds to, and how much."""
    match entry.action:
        case Action.PAGED:
            return [("Pages", 1)]
        case Action.ACKNOWLEDGED if before.escalation.pages and not before.escalation.heard_by:
            return [("PagesUntilHeard", before.escalation.pages)]
        case Action.BREACHED:
            return [(BROKEN[TargetKind(str(entry.detail["target"]))], 1)]
        case Action.RESPONDED:
            return [(name, 1) for name in _first_response(entry, before)]
        case _:
            return []


def _first_response(entry: Entry, before: Ticket) -> list[str]:
    """What an answer does, or an end that is one: nothing where none is promised any more."""
    if before.clock is None or before.clock.stopped_at is not None:
        return []
    if entry.detail.get("in_time") is True:
        return ["FirstResponsesKept"]
    return [] if before.escalation.breached_at else [BROKEN[TargetKind.FIRST_RESPONSE]]


def _resolution(entry: Entry, before: Ticket) -> list[str]:
    if before.resolution is None or before.resolution.stopped_at is not None:
        return []
    if entry.detail.get("resolution_in_time") is True:
        return ["ResolutionsKept"]
    return [] if before.escalation.resolution_breached_at else [BROKEN[TargetKind.RESOLUTION]]
