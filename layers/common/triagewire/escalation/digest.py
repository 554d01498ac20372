"""The words of the one message at opening: what came in while the site was closed."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triagewire.escalation.notice import Notice


def digest_text(notices: Sequence["Notice"], desk_url: str, day_ends: datetime | None) -> str:
    """How many tickets by team, the most urgent, the oldest, and how many are due before the site's
    day ends (UTC), where that is known. There is at least one notice.
    """
    first = notices[0]
    # One that went to another team and came back is in it twice.
    notices = list({each.ticket_id: each for each in notices}.values())
    count = len(notices)
    teams = Counter(each.team for each in notices)
    oldest = min(each.at - timedelta(minutes=each.elapsed_minutes) for each in notices)
    tickets = "1 ticket" if count == 1 else f"{count} tickets"
    lines = [
        f"DIGEST for {first.person}: {tickets} came in while {first.site} was closed",
        f"most urgent: {max(int(each.urgency) for each in notices)}",
        f"oldest: since {oldest:%Y-%m-%d %H:%M} UTC",
    ]
    if day_ends is not None:
        due = sum(each.due_at is not None and each.due_at <= day_ends for each in notices)
        lines.append(f"due today: {due}")
    queues = f"{desk_url.rstrip('/')}/console#/queues/{first.site}"
    lines += [f"{team} {number}: {queues}/{team}" for team, number in sorted(teams.items())]
    return "\n".join(lines)
