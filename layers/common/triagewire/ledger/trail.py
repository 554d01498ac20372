"""A trail of the ledger for people to read: one story for each subject, in words.

It shows what the ledger holds and no word of any message: the ledger has none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from triagewire.ledger.event import Detail, Event
from triagewire.ledger.paper import FOOT, facts, head, safe, table
from triagewire.ledger.standing import AFTER, BEFORE, told
from triagewire.ledger.words import action_in_words, actor_in_words, why_in_words

NO_WORDS = (
    "This is the ledger: who did what, when and why. It holds ids, codes, times and counts. "
    "It holds no word of any message, no name and no address of a requester."
)
COLUMNS = ("#", "When", "Who", "What", "Why", "Before → after", "More", "Policy")
PAIRS = (
    ("score_before", "score", "urgency"),
    ("topic_before", "topic", "topic"),
    ("from_team", "to_team", "team"),
    ("from_member", "to_member", "owner"),
)
"""Details that say the same thing before and after, and what it is."""
KINDS = {
    "TICKET": "Ticket {}",
    "SESSION": "Session {}",
    "SEARCHES": "Searches of {} ({})",
    "EXPORTS": "Files taken of the site {}",
    "DENIED": "Refusals of {} ({})",
    "PRESENCE": "Presence of {} ({})",
    "TOLD": "Notices to {}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The events of one subject in their order; `zone` is that of its site, None where it has
    none.
    """

    subject: str
    events: Sequence[Event]
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What was asked by whom, and what was found: `faults` is what a verification found wrong,
    `checked` in a sentence what it looked at.
    """

    asked: Mapping[str, str]
    made_by: str
    made_at: datetime
    key_id: str
    checked: str
    faults: Sequence[str]


def page(trail: Trail, stories: Sequence[Story]) -> Iterator[str]:
    """The trail as a page, in pieces."""
    yield head("Trail of the ledger")
    yield "<h1>Trail of the ledger</h1>\n"
    yield from facts(_about(trail, stories))
    yield from _checked(trail)
    yield f"<p>{safe(NO_WORDS)}</p>\n"
    for story in stories:
        yield from _story(story)
    yield FOOT


def title(subject: str) -> str:
    """A subject of the ledger in words."""
    kind, *names = subject.split("#")
    if kind not in KINDS or not names:
        return "The policy" if subject == "POLICY" else subject
    words = KINDS[kind]
    if words.count("{}") == 2 and len(names) > 1:
        return words.format("#".join(names[1:]), names[0])
    return words.replace(" ({})", "").format("#".join(names))


def change_in_words(detail: Mapping[str, Detail]) -> str:
    """What was before a change and is after it; "" for an event that changes nothing."""
    was, now = told(detail.get(BEFORE)), told(detail.get(AFTER))
    found = {name: (was.get(name, ""), value) for name, value in now.items()}
    for before, after, name in PAIRS:
        if before in detail and detail.get(after) is not None:
            found.setdefault(name, (_text(detail[before]), _text(detail[after])))
    said = (f"{name}: {one or 'none'} → {two or 'none'}" for name, (one, two) in found.items())
    return "\n".join(said)


def more_in_words(detail: Mapping[str, Detail]) -> str:
    """Everything else that an event holds."""
    shown = {BEFORE, AFTER, *(name for before, after, _ in PAIRS for name in (before, after))}
    kept = {name: value for name, value in detail.items() if name not in shown}
    kept |= {
        name: value
        for before, after, _ in PAIRS
        if before not in detail and (value := detail.get(name := after)) is not None
    }
    return "\n".join(
        f"{name.replace('_', ' ')}: {_text(value)}"
        for name, value in kept.items()
        if value not in (None, "", [])
    )


def _about(trail: Trail, stories: Sequence[Story]) -> Iterator[tuple[str, object]]:
    yield "Made", f"{trail.made_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield "By", actor_in_words(trail.made_by)
    yield from ((name.replace("_", " ").capitalize(), value) for name, value in trail.asked.items())
    yield "Subjects", len(stories)
    yield "Events", sum(len(each.events) for each in stories)
    yield "Signed with key", trail.key_id or "none: it is not signed"


def _checked(trail: Trail) -> Iterator[str]:
    if not trail.faults:
        yield f'<p class="good">{safe(trail.checked)} Nothing was altered or is missing.</p>\n'
        return
    yield f'<div class="bad"><p>{safe(trail.checked)} It is not what was recorded:</p><ul>\n'
    yield from (f"<li>{safe(each)}</li>\n" for each in trail.faults)
    yield "</ul></div>\n"


def _story(story: Story) -> Iterator[str]:
    yield f'<section class="story">\n<h2>{safe(title(story.subject))}</h2>\n'
    if story.events and story.events[0].sequence > 1:
        before = story.events[0].sequence - 1
        yield f"<p>{before} earlier events of it are not in this trail.</p>\n"
    yield from table(COLUMNS, (_row(each, story.zone) for each in story.events))
    yield "</section>\n"


def _row(event: Event, zone: tzinfo | None) -> Iterable[str]:
    return (
        safe(event.sequence),
        _when(event.at, zone),
        safe(actor_in_words(event.actor)),
        safe(action_in_words(event.action)),
        safe(why_in_words(event.why)),
        _lines(change_in_words(event.detail)),
        _lines(more_in_words(event.detail)),
        f"{event.policy_version}<br><small>{safe(event.request_id)}</small>",
    )


def _when(at: datetime, zone: tzinfo | None) -> str:
    """By the clock of the site, where there is one, and in UTC."""
    utc = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if zone is None:
        return f'<span class="time">{utc}</span>'
    here = safe(f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}")
    return f'<span class="time">{here}<br><small>{utc}</small></span>'


def _lines(text: str) -> str:
    return safe(text).replace("\n", "<br>")


def _text(value: Detail) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
