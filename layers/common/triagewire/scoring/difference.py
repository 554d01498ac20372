"""What two policies say of the same message, held against each other: for backtests and shadows."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from triagewire.verdict import Urgency, Verdict


class Kind(StrEnum):
    """How the second verdict differs from the first, the worst first."""

    LOWERED = "no longer urgent"
    UNSEEN = "no longer reviewed"
    FELL = "lower score"
    RAISED = "now urgent"
    REVIEWED = "now reviewed"
    ROSE = "higher score"
    TEAM = "other team"
    QUEUE = "other queue"
    TOPIC = "other topic"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What of a verdict may be kept apart from its ticket: nothing of the words. `queue` is where
    the site's routing puts it, "" where nobody asked.
    """

    score: int
    review: bool
    team: str
    topic: str
    rules: tuple[str, ...]
    queue: str = ""

    def __str__(self) -> str:
        elsewhere = self.queue and not self.review and self.queue != self.team
        return (
            f"{self.score} {self.team}/{self.topic}{' review' if self.review else ''}"
            f"{f' in {self.queue}' if elsewhere else ''}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One message under two policies."""

    kind: Kind
    before: Brief
    after: Brief

    @property
    def gained(self) -> tuple[str, ...]:
        """Rules that only the second policy found."""
        return tuple(rule for rule in self.after.rules if rule not in self.before.rules)

    @property
    def lost(self) -> tuple[str, ...]:
        """Rules that only the first policy found."""
        return tuple(rule for rule in self.before.rules if rule not in self.after.rules)


def difference(before: Verdict, after: Verdict, queues: tuple[str, str] = ("", "")) -> Difference:
    """How a verdict would change, and the queue before and after where both are known; `kind` is
    the gravest of all that changed.
    """
    was, now = queues
    kind = _kind(before, after)
    if kind in (Kind.TOPIC, Kind.SAME) and was and now and was != now:
        kind = Kind.QUEUE
    return Difference(kind=kind, before=brief(before, was), after=brief(after, now))


def brief(verdict: Verdict, queue: str = "") -> Brief:
    """A verdict without any words of the message."""
    return Brief(
        score=int(verdict.score),
        review=verdict.review,
        team=verdict.team,
        topic=verdict.topic,
        rules=tuple(dict.fromkeys(reason.rule for reason in verdict.reasons)),
        queue=queue,
    )


def counted(found: Iterable[Difference]) -> dict[Kind, int]:
    """How many differences there are of each kind, in the order of gravity."""
    totals = dict.fromkeys(Kind, 0)
    for each in found:
        totals[each.kind] += 1
    return totals


def _kind(before: Verdict, after: Verdict) -> Kind:
    urgent = Urgency.CLINICAL_URGENT
    was, now = before.score is urgent, after.score is urgent
    found = (
        (was and not now, Kind.LOWERED),
        (before.review and not (after.review or now), Kind.UNSEEN),
        (now and not was, Kind.RAISED),
        (after.score < before.score, Kind.FELL),
        (after.review and not before.review, Kind.REVIEWED),
        (after.score > before.score, Kind.ROSE),
        (before.team != after.team, Kind.TEAM),
        (before.topic != after.topic, Kind.TOPIC),
    )
    return next((kind for holds, kind in found if holds), Kind.SAME)
