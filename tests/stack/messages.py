"""Messages to the deployed stack by the ways that people write, each of somebody new."""

import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Self
from zoneinfo import ZoneInfo

from local.demo.day import DayMessage, Person
from local.demo.notices import outbox
from local.demo.posts import post_of
from local.demo.watch import events_of, wait_until_settled
from local.demo.world import World
from local.stack.clock import SimulatedClock
from triagewire.clock.calendar import elapsed, next_open
from triagewire.ledger.event import Action, Event
from triagewire.policy.model import Site
from triagewire.store.tickets import load_ticket
from triagewire.ticket import Ticket

CHEST_PAIN = "Chest pain, difficulty breathing"
REFILL = "Prescription refill request for my lisinopril 10 mg please"
MOVE = "Could I change my appointment time from Tuesday to Thursday afternoon?"
CHARGED_TWICE = "I think there is an error on my bill, I was charged twice for the same visit."

_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message that was posted, the answer, and the ticket it became."""

    world: World
    message: DayMessage
    ticket_id: str
    body: str
    seconds: float

    @property
    def ticket(self) -> Ticket:
        """The ticket as it is now."""
        ticket = load_ticket(self.world.tables, self.ticket_id)
        assert ticket is not None
        return ticket

    @property
    def events(self) -> list[Event]:
        """What the ledger says of it."""
        return events_of(self.world.tables, self.ticket_id)

    def event(self, action: Action) -> Event:
        """The first event of a kind."""
        return next(event for event in self.events if event.action is action)

    def again(self) -> Self:
        """The same event once more, signed anew as a sender's retry is."""
        return replace(self, **_posted(self.world, self.message))


def somebody(**changes: Any) -> Person:  # noqa: ANN401
    """A patient whom nobody has heard of before."""
    number = next(_numbers)
    person = Person(
        name=f"Patient {_letters(number)}",
        mrn=f"T-{number:05d}",
        born=date(1970, 5, 17) + timedelta(days=number),
        phone=f"+1212556{number:04d}",
        email=f"patient{number}@example.org",
    )
    return replace(person, **changes)


def tell(
    world: World,
    text: str,
    *,
    by: str = "portal",
    writer: Person | None = None,
    site: str = "riverside",
) -> Told:
    """Post a message and wait until it has been dealt with."""
    person = writer or somebody()
    now = datetime.now(UTC)
    message = DayMessage(
        id=f"test-{next(_numbers)}-{now.timestamp()}",
        site=site,
        at=now,
        by=by,
        kind="",
        text=text,
        writer=person,
        patient=person,
    )
    return Told(world=world, message=message, **_posted(world, message))


def _posted(world: World, message: DayMessage) -> dict[str, Any]:
    post = post_of(message, world.secrets, world.url, datetime.now(UTC))
    started = time.monotonic()
    answer = world.send(post)
    settled = wait_until_settled(world.tables, post.ticket_id)
    assert settled is not None, f"never settled; the webhook was answered {answer.status_code}"
    seconds = settled.decided_at - started
    return {"ticket_id": post.ticket_id, "body": answer.text, "seconds": seconds}


def mails_to(world: World, told: Told) -> list[str]:
    """The texts that SES took for the requester."""
    return [mail["BodyText"] for mail in outbox(world) if told.message.writer.email in mail["To"]]


def open_hours(site: Site, clock: SimulatedClock, hours: float = 0.5) -> datetime:
    """A moment from which a site stays open for so long; the clock moves on if it has to."""
    needed = timedelta(hours=hours)
    if elapsed(site.calendar, clock.now(), clock.now() + needed) < needed:
        tomorrow = _midnight(site, clock) + timedelta(days=1)
        clock.move_to(next_open(site.calendar, tomorrow) + timedelta(minutes=5))
    return clock.now()


def night(site: Site, clock: SimulatedClock) -> datetime:
    """Two in the morning at a site, when nobody is there."""
    clock.move_to(_midnight(site, clock) + timedelta(days=1, hours=2))
    return clock.now()


def _midnight(site: Site, clock: SimulatedClock) -> datetime:
    there = clock.now().astimezone(ZoneInfo(site.zone))
    return there.replace(hour=0, minute=0, second=0, microsecond=0)


def _letters(number: int) -> str:
    """A family name of its own for each number: names with digits in them are nobody's."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)).title()
