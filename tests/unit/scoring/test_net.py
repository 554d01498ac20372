"""The safety net: points send to a person, and several signs together page."""

import pytest

from tests.unit.scoring.conftest import Judge
from triagewire.errors import PolicyError
from triagewire.scoring.effects import NEGATED
from triagewire.scoring.engine import Hit
from triagewire.scoring.kinds import Clinical, sort_clinical
from triagewire.scoring.net import points_of, together
from triagewire.scoring.rulebook import Net, Rule, Rules
from triagewire.scoring.rules import rules_from

NET = Net(review=3, urgent=5.5, crisis=5.5)


def evidence(
    name: str, points: float, span: str, *, sign: bool = True, topic: str = "symptom", bits: int = 0
) -> Hit:
    rule = Rule(
        id=name, reason=name, score=4, topic=topic, team="clinical", when=(), points=points,
        evidence=True, sign=sign,
    )  # fmt: skip
    return Hit(rule, span, bits)


def clinical(*hits: Hit) -> Clinical:
    return sort_clinical({hit.rule.id: hit for hit in hits})


def test_two_signs_and_how_it_goes_make_a_5_that_shows_its_sum() -> None:
    found = clinical(
        evidence("breath", 3.5, "breathing"),
        evidence("colour", 2.5, "gray"),
        evidence("hours", 2, "tonight", sign=False),
    )

    verdict = together(found, points_of(found, 0), NET)

    assert verdict is not None
    assert (verdict.score, verdict.review, verdict.crisis) == (5, False, False)
    assert verdict.reasons[0].effect == "scores 5: 8.0 points"
    assert verdict.reasons[0].text_span == "breathing … gray"
    assert [reason.effect for reason in verdict.reasons[1:]] == ["adds 3.5", "adds 2.5", "adds 2"]


def test_signs_read_in_the_same_words_are_one_sign() -> None:
    found = clinical(evidence("blood", 3, "bleeding"), evidence("alarm", 4, "bleeding or fever"))

    assert together(found, points_of(found, 0), NET) is None


def test_points_without_a_sign_page_nobody() -> None:
    found = clinical(
        evidence("hours", 4, "tonight", sign=False), evidence("relative", 4, "my son", sign=False)
    )

    assert together(found, points_of(found, 0), NET) is None


def test_what_is_denied_adds_nothing() -> None:
    found = clinical(
        evidence("breath", 3.5, "breathing", bits=NEGATED), evidence("colour", 2.5, "gray")
    )

    assert points_of(found, 0) == 2.5


def test_an_office_request_explains_some_points() -> None:
    found = clinical(evidence("breath", 3.5, "breathing"), evidence("colour", 2.5, "gray"))

    assert points_of(found, 2) < points_of(found, 0)
    assert together(found, points_of(found, 2), NET) is None


def test_signs_of_despair_make_a_crisis() -> None:
    found = clinical(
        evidence("means", 3.5, "the rifle", topic="mental_health"),
        evidence("ending", 2.5, "after the wedding", topic="mental_health"),
    )

    verdict = together(found, points_of(found, 0), NET)

    assert verdict is not None
    assert (verdict.topic, verdict.crisis) == ("crisis", True)


def test_the_policy_says_where_the_net_begins(rules: Rules) -> None:
    assert rules.clinical.net == Net()


def test_a_group_may_begin_sooner() -> None:
    data = {"clinical": {"net": {"review": 2, "urgent": 4.5}}}

    assert rules_from(data).clinical.net == Net(review=2, urgent=4.5)


@pytest.mark.parametrize(
    ("part", "net", "field"),
    [
        ("clinical", {"urgent": 9}, "clinical.net.urgent: must be above 0 and at most 6.5"),
        ("clinical", {"review": 4}, "clinical.net.review: must be above 0 and at most 3"),
        ("clinical", {"review": 0}, "clinical.net.review: must be above 0"),
        ("clinical", {"urgent": 1}, "clinical.net.urgent: must not be below review"),
        ("clinical", {"points": 1}, "clinical.net.points: is none of review, urgent and crisis"),
        ("administrative", {"review": 2}, "administrative.net: belongs to the clinical rules"),
    ],
)
def test_a_net_that_begins_later_is_refused(part: str, net: dict[str, float], field: str) -> None:
    with pytest.raises(PolicyError) as caught:
        rules_from({part: {"net": net}})

    assert any(problem.startswith(field) for problem in caught.value.problems)


def test_harmless_evidence_pages_nobody(judge: Judge) -> None:
    assert judge("my toddler has a runny nose since monday and plays as always").score < 5
