"""Who may see and do what under one policy and not under another: by ids, for the ledger."""

from collections.abc import Iterator

from triagewire.policy.model import Policy


def access_changes(before: Policy | None, after: Policy) -> dict[str, list[str]]:
    """Which members of which sites gained, or lost, their place on the roster, a role or a team,
    each as `site/member` or `site/member: role lead`; nothing where access is the same. Before the
    first policy nobody had any.
    """
    had, has = set(_rights(before)) if before else set(), set(_rights(after))
    found = {"gained": sorted(has - had), "lost": sorted(had - has)}
    return {name: rights for name, rights in found.items() if rights}


def _rights(policy: Policy) -> Iterator[str]:
    for site_id, site in policy.sites.items():
        for member_id, member in site.members.items():
            who = f"{site_id}/{member_id}"
            yield who
            yield from (f"{who}: role {role.value}" for role in member.roles)
            yield from (f"{who}: team {team}" for team in member.teams)
