"""The gate's figures: what is counted of what, and how sure a share is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.policy.gate.measures import Share, by_language, measures
from triagewire.policy.gate.runs import Rehearsed
from triagewire.verdict import Urgency, Verdict


def a_run(
    score: int = 2,
    *,
    team: str = "billing",
    queue: str = "billing",
    **parts: Any,  # noqa: ANN401
) -> Rehearsed:
    verdict = Verdict(
        score=Urgency(score),
        topic="billing",
        team=team,
        confidence=1,
        review=queue == "review",
        candidate=Urgency(score),
    )
    given: dict[str, Any] = {"ticket": "one", "site": "mesa", "expected": {}, **parts}
    return Rehearsed(verdict=verdict, queue=queue, **given)


# Wilson, JASA 1927; the values are those of the score interval without continuity correction.
@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 20, 0.0, 0.1611),
        (20, 20, 0.8389, 1.0),
        (10, 20, 0.2993, 0.7007),
        (1, 100, 0.0018, 0.0545),
    ],
)
def test_the_interval_is_wilsons(k: int, n: int, low: float, high: float) -> None:
    assert Share(k, n).interval == pytest.approx((low, high), abs=0.0001)


def test_nothing_of_nothing_has_no_share() -> None:
    assert (Share(0, 0).share, Share(0, 0).interval) == (None, None)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_within_nothing_and_all(
    pair: tuple[int, int],
) -> None:
    share = Share(*pair)
    assert share.share is not None
    assert share.interval is not None

    low, high = share.interval

    assert 0 <= low <= share.share + 1e-12
    assert share.share - 1e-12 <= high <= 1


def test_an_urgent_ticket_in_review_is_not_missed_and_not_found() -> None:
    found = measures([a_run(4, team="clinical", queue="review", expected={"score": 5})])

    assert (found["sensitivity"], found["missed"]) == (Share(0, 1), Share(0, 1))
    assert found["review"] == Share(1, 1)


def test_an_urgent_ticket_in_another_queue_is_missed() -> None:
    assert measures([a_run(2, expected={"score": 5})])["missed"] == Share(1, 1)


def test_a_red_flag_counts_as_found_by_its_score_alone() -> None:
    runs = [
        a_run(5, team="clinical", queue="clinical", expected={"score": 5}, red_flag=True),
        a_run(4, team="clinical", queue="review", expected={"score": 5}, red_flag=True),
    ]

    assert measures(runs)["red_flags"] == Share(1, 2)


def test_specificity_asks_that_what_is_less_is_not_called_urgent() -> None:
    runs = [
        a_run(5, team="clinical", queue="clinical", expected={"score": 2}),
        a_run(4, team="clinical", queue="clinical", expected={"score": 2}),
        a_run(5, team="clinical", queue="clinical", expected={"score": 5}),
    ]

    assert measures(runs)["specificity"] == Share(1, 2)


def test_a_clear_ticket_in_review_is_held_and_not_misrouted() -> None:
    held = a_run(4, team="clinical", queue="review", expected={"score": 2, "review": False})

    assert (held.held, held.misrouted) == (True, False)
    assert measures([held])["clear"] == Share(0, 1)


def test_a_clear_ticket_in_a_wrong_queue_is_misrouted() -> None:
    lost = a_run(2, team="portal", queue="portal", expected={"score": 2, "team": "billing"})

    assert (lost.held, lost.misrouted) == (False, True)


def test_an_urgent_ticket_in_review_is_misrouted() -> None:
    doubted = a_run(4, team="clinical", queue="review", expected={"score": 5})

    assert (doubted.held, doubted.misrouted) == (False, True)


def test_routing_is_counted_for_patients_and_for_it_apart() -> None:
    runs = [
        a_run(team="billing", expected={"team": "billing"}),
        a_run(team="billing", expected={"team": "portal"}),
        a_run(team="it_ehr", expected={"team": "it_ehr"}),
    ]

    found = measures(runs)

    assert (found["routing_patient"], found["routing_it"]) == (Share(1, 2), Share(1, 1))


def test_the_topic_is_counted_where_a_ticket_says_what_it_is_about() -> None:
    runs = [a_run(topic="billing"), a_run(topic="insurance"), a_run()]

    assert measures(runs)["topic"] == Share(1, 2)


def test_a_ticket_counts_once_however_many_sites_it_ran_on() -> None:
    runs = [a_run(site="mesa"), a_run(site="riverside")]

    assert by_language(runs)["all"]["review"] == Share(0, 1)


def test_languages_that_scoring_does_not_read_are_counted_together() -> None:
    runs = [
        a_run(ticket=language, language=language, queue="review")
        for language in ("en", "es", "de", "tr")
    ]

    found = by_language(runs)

    assert {name: shares["review"].n for name, shares in found.items()} == {
        "all": 4,
        "en": 1,
        "es": 1,
        "other": 2,
    }
