"""Two teams that a message names nearly alike go to a person; one that leads plainly does not."""

import pytest

from triagewire.scoring.engine import Hit
from triagewire.scoring.kinds import Hits
from triagewire.scoring.rivals import contested
from triagewire.scoring.rulebook import Rule
from triagewire.scoring.weigh import weigh
from triagewire.verdict import RuleSet, Urgency, Verdict


def asks(team: str, weight: float, *, score: int = 2, topic: str = "") -> Hit:
    rule = Rule(
        id=f"asks-{team}",
        reason=f"asks {team}",
        score=score,
        topic=topic or f"{team}-topic",
        team=team,
        when=(),
        weight=weight,
    )
    return Hit(rule, f"words for {team}", 0)


def judged(*found: Hit, name: RuleSet = RuleSet.ADMINISTRATIVE) -> Verdict:
    hits: dict[RuleSet, Hits] = {each: {} for each in RuleSet}
    hits[name] = {hit.rule.id: hit for hit in found}
    staff = name is RuleSet.IT
    return contested(weigh(hits, staff=staff, words=9), hits)


def test_two_teams_named_alike_go_to_a_person_on_the_clock_of_the_higher_need() -> None:
    verdict = judged(asks("billing", 4.0), asks("scheduling", 3.9, score=3))

    assert verdict.review
    assert verdict.candidate is Urgency.ADMINISTRATIVE_URGENT
    assert verdict.reasons[-1].rule == "rival-teams"
    assert verdict.reasons[-1].text_span == "words for scheduling"


def test_a_team_that_leads_plainly_gets_the_ticket() -> None:
    assert not judged(asks("billing", 4.0), asks("scheduling", 2.0)).review


def test_a_team_that_is_only_mentioned_is_no_rival() -> None:
    assert not judged(asks("billing", 1.2), asks("portal", 1.2)).review


@pytest.mark.parametrize("topic", ["courtesy", "off_topic"])
def test_thanks_rival_nobody(topic: str) -> None:
    assert not judged(asks("billing", 4.0), asks("portal", 4.0, score=1, topic=topic)).review


def test_groups_of_it_may_be_rivals_too() -> None:
    verdict = judged(asks("it_access", 5.0), asks("it_ehr", 4.8), name=RuleSet.IT)

    assert verdict.review
    assert verdict.team == "it_access"
