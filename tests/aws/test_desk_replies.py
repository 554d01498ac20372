"""Replies that staff write: by the way the requester came, gone only when they have left."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.aws.test_desk_calls import OTHER, TICKET, Desk, a_desk, the_policy
from tests.builders import (
    MONDAY_MORNING,
    a_requester,
    a_site,
    a_stamp,
    a_ticket,
    a_verdict,
    an_entry,
    for_review,
    minutes,
)
from triagewire.arrival import Channel, Fact, FactKind
from triagewire.errors import TryLaterError, UndeliverableError
from triagewire.flow.context import Context
from triagewire.flow.due_replies import hand_on_due
from triagewire.flow.facts import record_fact
from triagewire.flow.policies import current_policy
from triagewire.flow.send import Leaving, send
from triagewire.ids import thread_token
from triagewire.message import Delivery, Direction, Message, ReplyWay
from triagewire.policy.replies import StaffTemplate
from triagewire.replies.ways import AddressRecord
from triagewire.routing.merge import merge, sealed
from triagewire.routing.person import Identity, identity_hash
from triagewire.secrets import identity_key
from triagewire.store.addresses import write_address
from triagewire.store.due_replies import claim, load_pending, withdrawn
from triagewire.store.facts import store_fact
from triagewire.store.messages import message_sk, read_messages
from triagewire.store.table import Tables, Write, commit
from triagewire.store.tickets import Change, changed, ticket_pk
from triagewire.ticket import Status

AFTER = timedelta(seconds=10)
MAIL = "pat.doe@example.com"
WAITS = a_ticket(
    id=TICKET,
    requester=a_requester(email=MAIL),
    assignee="nick",
    status=Status.ACCEPTED,
    accepted_at=MONDAY_MORNING,
)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk with a ticket that nick holds."""
    with a_desk(WAITS) as opened:
        yield opened


class Ways:
    """Every way out, which takes what it is given unless it is told to fail."""

    def __init__(self) -> None:
        self.took: list[Leaving] = []
        self.error: Exception | None = None

    def __call__(self, leaving: Leaving) -> None:
        if self.error:
            raise self.error
        self.took.append(leaving)


def surroundings(desk: Desk, now: datetime) -> Context:
    """score_route, or the sweep, at a time."""
    return Context(
        tables=desk.tables,
        policy=current_policy().get(),
        now=now,
        actor="system:score_route",
        identity_key=identity_key().get(),
    )


def leave(desk: Desk, now: datetime, ways: Ways | None = None) -> Ways:
    """All that is due leaves."""
    ways = ways or Ways()
    due: list[tuple[str, str]] = []
    context = surroundings(desk, now)
    hand_on_due(replace(context, later=lambda pk, sk, _wait: due.append((pk, sk))))
    for pk, sk in due:
        send(context, pk, sk, ways)
    return ways


def the_reply(desk: Desk, ticket: str = TICKET) -> Message:
    """The only outgoing message."""
    said = read_messages(desk.tables, ticket)
    (found,) = [each for each in said if each.direction is Direction.OUTBOUND]
    return found


def know(desk: Desk, **known: datetime) -> None:
    """Something is known of the requester's address."""
    address = Identity("email", MAIL)
    hashed = identity_hash(identity_key().get(), "north", address)
    record = AddressRecord(site="north", address_hash=hashed, version=1, **known)
    commit(desk.tables, [write_address(desk.tables, record, MONDAY_MORNING)])


def test_a_reply_is_kept_and_may_be_taken_back_for_ten_seconds(desk: Desk) -> None:
    answer = desk.act("nick", "reply", text="Your refill is ready.")

    assert answer.status == 200
    assert answer.body["undo_until"] == (MONDAY_MORNING + AFTER).isoformat()
    message = the_reply(desk)
    assert (message.delivery, message.way, message.to) == (
        Delivery.PENDING,
        ReplyWay.EMAIL,
        MAIL,
    )
    assert message_sk(message) == answer.body["message"]


def test_a_reply_that_has_not_left_has_answered_nobody(desk: Desk) -> None:
    desk.act("nick", "reply", text="Your refill is ready.")

    assert leave(desk, MONDAY_MORNING + AFTER / 2).took == []
    ticket = desk.ticket()
    assert ticket.responded_at is None
    assert ticket.clock is not None
    assert ticket.clock.stopped_at is None


def test_a_reply_that_has_left_keeps_the_promise_as_of_its_writing(desk: Desk) -> None:
    desk.act("nick", "reply", text="Your refill is ready.")

    leave(desk, MONDAY_MORNING + AFTER)

    ticket = desk.ticket()
    assert ticket.responded_at == MONDAY_MORNING
    assert ticket.clock is not None
    assert ticket.clock.stopped_at == MONDAY_MORNING
    assert desk.actions()[-2:] == ["reply_sent", "responded"]


def test_a_reply_that_was_to_resolve_does_so_when_it_has_left(desk: Desk) -> None:
    desk.act("nick", "reply", text="All done.", resolve="answered")
    assert desk.ticket().status is Status.ACCEPTED

    leave(desk, MONDAY_MORNING + AFTER)

    assert (desk.ticket().status, desk.ticket().outcome) == (Status.RESOLVED, "answered")


def test_nothing_is_resolved_over_the_head_of_who_has_written_again_meanwhile(desk: Desk) -> None:
    desk.act("nick", "reply", text="All done.", resolve="answered")
    later = MONDAY_MORNING + timedelta(seconds=5)
    newcomer = desk.store(a_ticket(id=OTHER, requester=a_requester(email=MAIL), at=later))
    both = merge(desk.ticket(), newcomer)
    for before, after in (
        (desk.ticket(), both.survivor),
        (newcomer, sealed(both, newcomer, later)),
    ):
        change = Change(before=before, after=after, entries=(an_entry(),))
        commit(desk.tables, changed(desk.tables, change, a_stamp(later))[1])

    leave(desk, MONDAY_MORNING + AFTER)

    assert desk.ticket().is_open
    assert the_reply(desk).delivery is Delivery.SENT


def test_a_reply_takes_up_what_nobody_holds() -> None:
    free = replace(WAITS, assignee=None, status=Status.ROUTED, accepted_at=None)
    with a_desk(free) as desk:
        desk.act("nick", "reply", text="We are on it.")

        ticket = desk.ticket()

    assert (ticket.assignee, ticket.status) == ("nick", Status.ACCEPTED)


def test_a_reply_that_was_taken_back_never_leaves(desk: Desk) -> None:
    written = desk.act("nick", "reply", text="Wrong patient!", resolve="answered")

    undone = desk.act("nick", "undo-reply", message=written.body["message"])

    assert undone.status == 200
    assert leave(desk, MONDAY_MORNING + minutes(60)).took == []
    assert the_reply(desk).delivery is Delivery.WITHDRAWN
    assert desk.ticket().is_open
    assert desk.actions()[-1] == "reply_withdrawn"


def test_taking_back_twice_is_as_good_as_once(desk: Desk) -> None:
    written = desk.act("nick", "reply", text="Wrong patient!")
    desk.act("nick", "undo-reply", message=written.body["message"])

    again = desk.act("nick", "undo-reply", message=written.body["message"])

    assert again.status == 200
    assert desk.actions().count("reply_withdrawn") == 1


def test_what_has_left_is_not_taken_back(desk: Desk) -> None:
    written = desk.act("nick", "reply", text="Your refill is ready.")
    leave(desk, MONDAY_MORNING + AFTER)

    answer = desk.act("nick", "undo-reply", message=written.body["message"])

    assert (answer.status, answer.body["error"]) == (409, "not_now")


def test_what_may_have_left_is_not_taken_back(desk: Desk) -> None:
    written = desk.act("nick", "reply", text="Your refill is ready.")
    ways = Ways()
    ways.error = TimeoutError()
    leave(desk, MONDAY_MORNING + AFTER, ways)

    answer = desk.act("nick", "undo-reply", message=written.body["message"])

    assert (answer.status, answer.body["error"]) == (409, "not_now")


def test_what_is_taken_to_leave_between_the_look_and_the_undo_is_not_taken_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = desk.act("nick", "reply", text="Your refill is ready.")
    sk = written.body["message"]

    def taken_first(tables: Tables, message: Message) -> Write:
        pending = load_pending(tables, ticket_pk(TICKET), sk)
        assert pending is not None
        claim(tables, pending, MONDAY_MORNING + minutes(3))
        return withdrawn(tables, message)

    monkeypatch.setattr("triagewire.flow.undoing.withdrawn", taken_first)

    answer = desk.act("nick", "undo-reply", message=sk)

    assert (answer.status, answer.body["error"]) == (409, "not_now")
    assert the_reply(desk).delivery is Delivery.PENDING


def test_of_undoing_and_sending_at_once_one_wins(desk: Desk) -> None:
    """Whoever takes the message first decides: while it leaves, undoing is refused."""
    written = desk.act("nick", "reply", text="Your refill is ready.")
    answers = []

    def undo_while_it_leaves(_leaving: Leaving) -> None:
        answers.append(desk.act("nick", "undo-reply", message=written.body["message"]).status)

    context = surroundings(desk, MONDAY_MORNING + AFTER)
    send(context, ticket_pk(TICKET), written.body["message"], undo_while_it_leaves)

    assert answers == [409]
    assert the_reply(desk).delivery is Delivery.SENT


def test_only_a_reply_of_this_ticket_can_be_taken_back(desk: Desk) -> None:
    inbound = next(iter(read_messages(desk.tables, TICKET)))

    for message in (message_sk(inbound), "MSG#none", "TICKET"):
        assert desk.act("nick", "undo-reply", message=message).status == 404


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (Status.ACCEPTED, 200),
        (Status.WAITING, 200),
        (Status.RESOLVED, 200),
        (Status.CLOSED, 409),
        (Status.NEW, 409),
    ],
)
def test_who_is_written_to_by_the_state_of_the_ticket(status: Status, allowed: int) -> None:
    held = replace(WAITS, status=status, wake_at=None)
    if status is Status.CLOSED:
        held = replace(held, timer=None, outcome="done")
    with a_desk(held) as desk:
        answer = desk.act("nick", "reply", text="One more thing.")

        assert answer.status == allowed
        assert desk.ticket().status is status


def test_a_resolved_ticket_stays_resolved_and_nothing_resolves_it_again() -> None:
    resolved = replace(WAITS, status=Status.RESOLVED, outcome="done", resolved_at=MONDAY_MORNING)
    with a_desk(resolved) as desk:
        assert desk.act("nick", "reply", text="Bye.", resolve="answered").status == 409
        desk.act("nick", "reply", text="The form is attached to your chart.")
        leave(desk, MONDAY_MORNING + AFTER)

        assert desk.ticket().outcome == "done"
        assert "responded" not in desk.actions()


def test_a_ticket_under_review_is_answered_and_not_resolved() -> None:
    with a_desk(replace(WAITS, verdict=for_review(), team="review")) as desk:
        assert desk.act("rhea", "reply", text="Hello.", resolve="answered").status == 409
        assert desk.act("rhea", "reply", text="Which medicine do you mean?").status == 200


def test_nobody_writes_to_who_can_only_be_called() -> None:
    nobody = a_requester(email=None, phone="+13125550100")
    with a_desk(replace(WAITS, requester=nobody, channels=(Channel.PHONE,))) as desk:
        answer = desk.act("nick", "reply", text="Hello.")

    assert answer.status == 409
    assert "call them" in answer.body["message"]


def test_mail_that_came_back_is_not_written_to_unless_somebody_insists(desk: Desk) -> None:
    know(desk, bounced_at=MONDAY_MORNING - timedelta(days=3))

    refused = desk.act("nick", "reply", text="Hello.")
    sent = desk.act("nick", "reply", text="Hello.", anyway=True)

    assert (refused.status, sent.status) == (409, 200)
    assert "came back" in refused.body["message"]


def test_who_asked_for_no_more_texts_gets_none_whoever_insists(desk: Desk) -> None:
    know(desk, opted_out_at=MONDAY_MORNING - timedelta(days=300))

    assert desk.act("nick", "reply", text="Hello.").status == 409
    assert desk.act("nick", "reply", text="Hello.", anyway=True).status == 409


def test_who_complained_of_a_robot_is_still_written_to_by_a_person(desk: Desk) -> None:
    know(desk, complained_at=MONDAY_MORNING - timedelta(days=3))

    assert desk.act("nick", "reply", text="Hello.").status == 200


def test_who_opts_out_while_the_reply_waits_does_not_get_it(desk: Desk) -> None:
    desk.act("nick", "reply", text="Hello.")
    know(desk, opted_out_at=MONDAY_MORNING)

    ways = leave(desk, MONDAY_MORNING + AFTER)

    assert ways.took == []
    assert (the_reply(desk).delivery, the_reply(desk).why) == (Delivery.FAILED, "opted_out")


def test_a_second_click_is_told_that_there_is_a_reply_already(desk: Desk) -> None:
    version = desk.ticket().version
    desk.act("nick", "reply", text="Hello.", version=version)

    again = desk.act("nick", "reply", text="Hello.", version=version)

    assert (again.status, again.body["changed"]) == (409, ["reply_written"])


def test_that_ones_own_reply_has_left_is_no_news_to_its_writer(desk: Desk) -> None:
    written = desk.act("nick", "reply", text="Hello.")
    leave(desk, MONDAY_MORNING + AFTER)

    done = desk.act("nick", "resolve", outcome="answered", version=written.body["version"])

    assert done.status == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({}, "text"),
        ({"text": "Hi", "template": "none-such"}, "template"),
        ({"text": "Hi", "resolve": "merged"}, "resolve"),
        ({"text": "Hi", "language": "<b>"}, "language"),
        ({"text": "Hi", "subject": "x" * 201}, "subject"),
        ({"text": "Hi", "to": "eve@evil.example"}, "body"),
    ],
)
def test_what_a_reply_may_not_say(desk: Desk, body: dict[str, Any], field: str) -> None:
    answer = desk.act("nick", "reply", **body)

    assert answer.status == 422
    assert answer.body["fields"][0]["field"] == field


def test_the_longest_reply_in_any_script_is_taken(desk: Desk) -> None:
    assert desk.act("nick", "reply", text="語" * 20_000).status == 200


def test_what_no_carrier_takes_is_left_out_of_the_text(desk: Desk) -> None:
    desk.act("nick", "reply", text="Dear Pat,\n\n\tall\x00 good.\x1b\r\n")

    assert the_reply(desk).text == "Dear Pat,\n\n\tall good.\r\n"
    assert desk.act("nick", "reply", text="\x00\x1b").status == 422


def test_a_subject_holds_no_second_header(desk: Desk) -> None:
    desk.act("nick", "reply", text="Hi", subject="Hello\r\nBcc: eve@evil.example")

    assert the_reply(desk).subject == "Hello Bcc: eve@evil.example"


def test_a_failed_reply_is_shown_and_told_to_who_holds_the_ticket(desk: Desk) -> None:
    written = desk.act("nick", "reply", text="Hello.", resolve="answered")
    ways = Ways()
    ways.error = UndeliverableError("no such mailbox", "refused")

    leave(desk, MONDAY_MORNING + AFTER, ways)

    assert desk.ticket().is_open
    assert "reply_failed" in desk.actions()
    listed = desk.get("nora", "/desk/sites/north/undelivered").body["messages"]
    assert [(each["message"], each["why"], each["next_try_at"]) for each in listed] == [
        (written.body["message"], "refused", None)
    ]
    boxes = desk.tables.client.scan(TableName="tickets")["Items"]
    assert any(
        item["sk"]["S"].startswith(f"NOTICE#{TICKET}-") and item["sk"]["S"].endswith("nick")
        for item in boxes
    )


def test_a_failed_reply_is_sent_once_more_under_its_old_id(desk: Desk) -> None:
    written = desk.act("nick", "reply", text="Hello.")
    ways = Ways()
    ways.error = UndeliverableError("no such mailbox", "refused")
    leave(desk, MONDAY_MORNING + AFTER, ways)

    at = MONDAY_MORNING + minutes(30)
    again = desk.act("nick", "try-again", at=at, message=written.body["message"])
    took = leave(desk, at).took

    assert again.status == 200
    assert [each.sk for each in took] == [written.body["message"]]
    assert desk.ticket().responded_at == at
    assert desk.get("nora", "/desk/sites/north/undelivered", at=at).body["messages"] == []


def test_what_arrived_is_not_sent_once_more(desk: Desk) -> None:
    written = desk.act("nick", "reply", text="Hello.")
    leave(desk, MONDAY_MORNING + AFTER)

    assert desk.act("nick", "try-again", message=written.body["message"]).status == 409


def test_what_waits_for_another_try_is_listed_with_its_time(desk: Desk) -> None:
    desk.act("nick", "reply", text="Hello.")
    ways = Ways()
    ways.error = TryLaterError("busy", "http_503", timedelta(minutes=20))

    leave(desk, MONDAY_MORNING + AFTER, ways)

    (listed,) = desk.get("nora", "/desk/sites/north/undelivered").body["messages"]
    assert (listed["why"], listed["tries"]) == ("http_503", 1)
    assert listed["next_try_at"] == (MONDAY_MORNING + AFTER + minutes(20)).isoformat()


def test_templates_are_filled_in_and_theirs_come_first() -> None:
    templates = {
        "ready": StaffTemplate(
            title={"en": "Ready"}, text={"en": "Dear {name}, it is ready. {member}, {site}"}
        ),
        "hours": StaffTemplate(
            title={"en": "Hours", "es": "Horario"},
            text={"en": "We open at 8.", "es": "Hola {name}, abrimos a las 8."},
        ),
    }
    site = a_site(members=the_policy().sites["north"].members)
    site = replace(site, replies=replace(site.replies, templates=templates))
    hostile = a_requester(email=MAIL, name="{site.__class__} {phone}")
    with a_desk(replace(WAITS, requester=hostile, language="es-MX", verdict=a_verdict(2))) as desk:
        desk.publish(replace(the_policy(), sites={"north": site}))
        found = desk.get("nick", f"/desk/tickets/{TICKET}/templates").body["templates"]

    assert [(each["id"], each["language"]) for each in found] == [("hours", "es"), ("ready", "en")]
    assert found[0]["text"] == "Hola {site.__class__} {phone}, abrimos a las 8."


def test_a_member_of_one_site_does_not_see_what_another_has_not_got_through(desk: Desk) -> None:
    assert desk.get("nick", "/desk/sites/north/undelivered").status == 404
    assert desk.get("wes", "/desk/sites/north/undelivered").status == 404


def tell(desk: Desk, kind: FactKind, at: datetime, **changes: Any) -> None:  # noqa: ANN401
    """The mail service reports on the ticket's mail."""
    fact = Fact(
        site="north",
        source="mailbox",
        kind=kind,
        event_id=f"{kind.value}-{at}",
        thread_token=thread_token(identity_key().get(), TICKET),
        **changes,
    )
    store_fact(desk.tables, fact, at)
    context = surroundings(desk, at)
    stored = [
        (item["pk"]["S"], item["sk"]["S"])
        for item in desk.tables.client.scan(TableName="tickets")["Items"]
        if item["sk"]["S"].startswith("FACT#")
    ]
    for pk, sk in stored:
        record_fact(context, pk, sk)


def test_an_answer_that_comes_back_opens_the_ticket_that_it_resolved(desk: Desk) -> None:
    desk.act("nick", "reply", text="Hello.", resolve="answered")
    leave(desk, MONDAY_MORNING + AFTER)
    at = MONDAY_MORNING + minutes(5)

    tell(desk, FactKind.BOUNCE, at, permanent=True)

    ticket = desk.ticket()
    assert (ticket.status, ticket.reopened) == (Status.REOPENED, 1)
    assert ticket.clock is not None
    assert (ticket.clock.started_at, ticket.clock.stopped_at) == (at, None)
    assert (the_reply(desk).delivery, the_reply(desk).why) == (Delivery.FAILED, "bounced")
    refused = desk.act("nick", "reply", text="Hello again.", at=at)
    assert "came back" in refused.body["message"]


def test_an_answer_that_comes_back_has_answered_nobody(desk: Desk) -> None:
    desk.act("nick", "reply", text="Hello.")
    leave(desk, MONDAY_MORNING + AFTER)
    at = MONDAY_MORNING + minutes(5)

    tell(desk, FactKind.BOUNCE, at, permanent=True)

    ticket = desk.ticket()
    assert ticket.clock is not None
    assert (ticket.clock.started_at, ticket.clock.stopped_at) == (at, None)
    assert ticket.assignee == "nick"


def test_what_a_call_answered_stays_answered_whatever_comes_back(desk: Desk) -> None:
    desk.act("nick", "respond", how="called")
    at = MONDAY_MORNING + minutes(5)
    desk.act("nick", "reply", text="As I said on the telephone.", at=at)
    leave(desk, at + AFTER)

    tell(desk, FactKind.BOUNCE, at + minutes(5), permanent=True)

    ticket = desk.ticket()
    assert ticket.clock is not None
    assert ticket.clock.stopped_at == MONDAY_MORNING


def test_a_bounce_that_will_pass_bars_nothing(desk: Desk) -> None:
    desk.act("nick", "reply", text="Hello.", resolve="answered")
    leave(desk, MONDAY_MORNING + AFTER)
    at = MONDAY_MORNING + minutes(5)

    tell(desk, FactKind.BOUNCE, at, permanent=False)

    assert desk.ticket().status is Status.RESOLVED
    assert desk.act("nick", "reply", text="Hello again.", at=at).status == 200


def test_a_bounce_of_an_earlier_mail_says_nothing_of_this_one(desk: Desk) -> None:
    desk.act("nick", "reply", text="Hello.", resolve="answered")
    leave(desk, MONDAY_MORNING + AFTER)
    earlier = MONDAY_MORNING - minutes(60)

    tell(desk, FactKind.BOUNCE, MONDAY_MORNING + minutes(5), permanent=True, occurred_at=earlier)

    assert the_reply(desk).delivery is Delivery.SENT


def test_what_a_person_closed_for_another_reason_stays_closed(desk: Desk) -> None:
    desk.act("nick", "reply", text="Hello.")
    leave(desk, MONDAY_MORNING + AFTER)
    desk.act("nick", "resolve", outcome="called_back")

    tell(desk, FactKind.BOUNCE, MONDAY_MORNING + minutes(5), permanent=True)

    assert desk.ticket().status is Status.RESOLVED


def test_an_opt_out_holds_until_they_opt_in_again(desk: Desk) -> None:
    tell(desk, FactKind.OPT_OUT, MONDAY_MORNING)
    refused = desk.act("nick", "reply", text="Hello.", anyway=True)

    tell(desk, FactKind.OPT_IN, MONDAY_MORNING + minutes(5))
    taken = desk.act("nick", "reply", text="Hello.", at=MONDAY_MORNING + minutes(6))

    assert (refused.status, taken.status) == (409, 200)
