"""How sure a share is: the published interval, and what it must never say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.trends.chances import holds, sure

COUNTS = st.integers(0, 5_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


# The method's own worked figures: 81 of 263 and 15 of 148 (Newcombe, Stat Med 1998;17:857, table I)
@pytest.mark.parametrize(("n", "of", "bound"), [(81, 263, 0.2553), (15, 148, 0.0624)])
def test_the_bound_is_the_published_one(n: int, of: int, bound: float) -> None:
    assert sure(n, of) == pytest.approx(bound, abs=5e-5)


@given(COUNTS)
def test_it_is_never_above_the_share_and_never_below_nothing(counts: tuple[int, int]) -> None:
    n, of = counts

    assert 0 <= sure(n, of) <= (n / of if of else 0)


@given(COUNTS, st.integers(2, 20))
def test_the_same_share_of_more_tickets_is_surer(counts: tuple[int, int], times: int) -> None:
    n, of = counts

    assert sure(n * times, of * times) >= sure(n, of)


def test_few_tickets_hold_nothing_however_clear_they_are() -> None:
    assert not holds(4, 4, 0.03)
    assert holds(5, 5, 0.03)
