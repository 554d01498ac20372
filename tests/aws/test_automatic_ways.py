"""An automatic text goes by the way its requester came, and to nobody whom it may not reach."""

from dataclasses import replace

import pytest

from tests.aws.arriving import arrives, mailed
from tests.aws.clinic import Clinic
from tests.aws.deployment import IDENTITY_KEY
from tests.aws.said import APPOINTMENT, CHEST_PAIN, HOURS, UNCLEAR
from tests.builders import a_policy, a_requester, a_site, a_source, an_arrival, sources_of
from triagewire import aws
from triagewire.arrival import Channel, RequesterKind
from triagewire.ledger.event import Action
from triagewire.message import Direction, Message, ReplyWay
from triagewire.replies.ways import AddressRecord
from triagewire.routing.person import Identity, identity_hash
from triagewire.store.addresses import write_address
from triagewire.store.table import commit

PHONE = "+15550107744"


@pytest.fixture
def texting(clinic: Clinic) -> Clinic:
    """A clinic that is written to by text message and by a chat program."""
    chat = a_source("chat", "standard", requester_kind=RequesterKind.PATIENT)
    replies = replace(chat.replies, webhook="https://chat.example/replies")
    sources = {**sources_of("north"), "chat": replace(chat, replies=replies)}
    clinic.publish(a_policy(site=a_site(sources=sources)))
    return clinic


def by_text(clinic: Clinic, text: str, event_id: str = "sms-1", **changes: object) -> str:
    who = a_requester(email=None, phone=PHONE)
    stated = {
        "source": "phone",
        "channel": Channel.SMS,
        "requester": who,
        "event_id": event_id,
        "subject": "",
    }
    return arrives(clinic, an_arrival(text=text, **(stated | changes)))


def sent(clinic: Clinic, ticket: str) -> list[Message]:
    return [each for each in clinic.said(ticket) if each.direction is Direction.OUTBOUND]


def why_withheld(clinic: Clinic, ticket: str) -> str:
    (why,) = [e.why for e in clinic.ledger(ticket) if e.action is Action.REPLY_WITHHELD]
    return why


def test_a_text_message_is_acknowledged_by_one(texting: Clinic) -> None:
    (text,) = sent(texting, by_text(texting, APPOINTMENT))

    assert (text.way, text.to, text.automatic) == (ReplyWay.SMS, PHONE, True)
    assert "\n" not in text.text


def test_a_text_message_is_answered_by_an_article(texting: Clinic) -> None:
    ticket = by_text(texting, HOURS)

    (text,) = sent(texting, ticket)
    assert text.made_by == "article:opening-hours"
    assert texting.ticket(ticket).outcome == "answered_automatically"


def test_a_chat_is_answered_where_it_is_held(texting: Clinic) -> None:
    arrival = an_arrival(source="chat", channel=Channel.CHAT, text=HOURS, thread="room-7")

    (text,) = sent(texting, arrives(texting, arrival))

    assert (text.way, text.to, text.thread) == (ReplyWay.WEBHOOK, "north/chat", "room-7")


def test_two_people_who_write_by_one_chat_program_are_counted_apart(texting: Clinic) -> None:
    for number in range(6):
        who = a_requester(patient_id=f"MRN-{number}", email=f"p{number}@mail.example", phone=None)
        arrival = an_arrival(
            source="chat",
            channel=Channel.CHAT,
            text=APPOINTMENT,
            requester=who,
            event_id=f"chat-{number}",
        )
        assert len(sent(texting, arrives(texting, arrival))) == 1


@pytest.mark.parametrize("text", [CHEST_PAIN, UNCLEAR])
def test_what_is_urgent_or_under_review_gets_none_by_any_way(texting: Clinic, text: str) -> None:
    assert sent(texting, by_text(texting, text)) == []


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ("opted_out_at", "the address is barred: opted_out"),
        ("bounced_at", "the address is barred: bounced"),
        ("complained_at", "the address is barred: complained"),
    ],
)
def test_an_address_that_is_barred_gets_none(clinic: Clinic, field: str, why: str) -> None:
    mail = Identity("email", "ada.marlow@mail.example")
    hashed = identity_hash(IDENTITY_KEY.encode(), "north", mail)
    barred = AddressRecord(site="north", address_hash=hashed, version=1, **{field: clinic.now})
    commit(aws.tables(), [write_address(aws.tables(), barred, clinic.now)])

    ticket = arrives(clinic, mailed(APPOINTMENT, "evt-1"))

    assert sent(clinic, ticket) == []
    assert why_withheld(clinic, ticket) == why


def test_what_is_remembered_of_an_address_holds_no_word_and_no_address(clinic: Clinic) -> None:
    words = "Can I have an appointment about my zebrafish next week?"
    arrives(clinic, mailed(words, "evt-1"))

    (item,) = [each for each in clinic.items() if each["pk"]["S"].startswith("TEXTS#")]
    assert "ada.marlow" not in repr(item)
    assert "zebrafish" not in repr(item)
