"""A broken promise about what requesters are told is noticed: each check is shown such a day."""

from dataclasses import replace
from typing import Any

from local.demo.answering import SLIP, Answered
from local.demo.day import StaffPlan
from local.demo.facts import Facts
from local.demo.neighbours.around import Met
from local.demo.neighbours.program import Settled
from local.demo.neighbours.receiver import Received
from local.demo.promises_of_answers import CHECKS
from tests.builders import a_message
from tests.unit.demo.days import POST, ROUTED, SCORED, a_day, a_day_message, a_posted, recorded
from triagewire.ledger.event import Action, Entry, Event
from triagewire.message import Delivery, Direction, Message, ReplyWay
from triagewire.replies.feedback_tokens import SURVEY

ID = POST.ticket_id
REACHES, UNDONE, ONCE, PROGRAM, TAP, HAPPENED = CHECKS
WORDS = "Your refill is ready after 2 p.m."
SENT = Entry(action=Action.REPLY_SENT, why="accepted for delivery", detail={"way": "email"})
RESPONDED = Entry(action=Action.RESPONDED, why="wrote")


def broken(facts: Facts) -> set[str]:
    """The promises about answers that were broken on a day, without what a quiet day lacks."""
    return {name for name, find in CHECKS.items() if list(find(facts))} - {HAPPENED}


def a_reply(**changes: Any) -> Message:  # noqa: ANN401
    """What staff wrote, and what has left."""
    reply = a_message(ticket_id=ID, text=WORDS, direction=Direction.OUTBOUND, author="staff:nick")
    return replace(reply, **{"delivery": Delivery.SENT, "way": ReplyWay.EMAIL, **changes})


def a_day_with(*replies: Message, events: tuple[Event, ...] = ()) -> Facts:
    """A day on which staff were to write to the one requester."""
    day = a_day(replies={ID: replies}, events={ID: events or recorded(SCORED, ROUTED)})
    posted = a_posted(message=a_day_message(staff=StaffPlan(answer=20, reply=WORDS)))
    return replace(day, seen=replace(day.seen, posted=[posted]))


def by_nick(*entries: Entry) -> tuple[Event, ...]:
    """The ledger of a ticket whose last events are a nurse's."""
    return tuple(
        replace(each, actor="staff:nick") if each.action is Action.RESPONDED else each
        for each in recorded(SCORED, ROUTED, *entries)
    )


def test_a_reply_that_left_and_then_counts_breaks_nothing() -> None:
    assert broken(a_day_with(a_reply(), events=by_nick(SENT, RESPONDED))) == set()


def test_a_reply_that_never_left_is_noticed() -> None:
    stuck = a_reply(delivery=Delivery.PENDING)

    assert REACHES in broken(a_day_with(stuck, events=by_nick(SENT, RESPONDED)))


def test_a_reply_that_counts_before_it_left_is_noticed() -> None:
    assert REACHES in broken(a_day_with(a_reply(), events=by_nick(RESPONDED, SENT)))


def test_a_slip_that_left_is_noticed() -> None:
    assert UNDONE in broken(a_day(replies={ID: (a_reply(text=SLIP),)}))


def test_a_reply_that_came_twice_is_noticed() -> None:
    came = Received(id="msg_1", ticket=ID, automatic=False, text=WORDS)
    day = a_day(replies={ID: (a_reply(way=ReplyWay.WEBHOOK),)}, met=Met(received=(came, came)))

    assert ONCE in broken(day)


def test_a_reply_that_nobody_got_is_noticed() -> None:
    assert ONCE in broken(a_day(replies={ID: (a_reply(way=ReplyWay.WEBHOOK),)}))


def test_a_callback_that_closed_nothing_is_noticed() -> None:
    done = Settled(ticket=ID, type="password_reset", status=200)

    assert PROGRAM in broken(a_day(settled=(done,)))


def test_a_tap_that_no_ticket_knows_is_noticed() -> None:
    assert TAP in broken(a_day(answered=(Answered(email="a@example.org", statuses=(200, 200)),)))


def test_a_requester_who_was_asked_twice_is_noticed() -> None:
    asked = a_reply(made_by=SURVEY, automatic=True)

    assert TAP in broken(a_day(replies={ID: (asked, asked)}))


def test_a_day_without_any_of_it_says_so() -> None:
    assert len(list(CHECKS[HAPPENED](a_day()))) == 7
