"""What measures need of the policies under which the tickets were worked on."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from triagewire.clock.calendar import Calendar
from triagewire.errors import PolicyMissingError
from triagewire.measures.measure import Around
from triagewire.policy.model import Policy, PublishedPolicy, Site
from triagewire.store.policies import load_usable_policy
from triagewire.store.table import Tables
from triagewire.team import CLINICAL

type PolicyOf = Callable[[int], Policy | None]
"""The policy of a version; None for one that is not there any more."""


def policies_of(tables: Tables) -> PolicyOf:
    """Every version is read once."""

    @cache
    def read(version: int) -> Policy | None:
        try:
            return load_usable_policy(tables, version).policy
        except PolicyMissingError:
            return None

    return read


def around(active: PublishedPolicy, policy_of: PolicyOf) -> Around:
    """Calendars, zones and clinicians' queues of the sites. A site that the active policy has no
    more is not among them: nobody knows its hours today.
    """
    sites = active.policy.sites

    @cache
    def calendar(site: str, version: int) -> Calendar:
        then = policy_of(version) if version else None
        known = (then.sites.get(site) if then else None) or sites[site]
        return known.calendar

    return Around(
        calendar=calendar,
        clinical={name: clinical_teams(site) for name, site in sites.items()},
        zones={name: site.zone for name, site in sites.items()},
    )


def clinical_teams(site: Site) -> frozenset[str]:
    """The queues of a site in which clinicians work."""
    named = site.measures.clinical_teams
    return frozenset(named) or frozenset(
        name for name, team in site.teams.items() if CLINICAL in (name, *team.handles)
    )


def go_live(active: PublishedPolicy) -> dict[str, datetime]:
    """Since when tickets of each site count, where it says so."""
    told = (
        (name, site.measures.go_live or site.enforce_from)
        for name, site in active.policy.sites.items()
    )
    return {name: since for name, since in told if since is not None}
