"""What measures need of the policies under which the tickets were worked on."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache

from triagewire.clock.calendar import Calendar
from triagewire.errors import PolicyMissingError
from triagewire.measures.life import Life
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


def around(active: PublishedPolicy, policy_of: PolicyOf, lives: Iterable[Life] = ()) -> Around:
    """Calendars, zones and clinicians of the sites. A site of these lives that the active policy
    has no more is among them as the last version had it under which anything happened there.
    """
    sites = {**_closed_sites(active, policy_of, lives), **active.policy.sites}

    @cache
    def calendar(site: str, version: int) -> Calendar:
        then = policy_of(version) if version else None
        known = (then.sites.get(site) if then else None) or sites[site]
        return known.calendar

    return Around(
        calendar=calendar,
        clinical={name: clinical_teams(site) for name, site in sites.items()},
        clinicians={name: _clinicians(site) for name, site in sites.items()},
        zones={name: site.zone for name, site in sites.items()},
    )


def _closed_sites(
    active: PublishedPolicy, policy_of: PolicyOf, lives: Iterable[Life]
) -> dict[str, Site]:
    """What becomes of a closed site's tickets may be recorded under a policy that has it no more:
    so versions are looked through backwards.
    """
    last: dict[str, int] = {}
    for life in lives:
        if life.site and life.site not in active.policy.sites:
            last[life.site] = max(last.get(life.site, 0), life.policy_version)
    found = ((name, _last_known(name, version, policy_of)) for name, version in last.items())
    return {name: site for name, site in found if site is not None}


def _last_known(name: str, version: int, policy_of: PolicyOf) -> Site | None:
    policies = (policy_of(each) for each in range(version, 0, -1))
    return next((each.sites[name] for each in policies if each and name in each.sites), None)


def _clinicians(site: Site) -> frozenset[str]:
    """The members of a site who are on the roster of a clinical queue today."""
    queues = clinical_teams(site)
    return frozenset(
        name for name, member in site.members.items() if queues.intersection(member.teams)
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
