"""What a person was told lately: by it the next message is sent now, bundled or held back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from triagewire.ladder import Way

AHEAD = timedelta(minutes=5)
"""So far the clock of another host, or a late invocation, may differ. A time further ahead is of a
clock that has been put back since: it holds nothing up.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """When messages went to a person by each way (UTC, the oldest first), at whatever site.

    `paged` holds by site when their last page went out. `pending` holds by box the notices that
    were sent and may still lie in it: they are never sent again. `failures` counts the tries since
    a message last got through, the last of them at `failed_at`. `version` counts the ledger events
    of this person's notices and `ledger_head` is the hash of the last one; who was never told
    anything has version 0.
    """

    person: str
    sent: Mapping[Way, tuple[datetime, ...]] = field(default_factory=dict)
    paged: Mapping[str, datetime] = field(default_factory=dict)
    pending: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    failures: int = 0
    failed_at: datetime | None = None
    version: int = 0
    ledger_head: str = ""

    def by(self, way: Way, now: datetime) -> tuple[datetime, ...]:
        """When messages went by a way, as far as that can be believed at `now`."""
        return tuple(at for at in self.sent.get(way, ()) if at <= now + AHEAD)

    def last(self, now: datetime) -> datetime | None:
        """When the last message went out, by whatever way."""
        return max((at for way in self.sent for at in self.by(way, now)), default=None)

    def last_page(self, site: str, now: datetime) -> datetime | None:
        """When the last page of a site went out."""
        at = self.paged.get(site)
        return at if at is not None and at <= now + AHEAD else None


def sent_to(
    told: Told, ways: Sequence[Way], now: datetime, longest: timedelta, page_of: str = ""
) -> Told:
    """What is remembered once a message went out by `ways`, a page of the site `page_of` if that is
    named. Nothing is kept that is older than the `longest` window.
    """
    sent = {way: told.by(way, now) for way in told.sent}
    for way in ways:
        sent[way] = (*sent.get(way, ()), now)
    kept = {
        way: tuple(sorted(at for at in times if at > now - longest)) for way, times in sent.items()
    }
    paged = {site: at for site, at in told.paged.items() if now - longest < at <= now + AHEAD}
    if page_of:
        paged[page_of] = now
    return replace(
        told,
        sent={way: times for way, times in kept.items() if times},
        paged=paged,
        failures=0,
        failed_at=None,
    )


def failed_to(told: Told, now: datetime) -> Told:
    """What is remembered once no way took a message."""
    return replace(told, failures=told.failures + 1, failed_at=now)
