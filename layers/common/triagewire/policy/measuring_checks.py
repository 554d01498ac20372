"""What a site says of its measures must fit the site, or they would count nothing in silence."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from triagewire.policy.document import Place, Problem
from triagewire.policy.model import Site

SOON = timedelta(days=366)
"""A site that goes live later has mistyped the year: until then no ticket of it is measured."""


def measuring_problems(site: Site, now: datetime | None) -> Iterator[Problem]:
    """What is wrong with `measures`; without a `now` (UTC) a policy of any time is looked at."""
    place: Place = ("measures", "clinical_teams")
    named = Counter(site.measures.clinical_teams)
    for team, times in named.items():
        if team not in site.teams:
            yield place, f"{team} is not a team of this site"
        if times > 1:
            yield place, f"{team} is named twice"
    if named and set(site.teams) <= set(named):
        yield place, "names every team: then all office work would be done by clinicians"
    since = site.measures.go_live
    if now is not None and since is not None and since > now + SOON:
        yield ("measures", "go_live"), "is more than a year ahead: nothing is measured until then"
