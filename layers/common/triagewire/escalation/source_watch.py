"""Whether a source is silent or limited, and what its owner is to be told: each thing once.

Silence is measured in the hours of the site, on its own clock: a quiet night or a holiday is none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from triagewire.channels.source import Source
from triagewire.channels.source_state import SourceState
from triagewire.clock.calendar import Calendar, elapsed
from triagewire.escalation.notice import NoticeKind, SourceNotice

CALM = timedelta(minutes=5)
"""An episode of limited calls is over when there was none for this long."""

type Marks = Mapping[str, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One thing that was seen: the notice to send, then the marks that say it was sent.

    The marks hold only while those of `seen` are still as they were. None takes a mark away.
    """

    marks: Marks
    seen: Marks
    notice: SourceNotice | None = None


def look(
    source: Source, state: SourceState, calendar: Calendar, owner: str, now: datetime
) -> Iterator[Look]:
    """Everything about a source that is new at `now`. `owner` is the member who is told."""
    yield from _silence(source, state, calendar, owner, now)
    yield from _limit(source, state, owner, now)


def _silence(
    source: Source, state: SourceState, calendar: Calendar, owner: str, now: datetime
) -> Iterator[Look]:
    told = state.told_silent
    if told is not None:
        if state.given_at is not None and state.given_at > told:
            notice = _notice(source, NoticeKind.SOURCE_HEARD, owner, state.given_at)
            yield Look(notice=notice, marks={"told_silent": None}, seen={"told_silent": told})
        elif source.silent_after_minutes is None:
            yield Look(marks={"told_silent": None}, seen={"told_silent": told})
        return
    if source.silent_after_minutes is None:
        return
    since = state.given_at or state.watched_since
    if since is None:
        # Of a source that never gave anything, silence begins when it is first looked for.
        yield Look(marks={"watched_since": now}, seen={"watched_since": None})
    elif elapsed(calendar, since, now) >= timedelta(minutes=source.silent_after_minutes):
        notice = _notice(source, NoticeKind.SOURCE_SILENT, owner, since)
        yield Look(notice=notice, marks={"told_silent": since}, seen={"told_silent": None})


def _limit(source: Source, state: SourceState, owner: str, now: datetime) -> Iterator[Look]:
    since, last = state.limited_since, state.limited_at
    if since is None or last is None:
        return
    if state.told_limited != since:
        notice = _notice(source, NoticeKind.SOURCE_LIMITED, owner, since)
        yield Look(notice=notice, marks={"told_limited": since}, seen={"limited_since": since})
    elif now - last >= CALM:
        notice = _notice(source, NoticeKind.SOURCE_UNLIMITED, owner, last)
        over: Marks = {"limited_since": None, "limited_at": None, "told_limited": None}
        yield Look(notice=notice, marks=over, seen={"limited_at": last})


def _notice(source: Source, kind: NoticeKind, owner: str, since: datetime) -> SourceNotice:
    return SourceNotice(
        kind=kind,
        person=owner,
        site=source.site,
        source=source.name,
        adapter=source.adapter,
        since=since,
        silent_after_minutes=source.silent_after_minutes,
        per_minute=source.limit.per_minute,
    )
