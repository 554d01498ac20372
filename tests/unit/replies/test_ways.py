"""What is known of an address, in whatever order it is heard."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING
from triagewire.arrival import Fact, FactKind
from triagewire.replies.ways import BOUNCE_BARS, AddressRecord, barred_by, learnt

NOW = MONDAY_MORNING
NOTHING = AddressRecord(site="north", address_hash="h")


def heard(kind: FactKind, at: datetime | None = None, *, permanent: bool = False) -> Fact:
    """A fact of an address."""
    return Fact(
        site="north",
        source="mailbox",
        kind=kind,
        event_id=f"{kind}-{at}",
        permanent=permanent,
        occurred_at=at,
    )


def after(*facts: Fact, now: datetime = NOW) -> AddressRecord:
    """What is known after some facts, in this order."""
    record = NOTHING
    for fact in facts:
        record = learnt(record, fact, now)
    return record


def test_a_lasting_bounce_bars_automatic_mail_for_sixty_days() -> None:
    record = after(heard(FactKind.BOUNCE, NOW, permanent=True))

    assert barred_by(record, NOW + BOUNCE_BARS - timedelta(seconds=1)) == "bounced"
    assert barred_by(record, NOW + BOUNCE_BARS) == ""


def test_another_bounce_begins_the_days_anew() -> None:
    later = NOW + timedelta(days=50)
    first = after(heard(FactKind.BOUNCE, NOW, permanent=True))

    record = learnt(first, heard(FactKind.BOUNCE, later, permanent=True), later)

    assert barred_by(record, NOW + timedelta(days=100)) == "bounced"


@pytest.mark.parametrize(
    "kind", [FactKind.BOUNCE, FactKind.DELIVERY, FactKind.AUTOMATIC_ANSWER, FactKind.OPT_IN]
)
def test_what_will_pass_bars_nothing(kind: FactKind) -> None:
    assert barred_by(after(heard(kind)), NOW) == ""


def test_a_complaint_bars_automatic_mail_for_good() -> None:
    assert barred_by(after(heard(FactKind.COMPLAINT)), NOW + timedelta(days=900)) == "complained"


def test_an_opt_out_is_told_before_all_else() -> None:
    record = after(
        heard(FactKind.COMPLAINT), heard(FactKind.BOUNCE, permanent=True), heard(FactKind.OPT_OUT)
    )

    assert barred_by(record, NOW) == "opted_out"


def test_the_last_word_counts_in_whatever_order_it_comes() -> None:
    facts = [
        heard(FactKind.OPT_OUT, NOW - timedelta(days=3)),
        heard(FactKind.OPT_IN, NOW - timedelta(days=2)),
        heard(FactKind.OPT_OUT, NOW - timedelta(days=1)),
    ]

    for order in permutations(facts):
        assert barred_by(after(*order), NOW) == "opted_out"
    for order in permutations(facts[:2]):
        assert barred_by(after(*order), NOW) == ""


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [FactKind.OPT_OUT, FactKind.OPT_IN, FactKind.COMPLAINT, FactKind.BOUNCE]
            ),
            st.integers(0, 5),
        ),
        max_size=6,
    ).flatmap(lambda facts: st.tuples(st.just(facts), st.permutations(facts)))
)
def test_no_order_of_facts_changes_what_is_known(
    both: tuple[list[tuple[FactKind, int]], list[tuple[FactKind, int]]],
) -> None:
    known = [
        after(*(heard(kind, NOW - timedelta(days=day), permanent=True) for kind, day in order))
        for order in both
    ]

    assert barred_by(known[0], NOW) == barred_by(known[1], NOW)


def test_a_fact_from_the_future_is_one_of_now() -> None:
    record = after(heard(FactKind.OPT_OUT, NOW + timedelta(days=900)))

    assert record.opted_out_at == NOW
