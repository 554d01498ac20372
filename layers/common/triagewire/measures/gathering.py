"""The lives of many tickets, from events in whatever order they were copied.

An event counts only if it is genuine and follows the one before it. Of a ticket whose next event
is not what was recorded, nothing counts from there on; one that comes before its predecessor waits
for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from triagewire.ledger.chain import digest, genesis
from triagewire.ledger.chains import Fault
from triagewire.ledger.event import Action, Event
from triagewire.measures.folding import fold, page_left
from triagewire.measures.kinds import TAKEN
from triagewire.measures.life import Life

TICKET = "TICKET"
KEPT_AFTER_CLOSING = timedelta(days=35)
"""A requester may still say how it was: the link in the question holds for a month."""
AWAITED = timedelta(days=2)
"""What a copy may be late: the stream behind the copies keeps its records for a day."""
MOST_FAULTS = 500
"""Every report holds them: `triagewire ledger verify` tells all."""
AND_MORE = "and more, which only triagewire ledger verify tells"
EXPECTED = frozenset(TAKEN) - {Action.LINKED, Action.DELIVERY_REPORTED, Action.RATED}
"""Events that no ticket has any more when its life is over, so that one that follows nothing we
know shows that something before it is missing.
"""


@dataclass(slots=True)
class Gathering:
    """Lives by ticket; events that wait for the one before them; what was found wrong."""

    lives: dict[str, Life] = field(default_factory=dict)
    waiting: dict[str, dict[int, Event]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    events: int = 0
    """How many were counted."""
    pages: dict[str, datetime] = field(default_factory=dict)
    """When the first page of a ticket left of which no event has come yet."""

    def fault(self, fault: Fault) -> None:
        """Note what is wrong, once however often it is seen; of very much only that there is
        more.
        """
        if len(self.faults) > MOST_FAULTS or fault in self.faults:
            return
        full = len(self.faults) == MOST_FAULTS
        self.faults.append(Fault(problem=AND_MORE) if full else fault)

    def take_all(self, events: Iterable[Event]) -> None:
        """Take up events in any order, each of which may come again."""
        for event in sorted(events, key=lambda each: (each.subject, each.sequence)):
            self.take(event)

    def take(self, event: Event) -> None:
        """Take up one event."""
        kind, _, ticket = event.subject.partition("#")
        if kind == TICKET:
            self._of_ticket(ticket, event)
        elif event.action is Action.TOLD:
            self._told(event)

    def settled_before(self, moment: datetime) -> list[Life]:
        """Take out the lives that are over since so long that nothing more is expected of them."""
        over = [each for each in self.lives.values() if self._is_over(each, moment)]
        for life in over:
            del self.lives[life.ticket]
        return over

    def give_up_waiting(self, moment: datetime) -> None:
        """Forget events whose predecessor did not come. It is a fault, unless they are what happens
        to a ticket long after its end: a look, a hold, a purge.
        """
        for ticket, events in [*self.waiting.items()]:
            first = events[min(events)]
            if first.at + AWAITED > moment:
                continue
            del self.waiting[ticket]
            known = self.lives.get(ticket)
            if known is None or known.sequence == 0:
                self.lives.pop(ticket, None)
            if any(event.action in EXPECTED for event in events.values()):
                problem = f"an event before number {first.sequence} is missing"
                self.fault(Fault(first.subject, first.sequence, problem))
                if known is not None:
                    known.broken = problem

    def _is_over(self, life: Life, now: datetime) -> bool:
        """A merged ticket may be one of its own again for as long as its survivor is not over. Two
        that seem to be merged into each other, as where an event is missing, keep nobody.
        """
        seen: set[str] = set()
        at: Life | None = life
        while at is not None and at.ticket not in seen:
            seen.add(at.ticket)
            ended = at.closed_at or (at.at if at.merged_into else None)
            if ended is None or ended + KEPT_AFTER_CLOSING > now:
                return False
            at = self.lives.get(at.merged_into)
        return True

    def _of_ticket(self, ticket: str, event: Event) -> None:
        life = self.lives.get(ticket)
        if life is None:
            life = self.lives[ticket] = Life(ticket=ticket)
        if life.broken or event.sequence <= life.sequence:
            return
        if event.sequence > life.sequence + 1:
            self.waiting.setdefault(ticket, {})[event.sequence] = event
            return
        following: Event | None = event
        while following is not None and self._follows(life, following):
            fold(life, following)
            self.events += 1
            following = self.waiting.get(ticket, {}).pop(life.sequence + 1, None)
        if left := self.pages.pop(ticket, None):
            page_left(life, left)
        if not self.waiting.get(ticket):
            self.waiting.pop(ticket, None)

    def _follows(self, life: Life, event: Event) -> bool:
        """Whether an event is genuine and the next one; else nothing of the ticket counts any
        more.
        """
        before = life.head or genesis(event.subject)
        if event.previous == before and digest(event) == event.hash:
            return True
        problem = "was altered" if event.previous == before else "does not follow the one before it"
        life.broken = f"event {event.sequence} {problem}"
        self.fault(Fault(event.subject, event.sequence, life.broken))
        self.waiting.pop(life.ticket, None)
        return False

    def _told(self, event: Event) -> None:
        """Note when a page left; its notices name their tickets."""
        if digest(event) != event.hash:
            self.fault(Fault(event.subject, event.sequence, "was altered"))
            return
        for ticket in _paged(event):
            if life := self.lives.get(ticket):
                page_left(life, event.at)
            else:
                self.pages[ticket] = min(self.pages.get(ticket, event.at), event.at)


def _paged(event: Event) -> Iterator[str]:
    notices = event.detail.get("notices")
    for notice in notices if isinstance(notices, list) else []:
        ticket, _, kind = notice.partition("-")
        if "-page-" in f"-{kind}":
            yield ticket
