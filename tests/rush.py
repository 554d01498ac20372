"""A whole clinic writes at once: many new tickets of as many patients, and routers that race."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from tests.aws.said import REFILL, score_as_said
from tests.builders import (
    MEMBERS,
    a_message,
    a_new_ticket,
    a_published_policy,
    a_requester,
    a_site,
    a_stamp,
    an_entry,
)
from triagewire.flow.context import Context
from triagewire.flow.triage import triage
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action
from triagewire.pausing import pause
from triagewire.policy.roster import Member
from triagewire.store.ledger import read_events
from triagewire.store.loads import read_loads
from triagewire.store.messages import add_message
from triagewire.store.table import Tables, commit
from triagewire.store.tickets import Change, changed, load_tickets, ticket_pk

WEIGHT = 4
"""What each of the tickets weighs."""
NURSES = {f"nurse-{number}": Member(name="N", teams=("clinical",)) for number in range(8)}
OTHERS = {
    name: member
    for name, member in MEMBERS.items()
    if "clinical" not in member.teams or name == "nora"  # the lead, who is away
}
POLICY = a_published_policy(site=a_site(members=OTHERS | NURSES))


def arrive(tables: Tables, number: int, now: datetime) -> list[str]:
    """Store so many new tickets, each of another patient; returns their ids."""
    ids = [f"RUSH{each:022d}" for each in range(number)]
    for each, ticket_id in enumerate(ids):
        asks = a_requester(patient_id=f"MRN-{each}", email=f"p{each}@mail.example", phone=None)
        ticket = a_new_ticket(now, id=ticket_id, version=0, requester=asks)
        entry = an_entry(action=Action.RECEIVED)
        _, writes = changed(tables, Change(before=None, after=ticket, entries=(entry,)), a_stamp())
        said = a_message(ticket_id=ticket.id, at=now, text=REFILL)
        commit(tables, [*writes, add_message(tables, said, ticket.site)])
    return ids


def route_at_once(tables: Tables, ids: Sequence[str], now: datetime, routers: int) -> None:
    """Let so many routers take the tickets, and every tenth of them twice: a stream may hand a
    record over again while it is being worked on.
    """
    context = Context(
        tables=tables,
        policy=POLICY,
        now=now,
        actor="system:score_route",
        identity_key=b"k" * 32,
        wait=pause,
    )
    twice = [each for at, each in enumerate(ids) for _ in range(1 if at % 10 else 2)]
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(routers) as pool:
        patch.setattr("triagewire.flow.judge.engine_of", lambda _policy: None)
        patch.setattr(
            "triagewire.flow.judge.score", lambda subject, _engine: score_as_said(subject.text)
        )
        list(pool.map(lambda each: triage(context, each), twice))


def require_shared_out(tables: Tables, ids: Sequence[str]) -> None:
    """Each ticket has one owner and was routed once; nobody has two more than another; what is
    counted is what is held.
    """
    tickets = load_tickets(tables, ids)
    held = Counter(ticket.assignee or "nobody" for ticket in tickets.values())
    assert (set(tickets), set(held)) == (set(ids), set(NURSES))
    assert max(held.values()) - min(held.values()) <= 1
    carried = {who: load.weight for who, load in read_loads(tables, "north").items()}
    assert carried == {who: WEIGHT * number for who, number in held.items()}
    for ticket in tickets.values():
        subject = ticket_pk(ticket.id)
        events = list(read_events(tables, subject))
        assert [event.action for event in events].count(Action.ROUTED) == 1
        assert first_fault(subject, events, ticket.version, ticket.ledger_head) is None
