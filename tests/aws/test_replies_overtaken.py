"""Replies that something overtook between their writing and their leaving."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.aws.test_desk_calls import OTHER, TICKET, Desk, a_desk, the_policy
from tests.aws.test_desk_replies import (
    AFTER,
    MAIL,
    WAITS,
    Ways,
    leave,
    surroundings,
    tell,
    the_reply,
)
from tests.builders import MONDAY_MORNING, a_requester, a_ticket, a_verdict, minutes
from triagewire.arrival import FactKind, RequesterKind
from triagewire.errors import TryLaterError, UndeliverableError
from triagewire.flow import answer_left
from triagewire.flow.addressing import Addressed
from triagewire.flow.context import Plan
from triagewire.flow.joining import join
from triagewire.flow.outgoing import Outgoing, queue_message
from triagewire.flow.placing import standing
from triagewire.flow.taking import Pair
from triagewire.message import Delivery, ReplyWay
from triagewire.store.tickets import Change
from triagewire.ticket import Status

MEANWHILE = MONDAY_MORNING + timedelta(seconds=5)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk with a ticket that nick holds."""
    with a_desk(WAITS) as opened:
        yield opened


def write_again(desk: Desk, urgency: int, at: datetime = MEANWHILE) -> None:
    """The requester writes once more, and it lands on their ticket."""
    fresh = a_ticket(
        None, id=OTHER, requester=a_requester(email=MAIL), at=at, status=Status.NEW, team=None
    )
    before, context, plan = desk.store(fresh), surroundings(desk, at), Plan()
    judged, _ = standing(before, a_verdict(urgency), context.site("north"), context)
    alone = replace(judged, clock=None, resolution=None)
    join(context, Pair(before=before, newcomer=alone, survivor=desk.ticket()), plan)
    plan.commit(context)


def still_owed(desk: Desk) -> bool:
    """Whether the promise of a response runs on."""
    clock = desk.ticket().clock
    return clock is not None and clock.stopped_at is None


def test_an_answer_to_less_silences_no_page_of_what_came_meanwhile(desk: Desk) -> None:
    """ "Your refill is ready" is no answer to the chest pain of five seconds later."""
    desk.act("nick", "reply", text="Your refill is ready.")
    write_again(desk, 5)

    leave(desk, MONDAY_MORNING + AFTER)

    assert the_reply(desk).delivery is Delivery.SENT
    assert desk.ticket().must_page
    assert still_owed(desk)
    assert desk.ticket().responded_at is None


def test_who_wrote_again_before_the_answer_left_is_owed_another(desk: Desk) -> None:
    desk.act("nick", "reply", text="Your refill is ready.")
    write_again(desk, int(desk.ticket().urgency))

    leave(desk, MONDAY_MORNING + AFTER)

    assert still_owed(desk)


def test_an_answer_settles_nothing_that_a_person_found_urgent_meanwhile(desk: Desk) -> None:
    desk.act("nick", "reply", text="All done.", resolve="answered")
    assert desk.act("nora", "rescore", at=MEANWHILE, score=5).status == 200

    leave(desk, MONDAY_MORNING + AFTER)

    assert the_reply(desk).delivery is Delivery.SENT
    assert desk.ticket().is_open
    assert still_owed(desk)


def test_what_came_back_and_is_sent_once_more_has_answered(desk: Desk) -> None:
    written = desk.act("nick", "reply", text="Hello.")
    leave(desk, MONDAY_MORNING + AFTER)
    tell(desk, FactKind.BOUNCE, MONDAY_MORNING + minutes(5), permanent=True)
    at = MONDAY_MORNING + minutes(30)

    desk.act("nick", "try-again", at=at, message=written.body["message"])
    leave(desk, at)

    clock = desk.ticket().clock
    assert clock is not None
    assert clock.stopped_at == at


def leave_again_and_again(desk: Desk) -> Ways:
    """All that is due leaves, sweep after sweep."""
    ways = Ways()
    for sweep in range(5):
        leave(desk, MONDAY_MORNING + AFTER + minutes(5 * sweep), ways)
    return ways


def test_a_site_that_leaves_the_policy_gets_its_last_answers_once(desk: Desk) -> None:
    desk.act("nick", "reply", text="Your refill is ready.")
    desk.publish(replace(the_policy(), sites={"west": the_policy().sites["west"]}))

    ways = leave_again_and_again(desk)

    assert len(ways.took) == 1
    assert the_reply(desk).delivery is Delivery.SENT
    assert desk.ticket().responded_at == MONDAY_MORNING


def test_an_answer_leaves_once_even_if_what_it_does_to_its_ticket_fails(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.act("nick", "reply", text="All done.", resolve="answered")

    def fails(*_: object) -> None:
        raise ValueError("no such time")

    monkeypatch.setattr(answer_left, "closed", fails)
    ways = leave_again_and_again(desk)

    assert len(ways.took) == 1
    assert the_reply(desk).delivery is Delivery.SENT
    assert desk.ticket().is_open
    assert still_owed(desk)


def queue_automatic(desk: Desk, at: datetime, **becomes: Any) -> None:  # noqa: ANN401
    """A robot of ours writes to the requester, on a ticket that becomes something else by then."""
    context, ticket, plan = surroundings(desk, at), desk.ticket(), Plan()
    goes = Addressed(way=ReplyWay.EMAIL, to=MAIL, source="portal")
    entry = queue_message(context, ticket, Outgoing(addressed=goes, text="How was it?"), plan)
    after = replace(ticket, **becomes)
    plan.changes.append(Change(before=ticket, after=after, entries=(entry,)))
    plan.commit(context)


@pytest.mark.parametrize(
    ("days", "status"), [(1, Status.REOPENED), (6, Status.RESOLVED)], ids=["near", "long ago"]
)
def test_an_answer_that_comes_back_late_is_not_taken_for_the_question_after_it(
    days: int, status: Status
) -> None:
    """Mail comes back after hours; by then it was asked how everything went."""
    with a_desk(replace(WAITS, verdict=a_verdict(2))) as desk:
        desk.act("nick", "reply", text="Hello.", resolve="answered")
        leave(desk, MONDAY_MORNING + AFTER)
        asked = MONDAY_MORNING + timedelta(days=days)
        queue_automatic(desk, asked)
        leave(desk, asked)

        tell(desk, FactKind.BOUNCE, asked + minutes(1), permanent=True)

        assert desk.ticket().status is status


def test_a_failed_answer_is_sent_once_more_after_its_ticket_was_merged_twice(desk: Desk) -> None:
    written = desk.act("nick", "reply", text="Hello.")
    ways = Ways()
    ways.error = UndeliverableError("no such mailbox", "refused")
    leave(desk, MONDAY_MORNING + AFTER, ways)
    at = MONDAY_MORNING + minutes(5)
    for number, known in enumerate((OTHER, "LASTCCCCCCCCCCCCCCCCCCCCCC")):
        desk.store(replace(WAITS, id=known, version=0))
        into = desk.act(
            "nick", "merge", known, at, ticket=(TICKET, OTHER)[number], reason="same_need"
        )
        assert into.status == 200

    again = desk.act("nick", "try-again", known, at, message=written.body["message"])

    assert again.status == 200
    assert len(leave(desk, at).took) == 1


def test_a_ticket_that_was_resolved_as_answered_opens_where_the_answer_never_left(
    desk: Desk,
) -> None:
    """Send, and a second later Resolve: nobody has been answered."""
    desk.act("nick", "reply", text="Your refill is ready.")
    desk.act("nick", "resolve", at=MEANWHILE, outcome="answered")
    ways = Ways()
    ways.error = UndeliverableError("no such mailbox", "refused")

    leave(desk, MONDAY_MORNING + AFTER, ways)

    assert (desk.ticket().status, desk.ticket().notices) == (Status.REOPENED, 1)
    assert still_owed(desk)


def test_so_it_does_where_the_answer_comes_back(desk: Desk) -> None:
    desk.act("nick", "reply", text="Your refill is ready.")
    leave(desk, MONDAY_MORNING + AFTER)
    desk.act("nick", "resolve", at=MONDAY_MORNING + minutes(1), outcome="answered")

    tell(desk, FactKind.BOUNCE, MONDAY_MORNING + minutes(5), permanent=True)

    assert desk.ticket().status is Status.REOPENED
    assert still_owed(desk)


def test_what_was_settled_otherwise_stays_so_whatever_never_left(desk: Desk) -> None:
    desk.act("nick", "reply", text="I will call you.")
    desk.act("nick", "resolve", at=MEANWHILE, outcome="called_back")
    ways = Ways()
    ways.error = UndeliverableError("no such mailbox", "refused")

    leave(desk, MONDAY_MORNING + AFTER, ways)

    assert desk.ticket().status is Status.RESOLVED


def test_what_another_answer_settled_stays_so_where_the_first_never_leaves(desk: Desk) -> None:
    desk.act("nick", "reply", text="Your refill is ready.")
    ways = Ways()
    ways.error = TryLaterError("busy", "unavailable")
    leave(desk, MONDAY_MORNING + AFTER, ways)
    at = MONDAY_MORNING + minutes(1)
    desk.act("nick", "reply", at=at, text="It is at the pharmacy.", resolve="answered")
    leave(desk, at + AFTER)
    assert desk.ticket().status is Status.RESOLVED

    ways.error = UndeliverableError("no such mailbox", "refused")
    leave(desk, at + minutes(30), ways)

    assert desk.ticket().status is Status.RESOLVED


PLAIN = a_verdict(2)


@pytest.mark.parametrize(
    "becomes",
    [
        pytest.param({"verdict": None}, id="unscored"),
        pytest.param({"verdict": a_verdict(4)}, id="clinical"),
        pytest.param({"verdict": replace(PLAIN, crisis=True)}, id="a crisis"),
        pytest.param({"verdict": replace(PLAIN, review=True)}, id="doubted"),
        pytest.param({"verdict": PLAIN, "team": "review"}, id="under review"),
        pytest.param({"verdict": PLAIN, "quiet": True}, id="quiet"),
        pytest.param({"verdict": PLAIN, "unreachable": True}, id="unreachable"),
        pytest.param(
            {"verdict": PLAIN, "requester": a_requester(kind=RequesterKind.UNKNOWN)}, id="unknown"
        ),
    ],
)
def test_no_automatic_text_goes_to_what_has_become_no_matter_for_one(
    desk: Desk, becomes: dict[str, Any]
) -> None:
    queue_automatic(desk, MONDAY_MORNING, **becomes)

    assert leave(desk, MONDAY_MORNING).took == []
    assert the_reply(desk).why == "withheld"


def test_an_acknowledgement_that_was_held_up_does_not_follow_a_persons_answer(desk: Desk) -> None:
    """ "Expect us by noon" says nothing to somebody who was called at ten."""
    queue_automatic(desk, MONDAY_MORNING, verdict=PLAIN)
    desk.act("nick", "respond", at=MONDAY_MORNING + minutes(60), how="called")

    assert leave(desk, MONDAY_MORNING + minutes(90)).took == []
