"""An examination as text for the terminal, as a page to print and as tables for a spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from triagewire.ledger.event import Event
from triagewire.ledger.examination import Examined, Watched
from triagewire.ledger.paper import FOOT, cell, facts, harmless, head, safe, table
from triagewire.ledger.trail import change_in_words, more_in_words
from triagewire.ledger.words import action_in_words, actor_in_words, why_in_words

MOST_LINES = 40
"""So many findings are printed; the files have all."""
NO_PROOF = (
    "Nothing here is proof of wrong: it is where to ask first. Team, hours and roles are those of "
    "the policy that was active at the time."
)
PERSON: tuple[tuple[str, Callable[[Watched], object]], ...] = (
    ("member", lambda each: each.who),
    ("views", lambda each: each.views),
    ("tickets", lambda each: len(each.tickets)),
    ("outside_team", lambda each: each.outside),
    ("other_teams_by_role", lambda each: each.overseen),
    ("after_hours", lambda each: each.after_hours),
    ("after_hours_on_call", lambda each: each.on_call_hours),
    ("own_requests", lambda each: each.own),
    ("denied", lambda each: each.denied),
    ("searches", lambda each: each.searches),
    ("exports", lambda each: each.exports),
    ("emergency_access", lambda each: each.emergencies),
    ("acts_in_emergency", lambda each: each.in_emergency),
    ("sign_ins", lambda each: each.sign_ins),
    ("late_sign_ins", lambda each: each.late_sign_ins),
    ("most_tickets_in_an_hour", lambda each: max(each.hours.values(), default=0)),
    ("usual_tickets_in_an_hour", lambda each: f"{each.usual:g}"),
)
"""The columns of the table of people."""
FOUND = ("weight", "kind", "member", "count", "what")
NOTED = ("at", "subject", "member", "what", "why", "change", "more", "policy_version", "request_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was examined, by whom, and when (UTC)."""

    month: str
    site: str
    by: str
    at: datetime


def as_text(asked: Asked, found: Examined) -> Iterator[str]:
    """The lines for the terminal."""
    yield f"{asked.month}, {asked.site}: {found.events} events, {len(found.people)} people"
    yield NO_PROOF
    yield ""
    yield "What to look at first:"
    for each in found.findings[:MOST_LINES]:
        who = harmless(actor_in_words(each.who))
        yield f"  {who:<28} {each.count:>6}  {harmless(each.words)}"
    if not found.findings:
        yield "  nothing stands out"
    if len(found.findings) > MOST_LINES:
        yield f"  and {len(found.findings) - MOST_LINES} more in the files of --out"
    yield ""
    yield "Changes of policy, access, holds, purges, files taken, emergency access:"
    for event in found.notes[-MOST_LINES:]:
        who, what = actor_in_words(event.actor), action_in_words(event.action)
        said = f"{who} {what}: {why_in_words(event.why)}"
        yield f"  {event.at.astimezone(UTC):%Y-%m-%d %H:%M}  {harmless(said)}"
    yield f"  {len(found.notes)} listed, {found.left_out} only counted"


def as_page(asked: Asked, found: Examined) -> Iterator[str]:
    """The page, in pieces."""
    yield head(f"Examination of {asked.month}")
    yield f"<h1>Examination of {safe(asked.month)}</h1>\n"
    yield from facts(
        (
            ("Sites", asked.site),
            ("By", actor_in_words(asked.by)),
            ("Made", f"{asked.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"),
            ("Events", found.events),
            ("People", len(found.people)),
        )
    )
    yield f"<p>{safe(NO_PROOF)}</p>\n<h2>What to look at first</h2>\n"
    yield from table(FOUND, (map(safe, row) for row in _findings(found)))
    yield "<h2>Everybody</h2>\n"
    yield from table(
        (name.replace("_", " ") for name, _ in PERSON),
        (map(safe, _person(each)) for each in found.people),
    )
    yield "<h2>Changes, holds, purges, files, emergency access</h2>\n"
    yield f"<p>{found.left_out} more are counted and not listed.</p>\n"
    yield from table(NOTED, (map(safe, _note(each)) for each in found.notes))
    yield "<h2>All events</h2>\n"
    yield from facts((action_in_words(each), times) for each, times in found.counts.most_common())
    yield FOOT


def as_csv(found: Examined) -> Iterator[tuple[str, str]]:
    """The tables by the names of their files; no cell is a formula."""
    people = (_person(each) for each in found.people)
    yield "people.csv", _csv([name for name, _ in PERSON], people)
    yield "findings.csv", _csv(FOUND, _findings(found))
    yield "changes.csv", _csv(NOTED, map(_note, found.notes))


def _csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def _person(person: Watched) -> list[object]:
    return [read(person) for _, read in PERSON]


def _findings(found: Examined) -> Iterator[tuple[object, ...]]:
    for each in found.findings:
        yield each.weight, each.kind, actor_in_words(each.who), each.count, each.words


def _note(event: Event) -> tuple[object, ...]:
    return (
        f"{event.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        event.subject,
        actor_in_words(event.actor),
        action_in_words(event.action),
        why_in_words(event.why),
        change_in_words(event.detail),
        more_in_words(event.detail),
        event.policy_version,
        event.request_id,
    )
