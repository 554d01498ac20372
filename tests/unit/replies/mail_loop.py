"""A clinic's mailbox and whatever answers it, over a simulated month, by the real flows in memory.

Mail is parsed from its bytes, stored, scored, routed, and our texts leave by the real sending; only
what they say is scored the same, so that no robot is saved by the words it uses.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from typing import Any

from ops.simulation.table import Memory
from tests.builders import KEYS, MONDAY_MORNING, a_published_policy, a_site, a_source, a_stamp
from triagewire.arrival import RequesterKind
from triagewire.channels.mail.arrival import arrival_from_mime
from triagewire.channels.parsed import Ignored
from triagewire.flow.context import Context
from triagewire.flow.receive import receive
from triagewire.flow.send import Leaving, send
from triagewire.flow.triage import triage
from triagewire.message import Direction, Message
from triagewire.policy.replies import Replies
from triagewire.store.facts import store_fact
from triagewire.store.messages import message_sk, read_messages
from triagewire.store.table import Tables
from triagewire.store.tickets import ticket_pk

MONTH = timedelta(days=30)
MAILBOX = "desk@north.example"
SENDER = "Lakeside <no-reply@lakeside.example>"
MOST_EVENTS = 2_000
"""A loop that ends at this and not by itself has not ended."""

type Robot = Callable[[EmailMessage, int], EmailMessage | None]
"""What answers one of our mails, by how many it has answered before."""


@dataclass(slots=True)
class Mailbox:
    """The clinic, its mail, and the robot at the other end."""

    replies: Replies
    robot: Robot = field(default=lambda _mail, _nth: None)
    delay: timedelta = timedelta(minutes=7)
    now: datetime = MONDAY_MORNING
    ours: list[Message] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    coming: list[tuple[datetime, int, bytes]] = field(default_factory=list)
    numbers: Any = field(default_factory=count)

    def comes(self, mail: EmailMessage, after: timedelta = timedelta(0)) -> None:
        """A mail is under way to us."""
        raw = mail.as_bytes(policy=SMTP)
        heapq.heappush(self.coming, (self.now + after, next(self.numbers), raw))

    def run(self, time: timedelta = MONTH) -> int:
        """Let time pass; returns how many mails of ours left in all."""
        ends = self.now + time
        for _ in range(MOST_EVENTS):
            if not self.coming or self.coming[0][0] > ends:
                self.now = ends
                return len(self.ours)
            self.now, _, raw = heapq.heappop(self.coming)
            self._take(raw)
        raise AssertionError("it goes on and on")

    def _context(self) -> Context:
        site = a_site(replies=self.replies)
        client: Any = self.memory
        return Context(
            tables=Tables(client=client, tickets="tickets", ledger="ledger", keys=KEYS),
            policy=a_published_policy(site=site),
            now=self.now,
            actor="system:score_route",
            identity_key=b"k" * 32,
            sender_address=SENDER,
        )

    def _take(self, raw: bytes) -> None:
        context = self._context()
        source = a_source("mailbox", "ses", requester_kind=RequesterKind.PATIENT)
        parsed = arrival_from_mime(raw, source, event_id=f"mail-{next(self.numbers)}")
        if isinstance(parsed, Ignored):
            for fact in parsed.facts:
                store_fact(context.tables, fact, self.now)
            return
        for arrival in parsed:
            ticket_id = receive(context.tables, arrival, a_stamp(self.now))
            ticket = triage(context, ticket_id)
            if ticket is not None:
                self.tickets.append(ticket.id)
                self._send(context, ticket.id)

    def _send(self, context: Context, ticket_id: str) -> None:
        for message in read_messages(context.tables, ticket_id):
            if message.direction is Direction.OUTBOUND:
                send(context, ticket_pk(ticket_id), message_sk(message), self._leaves)

    def _leaves(self, leaving: Leaving) -> None:
        self.ours.append(leaving.message)
        answer = self.robot(as_mail(leaving.message), len(self.ours) - 1)
        if answer is not None:
            self.comes(answer, self.delay)


def as_mail(message: Message) -> EmailMessage:
    """Our text as its receiver gets it."""
    name, _, domain = (message.reply_to or MAILBOX).partition("@")
    mail = a_mail(message.text, message.subject, sender=SENDER, to=message.to)
    mail["Reply-To"] = f"{name}+{message.thread_token}@{domain}"
    mail["Message-ID"] = f"<{message.thread_token}.1@lakeside.example>"
    mail["Auto-Submitted"] = "auto-replied"
    return mail


def a_mail(
    text: str, subject: str = "", sender: str = "Ada Marlow <ada@mail.example>", to: str = MAILBOX
) -> EmailMessage:
    """A mail to the clinic."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail.set_content(text)
    return mail
