"""People's telephones and mailboxes as SNS sees them, with what the scenario lets fail."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ops.simulation.moments import stretch
from ops.simulation.scenario import Happening
from ops.simulation.sheet import Outage, Unsubscribed
from triagewire.escalation.addresses import PROTOCOLS, Address, Subscription, people_by_address
from triagewire.ladder import Way
from triagewire.policy.model import Policy


@dataclass(slots=True)
class Phones:
    """What does not work, and until when."""

    failures: list[Happening] = field(default_factory=list)

    def refuses(self, person: str, way: Way, now: datetime) -> bool:
        """Whether a message to a person by a way is not even taken."""
        return any(not each.gives_up_after for each in self._outages(person, way, now))

    def gives_up_after(self, person: str, way: Way, now: datetime) -> timedelta | None:
        """How long it takes until SNS gives up on a message that it took; None: it arrives."""
        lost = [each.gives_up_after for each in self._outages(person, way, now)]
        return min((stretch(each) for each in lost if each), default=None)

    def subscriptions(self, policy: Policy, now: datetime) -> list[Subscription]:
        """What the topics have: every way of the roster but those not confirmed, or stopped."""
        return [
            Subscription(
                page=address.page,
                protocol=PROTOCOLS[address.way],
                endpoint=address.endpoint,
                arn="" if self._is_broken(address, people, now) else "subscribed",
            )
            for address, people in people_by_address(policy).items()
        ]

    def _is_broken(self, address: Address, people: frozenset[str], now: datetime) -> bool:
        return any(
            each.person in people and each.way in (None, address.way)
            for each in (each.deed for each in self.failures if _holds(each, now))
            if isinstance(each, Unsubscribed)
        )

    def _outages(self, person: str, way: Way, now: datetime) -> Iterator[Outage]:
        for each in self.failures:
            stated = each.deed
            if (
                isinstance(stated, Outage)
                and _holds(each, now)
                and stated.person in ("", person)
                and stated.way in (None, way)
            ):
                yield stated


def _holds(each: Happening, now: datetime) -> bool:
    return each.until is None or now < each.until
