"""What goes to a person now, as one message, and what waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from triagewire.escalation.notice import AnyNotice, in_order
from triagewire.escalation.told import Told
from triagewire.ladder import Way
from triagewire.policy.limits import Notices

MOST_NOTICES = 1000
"""More than this wait for the next message: what it held is remembered whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """The notices to send as one message, the ways to send it by in turn, and whether by each of
    them or by the first that takes it. Without notices, nothing is sent before `wait_until`.
    """

    notices: tuple[AnyNotice, ...] = ()
    ways: tuple[Way, ...] = ()
    every_way: bool = False
    wait_until: datetime | None = None


def dispatch(
    notices: Sequence[AnyNotice],
    told: Told,
    ways: Sequence[Way],
    rules: Notices,
    now: datetime,
) -> Dispatch:
    """Decide for one person; `ways` are their working ways, the one that they prefer first."""
    del told, rules, now
    first = in_order(notices)[:MOST_NOTICES]
    page = any(notice.is_page for notice in first)
    return Dispatch(notices=first, ways=tuple(ways), every_way=page)
