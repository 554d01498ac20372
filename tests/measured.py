"""A desk whose ledger is copied, signed and gathered in memory: where tests of measures begin."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from tests.builders import MONDAY_MORNING, OFFICE_WEEK, ZONE, a_stamp, an_entry, minutes
from tests.ledgers import LocalKey, MemoryBox
from triagewire.clock.calendar import Calendar
from triagewire.flow.checkpointing import make_checkpoint
from triagewire.flow.measuring import Gathered, gather
from triagewire.ledger.chain import extend
from triagewire.ledger.copies import batch, copy_key
from triagewire.ledger.event import Action, Detail, Event
from triagewire.measures.gathering import Gathering
from triagewire.measures.life import Life
from triagewire.measures.measure import Around
from triagewire.ticket import Status, Ticket
from triagewire.trusted_keys import genuine_by

KEY = LocalKey()
GENUINE = genuine_by([KEY.pem.encode()])
AROUND = Around(
    calendar=lambda _site, _version: Calendar(zone=ZONE, week=OFFICE_WEEK),
    clinical={"north": frozenset({"clinical"})},
    zones={"north": ZONE},
)


@dataclass
class Reports:
    """The bucket of reports in memory."""

    bodies: dict[str, bytes] = field(default_factory=dict)

    def read(self, key: str) -> bytes | None:
        """The bytes of an object."""
        return self.bodies.get(key)

    def write(self, key: str, body: bytes, media_type: str) -> None:
        """Store an object."""
        assert media_type
        self.bodies[key] = body

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """The keys under a prefix."""
        yield from sorted(key for key in self.bodies if key.startswith(prefix) and key > after)


@dataclass
class Desk:
    """A ledger with its locked bucket, and the lives that are gathered of it."""

    box: MemoryBox = field(default_factory=MemoryBox)
    kept: Reports = field(default_factory=Reports)
    chains: dict[str, list[Event]] = field(default_factory=dict)

    def happens(
        self, ticket: str, after: float, action: Action, actor: str = "system", **detail: Detail
    ) -> Event:
        """An event of a ticket, so many minutes after Monday morning, copied at once."""
        known = self.chains.setdefault(ticket, [])
        head = known[-1].hash if known else ""
        stamp = a_stamp(at=MONDAY_MORNING + minutes(after), actor=actor)
        (event,) = extend(
            f"TICKET#{ticket}", len(known), head, [an_entry(action=action, detail=detail)], stamp
        )
        known.append(event)
        self.copied([event])
        return event

    def copied(self, events: list[Event]) -> None:
        """Lock events away."""
        body = batch(events)
        self.box.now = events[-1].at
        self.box.put_once(copy_key(events[-1].at, body), body)

    def signed(self) -> Gathered:
        """The next checkpoint, and what is gathered after it."""
        self.box.now += timedelta(minutes=5)
        make_checkpoint(self.box, KEY, self.box.now)
        return gather(self.box, self.kept, GENUINE)


def life_of(events: Iterable[Event]) -> Life:
    """The life that the events of one ticket tell."""
    gathering = Gathering()
    gathering.take_all(events)
    assert not gathering.faults, gathering.faults
    (life,) = gathering.lives.values()
    return life


def untrue(ticket: Ticket, life: Life) -> dict[str, tuple[object, object]]:
    """What a life says otherwise than the ticket itself: the life's, then the ticket's."""
    both: dict[str, tuple[object, object]] = {
        "site": (life.site, ticket.site),
        "status": (life.status, ticket.status.value),
        "team": (life.team, ticket.team or ""),
        "owner": (life.owner, ticket.assignee or ""),
        "merged_into": (life.merged_into, ticket.merged_into or ""),
        "handoffs": (life.handoffs, ticket.handoffs),
        "bounces": (life.bounces, ticket.bounces),
        "responded_at": (life.responded_at, ticket.responded_at),
        "closed_at": (life.closed_at, ticket.closed_at),
        "unknown parts": (set(ticket.merged_from) - {one.ticket for one in life.taken_in}, set()),
        "waits": (
            bool(life.waits) and life.waits[-1].ends is None,
            ticket.status is Status.WAITING,
        ),
    }
    if (ticket.merged_into is None) is (ticket.status is not Status.MERGED):
        both["open"] = (life.is_open, ticket.is_open)
    if ticket.verdict is not None and ticket.status is not Status.NEW:
        both["urgency"] = (life.urgency, int(ticket.urgency))
    if ticket.status in (Status.RESOLVED, Status.CLOSED):
        stands = life.resolved
        both["outcome"] = (stands and stands.outcome, ticket.outcome)
        both["resolved_at"] = (stands and stands.at, ticket.resolved_at)
    if ticket.survey is not None and ticket.survey.score:
        both["score"] = (life.score, ticket.survey.score)
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}
