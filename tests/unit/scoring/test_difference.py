"""Two verdicts held against each other: what a change of policy would do to a message."""

from dataclasses import replace

import pytest
from hypothesis import given

from tests.builders import a_verdict, for_review
from tests.strategies import verdicts
from triagewire.scoring.difference import Kind, brief, counted, difference
from triagewire.verdict import Verdict


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (a_verdict(5), a_verdict(4), Kind.LOWERED),
        (a_verdict(5), for_review(), Kind.LOWERED),
        (for_review(), a_verdict(4), Kind.UNSEEN),
        (for_review(), a_verdict(5), Kind.RAISED),
        (a_verdict(4), a_verdict(5), Kind.RAISED),
        (a_verdict(4), a_verdict(2), Kind.FELL),
        (a_verdict(2), for_review(), Kind.REVIEWED),
        (a_verdict(2), a_verdict(3), Kind.ROSE),
        (a_verdict(2), replace(a_verdict(2), team="portal"), Kind.TEAM),
        (a_verdict(2), replace(a_verdict(2), topic="records"), Kind.TOPIC),
        (a_verdict(3), a_verdict(3), Kind.SAME),
    ],
)
def test_a_difference_has_the_gravest_kind_that_holds(
    before: Verdict, after: Verdict, kind: Kind
) -> None:
    assert difference(before, after).kind is kind


@pytest.mark.parametrize(
    ("after", "queues", "kind"),
    [
        (a_verdict(2), ("scheduling", "billing"), Kind.QUEUE),
        (replace(a_verdict(2), topic="records"), ("scheduling", "billing"), Kind.QUEUE),
        (a_verdict(3), ("scheduling", "billing"), Kind.ROSE),
        (a_verdict(2), ("scheduling", "scheduling"), Kind.SAME),
        (a_verdict(2), ("", "billing"), Kind.SAME),
    ],
)
def test_a_queue_differs_only_where_both_are_known_and_nothing_graver_does(
    after: Verdict, queues: tuple[str, str], kind: Kind
) -> None:
    assert difference(a_verdict(2), after, queues).kind is kind


@given(verdicts)
def test_a_verdict_is_the_same_as_itself(verdict: Verdict) -> None:
    assert difference(verdict, verdict).kind is Kind.SAME


@given(verdicts, verdicts)
def test_the_rules_gained_one_way_are_those_lost_the_other(a: Verdict, b: Verdict) -> None:
    assert difference(a, b).gained == difference(b, a).lost


def test_nothing_of_the_words_is_kept() -> None:
    verdict = a_verdict(5)
    spans = [reason.text_span for reason in verdict.reasons if reason.text_span]

    assert not any(span in repr(brief(verdict)) for span in spans)


def test_every_kind_is_counted() -> None:
    same = difference(a_verdict(4), a_verdict(4))
    lower = difference(a_verdict(5), a_verdict(4))

    totals = counted([same, lower, lower])

    assert (totals[Kind.LOWERED], totals[Kind.SAME], sum(totals.values())) == (2, 1, 3)
