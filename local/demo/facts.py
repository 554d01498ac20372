"""What is known after the day: what the driver saw, and what the tables say themselves."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from local.demo.answering import Answered
from local.demo.commands import Said
from local.demo.day import DayMessage
from local.demo.evidence import Found
from local.demo.measuring import Measured
from local.demo.neighbours.around import Met
from local.demo.neighbours.program import Settled
from local.demo.notices import Delivered, outbox
from local.demo.replay import Posted, Replay, Replayed
from local.demo.staff import Tap
from local.demo.watch import events_of
from local.demo.world import World
from triagewire.escalation.bundle import bundle_id
from triagewire.ledger.event import Action, Event
from triagewire.message import Direction, Message
from triagewire.policy.model import Policy
from triagewire.store.codec import text
from triagewire.store.ledger import read_events
from triagewire.store.loads import read_loads
from triagewire.store.messages import read_messages
from triagewire.store.sealed import read_sealed
from triagewire.store.told import told_subject
from triagewire.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The day as evidence. `logs` is every line that the functions wrote, `carried` each member's
    load by site and id, `met` what the neighbours saw of us, and `said` what the administrator's
    commands printed. `told` is each person's ledger of what they were told, `taps` the links that
    staff tapped, `settled` what a program did, `answered` how requesters were served,
    `found` what an auditor found, `measured` what the week's reports say.
    """

    policy: Policy
    seen: Replayed
    tickets: Mapping[str, Ticket]
    events: Mapping[str, tuple[Event, ...]]
    replies: Mapping[str, tuple[Message, ...]]
    mails: tuple[Mapping[str, Any], ...]
    logs: tuple[str, ...]
    problems: tuple[str, ...]
    ended_at: datetime
    found: Found
    measured: Measured
    desk_calls: int
    listed: int
    carried: Mapping[tuple[str, str], int] = field(default_factory=dict)
    met: Met = field(default_factory=Met)
    said: Mapping[str, Said] = field(default_factory=dict)
    told: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    taps: tuple[Tap, ...] = ()
    settled: tuple[Settled, ...] = ()
    answered: tuple[Answered, ...] = ()

    @property
    def posted(self) -> list[Posted]:
        """The messages of the day in the order they were posted."""
        return self.seen.posted

    def ticket_of(self, message: DayMessage) -> Ticket:
        """The ticket that a message became, also when it was merged into another."""
        return self.tickets[self.posted_of(message.id).post.ticket_id]

    def posted_of(self, message_id: str) -> Posted:
        """What came of the message of that id."""
        return next(each for each in self.posted if each.message.id == message_id)

    def all_of(self, ticket_id: str, *actions: Action) -> list[Event]:
        """The events of a ticket that are of one of these kinds."""
        return [event for event in self.events[ticket_id] if event.action in actions]

    def first(self, ticket_id: str, action: Action) -> Event | None:
        """The first event of a kind, or None."""
        return next(iter(self.all_of(ticket_id, action)), None)

    def messages_to(self, person: str) -> dict[str, tuple[str, ...]]:
        """The messages that a person's ledger says were sent, by id, with the notices in each."""
        return sent_messages(self.told.get(person, ()))

    def notices_in(self, message: Delivered) -> tuple[str, ...]:
        """The ids of the notices in a message that SNS delivered; a lone one names itself."""
        return self.messages_to(message.person).get(message.id, (message.id,))

    def count(self, action: Action) -> int:
        """How often something happened on all tickets."""
        return sum(event.action is action for events in self.events.values() for event in events)

    def reviewed(self, ticket_id: str) -> bool:
        """Whether a ticket was first routed to the review queue."""
        routed = self.first(ticket_id, Action.ROUTED)
        return routed is not None and bool(routed.detail["review"])


def sent_messages(told: Iterable[Event]) -> dict[str, tuple[str, ...]]:
    """The messages that were sent by a person's ledger, by id, with the notices in each."""
    named = (event.detail["notices"] for event in told if event.action is Action.TOLD)
    return {bundle_id(ids): tuple(ids) for ids in named if isinstance(ids, list)}


def gather(replay: Replay, seen: Replayed, met: Met) -> partial[Facts]:
    """Read the tables and the outbox as they are at the end of the day: later the stack's own
    schedules go on with what is still open. What is asked afterwards, and the logs, are to be
    given.
    """
    world = replay.world
    tickets = {ticket.id: ticket for ticket in _tickets(world)}
    return partial(
        Facts,
        policy=world.policy,
        seen=seen,
        tickets=tickets,
        events={each: tuple(events_of(world.tables, each)) for each in tickets},
        replies={each: _replies(world, each) for each in tickets},
        mails=tuple(outbox(world)),
        problems=tuple(replay.staff.problems),
        ended_at=seen.ended_at,
        desk_calls=replay.staff.desk.calls,
        listed=replay.staff.listed,
        carried=_carried(world),
        met=met,
        told={each: tuple(_told(world, each)) for each in _people(world)},
        taps=tuple(replay.staff.taps),
        settled=tuple(replay.program.settled),
        answered=tuple(replay.staff.answered),
    )


def _people(world: World) -> set[str]:
    return {member for site in world.policy.sites.values() for member in site.members}


def _told(world: World, person: str) -> Iterator[Event]:
    return read_events(world.tables, told_subject(person))


def _carried(world: World) -> dict[tuple[str, str], int]:
    """The load of every member, as routing reads it."""
    return {
        (site, member): load.weight
        for site in world.policy.sites
        for member, load in read_loads(world.tables, site).items()
    }


def _tickets(world: World) -> Iterator[Ticket]:
    pages = world.client("dynamodb").get_paginator("scan")
    found = pages.paginate(
        TableName=world.tables.tickets,
        FilterExpression="sk = :ticket",
        ExpressionAttributeValues={":ticket": text("TICKET")},
    )
    for page in found:
        for item in page["Items"]:
            yield read_sealed(world.tables, item, "document", Ticket)


def _replies(world: World, ticket_id: str) -> tuple[Message, ...]:
    return tuple(
        message
        for message in read_messages(world.tables, ticket_id)
        if message.direction is Direction.OUTBOUND
    )


def logs_of(world: World) -> Iterator[str]:
    """Every line of every log group, as an operator would read it."""
    logs = world.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        pages = logs.get_paginator("filter_log_events")
        for page in pages.paginate(logGroupName=group["logGroupName"]):
            for event in page["events"]:
                yield event["message"]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` per cent of the values do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * share / 100) - 1)]
