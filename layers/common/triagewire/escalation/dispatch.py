"""What goes to a person now, as one message, and what waits for it.

Pages before alerts; the first pages of tickets at once, and together when many come. A page is held
back by nothing longer than `silent_minutes` after the last message; an alert waits until there is
room.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triagewire.escalation.bundle import in_order
from triagewire.escalation.notice import AnyNotice, Notice
from triagewire.escalation.room import leaves_half, opens
from triagewire.escalation.told import Told
from triagewire.ladder import Way
from triagewire.policy.limits import Notices

MOST_NOTICES = 1000
"""More than this wait for the next message: what one held is recorded in one ledger event."""
LONGEST_RETRY = 15
"""Minutes between two tries of alerts that no way takes; pages are tried every minute."""

type Ways = Callable[[AnyNotice], Sequence[Way]]
"""The ways by which a notice may reach its person, the one that they prefer first; never none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """The notices to send as one message, the ways to send it by in turn, and whether by each of
    them or by the first that takes it; `otherwise` are those to try in turn if none does. Without
    notices, nothing is sent before `wait_until`, which is None where there is nothing at all.
    """

    notices: tuple[AnyNotice, ...] = ()
    ways: tuple[Way, ...] = ()
    every_way: bool = False
    otherwise: tuple[Way, ...] = ()
    wait_until: datetime | None = None

    @property
    def is_page(self) -> bool:
        """Whether it is a page, with whatever goes along."""
        return any(each.is_page for each in self.notices)


def dispatch(
    notices: Sequence[AnyNotice],
    told: Told,
    ways: Ways,
    rules: Notices,
    now: datetime,
    site: str = "",
    spare: Sequence[Way] = (),
) -> Dispatch:
    """Decide for one person what of the notices of a site they are told at `now` (UTC). `spare` are
    all ways by which a page reaches them: one for which no step asks is better than none.
    """
    ordered = in_order(notices)
    pages = [each for each in ordered if each.is_page]
    alerts = [each for each in ordered if not each.is_page]
    look = _Look(told=told, ways=ways, rules=rules, now=now, site=site, spare=spare)
    page = look.pages(pages, alerts) if pages else Dispatch()
    if page.notices or not alerts:
        return page
    alert = look.alerts(alerts)
    if alert.notices:
        return alert
    waits = [each.wait_until for each in (page, alert) if each.wait_until is not None]
    return Dispatch(wait_until=min(waits))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One decision: what was told, by which rules, and when."""

    told: Told
    ways: Ways
    rules: Notices
    now: datetime
    site: str
    spare: Sequence[Way]

    def pages(self, pages: Sequence[AnyNotice], alerts: Sequence[AnyNotice]) -> Dispatch:
        """By every way that has room, with the alerts that may go by one of these too."""
        by = _all(pages[:MOST_NOTICES], self.ways)
        others = tuple(way for way in self.spare if way not in by)
        # Another way only if all that are asked for are full: it does not make them go faster.
        full = not any(self._has_room(way) for way in by)
        usable = (*by, *others) if full else by
        fresh = any(isinstance(each, Notice) and not each.again for each in pages)
        bundled = self.now if fresh and self._is_calm(usable) else self._bundled()
        wait_until = max(bundled, min(self._page_opens(way) for way in usable))
        if wait_until > self.now:
            return Dispatch(wait_until=wait_until)
        ready, otherwise = self._ready(by), self._ready(others)
        along = [each for each in alerts if not set(ready).isdisjoint(self.ways(each))]
        first = tuple([*pages, *along][:MOST_NOTICES])
        return Dispatch(notices=first, ways=ready, every_way=True, otherwise=otherwise)

    def alerts(self, alerts: Sequence[AnyNotice]) -> Dispatch:
        """By the first way that has room besides what is kept for pages: those that it suits."""
        gate = max(self._after_last(), self._after_failures())
        opening = {way: max(gate, self._alert_opens(way)) for way in _all(alerts, self.ways)}
        wait_until = min(opening.values())
        if wait_until > self.now:
            return Dispatch(wait_until=wait_until)
        ready = {way for way, at in opening.items() if at <= self.now}
        head = next(each for each in alerts if not ready.isdisjoint(self.ways(each)))
        by = tuple(way for way in self.ways(head) if way in ready)
        first = [each for each in alerts if by[0] in self.ways(each)][:MOST_NOTICES]
        return Dispatch(notices=tuple(first), ways=by)

    def _is_calm(self, ways: Sequence[Way]) -> bool:
        """Whether so little was sent that a ticket of which nobody was paged yet need not wait for
        others to go with it.
        """
        return all(
            leaves_half(self.told.by(way, self.now), window, self.now)
            for way in ways
            for window in self.rules.windows(way)
        )

    def _bundled(self) -> datetime:
        """When the next page of the site may go: those that follow one closely go together."""
        paged = self.told.last_page(self.site, self.now)
        return self.now if paged is None else paged + _minutes(self.rules.bundle_minutes)

    def _page_opens(self, way: Way) -> datetime:
        # The first page of a site goes as soon as there is room at all, the others keep pace.
        paced = self.told.last_page(self.site, self.now) is not None
        times = self.told.by(way, self.now)
        room = opens(times, self.rules.windows(way), self.now, paced=paced)
        return min(room, max(self.now, self._silent_at(way)))

    def _ready(self, ways: Sequence[Way]) -> tuple[Way, ...]:
        """Those by which a page may go now."""
        return tuple(way for way in ways if self._has_room(way) or self._silent_at(way) <= self.now)

    def _has_room(self, way: Way) -> bool:
        return opens(self.told.by(way, self.now), self.rules.windows(way), self.now) <= self.now

    def _silent_at(self, way: Way) -> datetime:
        """When a page goes by a way whatever its windows say: it has been silent too long."""
        times = self.told.by(way, self.now)
        return times[-1] + _minutes(self.rules.silent_minutes) if times else self.now

    def _alert_opens(self, way: Way) -> datetime:
        return opens(self.told.by(way, self.now), self.rules.windows(way), self.now, spare=True)

    def _after_last(self) -> datetime:
        last = self.told.last(self.now)
        return self.now if last is None else last + _minutes(self.rules.bundle_minutes)

    def _after_failures(self) -> datetime:
        if self.told.failed_at is None or not self.told.failures:
            return self.now
        minutes = min(LONGEST_RETRY, 2 ** min(self.told.failures - 1, 10))
        return min(self.told.failed_at, self.now) + _minutes(minutes)


def _all(notices: Iterable[AnyNotice], ways: Ways) -> tuple[Way, ...]:
    return tuple(dict.fromkeys(way for each in notices for way in ways(each)))


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)
