"""Where an answer goes: by the way the requester wrote last."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from ops.simulation.table import Memory
from tests.builders import (
    KEYS,
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
from triagewire.arrival import Channel, Requester, RequesterKind
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
        tables=Tables(client=client, tickets="tickets", ledger="ledger", keys=KEYS),  # type: ignore[arg-type]
        policy=replace(a_published_policy(), policy=a_policy(site=a_site())),
        now=MONDAY_MORNING + minutes(60),
        actor="staff:nick",
        identity_key=b"k",
    )


def store(context: Context, ticket: Ticket, *said: Message) -> Ticket:
    """Put a ticket on the table with what was said on it."""
    change = Change(before=None, after=replace(ticket, version=0), entries=(an_entry(),))
    stored, writes = changed(context.tables, change, a_stamp())
    commit(
        context.tables,
        [*writes, *(add_message(context.tables, each, ticket.site) for each in said)],
    )
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


def claimed(context: Context, ticket: Ticket, email: str) -> Ticket:
    """The ticket with a public form merged into it that states its requester's record number."""
    at = MONDAY_MORNING + minutes(40)
    stated = a_requester(kind=RequesterKind.UNKNOWN, email=email, phone=None)
    form = a_ticket(id="FORM", requester=stated, channels=(Channel.WEB,), at=at)
    both = merge(ticket, form)
    said = a_message(ticket_id="FORM", channel=Channel.WEB, at=at)
    store(context, sealed(both, form, at), said)
    return both.survivor


def test_who_only_states_a_patients_number_gets_none_of_their_answers() -> None:
    """Anybody may write anybody's record number into a public form."""
    context, ticket = joined({}, other_sender=True)

    found = last_addressed(context, claimed(context, ticket, "someone@mail.example"))

    assert found is not None
    assert found.to == MAIL


def test_an_unknown_sender_at_the_requesters_own_address_is_answered_there() -> None:
    context, ticket = joined({})

    found = last_addressed(context, claimed(context, ticket, MAIL.upper()))

    assert found is not None
    assert found.to == MAIL.upper()


@pytest.mark.parametrize(("thread", "way"), [("c-1", ReplyWay.WEBHOOK), ("", ReplyWay.EMAIL)])
def test_an_unknown_sender_is_answered_in_a_chat_only_where_it_was_theirs_before(
    thread: str, way: ReplyWay
) -> None:
    context = surroundings()
    policy = replace(context.policy, policy=a_policy(site=a_clinic(HOOK)))
    context = replace(context, policy=policy)
    first = a_ticket(id="FIRST", requester=BOTH, source="mailbox", thread_hash=thread)
    ticket = store(context, first, a_message(ticket_id="FIRST", at=MONDAY_MORNING))
    form = a_requester(kind=RequesterKind.UNKNOWN, email=MAIL)
    chat = a_ticket(id="FORM", requester=form, thread_hash="c-1")
    both = merge(ticket, chat)
    at = MONDAY_MORNING + minutes(40)
    store(context, sealed(both, chat, at), a_message(ticket_id="FORM", at=at))

    found = last_addressed(context, both.survivor)

    assert found is not None
    assert found.way is way


def test_a_system_is_barred_from_nothing() -> None:
    assert barred(surroundings(), a_ticket(), "north/portal") == ""
