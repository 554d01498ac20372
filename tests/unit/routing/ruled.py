"""A clinic with more queues than most, and one routing rule."""

from dataclasses import replace
from typing import Any

from tests.builders import MEMBERS, TEAMS, a_site
from triagewire.policy.model import Site
from triagewire.policy.roster import Member, RoutingRule, Team, When

REFILLS = {"refills": Team(lead="nora")}
"""A queue of its own beside the clinical one, worked by some of the same people."""
STAFFED = MEMBERS | {
    "nick": Member(name="Nick Abara", teams=("clinical", "refills")),
    "pia": Member(name="Pia Lund", teams=("portal", "epic")),
}


def a_site_with(when: When, team: str = "", skill: str = "", **changes: Any) -> Site:  # noqa: ANN401
    """A clinic with a single routing rule, a queue for refills and one for the EHR."""
    rules = {"special": RoutingRule(when=when, team=team, skill=skill)}
    teams = TEAMS | REFILLS | {"epic": Team(lead="pia")}
    return replace(a_site(routing=rules, teams=teams, members=STAFFED), **changes)
