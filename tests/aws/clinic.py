"""A clinic's deployment in a test: webhooks come in, records are handed over, minutes pass."""

import base64
import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from functions.escalate import handler as escalate
from functions.intake import handler as intake
from functions.score_route import handler as score_route
from tests.aws.deployment import deployed, forget
from tests.aws.said import score_as_said
from tests.aws.senders import Event
from tests.aws.wire import Wire, tapped
from tests.builders import MONDAY_MORNING, a_policy, a_stamp
from tests.measured import life_of, untrue
from triagewire import aws
from triagewire.access import Principal
from triagewire.clock.promise import PauseReason
from triagewire.flow import acknowledging, policies, staff, working
from triagewire.flow.context import Context
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action
from triagewire.ledger.event import Event as LedgerEvent
from triagewire.message import Message
from triagewire.policy.model import Policy
from triagewire.store.ledger import _event as event_of
from triagewire.store.ledger import read_events
from triagewire.store.loads import read_loads
from triagewire.store.messages import read_messages
from triagewire.store.policies import publish
from triagewire.store.sealed import read_sealed
from triagewire.store.tickets import TICKET, load_ticket, ticket_pk
from triagewire.store.told import told_subject
from triagewire.ticket import Status, Ticket, TimerKind

LAMBDA = SimpleNamespace(
    aws_request_id="request-1",
    function_name="triagewire",
    get_remaining_time_in_millis=lambda: 50_000,
)
MINUTE = timedelta(minutes=1)
REGION = "us-east-1"
STREAMED = ("MSG#", "FACT#")


@dataclass(slots=True)
class Clinic:
    """The three functions and what they left behind. `now` is what every clock reads."""

    wire: Wire
    now: datetime
    by_hand: bool = False
    """Whether a test has changed a ticket without its ledger, which then tells another life."""
    _handed: set[tuple[str, str]] = field(default_factory=set)

    # What happens

    def publish(self, policy: Policy | None = None) -> int:
        """Make a policy the active one."""
        return publish(aws.tables(), policy or a_policy(), a_stamp(self.now))

    def post(self, event: Event) -> dict[str, Any]:
        """Hand one webhook to intake; returns its answer."""
        with time_machine.travel(self.now, tick=False):
            return intake.lambda_handler(event, LAMBDA)

    def take(self, event: Event) -> str:
        """Post a new event and let all that follows happen; returns the id of its ticket."""
        known = self.tickets()
        answer = self.post(event)
        assert answer["statusCode"] < 300, answer
        fresh = [ticket.id for ticket in self.tickets() if ticket not in known]
        self.settle()
        return fresh[0]

    def settle(self) -> None:
        """Hand over stream records until no new ones come; each of them must succeed."""
        while records := self.records():
            assert self.hand_over(records) == []

    def records(self) -> list[dict[str, Any]]:
        """The stream records that score_route has not handled yet, oldest first."""
        waiting = [item for item in self.items() if item["sk"]["S"].startswith(STREAMED)]
        fresh = [item for item in waiting if _key(item) not in self._handed]
        return [_record(item, self.now) for item in sorted(fresh, key=lambda each: each["sk"]["S"])]

    def hand_over(self, records: list[dict[str, Any]]) -> list[str]:
        """Give a batch to score_route; returns the numbers of the records that failed."""
        with time_machine.travel(self.now, tick=False):
            answer = score_route.lambda_handler({"Records": records}, LAMBDA)
        failed = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
        done = [each for each in records if each["dynamodb"]["SequenceNumber"] not in failed]
        self._handed |= {_key(each["dynamodb"]["Keys"]) for each in done if _well_formed(each)}
        return failed

    def sweep(self, at: datetime | None = None) -> dict[str, int]:
        """Let EventBridge call escalate, at a time that becomes the present one."""
        self.now = at or self.now
        with time_machine.travel(self.now, tick=False):
            return escalate.lambda_handler({"time": self.now.isoformat()}, LAMBDA)

    def acknowledge(self, ticket_id: str, who: str) -> Ticket:
        """Let a member of staff say that a page was heard."""
        return acknowledging.acknowledge(*self._desk(who), ticket_id)

    def resolve(self, ticket_id: str, who: str) -> Ticket:
        """Let a member of staff close a ticket."""
        return staff.resolve(*self._desk(who), ticket_id, staff.Outcome.DONE)

    def respond(self, ticket_id: str, who: str) -> Ticket:
        """Let a member of staff say that they have called the requester."""
        return working.respond(*self._desk(who), ticket_id, working.Answer.CALLED)

    def wait(self, ticket_id: str, who: str, reason: PauseReason, until: datetime) -> Ticket:
        """Let a member of staff put a ticket aside until somebody outside has answered."""
        return working.wait(*self._desk(who), ticket_id, reason, until)

    def _desk(self, who: str) -> tuple[Context, Principal]:
        policy = policies.current_policy().get()
        context = Context(tables=aws.tables(), policy=policy, now=self.now, actor=f"staff:{who}")
        return context, Principal(id=who, policy=policy.policy)

    def pass_minutes(self, count: int) -> None:
        """Sweep once a minute for a while."""
        for _ in range(count):
            self.sweep(self.now + MINUTE)

    def remember(self) -> Callable[[], None]:
        """A way back to the present state, with functions that have just started."""
        backend = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION]
        tables, now, handed = copy.deepcopy(backend.tables), self.now, set(self._handed)

        def begin_again() -> None:
            backend.tables = copy.deepcopy(tables)
            self.now, self._handed = now, set(handed)
            self.wire.calls.clear()
            forget()

        return begin_again

    # What can be seen of it

    def ticket(self, ticket_id: str) -> Ticket:
        """A ticket as it is stored."""
        found = load_ticket(aws.tables(), ticket_id)
        assert found is not None, ticket_id
        return found

    def tickets(self) -> list[Ticket]:
        """All tickets, in the order in which they arrived."""
        stored = (item for item in self.items() if item["sk"]["S"] == TICKET)
        found = (read_sealed(aws.tables(), item, "document", Ticket) for item in stored)
        return sorted(found, key=lambda ticket: (ticket.received_at, ticket.id))

    def newest(self) -> str:
        """The id of the ticket that arrived last."""
        return self.tickets()[-1].id

    def said(self, ticket_id: str) -> list[Message]:
        """The messages of a ticket."""
        return list(read_messages(aws.tables(), ticket_id))

    def ledger(self, ticket_id: str) -> list[LedgerEvent]:
        """What is recorded of a ticket."""
        return list(read_events(aws.tables(), ticket_pk(ticket_id)))

    def actions(self, ticket_id: str) -> list[Action]:
        """What was done to a ticket, in order."""
        return [event.action for event in self.ledger(ticket_id)]

    def loads(self, team: str, site: str = "north") -> dict[str, int]:
        """What each member of a team carries, in whatever team."""
        members = policies.current_policy().get().policy.sites[site].members
        carried = read_loads(aws.tables(), site).items()
        return {who: load.weight for who, load in carried if team in members[who].teams}

    def notices(self, kind: str) -> list[dict[str, str]]:
        """The attributes of the notices of a kind that SNS was given, with text and topic."""
        found = []
        for sent in self.wire.of("Publish"):
            named = {name: each["StringValue"] for name, each in sent["MessageAttributes"].items()}
            if named["kind"] == kind:
                found.append({**named, "text": sent["Message"], "topic": sent["TopicArn"]})
        return found

    def told(self, person: str) -> list[str]:
        """The ids of the notices that a person was sent, by their ledger, in order."""
        events = read_events(aws.tables(), told_subject(person))
        named = [event.detail["notices"] for event in events if event.action is Action.TOLD]
        return [each for ids in named if isinstance(ids, list) for each in ids]

    def paged(self) -> list[str]:
        """Who was paged, in order."""
        return [notice["person"] for notice in self.notices("page")]

    def mails(self) -> list[dict[str, Any]]:
        """What SES was asked to send."""
        return self.wire.of("SendEmail")

    def items(self, table: str = "tickets") -> Iterator[dict[str, Any]]:
        """Every item of a table, whatever it is."""
        yield from aws.tables().client.scan(TableName=table, ConsistentRead=True)["Items"]

    def ledgers(self) -> dict[str, list[LedgerEvent]]:
        """All events in one look, in order, by their subject."""
        items = sorted(self.items("ledger"), key=_key)
        events = map(event_of, items)
        return {subject: list(each) for subject, each in groupby(events, attrgetter("subject"))}

    def check(self) -> None:
        """What must hold of every ticket at every moment."""
        ledgers = self.ledgers()
        for ticket in self.tickets():
            # A resolved ticket has one too, which closes it for good, and then one that purges it.
            purges = ticket.timer is not None and ticket.timer.kind is TimerKind.PURGE
            gone = ticket.hold is not None or ticket.purged_at is not None
            assert not purges or (ticket.status is Status.CLOSED and not gone), ticket
            unfinished = ticket.is_open or ticket.status is Status.RESOLVED or purges
            assert (ticket.timer is not None) is unfinished, ticket
            subject = ticket_pk(ticket.id)
            events = ledgers.get(subject, [])
            fault = first_fault(subject, events, ticket.version, ticket.ledger_head)
            assert fault is None, fault
            untold = {} if self.by_hand else untrue(ticket, life_of(events))
            assert not untold, f"ticket {ticket.id}: {untold}"


@contextmanager
def bare() -> Iterator[Clinic]:
    """A clinic's deployment without a policy, on a Monday morning."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch), tapped() as wire:
        yield Clinic(wire=wire, now=MONDAY_MORNING)


@contextmanager
def running() -> Iterator[Clinic]:
    """A clinic with a policy, where scoring says what `said` tells; it is checked at the end."""
    with bare() as clinic, pytest.MonkeyPatch.context() as patch:
        patch.setattr("triagewire.flow.judge.engine_of", lambda _policy: None)
        patch.setattr(
            "triagewire.flow.judge.score", lambda subject, _engine: score_as_said(subject.text)
        )
        clinic.publish()
        clinic.wire.calls.clear()
        yield clinic
        clinic.check()


def ticket_id_of(answer: dict[str, Any]) -> str:
    """The ticket that an answer names; senders that take no JSON are told none."""
    if "json" not in answer["headers"].get("content-type", ""):
        return ""
    return str(json.loads(answer["body"]).get("ticket_id", ""))


def _key(item: dict[str, Any]) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _well_formed(record: dict[str, Any]) -> bool:
    return "pk" in record["dynamodb"].get("Keys", {})


def _record(item: dict[str, Any], at: datetime) -> dict[str, Any]:
    """An item as its INSERT record: bytes are base64 text there."""
    image = {
        name: {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value
        for name, value in item.items()
    }
    return {
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "ApproximateCreationDateTime": at.timestamp(),
            "Keys": {name: item[name] for name in ("pk", "sk")},
            "NewImage": image,
            "SequenceNumber": f"{item['pk']['S']}/{item['sk']['S']}",
            "StreamViewType": "NEW_IMAGE",
        },
    }
