"""Where an answer goes: by the way the requester wrote last."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from ops.simulation.table import Memory
from tests.builders import (
    MONDAY_MORNING,
    a_message,
    a_policy,
    a_published_policy,
    a_requester,
    a_site,
    a_source,
    a_stamp,
    a_ticket,
    an_entry,
    minutes,
)
from triagewire.arrival import Channel, Requester
from triagewire.channels.source import Answers
from triagewire.flow.addressing import addressed, barred, last_addressed
from triagewire.flow.context import Context
from triagewire.message import Message, ReplyWay
from triagewire.policy.model import Site
from triagewire.routing.merge import merge, sealed
from triagewire.store.messages import add_message
from triagewire.store.table import Tables, commit
from triagewire.store.tickets import Change, changed
from triagewire.ticket import Ticket

HOOK = Answers(webhook="https://ehr.example.com/hook")
BY_SMS = Answers(by=ReplyWay.SMS)
MAIL, PHONE = "pat@mail.example", "+13125550100"
BOTH = a_requester(email=MAIL, phone=PHONE)
ONLY_PHONE = a_requester(email=None, phone=PHONE)
NOBODY = a_requester(email=None, phone=None)


def a_clinic(answers: Answers) -> Site:
    """A site whose portal is answered so."""
    return a_site(sources={"portal": replace(a_source("portal", "standard"), replies=answers)})


@pytest.mark.parametrize(
    ("channel", "requester", "answers", "way", "to"),
    [
        pytest.param(Channel.EMAIL, BOTH, Answers(), ReplyWay.EMAIL, MAIL, id="mail"),
        pytest.param(Channel.SMS, BOTH, Answers(), ReplyWay.SMS, PHONE, id="text"),
        pytest.param(Channel.SMS, a_requester(email=MAIL, phone=None), Answers(), ReplyWay.EMAIL,
                     MAIL, id="text of a hidden number"),
        pytest.param(Channel.WEB, BOTH, Answers(), ReplyWay.EMAIL, MAIL, id="form"),
        pytest.param(Channel.PHONE, BOTH, Answers(), ReplyWay.EMAIL, MAIL, id="call, mail known"),
        pytest.param(Channel.PHONE, ONLY_PHONE, BY_SMS, ReplyWay.SMS, PHONE, id="call, by sms"),
        pytest.param(Channel.EHR, BOTH, HOOK, ReplyWay.WEBHOOK, "north/portal", id="EHR"),
        pytest.param(Channel.HELPDESK, NOBODY, HOOK, ReplyWay.WEBHOOK, "north/portal", id="desk"),
        pytest.param(Channel.CHAT, NOBODY, HOOK, ReplyWay.WEBHOOK, "north/portal", id="chat"),
        pytest.param(Channel.EHR, BOTH, Answers(), ReplyWay.EMAIL, MAIL, id="EHR without webhook"),
        pytest.param(Channel.SMS, BOTH, HOOK, ReplyWay.WEBHOOK, "north/portal", id="texts by hook"),
    ],
)  # fmt: skip
def test_an_answer_takes_the_way_that_the_message_came(
    channel: Channel, requester: Requester, answers: Answers, way: ReplyWay, to: str
) -> None:
    ticket = a_ticket(requester=requester, channels=(channel,))

    found = addressed(ticket, a_clinic(answers))

    assert found is not None
    assert (found.way, found.to, found.source) == (way, to, "portal")


@pytest.mark.parametrize(
    ("channel", "requester"),
    [
        (Channel.PHONE, ONLY_PHONE),
        (Channel.WEB, ONLY_PHONE),
        (Channel.EMAIL, NOBODY),
        (Channel.SMS, a_requester(email=None, phone="+13125550100;ext=7")),
        (Channel.SMS, a_requester(email=None, phone="5550100")),
    ],
)
def test_who_can_only_be_called_is_written_to_by_nobody(
    channel: Channel, requester: Requester
) -> None:
    assert addressed(a_ticket(requester=requester, channels=(channel,)), a_site()) is None


def test_the_answer_names_their_own_conversation_and_subject() -> None:
    message = a_message(channel=Channel.EHR, thread="conv-9", subject="Refill")

    found = addressed(a_ticket(), a_clinic(HOOK), message)

    assert found is not None
    assert (found.thread, found.subject) == ("conv-9", "Refill")


def surroundings() -> Context:
    """A table in memory."""
    client: object = Memory()
    return Context(
        tables=Tables(client=client, tickets="tickets", ledger="ledger"),  # type: ignore[arg-type]
        policy=replace(a_published_policy(), policy=a_policy(site=a_site())),
        now=MONDAY_MORNING + minutes(60),
        actor="staff:nick",
        identity_key=b"k",
    )


def store(context: Context, ticket: Ticket, *said: Message) -> Ticket:
    """Put a ticket on the table with what was said on it."""
    change = Change(before=None, after=replace(ticket, version=0), entries=(an_entry(),))
    stored, writes = changed(context.tables, change, a_stamp())
    commit(context.tables, [*writes, *(add_message(context.tables, each) for each in said)])
    return stored


def joined(later: Mapping[str, object], *, other_sender: bool = False) -> tuple[Context, Ticket]:
    """A ticket that came by mail, and a text that was merged into it an hour later."""
    context = surroundings()
    first = a_ticket(id="FIRST", requester=BOTH, channels=(Channel.EMAIL,))
    second = a_ticket(
        id="SECOND",
        requester=a_requester(email=None, phone="+13125550199"),
        channels=(Channel.SMS,),
        at=MONDAY_MORNING + minutes(30),
    )
    both = merge(first, second)
    gone = sealed(both, second, MONDAY_MORNING + minutes(30))
    assert gone.joined is not None
    gone = replace(gone, joined=replace(gone.joined, other_sender=other_sender))
    said = a_message(ticket_id="FIRST", channel=Channel.EMAIL, at=MONDAY_MORNING)
    more = a_message(
        ticket_id="SECOND",
        channel=Channel.SMS,
        at=MONDAY_MORNING + minutes(30),
        **dict(later),
    )
    store(context, gone, more)
    return context, store(context, both.survivor, said)


def test_the_last_way_wins_over_the_first() -> None:
    context, ticket = joined({})

    found = last_addressed(context, ticket)

    assert found is not None
    assert (found.way, found.to) == (ReplyWay.SMS, "+13125550199")


@pytest.mark.parametrize("doubt", [{"automatic": True}, {"doubtful_sender": True}])
def test_a_robot_or_a_doubtful_sender_moves_no_answer(doubt: Mapping[str, object]) -> None:
    context, ticket = joined(doubt)

    found = last_addressed(context, ticket)

    assert found is not None
    assert found.to == MAIL


def test_another_sender_on_the_ticket_is_never_answered() -> None:
    """Who has only our token may be anybody: the answer is the requester's."""
    context, ticket = joined({}, other_sender=True)

    found = last_addressed(context, ticket)

    assert found is not None
    assert found.to == MAIL


def test_a_system_is_barred_from_nothing() -> None:
    assert barred(surroundings(), a_ticket(), "north/portal") == ""
