"""What goes to one person as one message: the notices in it, their order, and its words."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from triagewire.escalation.digest import digest_text
from triagewire.escalation.notice import AnyNotice, Link, Notice, NoticeKind
from triagewire.escalation.wording import LONGEST, LONGEST_SMS, several
from triagewire.ladder import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What goes to one person as one message: one notice or more, the gravest first.

    `links_until` (UTC) is how long its links acknowledge; None gives it none. `day_ends` (UTC) is
    when the site's day is over, by which a digest says what is due today. `at` (UTC) is when it is
    sent. Of a message that goes by several ways one is the `first`: who hears a topic as a whole
    wants one copy of it.
    """

    person: str
    site: str
    notices: tuple[AnyNotice, ...]
    at: datetime | None = None
    first: bool = True
    links_until: datetime | None = None
    day_ends: datetime | None = None

    @property
    def id(self) -> str:
        """The same when it has to be sent again."""
        return bundle_id([notice.id for notice in self.notices])

    @property
    def kind(self) -> NoticeKind:
        """That of the gravest notice."""
        return self.notices[0].kind

    @property
    def is_page(self) -> bool:
        """Whether anything in it demands an acknowledgement."""
        return any(notice.is_page for notice in self.notices)

    def attributes(self, way: Way) -> dict[str, str]:
        """What a subscription may filter by."""
        return {
            **self.notices[0].attributes,
            "notice": self.id,
            "kind": self.kind.value,
            "person": self.person,
            "way": way.value,
            "count": str(len(self.notices)),
            "copy": "first" if self.first else "more",
        }

    def text(self, desk_url: str, link: Link, way: Way = Way.TOPIC) -> str:
        """The words of the message as it goes by a way: its one notice, or the counts of what it
        holds, and the digest of a night.
        """
        most = LONGEST_SMS if way is Way.SMS else LONGEST
        digest = [each for each in self.notices if isinstance(each, Notice) and each.in_digest]
        others = [each for each in self.notices if each not in digest]
        parts = []
        if len(others) > 1:
            parts.append(several(others, self.at, desk_url, link, most))
        parts += [each.text(desk_url, link) for each in others[:1] if len(others) == 1]
        if digest:
            parts.append(digest_text(digest, desk_url, self.day_ends))
        whole = "\n\n".join(parts)
        fits = len(whole) <= most or len(self.notices) == 1
        return whole if fits else several(self.notices, self.at, desk_url, link, most)


def bundle_id(notices: Sequence[str]) -> str:
    """The id of a message, by those of the notices in it."""
    if len(notices) == 1:
        return notices[0]
    return f"{len(notices)}-{hashlib.sha256('\n'.join(notices).encode()).hexdigest()[:20]}"


def in_order(notices: Sequence[AnyNotice]) -> tuple[AnyNotice, ...]:
    """The gravest first: pages, then the more urgent, then those decided first."""

    def rank(notice: AnyNotice) -> tuple[bool, int, datetime, str]:
        urgency = int(notice.urgency) if isinstance(notice, Notice) else 0
        return (not notice.is_page, -urgency, notice.at, notice.id)

    return tuple(sorted(notices, key=rank))
