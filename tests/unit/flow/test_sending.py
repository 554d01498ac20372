"""Messages on their way: sent once, whatever dies or loses them; given up only when it is time."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import (
    MONDAY_MORNING,
    a_message,
    a_requester,
    a_stamp,
    a_ticket,
    a_verdict,
    an_entry,
    minutes,
)
from tests.unit.flow.post import Died, Post
from triagewire.errors import TryLaterError, UndeliverableError
from triagewire.flow.addressing import Addressed
from triagewire.flow.context import Context, Plan
from triagewire.flow.due_replies import hand_on_due
from triagewire.flow.outgoing import Outgoing, queue_message
from triagewire.flow.send import Leaving, send
from triagewire.ledger.event import Action
from triagewire.message import Delivery, Direction, Message, ReplyWay
from triagewire.replies.undelivered import State
from triagewire.store.due_replies import Pending, claim, undelivered, withdrawn
from triagewire.store.ledger import read_events
from triagewire.store.messages import add_message, message_sk, read_messages
from triagewire.store.table import Tables, commit
from triagewire.store.tickets import Change, changed, load_ticket, ticket_pk
from triagewire.ticket import Status, Ticket

AT = MONDAY_MORNING
TICKET = "T1"
NEVER = AT + timedelta(days=365)


@dataclass(slots=True)
class Line:
    """A table, the queue that may lose what it is given, and a receiver at the far end."""

    post: Post = field(default_factory=lambda: Post(now=AT))
    queue: list[tuple[datetime, str, str]] = field(default_factory=list)
    got: list[Leaving] = field(default_factory=list)
    answers: Callable[[datetime], Exception | None] = field(default=lambda _now: None)
    loses: bool = False

    def context(self, now: datetime) -> Context:
        """score_route, or the sweep."""
        return replace(
            self.post.context(now, now),
            actor="system:score_route",
            identity_key=b"k",
            later=lambda pk, sk, wait: self.put(now + wait, pk, sk),
        )

    def put(self, at: datetime, pk: str, sk: str) -> None:
        """Put a message into the queue, which may lose it."""
        if not self.loses:
            self.queue.append((at, pk, sk))

    def write(self, way: ReplyWay = ReplyWay.WEBHOOK, **changes: object) -> str:
        """Queue a person's reply on a fresh ticket, to leave in ten seconds."""
        ticket = a_ticket(
            a_verdict(2),
            id=TICKET,
            version=0,
            assignee="nick",
            status=Status.ACCEPTED,
            accepted_at=AT,
            requester=a_requester(email="pat@mail.example"),
        )
        first = Change(before=None, after=ticket, entries=(an_entry(),))
        stored, writes = changed(self.post.tables, first, a_stamp(AT))
        said = a_message(ticket_id=TICKET, at=AT)
        commit(self.post.tables, [*writes, add_message(self.post.tables, said, ticket.site)])
        to = "north/portal" if way is ReplyWay.WEBHOOK else "pat@mail.example"
        given: dict[str, object] = {
            "addressed": Addressed(way=way, to=to, source="portal"),
            "text": "Your refill is ready.",
            "automatic": False,
            "author": "staff:nick",
            "send_at": AT + timedelta(seconds=10),
        }
        outgoing = Outgoing(**(given | changes))  # type: ignore[arg-type]
        plan, context = Plan(), self.context(AT)
        entry = queue_message(context, stored, outgoing, plan)
        plan.changes.append(Change(before=stored, after=stored, entries=(entry,)))
        plan.commit(context)
        return message_sk(self.message)

    def deliver(self, leaving: Leaving) -> None:
        """The receiver takes it, or not."""
        self.post.struck("before publish")
        if error := self.answers(self.post.now):
            raise error
        self.got.append(leaving)
        self.post.struck("after publish")

    def pass_minute(self, now: datetime) -> None:
        """A sweep, and what the queue brings; whoever dies is gone."""
        self.post.now = now
        self._alive(lambda: hand_on_due(self.context(now)))
        due = [each for each in self.queue if each[0] <= now]
        self.queue = [each for each in self.queue if each[0] > now]
        for _, pk, sk in due:
            self._alive(lambda pk=pk, sk=sk: send(self.context(now), pk, sk, self.deliver))  # type: ignore[misc]

    def run(self, until: datetime, step: timedelta = timedelta(minutes=1)) -> None:
        """Minute after minute."""
        now = self.post.now
        while now < until:
            now += step
            self.pass_minute(now)

    def _alive(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Died:
            return

    @property
    def message(self) -> Message:
        """The one outgoing message."""
        said = read_messages(self.post.tables, TICKET)
        (found,) = [each for each in said if each.direction is Direction.OUTBOUND]
        return found

    @property
    def ticket(self) -> Ticket:
        """The ticket as it stands."""
        found = load_ticket(self.post.tables, TICKET)
        assert found is not None
        return found

    def actions(self) -> list[Action]:
        """What the ledger says."""
        return [each.action for each in read_events(self.post.tables, ticket_pk(TICKET))]


def busy_until(end: datetime) -> Callable[[datetime], Exception | None]:
    """A receiver that is down until then."""
    return lambda now: TryLaterError("down", "http_503") if now < end else None


def test_a_receiver_that_is_down_for_a_day_gets_it_once() -> None:
    line = Line(answers=busy_until(AT + timedelta(days=1)))
    line.write()

    line.run(AT + timedelta(days=4), timedelta(minutes=5))

    assert len(line.got) == 1
    assert line.message.delivery is Delivery.SENT
    assert line.actions().count(Action.REPLY_SENT) == 1
    assert undelivered(line.post.tables, "north") == []


def test_who_is_down_for_good_gets_ten_tries_and_somebody_is_told() -> None:
    line = Line(answers=busy_until(NEVER))
    line.write(then="answered")

    line.run(AT + timedelta(days=5), timedelta(minutes=5))

    assert line.got == []
    assert (line.message.delivery, line.message.tries) == (Delivery.FAILED, 10)
    assert line.ticket.is_open
    assert line.ticket.responded_at is None
    assert line.actions().count(Action.REPLY_FAILED) == 1
    (listed,) = undelivered(line.post.tables, "north")
    assert (listed.state, listed.why) == (State.FAILED, "http_503")


def test_what_left_late_has_answered_late() -> None:
    line = Line(answers=busy_until(AT + timedelta(hours=6)))
    line.write()

    line.run(AT + timedelta(days=1))

    assert line.ticket.responded_at is not None
    assert line.ticket.responded_at > AT + timedelta(hours=6)


def test_a_queue_that_loses_everything_loses_no_message() -> None:
    """The stream's record is lost too: nothing but the table knows of it."""
    line = Line(loses=True)
    sk = line.write()
    due: list[tuple[str, str]] = []
    now = AT + minutes(1)

    hand_on_due(replace(line.context(now), later=lambda pk, sk, _wait: due.append((pk, sk))))

    assert due == [(ticket_pk(TICKET), sk)]


def test_what_comes_twice_is_sent_once() -> None:
    line = Line()
    sk = line.write()
    now = AT + minutes(1)

    for _ in range(3):
        send(line.context(now), ticket_pk(TICKET), sk, line.deliver)

    assert len(line.got) == 1


def test_while_somebody_sends_it_nobody_else_does() -> None:
    line = Line()
    sk = line.write()
    now = AT + minutes(1)
    inner: list[bool] = []

    def slow(leaving: Leaving) -> None:
        inner.append(send(line.context(now), ticket_pk(TICKET), sk, line.deliver))
        line.got.append(leaving)

    send(line.context(now), ticket_pk(TICKET), sk, slow)

    assert (inner, len(line.got)) == ([False], 1)


def boundaries() -> int:
    """How many writes and deliveries a message's way has, before and after each."""
    line = Line()
    struck: list[str] = []
    line.write()
    line.post.struck = struck.append
    line.run(AT + minutes(2))
    return sum(any(each in at for each in ("update", "transact", "publish")) for at in struck)


@pytest.mark.parametrize("nth", range(boundaries()))
def test_whoever_dies_on_the_way_costs_one_repeat_at_most(nth: int) -> None:
    line = Line()
    line.write(then="answered")

    with line.post.dying(nth):
        line.run(AT + minutes(30))

    assert 1 <= len(line.got) <= 2
    assert len({leaving.id for leaving in line.got}) == 1
    assert line.message.delivery is Delivery.SENT
    assert line.actions().count(Action.RESPONDED) == 1
    assert line.ticket.status is Status.RESOLVED


def test_what_everybody_dies_over_leaves_twice_at_most_and_a_person_is_told() -> None:
    """Whoever has left by mail and could not say so would write to the requester for ever."""
    line = Line()
    line.write(then="answered")

    def dies(call: str) -> None:
        if call == "after publish":
            raise Died

    line.post.struck = dies
    line.run(AT + timedelta(hours=2))

    assert len(line.got) == 2
    assert (line.message.delivery, line.message.why) == (Delivery.FAILED, "not_known")
    assert line.ticket.is_open
    assert line.ticket.notices == 1


@pytest.mark.parametrize("nth", range(12))
def test_whoever_dies_between_two_tries_loses_nothing(nth: int) -> None:
    line = Line(answers=busy_until(AT + minutes(3)))
    line.write()

    with line.post.dying(nth):
        line.run(AT + timedelta(hours=12))

    assert 1 <= len(line.got) <= 2
    assert len({leaving.id for leaving in line.got}) == 1
    assert line.message.delivery is Delivery.SENT


@given(st.lists(st.booleans(), min_size=1, max_size=14))
@settings(max_examples=40, deadline=None)
def test_however_often_it_fails_first_it_arrives_once_or_is_told_of(fails: list[bool]) -> None:
    left = iter(fails)
    line = Line(answers=lambda _now: TimeoutError() if next(left, False) else None)
    line.write()

    line.run(AT + timedelta(days=5), timedelta(minutes=15))

    failed = line.message.delivery is Delivery.FAILED
    assert failed is all(fails[:10]) if len(fails) >= 10 else not failed
    assert len(line.got) == (0 if failed else 1)
    assert (Action.REPLY_FAILED in line.actions()) is failed


@pytest.mark.parametrize("error", [UndeliverableError("no", "gone"), UndeliverableError("no")])
def test_a_refusal_that_stays_is_not_tried_again(error: UndeliverableError) -> None:
    tries: list[datetime] = []
    line = Line()

    def refuse(now: datetime) -> Exception:
        tries.append(now)
        return error

    line.answers = refuse
    line.write()

    line.run(AT + timedelta(hours=1))

    assert len(tries) == 1
    assert (line.message.delivery, line.message.why) == (Delivery.FAILED, error.code)


def test_of_a_receiver_that_wants_no_more_its_owner_is_told() -> None:
    line = Line(answers=lambda _now: UndeliverableError("gone", "gone"))
    line.write()

    line.run(AT + minutes(2))

    told = {box.person for box in line.post.due(AT + timedelta(hours=1))}
    assert told == {"nick", line.post.policy.policy.sites["north"].catch_all}


def test_a_number_that_takes_no_texts_is_remembered() -> None:
    line = Line(answers=lambda _now: UndeliverableError("no", "opted_out"))
    line.write(ReplyWay.EMAIL)
    line.run(AT + minutes(2))
    again = replace(line.message, at=AT + minutes(5), send_at=None)
    tables, pending = line.post.tables, replace(again, delivery=Delivery.PENDING)
    commit(tables, [add_message(tables, pending, "north")])
    line.answers = lambda _now: None

    send(line.context(AT + minutes(6)), ticket_pk(TICKET), message_sk(again), line.deliver)

    assert line.got == []


def test_mail_is_given_up_after_a_day() -> None:
    line = Line(answers=busy_until(NEVER))
    line.write(ReplyWay.EMAIL)

    line.run(AT + timedelta(hours=25), timedelta(minutes=5))

    assert line.message.delivery is Delivery.FAILED


def test_an_automatic_text_that_failed_at_first_does_not_follow_a_persons_answer() -> None:
    line = Line(answers=busy_until(AT + minutes(3)))
    line.write(ReplyWay.EMAIL, automatic=True, author="system:score_route", made_by="template:x")
    line.run(AT + minutes(2))
    ticket = line.ticket
    after = replace(ticket, responded_at=AT + minutes(2))
    change = Change(before=ticket, after=after, entries=(an_entry(),))
    commit(line.post.tables, changed(line.post.tables, change, a_stamp(AT + minutes(2)))[1])

    line.run(AT + timedelta(hours=2))

    assert line.got == []
    assert Action.REPLY_WITHHELD in line.actions()


def test_debug_mode_says_that_nothing_was_sent() -> None:
    line = Line()
    sk = line.write()
    context = replace(line.context(AT + minutes(1)), notifies=False)

    send(context, ticket_pk(TICKET), sk, line.deliver)

    events = list(read_events(line.post.tables, ticket_pk(TICKET)))
    (sent,) = [each for each in events if each.action is Action.REPLY_SENT]
    assert sent.why == "debug mode: nothing was sent"


def test_what_may_take_long_is_left_to_the_queue() -> None:
    line = Line()
    sk = line.write()
    now = AT + minutes(1)
    webhooks = frozenset({ReplyWay.WEBHOOK})

    send(line.context(now), ticket_pk(TICKET), sk, line.deliver, by_queue=webhooks)

    assert line.got == []
    assert line.queue == [(now, ticket_pk(TICKET), sk)]


def test_what_is_taken_back_right_before_it_is_taken_does_not_leave(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other order of the race: the undo is written between the look and the claim."""
    line = Line()
    sk = line.write()

    def claim_too_late(tables: Tables, pending: Pending, until: datetime) -> bool:
        commit(tables, [withdrawn(tables, pending.message)])
        return claim(tables, pending, until)

    monkeypatch.setattr("triagewire.flow.send.claim", claim_too_late)

    assert not send(line.context(AT + minutes(1)), ticket_pk(TICKET), sk, line.deliver)
    assert line.got == []
    assert line.message.delivery is Delivery.WITHDRAWN
