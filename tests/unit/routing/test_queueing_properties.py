"""Whatever somebody writes into the rules of a site, no ticket is lost or shown to others by it."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import verdicts
from tests.unit.routing.ruled import a_site_with
from triagewire.policy.roster import RoutingRule, When
from triagewire.routing.queueing import Facts, queue_of, takes_clinical_work
from triagewire.ticket import REVIEW
from triagewire.verdict import Urgency, Verdict

values = st.sampled_from(["", " ", "portal", "ehr", "refill", "symptom", "clinical", "Epic", "es"])
several = st.lists(values, max_size=2).map(tuple)
anything = st.builds(
    When,
    sources=several,
    channels=several,
    topics=several,
    teams=several,
    applications=several,
    departments=several,
    languages=several,
    usual_teams=several,
)
nearly_everything = st.sampled_from(
    [
        When(languages=("en",)),
        When(topics=("symptom", "refill", "prior_auth", "appointment", "hours")),
        When(teams=("clinical", "billing", "scheduling")),
        When(languages=("en",), applications=("Epic",)),
    ]
)
whens = anything | nearly_everything
names = st.sampled_from(["", "clinical", "refills", "scheduling", "review", "nowhere", "epic"])
rule_sets = st.dictionaries(
    st.text(min_size=1, max_size=5), st.builds(RoutingRule, when=whens, team=names, skill=values)
)
requests = st.builds(
    Facts,
    source=values,
    channel=values,
    application=values,
    department=values,
    usual_team=values,
)


@given(verdicts, rule_sets, requests)
def test_whatever_the_rules_say_no_ticket_is_lost_or_shown_to_the_wrong_people(
    verdict: Verdict, rules: Mapping[str, RoutingRule], facts: Facts
) -> None:
    site = a_site_with(When(), routing=rules)

    to = queue_of(verdict, site, facts)

    assert to.team in site.teams
    assert to.why
    if verdict.score is Urgency.CLINICAL_URGENT:
        assert to.team == "clinical"
    elif verdict.review:
        assert to.team == REVIEW
    elif verdict.score >= Urgency.CLINICAL_STANDARD:
        assert takes_clinical_work(site, to.team)


@given(verdicts, requests)
def test_a_rule_without_conditions_changes_nothing(verdict: Verdict, facts: Facts) -> None:
    blank = When(sources=("",), applications=("", " "))
    plain = queue_of(verdict, a_site_with(When(), routing={}), facts)

    for when in (When(), blank):
        assert queue_of(verdict, a_site_with(when, team="epic", skill="any"), facts) == plain
