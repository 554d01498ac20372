"""Senders that fail: what cannot be read, what does not arrive, what falls silent, what comes
twice. Of another use of one event id the lives of tickets tell nothing: see the owner's alert.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from triagewire.measures.life import Life
from triagewire.trends.chances import LEAST, holds
from triagewire.trends.finding import Finding, Kind
from triagewire.trends.looked import Looked

UNREADABLE_MORE_THAN = 0.01
UNDELIVERED_MORE_THAN = 0.02
TWICE_MORE_THAN = 0.05
LEAST_BEFORE = 10
"""Messages of a source in the period before, for its silence to mean something."""


def failing_senders(looked: Looked) -> Iterator[Finding]:
    """Sources whose messages cannot be read, or to whose requesters nothing gets through."""
    came: dict[str, list[Life]] = defaultdict(list)
    for life in looked.every:
        if looked.happened(life.received_at):
            came[life.source].append(life)
    for source, of in sorted(came.items()):
        unreadable = [life for life in of if life.unreadable]
        if holds(len(unreadable), len(of), UNREADABLE_MORE_THAN):
            yield looked.finding(
                Kind.UNREADABLE,
                (source,),
                f"Signed messages of {source} that could not be read",
                unreadable,
                of=len(of),
                suggestion="See what they have in common (triagewire quarantine list), mend the "
                "sender or the options of the source, and read them again (docs/quarantine.md).",
            )
        undelivered = [life for life in of if life.undelivered]
        if holds(len(undelivered), len(of), UNDELIVERED_MORE_THAN):
            yield looked.finding(
                Kind.UNDELIVERED,
                (source,),
                f"Replies to requesters of {source} that did not get through",
                undelivered,
                of=len(of),
                suggestion="See why by code (triagewire replies list), and whether that source "
                "gives addresses that nobody checks.",
            )


def silent_senders(looked: Looked) -> Iterator[Finding]:
    """Sources of the policy that gave messages in the period before, and none in this one."""
    before = Counter(
        life.source
        for life in looked.every
        if life.received_at and looked.earlier <= life.received_at < looked.begins
    )
    now = {life.source for life in looked.every if looked.happened(life.received_at)}
    for source in sorted(looked.site.sources):
        if source not in now and before[source] >= LEAST_BEFORE:
            yield looked.finding(
                Kind.SILENT,
                (source,),
                f"Nothing came by {source}, which gave {before[source]} messages the period before",
                n=before[source],
                suggestion=f"Ask who sends by {source} whether it still does; the source's "
                "silent_after_minutes tells its owner the same day.",
            )


def duplicates(looked: Looked) -> Iterator[Finding]:
    """Sources whose tickets are merged into those of another one: the same need, said twice."""
    known = {life.ticket: life for life in looked.every}
    came: Counter[str] = Counter()
    merged: dict[tuple[str, str], list[Life]] = defaultdict(list)
    for life in looked.every:
        if not looked.happened(life.received_at):
            continue
        came[life.source] += 1
        if survivor := known.get(life.merged_into):
            merged[life.source, survivor.source].append(life)
    for (source, other), twice in sorted(merged.items()):
        if len(twice) >= LEAST and holds(len(twice), came[source], TWICE_MORE_THAN):
            yield looked.finding(
                Kind.DUPLICATES,
                (source, other),
                f"Came by {source} and said what a ticket by {other} had said",
                twice,
                of=came[source],
                suggestion="Say at once that the first message has come and by when it is answered "
                "(docs/automatic-texts.md): who hears nothing writes again.",
            )
