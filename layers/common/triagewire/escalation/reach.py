"""By which ways a person can be reached: those of the roster, without those known not to work."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from triagewire.ladder import Way
from triagewire.policy.model import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What is known of the ways of people besides the roster: `broken` holds by member id those
    that nobody confirmed, or that their owner stopped.

    Pages and alerts are two topics, and each is subscribed to and confirmed by itself:
    `broken_pages` is what is known of pages, where it is not the same as of alerts.
    """

    broken: Mapping[str, frozenset[Way]] = field(default_factory=dict)
    broken_pages: Mapping[str, frozenset[Way]] | None = None

    @property
    def pages(self) -> "Reach":
        """The same for who asks by which ways a page reaches somebody."""
        return self if self.broken_pages is None else Reach(broken=self.broken_pages)


EVERYBODY = Reach()
"""Nothing is known to be broken."""


def ways_of(site: Site, person: str, reach: Reach, asked: tuple[Way, ...] = ()) -> tuple[Way, ...]:
    """The working ways of a person, the one that they prefer first; of those `asked` for, if any of
    them works, else of all. Empty for somebody who cannot be reached.

    Who has no way of their own hears what the topic's own subscribers hear. For a page give
    `reach.pages`.
    """
    member = site.members.get(person)
    own = tuple(member.ways) if member else ()
    broken = reach.broken.get(person, frozenset())
    working = tuple(way for way in own or (Way.TOPIC,) if way not in broken)
    wanted = tuple(way for way in working if way in asked)
    return wanted or working
