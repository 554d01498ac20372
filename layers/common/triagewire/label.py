"""A label: what scoring said of a ticket and what a person said of it. No words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from triagewire.ledger.event import Detail
from triagewire.verdict import Urgency, Verdict


class Basis(StrEnum):
    """Why a person decided as they did. A code, because free text could carry PHI into a label."""

    AS_SCORED = "as_scored"
    WORDS_MISREAD = "words_misread"
    DANGER_MISSED = "danger_missed"
    DENIED_OR_PAST = "denied_or_past"
    OTHER_PERSON = "other_person"
    RECORD_SAYS_MORE = "record_says_more"
    SPOKE_WITH_REQUESTER = "spoke_with_requester"
    INTERPRETED = "interpreted"
    LOOKED_AT_FILE = "looked_at_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One decision of a person: `scored_*` is what stood, the rest what `by` said at `at`. It ended
    a review, or (not `reviewed`) put right what nobody had doubted.

    `rules` are the ids behind the verdict, `policy_version` the version it was decided under and
    `language` that of the words ("" for English). It is kept for measuring and for training.
    """

    ticket_id: str
    site: str
    at: datetime
    by: str
    scored: Urgency
    candidate: Urgency
    scored_topic: str
    scored_team: str
    rules: tuple[str, ...]
    language: str
    policy_version: int
    score: Urgency
    topic: str
    team: str
    basis: Basis | None = None
    reviewed: bool = True

    @property
    def urgent(self) -> bool:
        """Whether the person found what review had feared."""
        return self.score is Urgency.CLINICAL_URGENT

    @property
    def team_agrees(self) -> bool:
        """Whether scoring had named the team."""
        return self.scored_team == self.team

    @property
    def topic_agrees(self) -> bool:
        """Whether scoring had named the topic."""
        return self.scored_topic == self.topic

    def detail(self) -> dict[str, Detail]:
        """The same for the ledger, whose event has who, when and the policy version."""
        return {
            "scored": int(self.scored),
            "candidate": int(self.candidate),
            "scored_topic": self.scored_topic,
            "scored_team": self.scored_team,
            "rules": list(self.rules),
            "language": self.language,
            "score": int(self.score),
            "topic": self.topic,
            "team": self.team,
            "basis": self.basis.value if self.basis else None,
        }


def rules_of(verdict: Verdict) -> tuple[str, ...]:
    """The ids of the rules behind a verdict, each once, in order."""
    return tuple(dict.fromkeys(reason.rule for reason in verdict.reasons))
