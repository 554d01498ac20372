"""The rule sets as values, and the door through which policy data becomes them.

`rules_from` takes plain data (what YAML or JSON gives): a mapping from part name to part. A part named
`clinical`, `administrative`, `it` or `language` belongs to that set; so does `clinical-anything`, which lets
a set be spread over several readable files. A part may have `concepts`, `measures`, `rules` (by rule id), and
`language` has its own sections. Errors name the rule id and the field, never a patient's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from triagewire.errors import PolicyError
from triagewire.scoring.patterns import PatternSyntaxError, Pattern, expand, is_pattern, parse
from triagewire.verdict import RuleSet

TEAMS = (
    "clinical",
    "billing",
    "scheduling",
    "portal",
    "it_access",
    "it_endpoint",
    "it_application",
    "it_ehr",
)
_RULE_FIELDS = frozenset(
    "reason source score topic team when urgent unless doubt weak crisis weight voice enabled".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `when` holds patterns of which one must match; `urgent` those that lift the score to 3.

    `doubt` asks for review at the clock of a 5; `unless` (allowed only there) names what settles that doubt; `weak` is evidence that only counts where nothing else is said;
    `crisis` marks self-harm, violence, overdose and abuse; `voice` limits the rule to staff or patients.
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
    weak: bool = False
    crisis: bool = False
    weight: float = 2.0
    voice: str | None = None


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
class SetRules:
    """One rule set with the concepts and measures that it alone uses."""

    name: RuleSet
    concepts: Mapping[str, Concept] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How people write, whatever they need: cues of assertion, contractions, irregular forms, protected words."""

    cues: Mapping[str, Concept] = field(default_factory=dict)
    contractions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    fillers: frozenset[str] = frozenset()
    quantities: Mapping[str, frozenset[str]] = field(default_factory=dict)
    misspellings: Mapping[str, str] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
    markers: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything scoring needs to know that a group may change."""

    clinical: SetRules
    administrative: SetRules
    it: SetRules
    language: Language


class _Reader:
    """Reads plain data and gathers every problem, so that an administrator sees them all at once."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def problem(self, where: str, what: str) -> None:
        self.problems.append(f"{where}: {what}")

    def mapping(self, value: object, where: str) -> Mapping[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.problem(where, "must be a mapping")
            return {}
        return value

    def texts(self, value: object, where: str) -> tuple[str, ...]:
        if value is None:
            return ()
        items = value.split() if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(
            isinstance(item, str | int | float) for item in items
        ):
            self.problem(where, "must be a list of texts")
            return ()
        return tuple(str(item) for item in items)

    def number(self, value: object, where: str, default: float) -> float:
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.problem(where, "must be a number")
            return default
        return float(value)

    def concept(self, value: object, where: str) -> Concept:
        if isinstance(value, list | tuple | str):
            return Concept(en=self._phrases(value, where))
        data = self.mapping(value, where)
        for key in data.keys() - {"en", "es"}:
            self.problem(f"{where}.{key}", "is not a language that rules can use")
        return Concept(
            en=self._phrases(data.get("en"), f"{where}.en"),
            es=self._phrases(data.get("es"), f"{where}.es"),
        )

    def _phrases(self, value: object, where: str) -> tuple[str, ...]:
        items = [line.strip() for line in value.split(",")] if isinstance(value, str) else value
        texts = tuple(text for text in self.texts(items, where) if text)
        for index, text in enumerate(texts):
            self.check(text, f"{where}[{index}]")
        return texts

    def check(self, text: str, where: str) -> Pattern | None:
        try:
            if is_pattern(text):
                return parse(text)
            expand(text)
        except PatternSyntaxError as error:
            self.problem(where, str(error))
        return None

    def measure(self, value: object, where: str) -> Measure:
        data = self.mapping(value, where)
        low = self.number(data.get("min"), f"{where}.min", float("-inf"))
        high = self.number(data.get("max"), f"{where}.max", float("inf"))
        return Measure(quantity=str(data.get("quantity", "")), minimum=low, maximum=high)

    def rule(self, value: object, rule_id: str, name: RuleSet) -> Rule | None:
        where = f"{name.value}.{rule_id}"
        data = self.mapping(value, where)
        if data.get("enabled") is False:
            return None
        for key in data.keys() - _RULE_FIELDS:
            self.problem(f"{where}.{key}", "is not a field of a rule")
        for key in ("reason", "topic", "when"):
            if not data.get(key):
                self.problem(f"{where}.{key}", "is missing")
        low, high = {RuleSet.CLINICAL: (4, 5)}.get(name, (1, 3))
        score = self.number(data.get("score"), f"{where}.score", float(high))
        if not low <= score <= high:
            self.problem(f"{where}.score", f"must be {low} to {high} in this rule set")
        team = str(data.get("team", "clinical" if name is RuleSet.CLINICAL else ""))
        if team not in TEAMS:
            self.problem(f"{where}.team", "is not a team")
        if data.get("unless") and not data.get("doubt"):
            self.problem(
                f"{where}.unless",
                "is allowed only beside doubt: nothing switches off an urgent rule",
            )
        if data.get("voice") not in (None, "staff", "patient"):
            self.problem(f"{where}.voice", "must be staff or patient")
        return Rule(
            id=rule_id,
            reason=str(data.get("reason", "")),
            score=int(score),
            topic=str(data.get("topic", "")),
            team=team,
            when=self._phrases(data.get("when"), f"{where}.when"),
            source=str(data.get("source", "")),
            urgent=self._phrases(data.get("urgent"), f"{where}.urgent"),
            unless=self._phrases(data.get("unless"), f"{where}.unless"),
            doubt=bool(data.get("doubt", False)),
            weak=bool(data.get("weak", False)),
            crisis=bool(data.get("crisis", False)),
            weight=self.number(data.get("weight"), f"{where}.weight", 2.0),
            voice=data.get("voice"),
        )

    def rule_set(self, parts: list[Mapping[str, Any]], name: RuleSet) -> SetRules:
        sections = {
            key: self._joined(parts, key, name.value) for key in ("concepts", "measures", "rules")
        }
        concepts = {
            key: self.concept(value, f"{name.value}.concepts.{key}")
            for key, value in sections["concepts"].items()
        }
        measures = {
            key: self.measure(value, f"{name.value}.measures.{key}")
            for key, value in sections["measures"].items()
        }
        rules = [self.rule(value, key, name) for key, value in sections["rules"].items()]
        found = SetRules(
            name=name,
            concepts=concepts,
            measures=measures,
            rules=tuple(rule for rule in rules if rule),
        )
        self._references(found)
        return found

    def _joined(self, parts: list[Mapping[str, Any]], section: str, where: str) -> dict[str, Any]:
        joined: dict[str, Any] = {}
        for part in parts:
            for key, value in self.mapping(part.get(section), f"{where}.{section}").items():
                if key in joined:
                    self.problem(f"{where}.{section}.{key}", "is defined twice")
                joined[str(key)] = value
        return joined

    def _references(self, found: SetRules) -> None:
        known = found.concepts.keys() | found.measures.keys()
        uses = [
            (f"{found.name.value}.{rule.id}.when", text)
            for rule in found.rules
            for text in (*rule.when, *rule.urgent)
        ]
        uses += [
            (f"{found.name.value}.concepts.{key}", text)
            for key, c in found.concepts.items()
            for text in (*c.en, *c.es)
        ]
        for where, text in uses:
            if not is_pattern(text):
                continue
            try:
                names = [
                    term.name for group in parse(text) for term in group.terms if not term.literal
                ]
            except PatternSyntaxError:
                continue
            for name in names:
                if name not in known:
                    self.problem(
                        where, f"names the concept {name!r}, which this rule set does not have"
                    )

    def language(self, parts: list[Mapping[str, Any]]) -> Language:
        joined = {key: value for part in parts for key, value in part.items()}
        cues = self.mapping(joined.get("cues"), "language.cues")
        contractions = self.mapping(joined.get("contractions"), "language.contractions")
        quantities = self.mapping(joined.get("quantities"), "language.quantities")
        markers = self.mapping(joined.get("markers"), "language.markers")
        return Language(
            cues={key: self.concept(value, f"language.cues.{key}") for key, value in cues.items()},
            contractions={
                str(key): tuple(str(value).split()) for key, value in contractions.items()
            },
            forms=self._inverted(joined.get("forms"), "language.forms"),
            fillers=frozenset(self.texts(joined.get("fillers"), "language.fillers")),
            quantities={
                key: frozenset(self.texts(value, f"language.quantities.{key}"))
                for key, value in quantities.items()
            },
            misspellings=self._inverted(joined.get("misspellings"), "language.misspellings"),
            protected=frozenset(self.texts(joined.get("protected"), "language.protected")),
            markers={
                key: frozenset(self.texts(value, f"language.markers.{key}"))
                for key, value in markers.items()
            },
        )

    def _inverted(self, value: object, where: str) -> dict[str, str]:
        """`{swell: "swollen swole"}` → `{"swollen": "swell", "swole": "swell"}`."""
        data = self.mapping(value, where)
        return {
            form: str(key)
            for key, forms in data.items()
            for form in self.texts(forms, f"{where}.{key}")
        }


def rules_from(data: Mapping[str, Any]) -> Rules:
    """Build the rules from plain data. Raises PolicyError with every problem found."""
    reader = _Reader()
    parts: dict[str, list[Mapping[str, Any]]] = {
        "clinical": [],
        "administrative": [],
        "it": [],
        "language": [],
    }
    for name in sorted(data):
        kind = name.partition("-")[0]
        if kind not in parts:
            reader.problem(name, "is not a rule set")
        else:
            parts[kind].append(reader.mapping(data[name], name))
    rules = Rules(
        clinical=reader.rule_set(parts["clinical"], RuleSet.CLINICAL),
        administrative=reader.rule_set(parts["administrative"], RuleSet.ADMINISTRATIVE),
        it=reader.rule_set(parts["it"], RuleSet.IT),
        language=reader.language(parts["language"]),
    )
    if reader.problems:
        raise PolicyError(tuple(reader.problems))
    return rules
