"""What a person is told: ids and times, never a word of a patient.

A notice travels by SNS, mail and SMS, which show it on locked screens; so it holds the ticket id,
site, team, urgency, times, the member ids of staff and a link, and nothing else. The subject is
constant.

"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from triagewire.emergency import EmergencyReason
from triagewire.escalation.wording import spoken
from triagewire.ladder import Way
from triagewire.verdict import Urgency

SUBJECT = "Triagewire"


class NoticeKind(StrEnum):
    """A page demands an acknowledgement; the others inform."""

    PAGE = "page"
    REMINDER = "reminder"
    FOREWARNING = "forewarning"
    BREACH = "breach"
    LADDER = "ladder"
    BOUNCED = "bounced"
    ACKNOWLEDGED = "acknowledged"
    DIGEST = "digest"
    UNDELIVERED = "undelivered"
    UNREACHABLE = "unreachable"
    REACHABLE = "reachable"
    EMERGENCY = "emergency"
    SOURCE_SILENT = "source_silent"
    SOURCE_HEARD = "source_heard"
    SOURCE_LIMITED = "source_limited"
    SOURCE_UNLIMITED = "source_unlimited"


type Link = Callable[[Notice], str]
"""The address at which the person of a notice acknowledges; empty where there is nothing to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell one person. `id` stays the same when it has to be sent again.

    `at` is when it was decided (UTC), `ways` those that the ladder step asks for (all that the
    person has when empty). `again` says of a page that somebody was paged of the ticket before,
    `by` who has acknowledged it.
    """

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
    at: datetime
    ways: tuple[Way, ...] = ()
    again: bool = False
    by: str | None = None

    @property
    def is_page(self) -> bool:
        """Whether it demands an acknowledgement."""
        return self.kind is NoticeKind.PAGE

    @property
    def in_digest(self) -> bool:
        """Whether it is told as one of many at the opening."""
        return self.kind is NoticeKind.DIGEST

    @property
    def attributes(self) -> dict[str, str]:
        """What a subscription may filter by."""
        return {"site": self.site, "team": self.team, "urgency": str(int(self.urgency))}

    @property
    def about(self) -> str:
        """What it is about: several notices may be about one ticket."""
        return self.ticket_id

    def age(self, at: datetime | None) -> int:
        """How many minutes its ticket has been open `at` a time (UTC)."""
        since = 0 if at is None else int((at - self.at).total_seconds() // 60)
        return self.elapsed_minutes + max(0, since)

    def acknowledge_at(self, link: Link) -> str:
        """The address at which its person acknowledges, if there is one."""
        return link(self)

    def text(self, desk_url: str, link: Link) -> str:
        """The words of the notice; `desk_url` is where the desk is served, `link` gives the address
        at which its person acknowledges.
        """
        again = " again" if self.again else ""
        lines = [
            f"{self.kind.value.upper()}{again} for {self.person}: ticket {self.ticket_id}",
            f"site {self.site}, team {self.team}, urgency {int(self.urgency)}",
            f"open for {spoken(self.elapsed_minutes)}, held by {self.assignee or 'nobody'}",
        ]
        if self.due_at is not None:
            lines.append(f"due {self.due_at:%Y-%m-%d %H:%M} UTC")
        if self.by is not None:
            lines.append(f"acknowledged by {self.by}")
        if acknowledge := link(self):
            lines.append(f"acknowledge: {acknowledge}")
        lines.append(f"{desk_url.rstrip('/')}/console#/tickets/{self.ticket_id}")
        return "\n".join(lines)


class _OfNoTicket:
    """What is alike of notices that are about no ticket: nobody acknowledges them."""

    __slots__ = ()

    @property
    def ways(self) -> tuple[Way, ...]:
        """Whatever ways the person has."""
        return ()

    @property
    def is_page(self) -> bool:
        """Whether it demands an acknowledgement."""
        return False

    def age(self, _at: datetime | None) -> int | None:
        """It is about nothing that waits."""
        return None

    def acknowledge_at(self, _link: Link) -> str:
        """Nothing is acknowledged."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNotice(_OfNoTicket):
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
    def at(self) -> datetime:
        """When what it tells of came about."""
        return self.since

    @property
    def attributes(self) -> dict[str, str]:
        """What a subscription may filter by."""
        return {"site": self.site, "source": self.source}

    @property
    def about(self) -> str:
        """The source, by its site."""
        return f"{self.site}/{self.source}"

    def text(self, _desk_url: str, _link: Link) -> str:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNotice(_OfNoTicket):
    """One thing to tell one person of another: that no way of theirs works, or that one does again.

    `about` is the member id of the other, `broken` are their ways and never an address, and `since`
    (UTC) is when they were first found so; `at` is when this was seen.
    """

    kind: NoticeKind
    person: str
    site: str
    about: str
    broken: tuple[Way, ...]
    since: datetime
    at: datetime

    @property
    def id(self) -> str:
        """The same when it has to be sent again."""
        since = f"{self.since:%Y%m%dT%H%M%S}"
        return f"{self.site}/{self.about}-{self.kind.value}-{since}-{self.person}"

    @property
    def attributes(self) -> dict[str, str]:
        """What a subscription may filter by."""
        return {"site": self.site, "about": self.about}

    def text(self, _desk_url: str, _link: Link) -> str:
        """The words of the notice."""
        title = f"{self.kind.value.upper()} for {self.person}: {self.about} of {self.site}"
        if self.kind is NoticeKind.REACHABLE:
            return f"{title}\na page reaches them again since {self.at:%Y-%m-%d %H:%M} UTC"
        ways = ", ".join(each.value for each in self.broken)
        return (
            f"{title}\nno page reaches them ({ways}) since {self.since:%Y-%m-%d %H:%M} UTC: "
            "they have not confirmed it, or have said STOP"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyNotice(_OfNoTicket):
    """One thing to tell one person: that somebody has emergency access to their site.

    `about` is the member id of who has it, `until` when it ends and `at` when it began (UTC).
    """

    person: str
    site: str
    about: str
    why: EmergencyReason
    until: datetime
    at: datetime
    kind: NoticeKind = NoticeKind.EMERGENCY

    @property
    def id(self) -> str:
        """The same when it has to be sent again."""
        return f"{self.site}/{self.about}-{self.kind.value}-{self.at:%Y%m%dT%H%M%S}-{self.person}"

    @property
    def attributes(self) -> dict[str, str]:
        """What a subscription may filter by."""
        return {"site": self.site, "about": self.about}

    def text(self, _desk_url: str, _link: Link) -> str:
        """The words of the notice."""
        return (
            f"EMERGENCY ACCESS for {self.person}: {self.about} opened {self.site}\n"
            f"{self.why.value.replace('_', ' ')}, until {self.until:%Y-%m-%d %H:%M} UTC\n"
            "if you know nothing of it, ask them now"
        )


type AnyNotice = Notice | SourceNotice | PersonNotice | EmergencyNotice
