"""What scoring says about one message, and why."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Urgency(IntEnum):
    """The urgency score: a higher number means that a person must look sooner."""

    SELF_SERVE = 1
    ADMINISTRATIVE_STANDARD = 2
    ADMINISTRATIVE_URGENT = 3
    CLINICAL_STANDARD = 4
    CLINICAL_URGENT = 5


class RuleSet(StrEnum):
    """The independent rule sets. None can change what another one says."""

    CLINICAL = "clinical"
    ADMINISTRATIVE = "administrative"
    IT = "it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that moved the verdict. `text_span` is the words that matched: PHI, so only the
    ticket holds it. `why` says in plain words what the rule looks for, `source` where that is from.
    """

    rule: str
    set: RuleSet
    text_span: str
    effect: str
    source: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One need found in a message: a mixed message has a leading need and others that become linked
    tickets.
    """

    score: Urgency
    topic: str
    team: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The leading need, how sure scoring is (0..1), and whether a person must look first.

    `candidate` is the highest urgency in doubt: a review runs on the candidate's clock, so doubt
    never costs time. `others` are further needs of the same message, each of another rule set.
    `crisis` marks self-harm, violence, overdose and abuse. `language` is the one the message is in
    where that is not English (BCP 47, `und` when nobody can tell), so that somebody who reads it
    gets it. `unknown` names what scoring would have asked the record and was not told: absence
    lowers nothing, and whoever reads the verdict should know of it. `assistant` is what asking the
    optional assistant came to, `""` where it was not asked. `missing` names the critical fields of
    a staff request that neither its form nor its words hold.
    """

    score: Urgency
    topic: str
    team: str
    confidence: float
    review: bool
    candidate: Urgency
    reasons: tuple[Reason, ...] = ()
    others: tuple[Need, ...] = ()
    crisis: bool = False
    language: str = ""
    unknown: tuple[str, ...] = ()
    assistant: str = ""
    missing: tuple[str, ...] = ()
