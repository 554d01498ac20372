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
    BOUNCED = "bounced"
    SOURCE_SILENT = "source_silent"
    SOURCE_HEARD = "source_heard"
    SOURCE_LIMITED = "source_limited"
    SOURCE_UNLIMITED = "source_unlimited"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNotice:
    """One thing to tell the owner of a source: it is about no ticket and no requester.

    `since` is when the source last gave something, was first limited, or was limited last.
    """

    kind: NoticeKind
    person: str
    site: str
    source: str
    adapter: str
    since: datetime
    silent_after_minutes: int | None
    per_minute: int

    @property
    def id(self) -> str:
        """The same when it has to be sent again."""
        return f"{self.site}/{self.source}-{self.kind.value}-{self.since:%Y%m%dT%H%M%S}"

    @property
    def attributes(self) -> dict[str, str]:
        """What a subscription may filter by."""
        return {
            "notice": self.id,
            "kind": self.kind.value,
            "site": self.site,
            "source": self.source,
            "person": self.person,
        }

    def text(self, _desk_url: str) -> str:
        """The words of the notice."""
        title = self.kind.value.replace("_", " ").upper()
        return (
            f"{title} for {self.person}: {self.site}/{self.source} ({self.adapter})\n"
            f"{self._what} {self.since:%Y-%m-%d %H:%M} UTC"
        )

    @property
    def _what(self) -> str:
        match self.kind:
            case NoticeKind.SOURCE_SILENT:
                minutes = self.silent_after_minutes
                return f"nothing has come for {minutes} minutes of the site's hours, since"
            case NoticeKind.SOURCE_HEARD:
                return "no longer silent: something came at"
            case NoticeKind.SOURCE_LIMITED:
                return f"over {self.per_minute} messages a minute, answered 429 since"
            case _:
                return "no longer limited; the last call over the limit was near"
