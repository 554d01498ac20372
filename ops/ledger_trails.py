"""What goes into an export of the ledger: events from the table or the locked copies, and the
checkpoints that cover them, in one file that is signed and checked before it is handed out.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ops.ledger_objects import Objects, read_all
from triagewire.errors import InvalidFieldError
from triagewire.flow.context import Context
from triagewire.ledger.chain import digest
from triagewire.ledger.chains import Fault
from triagewire.ledger.checkpoint import from_bytes
from triagewire.ledger.copies import CHECKPOINTS, EVENTS
from triagewire.ledger.event import Event
from triagewire.ledger.exported import Manifest, body_of, digest_to_sign, file_of, verify_export
from triagewire.ledger.lines import from_line
from triagewire.ledger.trail import Story, Trail
from triagewire.ledger.verification import Report, Stated
from triagewire.signing import SigningKey
from triagewire.store.ledger import read_events
from triagewire.store.tickets import load_tickets, ticket_pk
from triagewire.ticket import Ticket
from triagewire.trusted_keys import genuine_by

ATTEMPTS = 5
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The stories of a trail, what their subjects say of their ledgers, and the checkpoints of
    their days. `unreadable` says of which copies some lines are left out.
    """

    stories: Sequence[Story]
    stated: Mapping[str, Stated]
    checkpoints: Sequence[bytes]
    asked: Mapping[str, str] = field(default_factory=dict)
    unreadable: Sequence[Fault] = ()


def by_tickets(context: Context, objects: Objects, tickets: Sequence[Ticket]) -> Found:
    """The whole ledgers of tickets, as the table has them."""
    stories = [
        Story(
            subject=ticket_pk(each.id),
            events=tuple(read_events(context.tables, ticket_pk(each.id))),
            zone=_zone(context, each.site),
        )
        for each in tickets
    ]
    stated = {ticket_pk(each.id): Stated(each.version, each.ledger_head) for each in tickets}
    begun = min((event.at for each in stories for event in each.events), default=context.now)
    covering = _checkpoints(objects, begun.date(), context.now.date(), set(stated))
    return Found(stories=stories, stated=stated, checkpoints=covering)


def by_period(
    context: Context, objects: Objects, first: date, last: date, site: str | None
) -> Found:
    """What was recorded from one day to another (UTC), of all sites or one, as the locked copies
    have it.
    """
    found: dict[str, dict[int, Event]] = {}
    unreadable: list[Fault] = []
    for event in copied(objects, first, last, unreadable):
        found.setdefault(event.subject, {})[event.sequence] = event
    sites = _sites_of(context, found)
    stories, stated = [], {}
    for subject in sorted(found):
        if site not in (None, sites[subject]):
            continue
        events = _within(found[subject], first, last)
        if events:
            zone = _zone(context, sites[subject])
            stories.append(Story(subject=subject, events=events, zone=zone))
            stated[subject] = Stated(len(events), events[-1].hash, events[0].sequence)
    covering = _checkpoints(objects, first, last, set(stated))
    return Found(stories=stories, stated=stated, checkpoints=covering, unreadable=unreadable)


def copied(objects: Objects, first: date, last: date, unreadable: list[Fault]) -> Iterator[Event]:
    """The events in the copies of some days and of the day after: a copy may come a day late. The
    same event may come twice.

    What is no event, or has not the hash that fits it, goes to `unreadable`: nobody can remove it,
    for years, and it must neither keep anybody from all the rest nor pass for one of them.
    """
    days = range((last - first).days + 2)
    keys = (key for each in days for key in objects.keys(f"{EVENTS}{first + each * A_DAY}/"))
    for key, body in read_all(objects, keys):
        for number, line in enumerate(body.removesuffix(b"\n").split(b"\n"), start=1):
            try:
                event = from_line(line.decode())
            except (InvalidFieldError, UnicodeDecodeError):
                unreadable.append(Fault(problem=f"line {number} is no event", key=key))
                continue
            if digest(event) == event.hash:
                yield event
            else:
                unreadable.append(Fault(problem=f"line {number} was altered", key=key))


def signed_file(context: Context, key: SigningKey, found: Found) -> tuple[bytes, Trail]:
    """The file, and what its page says of it: it is checked as anybody would check it."""
    events = [event for story in found.stories for event in story.events]
    body = body_of(events, found.checkpoints)
    manifest = Manifest(
        made_at=context.now,
        made_by=context.actor,
        asked=found.asked,
        stated=found.stated,
        events=len(events),
        sha256=hashlib.sha256(body).hexdigest(),
        key_id=key.id,
    )
    signed = replace(manifest, signature=key.sign(digest_to_sign(manifest)))
    data = file_of(signed, body)
    _, report = verify_export(data, genuine_by([key.pem.encode()]), context.now)
    trail = Trail(
        asked=found.asked,
        made_by=context.actor,
        made_at=context.now,
        key_id=key.id,
        checked=_checked(report),
        faults=tuple(map(str, (*report.faults, *found.unreadable))),
    )
    return data, trail


def _checked(report: Report) -> str:
    said = (
        f"Checked: {report.events} events of {report.subjects} subjects, each chained to the one "
        f"before it, against {report.checkpoints} signed checkpoints."
    )
    if report.open_events:
        said += f" {report.open_events} of them are not yet under a checkpoint."
    return said


def _within(known: Mapping[int, Event], first: date, last: date) -> tuple[Event, ...]:
    """The events of the days, and what lies between them by number, so that the chain is whole."""
    inside = [each.sequence for each in known.values() if first <= each.at.date() <= last]
    if not inside:
        return ()
    begins, ends = min(inside), max(inside)  # a number that somebody made up may be any
    return tuple(known[each] for each in sorted(known) if begins <= each <= ends)


def _checkpoints(objects: Objects, first: date, last: date, subjects: set[str]) -> list[bytes]:
    """The checkpoints of some days that say anything of these subjects, in their order."""
    days = range((last - first).days + 3)
    prefixes = (f"{CHECKPOINTS}{first + (each - 1) * A_DAY}/" for each in days)
    keys = (key for prefix in prefixes for key in objects.keys(prefix))
    return [body for _, body in read_all(objects, keys) if _names(body, subjects)]


def _names(body: bytes, subjects: set[str]) -> bool:
    return any(head.subject in subjects for head in from_bytes(body).heads)


def _sites_of(context: Context, found: Mapping[str, Mapping[int, Event]]) -> dict[str, str]:
    """The site of each subject: that of its ticket, or the one that it names; "" for none."""
    prefix = ticket_pk("")
    ids = [each.removeprefix(prefix) for each in found if each.startswith(prefix)]
    tickets = load_tickets(context.tables, ids)
    sites = {ticket_pk(each.id): each.site for each in tickets.values()}
    return {subject: sites.get(subject) or _named(subject) for subject in found}


def _named(subject: str) -> str:
    kind, _, rest = subject.partition("#")
    return rest.partition("#")[0] if kind in ("SEARCHES", "EXPORTS", "DENIED", "PRESENCE") else ""


def _zone(context: Context, site: str) -> ZoneInfo | None:
    known = context.policy.policy.sites.get(site)
    return ZoneInfo(known.zone) if known else None


def days_of(month: str) -> tuple[date, date]:
    """The first and the last day of `YYYY-MM`. Raises ValueError for what is none."""
    first = datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007  a day has no zone
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first, following - A_DAY
