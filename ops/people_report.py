"""How each member can be reached, as `triagewire people` prints it: member ids and ways, never an
address.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ops.subscribing import Found
from triagewire.escalation.addresses import address_of, answerable, paged, reach_of
from triagewire.escalation.reach import ways_of
from triagewire.ladder import Way
from triagewire.policy.model import Policy, Site
from triagewire.policy.roster import Member


class State(StrEnum):
    """How a way of a member stands at one of the topics."""

    WORKS = "works"
    BY_HAND = "works, subscribed by hand"
    NOT_CONFIRMED = "not confirmed"
    STOPPED = "stopped: they have texted STOP"
    MISSING = "not subscribed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a way of a member stands; `since` is when it was first seen not to work."""

    way: Way
    page: bool
    state: State
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member with all of their ways. `needed` says why they must be reachable, where they must;
    `reached` whether a page reaches them (for others: whether anything does).
    """

    site: str
    id: str
    needed: str
    ways: tuple[Standing, ...]
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What SNS says: the subscriptions, who has stopped texts, and since when ways are broken."""

    found: tuple[Found, ...]
    stopped: frozenset[str]
    since: Mapping[str, datetime]

    def heard_by_hand(self, *, page: bool) -> bool:
        """Whether somebody hears a topic who was subscribed by hand: those without a way of their
        own are told there.
        """
        return any(
            each.subscription.arn and not each.is_ours
            for each in self.found
            if each.subscription.page is page
        )


def people_of(policy: Policy, known: Known) -> tuple[Person, ...]:
    """Everybody who has a way of their own, or must be reachable without one."""
    return tuple(
        person
        for site_id, site in policy.sites.items()
        for person in _of_site(policy, known, site_id, site)
    )


def _of_site(policy: Policy, known: Known, site_id: str, site: Site) -> Iterator[Person]:
    reach = reach_of(policy, [each.subscription for each in known.found], known.stopped)
    needed, pageable = answerable(site), paged(site)
    for person, member in site.members.items():
        if not member.ways and person not in needed:
            continue
        page = person in pageable
        working = ways_of(site, person, reach.pages if page else reach)
        reached = any(way is not Way.TOPIC or known.heard_by_hand(page=page) for way in working)
        standing = tuple(_standing(known, person, member, pageable=page))
        yield Person(
            site=site_id, id=person, needed=needed.get(person, ""), ways=standing, reached=reached
        )


def _standing(known: Known, person: str, member: Member, *, pageable: bool) -> Iterator[Standing]:
    by_address = {each.subscription.address: each for each in known.found}
    for way, endpoint in member.ways.items():
        for page in (True, False) if pageable else (False,):
            there = by_address.get(address_of(way, endpoint, page=page))
            state = _state(there, stopped=way is Way.SMS and person in known.stopped)
            well = state in (State.WORKS, State.BY_HAND)
            since = None if well else known.since.get(f"{person}/{way.value}")
            yield Standing(way=way, page=page, state=state, since=since)


def _state(there: Found | None, *, stopped: bool) -> State:
    if there is None:
        return State.MISSING
    if not there.subscription.arn:
        return State.NOT_CONFIRMED
    if stopped:
        return State.STOPPED
    return State.WORKS if there.is_ours else State.BY_HAND


def lines(people: Iterable[Person]) -> Iterator[str]:
    """The report for a person to read: one line for each member, and one for each way of theirs
    that does not work.
    """
    for person in people:
        why = f" ({person.needed})" if person.needed else ""
        well = [each for each in person.ways if each.state in (State.WORKS, State.BY_HAND)]
        ways = ", ".join(dict.fromkeys(each.way.value for each in well)) or "-"
        sign = " " if person.reached else "!"
        ways = (
            ways if person.ways else "no way of their own: hears what the topics' subscribers hear"
        )
        yield f"{sign} {person.site}/{person.id}{why}: {ways}"
        for each in person.ways:
            if each not in well:
                since = f" since {each.since:%Y-%m-%d %H:%M} UTC" if each.since else ""
                yield f"    {each.way.value} for {_topic(each.page)}: {each.state.value}{since}"


def as_json(people: Iterable[Person]) -> list[dict[str, object]]:
    """The report for a machine to read."""
    return [
        {
            "site": person.site,
            "member": person.id,
            "needed": person.needed,
            "reached": person.reached,
            "ways": [
                {
                    "way": each.way.value,
                    "topic": _topic(each.page),
                    "state": each.state.name.lower(),
                    "since": each.since.isoformat() if each.since else None,
                }
                for each in person.ways
            ],
        }
        for person in people
    ]


def _topic(page: bool) -> str:
    return "pages" if page else "alerts"
