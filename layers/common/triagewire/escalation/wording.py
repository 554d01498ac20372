"""The words of a message that holds several notices: counts first, then the tickets to begin with.

A phone shows a message on a locked screen and cuts off long ones, so that it stays short whatever
the count: the queue shows all of them, and the ledger names every one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triagewire.escalation.notice import AnyNotice, Notice

LONGEST = 600
"""Characters of a message by mail or to a topic."""
LONGEST_SMS = 459
"""Three parts of an SMS."""
MOST_NAMED = 3
MOST_GROUPS = 5

_SAID = {
    "page": ("page", "pages"),
    "breach": ("ticket breached", "tickets breached"),
    "ladder": ("ticket still open after a breach", "tickets still open after a breach"),
    "reminder": ("ticket past half of its time", "tickets past half of their time"),
    "forewarning": ("ticket soon due", "tickets soon due"),
    "bounced": ("ticket handed to and fro", "tickets handed to and fro"),
    "acknowledged": ("ticket acknowledged", "tickets acknowledged"),
    "undelivered": ("answer did not arrive", "answers did not arrive"),
    "digest": ("ticket came in while closed", "tickets came in while closed"),
    "unreachable": ("person not to be reached", "people not to be reached"),
    "reachable": ("person reached again", "people reached again"),
    "emergency": ("person with emergency access", "people with emergency access"),
    "source_silent": ("source silent", "sources silent"),
    "source_heard": ("source heard again", "sources heard again"),
    "source_limited": ("source over its limit", "sources over their limit"),
    "source_unlimited": ("source within its limit again", "sources within their limit again"),
}
"""One and several of each kind."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a message; those of the lowest `rank` are kept first when not all fit."""

    text: str
    rank: int


def spoken(minutes: int) -> str:
    """A stretch of time in words: `3 h 10 min`."""
    hours, rest = divmod(max(0, minutes), 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (rest if not days else 0, "min"))
    said = " ".join(f"{number} {unit}" for number, unit in parts if number)
    return said or "0 min"


def several(
    notices: Sequence["AnyNotice"],
    at: datetime | None,
    desk_url: str,
    link: Callable[["Notice"], str],
    most: int = LONGEST,
) -> str:
    """The words of a message of several notices, the gravest first, in at most so many characters;
    ages are those `at` its sending (UTC).
    """
    first = notices[0]
    head = f"{first.kind.value.upper()} for {first.person} at {first.site}"
    lines = [_Line(head, 0), *_groups(notices, at), *_named(notices, at, link)]
    lines.append(_Line(_queue(notices, desk_url), 1))
    return "\n".join(_fitting(lines, most))


def _groups(notices: Sequence["AnyNotice"], at: datetime | None) -> Iterator[_Line]:
    """How many of each kind in each team, and how old the oldest is."""
    groups: dict[tuple[str, str], list[AnyNotice]] = {}
    for each in notices:
        groups.setdefault((each.kind.value, each.attributes.get("team", "")), []).append(each)
    for place, ((kind, team), members) in enumerate(groups.items()):
        if place == MOST_GROUPS:
            yield _Line(f"and more of {len(groups) - MOST_GROUPS} other kinds or teams", 4)
            return
        yield _Line(_group(kind, team, members, at), 2 if place == 0 else 5)


def _group(kind: str, team: str, members: Sequence["AnyNotice"], at: datetime | None) -> str:
    count = len({each.about for each in members})
    said = f"{count} {_SAID[kind][count > 1]}"
    ages = [age for each in members if (age := each.age(at)) is not None]
    oldest = f", oldest {spoken(max(ages))}" if ages else ""
    return f"{said} in {team}{oldest}" if team else f"{said}{oldest}"


def _named(
    notices: Sequence["AnyNotice"],
    at: datetime | None,
    link: Callable[["Notice"], str],
) -> Iterator[_Line]:
    """The tickets to begin with, each with the link that acknowledges it."""
    named: dict[str, AnyNotice] = {}
    for each in notices:
        named.setdefault(each.about, each)
    for place, each in enumerate(list(named.values())[:MOST_NAMED]):
        age = each.age(at)
        old = f" ({spoken(age)})" if age is not None else ""
        yield _Line(f"{each.about}{old}", 3 if place == 0 else 6 + place)
        if acknowledge := each.acknowledge_at(link):
            yield _Line(f"acknowledge: {acknowledge}", 3 if place == 0 else 6 + place)


def _queue(notices: Sequence["AnyNotice"], desk_url: str) -> str:
    """Where the others are: the queue of the gravest."""
    first, desk = notices[0], desk_url.rstrip("/")
    team = first.attributes.get("team")
    return f"all: {desk}/console#/queues/{first.site}/{team}" if team else f"{desk}/console"


def _fitting(lines: Sequence[_Line], most: int) -> list[str]:
    """The lines that fit, in their order."""
    kept: set[int] = set()
    left = most + 1
    for place in sorted(range(len(lines)), key=lambda each: (lines[each].rank, each)):
        cost = len(lines[place].text) + 1
        if cost <= left:
            kept.add(place)
            left -= cost
    return [each.text for place, each in enumerate(lines) if place in kept]
