"""Which addresses must hear of pages and of alerts, by the roster, and which of them do.

Pure: what the topics have is handed in. An address is subscribed once for everybody who has it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from triagewire.escalation.reach import Reach
from triagewire.ladder import Ladders, LadderStep, OwnLadders, Tell, Way
from triagewire.policy.model import Policy, Site
from triagewire.policy.roster import Role

PROTOCOLS: Mapping[Way, str] = {Way.SMS: "sms", Way.EMAIL: "email", Way.PAGER: "https"}
"""How SNS calls the ways that have an address."""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where notices of one of the two topics go: the pages topic or the one of alerts."""

    page: bool
    way: Way
    endpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a topic has. Without an ARN it waits for its owner to confirm it."""

    page: bool
    protocol: str
    endpoint: str
    arn: str = ""

    @property
    def address(self) -> Address | None:
        """What it is an address of; None for the protocol of no way, such as a queue's."""
        for way, protocol in PROTOCOLS.items():
            if protocol == self.protocol:
                return address_of(way, self.endpoint, page=self.page)
        return None


def address_of(way: Way, endpoint: str, *, page: bool) -> Address:
    """An address as it is compared: mail addresses in small letters, as some keep them."""
    return Address(page, way, endpoint.lower() if way is Way.EMAIL else endpoint)


def has_ways(policy: Policy) -> bool:
    """Whether anybody of the group has a way of their own: else only the topics' own subscribers
    hear.
    """
    return any(member.ways for site in policy.sites.values() for member in site.members.values())


def people_by_address(policy: Policy) -> dict[Address, frozenset[str]]:
    """Every address that must be subscribed, and the members who are told there.

    Alerts go to all who have a way; pages only to those who may be paged.
    """
    found: dict[Address, set[str]] = {}
    for site in policy.sites.values():
        pageable = paged(site)
        for person, member in site.members.items():
            for way, endpoint in member.ways.items():
                for page in {False, person in pageable}:
                    found.setdefault(address_of(way, endpoint, page=page), set()).add(person)
    return {address: frozenset(found[address]) for address in sorted(found)}


def numbers(policy: Policy) -> dict[str, frozenset[str]]:
    """Every number that texts go to, and the members whose it is."""
    found: dict[str, set[str]] = {}
    for address, people in people_by_address(policy).items():
        if address.way is Way.SMS:
            found.setdefault(address.endpoint, set()).update(people)
    return {number: frozenset(people) for number, people in found.items()}


def reach_of(
    policy: Policy, subscriptions: Iterable[Subscription], stopped: frozenset[str] = frozenset()
) -> Reach:
    """Which ways of whom carry nothing: not subscribed, not confirmed, or a phone of somebody who
    has `stopped` its texts.
    """
    carrying = {each.address for each in subscriptions if each.arn}
    broken: dict[bool, dict[str, set[Way]]] = {False: {}, True: {}}
    for address, people in people_by_address(policy).items():
        silenced = stopped if address.way is Way.SMS else frozenset()
        for person in people if address not in carrying else people & silenced:
            broken[address.page].setdefault(person, set()).add(address.way)
    alerts, pages = (
        {person: frozenset(ways) for person, ways in broken[page].items()} for page in (False, True)
    )
    return Reach(broken=alerts, broken_pages=pages)


def paged(site: Site) -> frozenset[str]:
    """Everybody whom a page ladder of the site may come to."""
    found = {*site.on_call.people, site.catch_all}
    for step in _page_steps(site):
        match step.tell:
            case Tell.MEMBER:
                found.add(step.member)
            case Tell.LEAD:
                found |= {team.lead for team in site.teams.values()}
            case Tell.ASSIGNEE | Tell.TEAM:
                found |= {
                    person for person, each in site.members.items() if Role.AGENT in each.roles
                }
            case _:
                pass  # on call and catch-all are there already
    return frozenset(found)


def answerable(site: Site) -> Mapping[str, str]:
    """Who must be reachable whoever else is, and why: member id → what they are. On-call people,
    the catch-all, and the leads and members whom a page ladder names.
    """
    found = {site.catch_all: "the catch-all"}
    found |= dict.fromkeys(site.on_call.people, "on the rota")
    for step in _page_steps(site):
        if step.tell is Tell.MEMBER:
            found.setdefault(step.member, "named by a page ladder")
        if step.tell is Tell.LEAD:
            for team_id, team in site.teams.items():
                found.setdefault(team.lead, f"the lead of {team_id}, whom a page ladder names")
    return found


def _page_steps(site: Site) -> Iterator[LadderStep]:
    stated: list[Ladders | OwnLadders] = [site.ladders, *site.ladders.scores.values()]
    stated += [each for team in site.teams.values() for each in team.ladders.values()]
    for ladders in stated:
        for ladder in (ladders.urgent, ladders.urgent_after_hours):
            yield from ladder.in_full if ladder else ()
