"""What a person is told: ids and times, never a word of a patient.

A notice travels by SNS, mail and SMS, which show it on locked screens; so it holds the ticket id,
site, team, urgency, times, the member ids of staff and a link, and nothing else. The subject is
constant.

"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from triagewire.verdict import Urgency

SUBJECT = "Triagewire"


class NoticeKind(StrEnum):
    """A page demands an acknowledgement; the others inform."""

    PAGE = "page"
    REMINDER = "reminder"
    BREACH = "breach"
    LADDER = "ladder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell one person. `id` stays the same when it has to be sent again."""

    id: str
    kind: NoticeKind
    person: str
    ticket_id: str
    site: str
    team: str
    urgency: Urgency
    elapsed_minutes: int
    due_at: datetime | None
    assignee: str | None

    @property
    def attributes(self) -> dict[str, str]:
        """What a subscription may filter by."""
        return {
            "notice": self.id,
            "kind": self.kind.value,
            "site": self.site,
            "team": self.team,
            "person": self.person,
            "urgency": str(int(self.urgency)),
        }

    def text(self, desk_url: str) -> str:
        """The words of the notice; `desk_url` is where the desk is served."""
        lines = [
            f"{self.kind.value.upper()} for {self.person}: ticket {self.ticket_id}",
            f"site {self.site}, team {self.team}, urgency {int(self.urgency)}",
            f"open for {self.elapsed_minutes} min, held by {self.assignee or 'nobody'}",
        ]
        if self.due_at is not None:
            lines.append(f"due {self.due_at:%Y-%m-%d %H:%M} UTC")
        lines.append(f"{desk_url.rstrip('/')}/desk/tickets/{self.ticket_id}")
        return "\n".join(lines)
