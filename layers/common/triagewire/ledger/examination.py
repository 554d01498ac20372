"""The examination of a month (45 CFR 164.308(a)(1)(ii)(D)): who looked at what, and what somebody
should look at first. Events go in one by one as they were copied: up to a day out of order, and
some of them twice.

Nothing here is proof of wrong: it is where to ask.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from sys import intern

from triagewire.access import EVERY_TEAM
from triagewire.clock.calendar import Calendar, is_open
from triagewire.ledger.event import Action, Event
from triagewire.policy.model import Policy, Site
from triagewire.policy.roster import Member

type Policies = Callable[[int], Policy | None]
"""The policy of a version; None for one that cannot be read any more."""

MOST_NOTES = 500
"""So many single events of a kind are listed; what is more is only counted."""
MOST_MINUTES = 10_000
REMEMBERED_DAYS = 2
"""A copy that comes twice does so within a day."""
LEAST_BURST = 20
"""Tickets in an hour, below which nobody is asked however few their usual ones are."""
TIMES_USUAL = 3
LEAST_REPEATED = 10
CHANGES = frozenset(
    {
        *(Action.POLICY_PUBLISHED, Action.ACCESS_CHANGED, Action.SHADOW_STARTED),
        *(Action.SHADOW_ENDED, Action.MESSAGES_READ, Action.EXPORTED, Action.EXAMINED),
        *(Action.HOLD_PLACED, Action.HOLD_RELEASED, Action.PURGED),
        *(Action.EMERGENCY_STARTED, Action.EMERGENCY_ENDED),
    }
)
"""What is listed event by event."""
NAMED = frozenset({"SEARCHES", "EXPORTS", "DENIED", "PRESENCE"})
"""Subjects that name their site."""


@dataclass(slots=True)
class Watched:
    """What one person did in a month. `tickets` counts views by ticket, `hours` tickets by hour."""

    who: str
    views: int = 0
    outside: int = 0
    overseen: int = 0
    after_hours: int = 0
    on_call_hours: int = 0
    own: int = 0
    denied: int = 0
    searches: int = 0
    exports: int = 0
    emergencies: int = 0
    in_emergency: int = 0
    sign_ins: int = 0
    late_sign_ins: int = 0
    tickets: Counter[str] = field(default_factory=Counter)
    worked_on: set[str] = field(default_factory=set)
    hours: Counter[datetime] = field(default_factory=Counter)
    _in_hour: dict[datetime, set[str]] = field(default_factory=dict)

    def looked(self, ticket: str, at: datetime) -> None:
        """Count a view."""
        self.views += 1
        self.tickets[ticket] += 1
        hour = at.replace(minute=0, second=0, microsecond=0)
        if hour not in self._in_hour:
            self._in_hour = {
                known: ids
                for known, ids in self._in_hour.items()
                if hour - known <= timedelta(days=1)
            } | {hour: set()}
        if ticket not in self._in_hour[hour]:
            self._in_hour[hour].add(ticket)
            self.hours[hour] += 1

    @property
    def usual(self) -> float:
        """How many tickets an hour they look at, in the hours in which they look at any."""
        return median(self.hours.values()) if self.hours else 0.0

    @property
    def busiest(self) -> tuple[datetime, int] | None:
        """Their hour with the most tickets, if it stands out from their usual ones."""
        if not self.hours:
            return None
        hour, most = max(self.hours.items(), key=lambda each: (each[1], each[0]))
        stands_out = most >= LEAST_BURST and most >= TIMES_USUAL * self.usual
        return (hour, most) if stands_out else None

    @property
    def repeated(self) -> list[tuple[str, int]]:
        """Tickets that they looked at again and again and did nothing to, the most first."""
        return [
            (ticket, times)
            for ticket, times in self.tickets.most_common()
            if times >= LEAST_REPEATED and ticket not in self.worked_on
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to ask somebody about; the one with the most `weight` first."""

    weight: int
    kind: str
    who: str
    count: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a month shows. `notes` lists single events of a kind, the oldest first, and `counts`
    has how many there were of every action.
    """

    events: int
    people: tuple[Watched, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Event, ...]
    counts: Counter[Action]

    @property
    def left_out(self) -> int:
        """How many events are counted and not listed."""
        return sum(self.counts[each] for each in CHANGES) - len(self.notes)


class Examination:
    """One month, of all sites or of one; first and last day are UTC."""

    def __init__(self, first: date, last: date, policies: Policies, site: str = "") -> None:
        self._first, self._last, self._site = first, last, site
        self._policies = policies
        self._people: dict[str, Watched] = {}
        self._notes: dict[Action, list[Event]] = {}
        self._counts: Counter[Action] = Counter()
        self._seen: dict[date, set[int]] = {}
        self._opened: dict[tuple[int, str, datetime], bool] = {}
        self._calendars: dict[tuple[int, str], Calendar] = {}

    def add(self, event: Event) -> None:
        """Take up an event; those of other months and sites, and what came before, are left out."""
        day = event.at.date()
        if not self._first <= day <= self._last or self._came_before(event, day):
            return
        site = site_of(event)
        if self._site and site not in ("", self._site):
            return
        self._counts[event.action] += 1
        if event.action in CHANGES:
            listed = self._notes.setdefault(event.action, [])
            if len(listed) < MOST_NOTES:
                listed.append(event)
        kind, _, name = event.actor.partition(":")
        if kind in ("staff", "administrator") and name:
            self._did(event, site, name)

    def examined(self) -> Examined:
        """What the events so far show."""
        people = sorted(self._people.values(), key=lambda each: (-each.views, each.who))
        findings = [finding for each in people for finding in findings_of(each)]
        findings.sort(key=lambda each: (-each.weight, each.who, each.kind))
        notes = [event for listed in self._notes.values() for event in listed]
        return Examined(
            events=sum(self._counts.values()),
            people=tuple(people),
            findings=tuple(findings),
            notes=tuple(sorted(notes, key=lambda each: (each.at, each.subject, each.sequence))),
            counts=self._counts,
        )

    def _came_before(self, event: Event, day: date) -> bool:
        """Whether the event was here already. Days that are long over are forgotten."""
        known = self._seen.get(day)
        if known is None:
            known = self._seen[day] = set()
            newest = max(self._seen)
            for old in [each for each in self._seen if (newest - each).days > REMEMBERED_DAYS]:
                del self._seen[old]
        mark = int(event.hash[:16] or "0", 16)
        if mark in known:
            return True
        known.add(mark)
        return False

    def _did(self, event: Event, site_id: str, member_id: str) -> None:
        person = self._people.setdefault(event.actor, Watched(who=event.actor))
        person.in_emergency += event.detail.get("emergency") is True
        match event.action:
            case Action.VIEWED:
                self._looked(person, event, site_id, member_id)
            case Action.DENIED:
                person.denied += 1
            case Action.SEARCHED:
                person.searches += 1
            case Action.EXPORTED:
                person.exports += 1
            case Action.EMERGENCY_STARTED:
                person.emergencies += 1
            case Action.SIGNED_IN:
                person.sign_ins += 1
                person.late_sign_ins += self._nobody_is_open(event, member_id)
            case _ if event.subject.startswith("TICKET#"):
                person.worked_on.add(intern(event.subject.removeprefix("TICKET#")))

    def _looked(self, person: Watched, event: Event, site_id: str, member_id: str) -> None:
        person.looked(intern(event.subject.removeprefix("TICKET#")), event.at)
        person.own += event.detail.get("own") is True
        policy = self._policies(event.policy_version)
        site = policy.sites.get(site_id) if policy else None
        if site is None:
            return
        if not self._is_open(event, site_id, site):
            called = member_id in site.on_call.people
            person.on_call_hours += called
            person.after_hours += not called
        team = event.detail.get("team")
        member = site.members.get(member_id)
        if isinstance(team, str) and team and not _is_theirs(member, team):
            oversees = _oversees(member) or event.actor.startswith("administrator:")
            person.overseen += oversees
            person.outside += not oversees

    def _nobody_is_open(self, event: Event, member_id: str) -> bool:
        """Whether all sites of a member were closed."""
        policy = self._policies(event.policy_version)
        found = policy.sites.items() if policy else ()
        theirs = [(name, site) for name, site in found if member_id in site.members]
        return bool(theirs) and not any(self._is_open(event, *each) for each in theirs)

    def _is_open(self, event: Event, site_id: str, site: Site) -> bool:
        """Whether a site was open, to the minute; what was asked last is remembered."""
        minute = event.at.replace(second=0, microsecond=0)
        asked = (event.policy_version, site_id, minute)
        if asked not in self._opened:
            if len(self._opened) >= MOST_MINUTES:
                self._opened.clear()
            named = (event.policy_version, site_id)
            if named not in self._calendars:
                self._calendars[named] = site.calendar
            self._opened[asked] = is_open(self._calendars[named], minute)
        return self._opened[asked]


def site_of(event: Event) -> str:
    """The site that an event names; "" for none."""
    named = event.detail.get("site")
    if isinstance(named, str):
        return named
    kind, _, rest = event.subject.partition("#")
    return rest.partition("#")[0] if kind in NAMED else ""


def findings_of(person: Watched) -> Iterator[Finding]:
    """What to ask one person about."""
    for weight, kind, count, words in _asked(person):
        if count:
            more = min(count, 9)
            yield Finding(weight=weight + more, kind=kind, who=person.who, count=count, words=words)


def _asked(person: Watched) -> Iterator[tuple[int, str, int, str]]:
    yield 90, "emergency", person.emergencies, "took emergency access: was the reason true?"
    yield 80, "own", person.own, "opened requests that they had made themselves"
    if (burst := person.busiest) is not None:
        hour, most = burst
        usual = f"{person.usual:g}"
        words = f"{most} tickets in the hour of {hour:%Y-%m-%d %H}:00 UTC, where {usual} are usual"
        yield 70, "burst", most, words
    repeated = person.repeated
    if repeated:
        named = ", ".join(f"{ticket} ({times} times)" for ticket, times in repeated[:5])
        yield 60, "repeated", len(repeated), f"looked again and again and did nothing: {named}"
    yield 50, "denied", person.denied, "tried what they may not"
    yield 40, "outside", person.outside, "looked at tickets of teams that are not theirs"
    yield 30, "after hours", person.after_hours, "looked while the site was closed, not on call"
    yield 20, "exports", person.exports, "took files: were they needed?"
    yield 10, "late sign-ins", person.late_sign_ins, "signed in while all their sites were closed"
    yield 0, "overseen", person.overseen, "looked at other teams, as their role allows"


def _is_theirs(member: Member | None, team: str) -> bool:
    return member is not None and team in member.teams


def _oversees(member: Member | None) -> bool:
    return member is not None and bool(EVERY_TEAM & {*member.roles})
