"""What a fact means for its ticket."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_ticket, a_verdict
from triagewire.arrival import Fact, FactKind
from triagewire.replies.facts import told
from triagewire.ticket import ANSWERED_AUTOMATICALLY, Status

TICKET = a_ticket(a_verdict(2))
ANSWERED = replace(
    TICKET, status=Status.RESOLVED, outcome=ANSWERED_AUTOMATICALLY, timer=None, delivery="sent"
)
ORDER = ["", "sent", "failed", "delivered", "read", "undeliverable"]

kinds = st.sampled_from(list(FactKind))
states = st.sampled_from(["", "queued", "sent", "failed", "delivered", "read", "odd"]) | st.text()
facts = st.builds(
    Fact,
    site=st.just("north"),
    source=st.just("mailbox"),
    kind=kinds,
    event_id=st.just("f-1"),
    permanent=st.booleans(),
    state=states,
)


def a_fact(kind: FactKind, **changes: object) -> Fact:
    fact = Fact(site="north", source="mailbox", kind=kind, event_id="f-1")
    return replace(fact, **changes)  # type: ignore[arg-type]


@given(st.lists(facts, max_size=8))
def test_nothing_known_is_ever_taken_back(reported: list[Fact]) -> None:
    ticket = TICKET
    for fact in reported:
        after = told(ticket, fact).ticket
        assert ORDER.index(after.delivery) >= ORDER.index(ticket.delivery)
        assert after.unreachable >= ticket.unreachable
        assert after.quiet >= ticket.quiet
        ticket = after


@given(facts)
def test_a_fact_changes_no_promise_and_no_status(fact: Fact) -> None:
    after = told(TICKET, fact).ticket

    assert (
        replace(after, delivery=TICKET.delivery, unreachable=TICKET.unreachable, quiet=TICKET.quiet)
        == TICKET
    )


@given(facts)
def test_only_a_lost_answer_asks_for_a_person(fact: Fact) -> None:
    assert not told(TICKET, fact).unanswered
    assert not told(replace(ANSWERED, outcome="done"), fact).unanswered


@pytest.mark.parametrize(
    ("fact", "lost"),
    [
        (a_fact(FactKind.BOUNCE, permanent=True), True),
        (a_fact(FactKind.BOUNCE), False),
        (a_fact(FactKind.DELIVERY, state="Failed"), True),
        (a_fact(FactKind.DELIVERY, state="delivered"), False),
        (a_fact(FactKind.AUTOMATIC_ANSWER), False),
        (a_fact(FactKind.OPT_OUT), False),
    ],
)
def test_an_answer_is_lost_when(fact: Fact, lost: bool) -> None:
    assert told(ANSWERED, fact).unanswered is lost


def test_mail_that_came_back_after_it_was_delivered_still_counts() -> None:
    delivered = replace(ANSWERED, delivery="delivered")

    known = told(delivered, a_fact(FactKind.BOUNCE, permanent=True))

    assert (known.ticket.unreachable, known.unanswered) == (True, True)


@given(st.text())
def test_no_free_text_of_a_carrier_reaches_the_ledger(state: str) -> None:
    known = {"", "sent", "queued", "failed", "delivered", "read"}

    kept = told(TICKET, a_fact(FactKind.DELIVERY, state=state)).entry.detail["state"]

    assert kept == "" or str(kept).isalpha()
    assert kept == state.strip().casefold() or kept == "" or kept in known
