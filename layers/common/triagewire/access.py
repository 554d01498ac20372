"""Who may see and do what: decided from the roster of the policy, never from what a caller
claims.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from triagewire.errors import DeniedError, NotFoundError
from triagewire.policy.model import Policy, Site
from triagewire.policy.roster import Role

EVERY_TEAM = frozenset({Role.LEAD, Role.ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A signed-in member of staff. `id` is the user name that the token vouches for."""

    id: str
    policy: Policy

    def may_see(self, site_id: str, team: str | None) -> bool:
        """Whether the member's site and team, or role, let them see a queue or a ticket of it."""
        site = self.policy.sites.get(site_id)
        member = site.members.get(self.id) if site else None
        if member is None:
            return False
        return bool(EVERY_TEAM & set(member.roles)) or team in member.teams

    def may_work(self, site_id: str, team: str | None) -> bool:
        """Whether they may also change it: in a team of their own, or as lead or administrator."""
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

    def sites(self) -> Iterator[tuple[str, Site]]:
        """All sites of theirs, by their ids."""
        return ((name, site) for name, site in self.policy.sites.items() if self.id in site.members)

    def queues(self) -> Iterator[tuple[str, str]]:
        """All queues that they may see, as site and team."""
        for name, site in self.sites():
            yield from ((name, team) for team in site.teams if self.may_see(name, team))
