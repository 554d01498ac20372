"""Who may see and do what: decided from the roster of the policy, never from what a caller
claims.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from triagewire.emergency import Emergency
from triagewire.errors import DeniedError, NotFoundError
from triagewire.policy.model import Policy, Site
from triagewire.policy.roster import Role

EVERY_TEAM = frozenset({Role.LEAD, Role.ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A signed-in member of staff. `id` is the user name that the token vouches for.

    `emergency` is the emergency access that they have now: to look and to work, and to nothing
    else.
    """

    id: str
    policy: Policy
    emergency: Emergency | None = None

    def may_see(self, site_id: str, team: str | None) -> bool:
        """Whether the member's site and team, or role, let them see a queue or a ticket of it."""
        if self._is_emergency(site_id):
            return True
        site = self.policy.sites.get(site_id)
        member = site.members.get(self.id) if site else None
        if member is None:
            return False
        return bool(EVERY_TEAM & set(member.roles)) or team in member.teams

    def may_work(self, site_id: str, team: str | None) -> bool:
        """Whether they may also change it."""
        return self._is_emergency(site_id) or self.may_own(site_id, team)

    def may_own(self, site_id: str, team: str | None) -> bool:
        """Whether such tickets may be theirs: in a team of their own, or as lead or administrator.
        Who comes in an emergency leaves again, so nothing becomes theirs.
        """
        site = self.policy.sites.get(site_id)
        member = site.members.get(self.id) if site else None
        if member is None:
            return False
        if {Role.LEAD, Role.ADMINISTRATOR} & set(member.roles):
            return True
        return Role.AGENT in member.roles and team in member.teams

    def may_export(self, site_id: str) -> bool:
        """Whether they may take what they see there as a file: more leaves than one looks at."""
        site = self.policy.sites.get(site_id)
        member = site.members.get(self.id) if site else None
        return member is not None and bool(EVERY_TEAM & set(member.roles))

    def site(self, site_id: str) -> Site:
        """A site of theirs. Raises NotFoundError for any other, whether it exists or not."""
        site = self.policy.sites.get(site_id)
        if site is None:
            raise NotFoundError("no such site")
        if self.id not in site.members:
            raise DeniedError("no such site", site=site_id)
        return site

    def open_site(self, site_id: str) -> Site:
        """A site of theirs, or the one that they have emergency access to. Raises NotFoundError for
        any other.
        """
        if self._is_emergency(site_id):
            return self.policy.sites[site_id]
        return self.site(site_id)

    def may_have_emergency(self, site_id: str) -> bool:
        """Whether the policy of a site gives emergency access to somebody of their roles at any
        site of the group.
        """
        site = self.policy.sites.get(site_id)
        if site is None or not site.emergency_access.enabled:
            return False
        wanted = {*site.emergency_access.roles}
        return any(wanted & {*own.members[self.id].roles} for _, own in self.sites())

    def owns_all_of(self, site_id: str) -> bool:
        """Whether they may work on all teams of a site anyway."""
        site = self.policy.sites.get(site_id)
        return site is not None and all(self.may_own(site_id, team) for team in site.teams)

    def emergency_sites(self) -> Iterator[tuple[str, Site]]:
        """The sites to which they may have emergency access, by their ids."""
        for name, site in self.policy.sites.items():
            if self.may_have_emergency(name) and not self.owns_all_of(name):
                yield name, site

    def _is_emergency(self, site_id: str) -> bool:
        found = self.emergency
        return found is not None and found.site == site_id and site_id in self.policy.sites

    def sites(self) -> Iterator[tuple[str, Site]]:
        """All sites of theirs, by their ids."""
        return ((name, site) for name, site in self.policy.sites.items() if self.id in site.members)

    def open_sites(self) -> Iterator[tuple[str, Site]]:
        """All sites of theirs, and the one that they have emergency access to."""
        for name, site in self.policy.sites.items():
            if self.id in site.members or self._is_emergency(name):
                yield name, site

    def queues(self) -> Iterator[tuple[str, str]]:
        """All queues that they may see, as site and team."""
        for name, site in self.sites():
            yield from ((name, team) for team in site.teams if self.may_see(name, team))
