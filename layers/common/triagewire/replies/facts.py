"""What a delivery report, a bounce or an opt-out means for the ticket it is about.

Reports come late and out of order, so a text that arrived stays arrived; only mail that comes back
for good says that its requester cannot be reached.
"""

from dataclasses import dataclass, replace

from triagewire.arrival import Fact, FactKind
from triagewire.ledger.event import Action, Entry
from triagewire.ticket import ANSWERED_AUTOMATICALLY, Ticket

UNDELIVERABLE = "undeliverable"
FAILED = "failed"
_STEPS = ("", "sent", FAILED, "delivered", "read", UNDELIVERABLE)
"""How far a text can have got, in the order in which nothing goes back."""

_CALLED = {
    "accepted": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "processed": "sent",
    "deferred": "sent",
    "failed": FAILED,
    "undelivered": FAILED,
    "dropped": FAILED,
    "delivered": "delivered",
    "delivery": "delivered",
    "read": "read",
    "opened": "read",
}
"""The words of carriers in ours; whatever else they say moves nothing."""

_WHY = {
    FactKind.BOUNCE: "the mail came back",
    FactKind.DELIVERY: "the carrier reports on our text",
    FactKind.AUTOMATIC_ANSWER: "a robot answered: nobody has said anything",
    FactKind.COMPLAINT: "the requester's mail service reports a complaint",
    FactKind.OPT_OUT: "the requester asked for no more texts",
    FactKind.OPT_IN: "the requester allows texts again",
}
_UNWANTED = (FactKind.COMPLAINT, FactKind.OPT_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The ticket that knows a fact, and what its ledger says.

    `lost` says that a text of ours has not arrived; `unanswered` asks for a person: it was the only
    answer that the requester was given, and that it did not arrive is news.
    """

    ticket: Ticket
    entry: Entry
    lost: bool
    unanswered: bool


def told(ticket: Ticket, fact: Fact) -> Told:
    """Take a fact in. It never opens a ticket that a person closed."""
    lasting = fact.kind is FactKind.BOUNCE and fact.permanent
    reached = _further(ticket.delivery, _step(fact))
    after = replace(
        ticket,
        delivery=reached,
        unreachable=ticket.unreachable or lasting,
        quiet=ticket.quiet or fact.kind in _UNWANTED,
    )
    news = reached in (FAILED, UNDELIVERABLE) and reached != ticket.delivery
    return Told(
        ticket=after,
        entry=_entry(ticket, fact, moved=after != ticket),
        lost=_step(fact) in (FAILED, UNDELIVERABLE),
        unanswered=news and ticket.outcome == ANSWERED_AUTOMATICALLY,
    )


def _step(fact: Fact) -> str:
    if fact.kind is FactKind.BOUNCE:
        return UNDELIVERABLE if fact.permanent else ""
    if fact.kind is FactKind.DELIVERY:
        return _CALLED.get(fact.state.strip().casefold(), "")
    return ""


def _further(known: str, reported: str) -> str:
    return max(known, reported, key=_STEPS.index)


def _entry(ticket: Ticket, fact: Fact, *, moved: bool) -> Entry:
    """A carrier's own word is kept only where we know it: the ledger holds no free text."""
    state = fact.state.strip().casefold()
    return Entry(
        action=Action.DELIVERY_REPORTED,
        why=_WHY[fact.kind],
        detail={
            "kind": fact.kind.value,
            "state": state if state in _CALLED else "",
            "permanent": fact.permanent,
            "moved": moved,
            "source": fact.source,
            "status": ticket.status.value,
        },
    )
