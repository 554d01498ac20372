"""The timeline: what the ledger recorded and what went out to people, in one order and in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ops.simulation.words import (
    SHOWN,
    TICKETS,
    counted,
    is_told_otherwise,
    meant_by,
    name_of,
    texts,
    why_of,
)
from triagewire.clock.calendar import Calendar, local
from triagewire.escalation.bundle import Bundle
from triagewire.escalation.notice import Notice, NoticeKind
from triagewire.ids import TICKET_ID_LENGTH
from triagewire.ladder import Way
from triagewire.ledger.event import Action, Event


@dataclass(slots=True, kw_only=True)
class Moment:
    """One thing that happened at `at` (UTC). `ticket` is its name in the scenario, `to` are members
    (and for a route the team before them), `more` whatever else its kind has.
    """

    at: datetime
    event: str
    ticket: str | None = None
    to: tuple[str, ...] = ()
    why: str = ""
    site: str = ""
    notices: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Try:
    """One message to one person, by each way that was tried."""

    at: datetime
    bundle: Bundle
    ways: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Timeline:
    """Everything that happened so far. `names` calls tickets as the scenario does, by their ids;
    `sites` says where each is.
    """

    site: str
    calendars: dict[str, Calendar]
    moments: list[Moment] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    stated: set[str] = field(default_factory=set)
    _paged: set[str] = field(default_factory=set)
    _tries: list[_Try] = field(default_factory=list)
    _sent: dict[str, list[_Try]] = field(default_factory=dict)

    def add(self, moment: Moment) -> None:
        """Something that no ledger event tells."""
        moment.site = moment.site or self.site
        self.moments.append(moment)

    def record(self, events: Iterable[Event]) -> None:
        """What the ledger has got since."""
        for event in events:
            if not is_told_otherwise(event):
                self.add(self._moment(event))

    def published(self, at: datetime, bundle: Bundle, way: Way, *, failed: bool) -> None:
        """A message went out to a person by a way, or did not."""
        known = self._tries[-1] if self._tries else None
        if known is None or known.bundle.notices != bundle.notices:
            known = _Try(at=at, bundle=bundle)
            self._tries.append(known)
        (known.failed if failed else known.ways).append(way.value)

    def told(self) -> None:
        """The messages that were tried since the last call are moments of their own."""
        for each in self._tries:
            self.add(self._message(each))
            for notice in each.bundle.notices if each.ways else ():
                self._sent.setdefault(notice.id, []).append(each)
        self._tries = []

    def as_data(self) -> list[dict[str, Any]]:
        """The moments in order, as plain values: what `--json` prints."""
        return [self._data(each) for each in self.moments]

    def sent_of(self, moment: Moment) -> tuple[list[str], datetime | None]:
        """By which ways the notices of a moment went out, and when the first of them did."""
        tries = [each for notice in moment.notices for each in self._sent.get(notice, ())]
        ways = dict.fromkeys(way for each in tries for way in each.ways)
        return list(ways), min((each.at for each in tries), default=None)

    def local(self, at: datetime, site: str) -> datetime:
        """A time on the clock of a site."""
        return local(self.calendars.get(site) or self.calendars[self.site], at)

    def _data(self, moment: Moment) -> dict[str, Any]:
        told: dict[str, Any] = {
            "at": self.local(moment.at, moment.site).isoformat(),
            "event": moment.event,
            "ticket": moment.ticket,
            "to": list(moment.to),
            "why": moment.why,
            "site": moment.site,
        }
        if moment.notices:
            ways, at = self.sent_of(moment)
            sent_at = None if at is None else self.local(at, moment.site).isoformat()
            told |= {"ways": ways, "sent_at": sent_at}
        return told | moment.more

    def _moment(self, event: Event) -> Moment:
        ticket_id = self._ticket_of(event)
        ticket = self._named(ticket_id, event)
        site = self._site_of(event, ticket_id)
        return Moment(
            at=event.at,
            event=self._kind(event, ticket_id),
            ticket=ticket,
            to=meant_by(event),
            why=why_of(event, stated=ticket_id in self.stated),
            site=site,
            notices=tuple(texts(event.detail.get("notices"))),
            more=self._more(event, site),
        )

    def _kind(self, event: Event, ticket_id: str) -> str:
        if event.action is not Action.PAGED:
            return name_of(event.action)
        again = ticket_id in self._paged
        self._paged.add(ticket_id)
        return "repage" if again else "page"

    def _more(self, event: Event, site: str) -> dict[str, Any]:
        """What else a moment says: ids by the scenario's names, times on the site's clock."""
        detail = event.detail
        more: dict[str, Any] = {
            name: detail[known] for known, name in SHOWN.items() if detail.get(known) is not None
        }
        for name in ("due", "until"):
            if isinstance(more.get(name), str):
                more[name] = self.local(datetime.fromisoformat(more[name]), site).isoformat()
        for name in ("into", "of"):
            if isinstance(detail.get(name), str):
                more[name] = self.names.get(str(detail[name]), detail[name])
        if event.action is Action.PRESENCE_CHANGED:
            more["member"] = detail.get("member")
        if event.action is Action.RETURNED:
            more["from"] = detail.get("from_member")
        if event.action is Action.NOTICE_DROPPED:
            more["tickets"] = self._tickets_of(texts(detail.get("notices")))
        kind, _, who = event.actor.partition(":")
        return more | ({"by": who} if kind == "staff" else {})

    def _message(self, each: _Try) -> Moment:
        """A message to one person: several notices in it are told as one."""
        bundle = each.bundle
        kinds = [notice.kind for notice in bundle.notices]
        digest = NoticeKind.DIGEST in kinds
        tickets = self._tickets_of([n.id for n in bundle.notices if isinstance(n, Notice)])
        said = counted(kinds)
        return Moment(
            at=each.at,
            event=("digest" if digest else "sent") if each.ways else "not_sent",
            ticket=tickets[0] if len(tickets) == 1 else None,
            to=(bundle.person,),
            why=said if each.ways else f"no way took it: {said}",
            site=bundle.site,
            more={
                "ways": each.ways,
                "failed": each.failed,
                "kind": bundle.kind.value,
                "notices": [notice.id for notice in bundle.notices],
                "tickets": tickets,
                "message": bundle.id,
            },
        )

    def _tickets_of(self, notices: Sequence[str]) -> list[str]:
        """The tickets that notices are about: their ids begin with that of the ticket."""
        ids = dict.fromkeys(each[:TICKET_ID_LENGTH] for each in notices)
        return [self.names[each] for each in ids if each in self.names]

    def _named(self, ticket_id: str, event: Event) -> str | None:
        """What the scenario calls a ticket; a further need of a message is named after it."""
        if not ticket_id:
            return None
        if ticket_id not in self.names:
            lead = self.names.get(str(event.detail.get("of")), "ticket")
            needs = sum(each.startswith(f"{lead}+") for each in self.names.values())
            self.names[ticket_id] = f"{lead}+{needs + 1}"
            self.sites[ticket_id] = self.sites.get(str(event.detail.get("of")), self.site)
        return self.names[ticket_id]

    def _ticket_of(self, event: Event) -> str:
        return event.subject.removeprefix(TICKETS) if event.subject.startswith(TICKETS) else ""

    def _site_of(self, event: Event, ticket_id: str) -> str:
        if event.action is Action.PRESENCE_CHANGED:
            return event.subject.split("#")[1]
        return self.sites.get(ticket_id, self.site)
