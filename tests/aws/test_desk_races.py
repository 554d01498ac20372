"""Two people at once, and any sequence of actions: one owner, exact loads, a whole ledger."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.aws.test_desk_calls import OTHER, TICKET, Desk, a_desk
from tests.builders import MONDAY_MORNING, TEAMS, a_ticket, a_verdict, for_review, minutes
from triagewire.flow import looking
from triagewire.flow.context import Context
from triagewire.flow.escalate import act, due_tickets
from triagewire.flow.policies import current_policy
from triagewire.ledger.chain import first_fault
from triagewire.states import TRANSITIONS
from triagewire.store.ledger import read_events
from triagewire.store.loads import read_loads
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status, Ticket

URGENT = a_ticket(a_verdict(5), id=TICKET)
THIRD = "THIRD" + "A" * 21
TICKETS = (TICKET, OTHER, THIRD)
MEMBERS = ("nick", "nell", "bela", "sami", "rhea", "nora")


def between_reading_and_writing(
    monkeypatch: pytest.MonkeyPatch, rival: Callable[[], object], times: int = 1
) -> None:
    """Let a rival act after a decision has read the ticket and before it is written."""
    real = looking.visible_ticket
    left = [rival] * times

    def read_then_rival(*arguments: object, **named: object) -> object:
        ticket = real(*arguments, **named)  # type: ignore[arg-type]
        if left:
            left.pop()()
        return ticket

    monkeypatch.setattr("triagewire.flow.acting.visible_ticket", read_then_rival)


def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_who(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_desk() as desk:
        between_reading_and_writing(monkeypatch, lambda: desk.act("nell", "claim"))

        answer = desk.act("nick", "claim")

        assert (answer.status, answer.body["message"]) == (
            409,
            "held by nell: reassign it with a reason",
        )
        assert (desk.load_of("nick"), desk.load_of("nell")) == (0, 4)
        assert desk.actions() == ["claimed"]


def test_one_who_claims_two_tickets_at_once_carries_both(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_desk() as desk:
        desk.store(a_ticket(a_verdict(5), id=OTHER))
        between_reading_and_writing(monkeypatch, lambda: desk.act("nick", "claim", OTHER))

        desk.act("nick", "claim")

        assert desk.load_of("nick") == 9


def test_of_two_who_resolve_at_once_only_one_takes_the_weight_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_desk(a_ticket(id=TICKET, assignee="nick")) as desk:
        between_reading_and_writing(
            monkeypatch, lambda: desk.act("nell", "resolve", outcome="answered")
        )

        answer = desk.act("nick", "resolve", outcome="done")

        assert (answer.status, desk.load_of("nick")) == (409, 0)
        assert desk.ticket().outcome == "answered"


def test_a_look_between_reading_and_writing_does_not_cost_an_action(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_desk() as desk:
        look = f"/desk/tickets/{TICKET}"
        between_reading_and_writing(monkeypatch, lambda: desk.get("nora", look))

        answer = desk.act("nick", "claim")

        assert (answer.status, desk.actions()) == (200, ["viewed", "claimed"])


def test_a_ticket_that_never_holds_still_is_given_up_with_a_word_and_unchanged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_desk() as desk:
        look = f"/desk/tickets/{TICKET}"
        between_reading_and_writing(monkeypatch, lambda: desk.get("nora", look), times=99)

        answer = desk.act("nick", "claim")

        assert (answer.status, answer.body["error"]) == (409, "changed_meanwhile")
        assert (desk.ticket().assignee, desk.load_of("nick")) == (None, 0)


def test_of_two_who_acknowledge_at_once_the_first_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_desk(URGENT) as desk:
        between_reading_and_writing(monkeypatch, lambda: desk.act("nell", "acknowledge"))

        answer = desk.act("nick", "acknowledge")

        assert (answer.status, answer.body["acknowledged_by"]) == (200, "nell")
        assert desk.actions() == ["acknowledged"]


def test_a_write_that_fails_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ConnectionError

    with a_desk() as desk:
        before = desk.ticket()
        monkeypatch.setattr("triagewire.flow.context.commit", fail)

        answer = desk.act("nick", "claim")

        assert (answer.status, desk.ticket(), desk.load_of("nick")) == (500, before, 0)


type Deed = tuple[str, dict[str, object]]
"""An action and the fields of its body."""

reassignments = st.fixed_dictionaries(
    {"reason": st.sampled_from(["wrong_team", "workload", "reviewed"])},
    optional={
        "team": st.sampled_from(sorted(TEAMS)),
        "member": st.sampled_from(MEMBERS),
        "score": st.integers(1, 5),
        "note": st.just("see chart"),
    },
)
waits = st.fixed_dictionaries(
    {"waiting_for": st.sampled_from(["requester", "payer", "vendor"])},
    optional={"until": st.just((MONDAY_MORNING + minutes(40)).isoformat())},
)
others = st.sampled_from(TICKETS)
rescores = st.fixed_dictionaries(
    {"score": st.integers(1, 5)},
    optional={
        "team": st.sampled_from(["clinical", "billing"]),
        "why": st.just("spoke_with_requester"),
    },
)
merges = st.fixed_dictionaries({"ticket": others, "reason": st.just("same_need")})
unmerges = st.fixed_dictionaries({"ticket": others, "reason": st.just("by_mistake")})
deeds: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.sampled_from(["claim", "accept", "acknowledge", "resume"]), st.just({})),
    st.tuples(st.just("respond"), st.just({"how": "called"})),
    st.tuples(st.just("wait"), waits),
    st.tuples(st.just("reassign"), reassignments),
    st.tuples(st.just("presence"), st.fixed_dictionaries({"away": st.booleans()})),
    st.tuples(st.just("note"), st.just({"text": "Called twice, no answer."})),
    st.tuples(st.just("rescore"), rescores),
    st.tuples(st.just("merge"), merges),
    st.tuples(st.just("unmerge"), unmerges),
    st.tuples(st.just("resolve"), st.just({"outcome": "done"})),
    st.tuples(st.just("reopen"), st.just({"reason": "not_finished"})),
)
steps = st.tuples(st.sampled_from((*MEMBERS, "director")), st.sampled_from(TICKETS), deeds)


def path_of(action: str, ticket_id: str) -> str:
    """The route of a deed: who is at work is a matter of the site."""
    of_site = action == "presence"
    return "/desk/sites/north/presence" if of_site else f"/desk/tickets/{ticket_id}/{action}"


def sweep(desk: Desk, at: datetime) -> None:
    """Let the escalator do what is due."""
    context = Context(
        tables=desk.tables,
        policy=current_policy().get(),
        now=at,
        actor="system:escalate",
        publish=lambda _bundle, _way: None,
    )
    for ticket_id in due_tickets(context):
        act(context, ticket_id)


def loads(desk: Desk) -> Counter[str]:
    """What the table says that each member carries."""
    found = read_loads(desk.tables, "north")
    return Counter({member: load.weight for member, load in found.items()})


def carried(desk: Desk) -> Counter[str]:
    """The same, summed over the open tickets of which our time runs."""
    found = Counter[str]()
    for ticket in map(desk.ticket, TICKETS):
        if ticket.at_work and ticket.assignee:
            found[ticket.assignee] += int(ticket.urgency)
    return found


def standing_for(desk: Desk, ticket: Ticket) -> Ticket:
    """The one that a merged ticket is a part of."""
    while ticket.merged_into:
        ticket = desk.ticket(ticket.merged_into)
    return ticket


def check_whole(desk: Desk) -> None:
    """What must hold of every ticket whatever was done."""
    assert loads(desk) == carried(desk)
    for ticket in map(desk.ticket, TICKETS):
        assert (ticket.timer is not None) is (ticket.is_open or ticket.status is Status.RESOLVED)
        assert (ticket.status is Status.WAITING) is (ticket.wake_at is not None)
        assert (ticket.status is Status.RESOLVED) is (ticket.resolved_at is not None)
        subject = ticket_pk(ticket.id)
        events = list(read_events(desk.tables, subject))
        assert first_fault(subject, events, ticket.version, ticket.ledger_head) is None
        assert all(one.at <= two.at for one, two in pairwise(events))


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=1, max_size=12))
def test_whatever_staff_do_loads_timers_and_ledgers_are_exact(
    days: list[tuple[str, str, Deed]],
) -> None:
    held = a_ticket(a_verdict(3), id=OTHER, assignee="bela", assigned_at=MONDAY_MORNING)
    doubtful = a_ticket(for_review(candidate=5, score=2), id=THIRD)
    with a_desk(URGENT, held, doubtful) as desk:
        for number, (member, ticket_id, (action, fields)) in enumerate(days):
            at = MONDAY_MORNING + minutes(7 * number)
            if number % 3 == 2:
                sweep(desk, at)
            before = desk.ticket(ticket_id)
            stood = standing_for(desk, before)

            answer = desk.post(member, path_of(action, ticket_id), fields, at)

            after = desk.ticket(ticket_id)
            assert answer.status in (200, 404, 409, 422), answer.body
            unchanged = replace(
                after, version=before.version, ledger_head=before.ledger_head
            )  # a denial is recorded, and that is all it does
            assert answer.status == 200 or unchanged == before
            assert answer.status != 409 or answer.body["status"] == stood.status.value
            assert after.status is before.status or after.status in TRANSITIONS[before.status]
            assert after.urgency >= before.urgency or fields.get("score")
            check_whole(desk)
