"""The rule sets as values. `rules` builds them from policy data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from triagewire.verdict import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `when` holds patterns of which one must match; `urgent` those that lift the score
    to 3.

    `doubt` asks for review at the clock of a 5; `unless` (allowed only there) names what settles
    that doubt; `likely` marks a red flag that harmless messages name too: alone it needs the words
    around it to bear it out; `weak` is evidence that only counts where nothing else is said;
    `crisis` marks self-harm, violence, overdose and abuse; `voice` limits the rule to staff or
    patients. `points` is what it adds to the safety net, and `evidence` a rule that does nothing
    else; `sign` says that such evidence is something wrong in body or mind, not how it goes or whom
    it befell.
    """

    id: str
    reason: str
    score: int
    topic: str
    team: str
    when: tuple[str, ...]
    source: str = ""
    urgent: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    doubt: bool = False
    likely: bool = False
    weak: bool = False
    crisis: bool = False
    weight: float = 2.0
    voice: str | None = None
    points: float = 0.0
    evidence: bool = False
    sign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A threshold on a quantity: holds when minimum <= value <= maximum."""

    quantity: str
    minimum: float = float("-inf")
    maximum: float = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """The phrases (and patterns) that express one idea, by language."""

    en: tuple[str, ...] = ()
    es: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """From how many points the safety net sends a message to a person, and from how many to a 5;
    `crisis` is the same as `urgent` for signs of a crisis by themselves.
    """

    review: float = 3.0
    urgent: float = 6.5
    crisis: float = 5.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRules:
    """One rule set with the concepts and measures that it alone uses."""

    name: RuleSet
    concepts: Mapping[str, Concept] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    net: Net = field(default_factory=Net)


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How people write, whatever they need: cues of assertion, contractions, irregular forms,
    protected words; `playing_down` holds the words of phrases that carry no weight.
    """

    cues: Mapping[str, Concept] = field(default_factory=dict)
    contractions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    fillers: frozenset[str] = frozenset()
    quantities: Mapping[str, frozenset[str]] = field(default_factory=dict)
    misspellings: Mapping[str, str] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
    markers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    playing_down: frozenset[tuple[str, ...]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """Whether a group hears the second opinion: as a doubt, as bearing out a doubtful danger sign,
    and on nearly equal office teams.
    """

    review: bool = True
    page: bool = True
    teams: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything scoring needs to know that a group may change."""

    clinical: SetRules
    administrative: SetRules
    it: SetRules
    language: Language
    opinion: Opinion = field(default_factory=Opinion)
