"""What measures need of policies: the hours of that time, who is a clinician, sites that closed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time

from tests.builders import MONDAY_MORNING, a_policy, a_site
from triagewire.clock.calendar import Interval
from triagewire.flow.around_measures import around, clinical_teams, go_live
from triagewire.measures.life import Life
from triagewire.policy.measures import Measuring
from triagewire.policy.model import Policy, PublishedPolicy

OPEN_AT_NIGHT = {"sat": (Interval(time(1), time(3)),)}


def published(versions: Mapping[int, Policy]) -> PublishedPolicy:
    newest = max(versions)
    return PublishedPolicy(version=newest, policy=versions[newest])


def test_hours_are_those_of_the_policy_of_that_time() -> None:
    versions = {1: a_policy(), 2: a_policy(site=a_site(hours=OPEN_AT_NIGHT))}

    beside = around(published(versions), versions.get)

    assert beside.calendar("north", 1).week != OPEN_AT_NIGHT
    assert beside.calendar("north", 2).week == OPEN_AT_NIGHT


def test_a_site_that_closed_is_known_as_the_last_policy_had_it() -> None:
    both = a_policy()
    alone = replace(both, sites={"north": both.sites["north"]})
    versions = {1: both, 2: both, 3: alone, 4: alone}
    closed_for_good = Life(ticket="A", site="west", policy_version=4)

    beside = around(published(versions), versions.get, [closed_for_good])

    assert beside.zones["west"] == "America/Los_Angeles"
    assert beside.calendar("west", 4).zone == "America/Los_Angeles"
    assert "west" not in around(published(versions), versions.get).zones


def test_a_site_that_no_policy_ever_had_stays_unknown() -> None:
    versions = {1: a_policy()}

    beside = around(published(versions), versions.get, [Life(ticket="A", site="moon")])

    assert "moon" not in beside.zones


def test_clinicians_are_who_is_on_the_roster_of_a_clinical_queue() -> None:
    versions = {1: a_policy()}

    beside = around(published(versions), versions.get)

    assert beside.clinical["north"] == {"clinical"}
    assert beside.clinicians["north"] == {"nora", "nick", "nell", "rhea"}


def test_a_site_may_say_itself_where_clinicians_work() -> None:
    site = a_site(measures=Measuring(clinical_teams=("review", "clinical")))

    assert clinical_teams(site) == {"review", "clinical"}


def test_tickets_count_since_the_site_says_so_else_since_its_rules_are_enforced() -> None:
    told = datetime(2026, 4, 1, tzinfo=UTC)
    first = a_site(enforce_from=MONDAY_MORNING, measures=Measuring(go_live=told))
    second = a_site(enforce_from=MONDAY_MORNING)

    assert go_live(published({1: a_policy(site=first)}))["north"] == told
    assert go_live(published({1: a_policy(site=second)}))["north"] == MONDAY_MORNING
