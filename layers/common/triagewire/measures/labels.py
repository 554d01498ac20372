"""What people said of a ticket, each time beside what scoring had said of it."""

import itertools
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from triagewire.ledger.event import Event
from triagewire.measures.details import number_of, text_of, texts_of

CLINICAL = 4
"""The least urgency of what is clinical."""


class Judged(Struct, kw_only=True, omit_defaults=True):
    """What a person said of a ticket beside what scoring had said: scores 1 to 5. Scoring's part
    stays what it was when a second person puts right what a first one had said.
    """

    at: datetime
    scored: int
    candidate: int
    score: int
    scored_topic: str
    topic: str
    scored_team: str
    team: str
    rules: tuple[str, ...] = ()

    @property
    def under_triaged(self) -> bool:
        """Whether it is clinical, and worse than scoring had said or feared: what was feared stood
        before a person, on the clock of the fear.
        """
        return self.score >= CLINICAL and self.score > max(self.scored, self.candidate)


def judged_of(event: Event, last: Judged | None) -> Judged:
    """What a label says, beside what scoring had said: where `last` made the verdict a person's,
    that is what stands in the label before.
    """
    judged = Judged(
        at=event.at,
        scored=number_of(event, "scored"),
        candidate=number_of(event, "candidate"),
        score=number_of(event, "score"),
        scored_topic=text_of(event, "scored_topic"),
        topic=text_of(event, "topic"),
        scored_team=text_of(event, "scored_team"),
        team=text_of(event, "team"),
        rules=tuple(texts_of(event, "rules")),
    )
    if last is None or last.score != judged.scored:
        return judged
    return replace(
        judged,
        scored=last.scored,
        candidate=last.candidate,
        scored_topic=last.scored_topic,
        scored_team=last.scored_team,
        rules=last.rules,
    )


def raisings(labels: Sequence[Judged]) -> tuple[Judged, ...]:
    """The labels of a ticket that called it more urgent than all before: the first, and any that
    put a first one right upwards. So no need counts twice, and none is hidden by a first decision
    that missed it too.
    """
    highest = [0, *itertools.accumulate((each.score for each in labels), max)]
    return tuple(each for each, before in zip(labels, highest, strict=False) if each.score > before)
