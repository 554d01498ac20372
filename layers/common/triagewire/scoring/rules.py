"""The door through which policy data becomes rules.

`rules_from` takes plain data (what YAML or JSON gives): a mapping from part name to part. A part
named `clinical`, `administrative`, `it` or `language` belongs to that set; so does `clinical-
anything`, which lets a set be spread over several readable files. A part may have `concepts`,
`measures` and `rules` (by rule id), a clinical one also `net`; `language` has its own sections. The
part with the plain name comes last and may change or switch off (`enabled: false`) what the others
define: that is where a group's own file goes. Errors name the rule id and the field, never a
patient's words.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from triagewire.errors import PolicyError
from triagewire.scoring.normalise import read
from triagewire.scoring.patterns import PatternSyntaxError, is_pattern, parse
from triagewire.scoring.reading import Reader
from triagewire.scoring.rulebook import (
    Concept,
    Language,
    Measure,
    Net,
    Opinion,
    Rule,
    Rules,
    SetRules,
)
from triagewire.team import TEAMS
from triagewire.verdict import RuleSet

__all__ = ["Concept", "Language", "Measure", "Rule", "Rules", "SetRules", "rules_from"]

SECTIONS = ("concepts", "measures", "rules")
_RULE_FIELDS = frozenset(Rule.__dataclass_fields__) - {"id"} | {"enabled"}
type Part = Mapping[str, Any]


def rules_from(data: Mapping[str, Any]) -> Rules:
    """Build the rules from plain data. Raises PolicyError with every problem found."""
    reader = Reader()
    parts: dict[str, list[Part]] = {name: [] for name in (*RuleSet, "language", "opinion")}
    # The plain name last: "clinical-heart" < "clinical" in this order.
    for name in sorted(data, key=lambda key: (key in parts, key)):
        kind = name.partition("-")[0]
        if kind in parts:
            parts[kind].append(reader.mapping(data[name], name))
        else:
            reader.problem(name, "is not a rule set")
    rules = Rules(
        clinical=_rule_set(reader, parts["clinical"], RuleSet.CLINICAL),
        administrative=_rule_set(reader, parts["administrative"], RuleSet.ADMINISTRATIVE),
        it=_rule_set(reader, parts["it"], RuleSet.IT),
        language=_language(reader, parts["language"]),
        opinion=_opinion(reader, parts["opinion"]),
    )
    if reader.problems:
        raise PolicyError(tuple(reader.problems))
    return rules


def _rule_set(reader: Reader, parts: list[Part], name: RuleSet) -> SetRules:
    sections = {key: _joined(reader, parts, key, name.value) for key in SECTIONS}
    found = SetRules(
        name=name,
        concepts={
            key: reader.concept(value, f"{name.value}.concepts.{key}")
            for key, value in sections["concepts"].items()
        },
        measures={
            key: _measure(reader, value, f"{name.value}.measures.{key}")
            for key, value in sections["measures"].items()
        },
        rules=tuple(
            _rule(reader, data, key, name)
            for key, value in sections["rules"].items()
            if (data := reader.mapping(value, f"{name.value}.{key}")).get("enabled") is not False
        ),
        net=_net(reader, parts, name),
    )
    _check_references(reader, found)
    return found


def _joined(reader: Reader, parts: list[Part], section: str, where: str) -> dict[str, Any]:
    """One section of all parts; the last part may change entries, the others must not meet."""
    joined: dict[str, Any] = {}
    for index, part in enumerate(parts):
        for key, value in reader.mapping(part.get(section), f"{where}.{section}").items():
            old = joined.get(key)
            if old is not None and index < len(parts) - 1:
                reader.problem(f"{where}.{section}.{key}", "is defined twice")
            if old is None and isinstance(value, Mapping) and set(value) == {"enabled"}:
                reader.problem(f"{where}.{key}.enabled", "there is no such rule to switch")
            if isinstance(old, Mapping) and isinstance(value, Mapping):
                joined[str(key)] = {**old, **value}
            else:
                joined[str(key)] = value
    return joined


def _net(reader: Reader, parts: list[Part], name: RuleSet) -> Net:
    """Where the safety net begins. A later part, a group's own, may only begin it sooner."""
    net, where = Net(), f"{name.value}.net"
    for data in (reader.mapping(part["net"], where) for part in parts if "net" in part):
        if name is not RuleSet.CLINICAL:
            reader.problem(where, "belongs to the clinical rules")
        for key in data.keys() - Net.__dataclass_fields__.keys():
            reader.problem(f"{where}.{key}", "is none of review, urgent and crisis")
        net = Net(
            review=_sooner(reader, data.get("review"), f"{where}.review", net.review),
            urgent=_sooner(reader, data.get("urgent"), f"{where}.urgent", net.urgent),
            crisis=_sooner(reader, data.get("crisis"), f"{where}.crisis", net.crisis),
        )
        if net.urgent < net.review:
            reader.problem(f"{where}.urgent", "must not be below review")
    return net


def _sooner(reader: Reader, value: object, where: str, most: float) -> float:
    found = reader.number(value, where, most)
    if not 0 < found <= most:
        reader.problem(where, f"must be above 0 and at most {most:g}, as shipped")
    return found


def _measure(reader: Reader, value: object, where: str) -> Measure:
    data = reader.mapping(value, where)
    for key in data.keys() - {"quantity", "min", "max"}:
        reader.problem(f"{where}.{key}", "is none of quantity, min and max")
    measure = Measure(
        quantity=str(data.get("quantity", "")),
        minimum=reader.number(data.get("min"), f"{where}.min", float("-inf")),
        maximum=reader.number(data.get("max"), f"{where}.max", float("inf")),
    )
    if measure.minimum > measure.maximum:
        reader.problem(f"{where}.max", "must not be below min: nothing could ever match")
    return measure


def _rule(reader: Reader, data: Part, rule_id: str, name: RuleSet) -> Rule:
    where = f"{name.value}.{rule_id}"
    clinical = name is RuleSet.CLINICAL
    score = reader.number(data.get("score"), f"{where}.score", 5.0 if clinical else 3.0)
    team = str(data.get("team", "clinical" if clinical else ""))
    _check_switches(reader, data, where)
    _check_rule(reader, data, where, low=4 if clinical else 1, high=5 if clinical else 3)
    if team not in TEAMS:
        reader.problem(f"{where}.team", "is not a team")
    return Rule(
        id=rule_id,
        reason=str(data.get("reason", "")),
        score=int(score),
        topic=str(data.get("topic", "")),
        team=team,
        when=reader.phrases(data.get("when"), f"{where}.when"),
        source=str(data.get("source", "")),
        urgent=reader.phrases(data.get("urgent"), f"{where}.urgent"),
        unless=reader.phrases(data.get("unless"), f"{where}.unless"),
        doubt=bool(data.get("doubt", False)),
        likely=bool(data.get("likely", False)),
        weak=bool(data.get("weak", False)),
        crisis=bool(data.get("crisis", False)),
        weight=reader.number(data.get("weight"), f"{where}.weight", 2.0),
        voice=data.get("voice"),
        points=reader.number(data.get("points"), f"{where}.points", 0.0),
        evidence=bool(data.get("evidence", False)),
        sign=bool(data.get("sign", False)),
    )


def _check_switches(reader: Reader, data: Part, where: str) -> None:
    for key in ("enabled", "doubt", "likely", "weak", "crisis", "evidence", "sign"):
        if not isinstance(data.get(key, False), bool):
            reader.problem(f"{where}.{key}", "must be true or false")
    if data.get("sign") and not data.get("evidence"):
        reader.problem(f"{where}.sign", "needs evidence")
    if data.get("likely") and (data.get("score", 5) != 5 or data.get("doubt")):
        reader.problem(f"{where}.likely", "needs a red flag: a clinical rule of score 5")


def _check_rule(reader: Reader, data: Part, where: str, *, low: int, high: int) -> None:
    score = data.get("score", high)
    for key in data.keys() - _RULE_FIELDS:
        reader.problem(f"{where}.{key}", "is not a field of a rule")
    for key in ("reason", "topic", "when"):
        if not data.get(key):
            reader.problem(f"{where}.{key}", "is missing")
    if isinstance(score, int | float) and not low <= score <= high:
        reader.problem(f"{where}.score", f"must be {low} to {high} in this rule set")
    if data.get("unless") and not (data.get("doubt") or data.get("evidence")):
        reader.problem(f"{where}.unless", "needs doubt: nothing switches off an urgent rule")
    if data.get("points") and (high != 5 or score != 4):
        reader.problem(f"{where}.points", "needs a clinical rule of score 4")
    if data.get("voice") not in (None, "staff", "patient"):
        reader.problem(f"{where}.voice", "must be staff or patient")


def _check_references(reader: Reader, found: SetRules) -> None:
    known = found.concepts.keys() | found.measures.keys()
    for where, text in _patterns(found):
        try:
            groups = parse(text)
        except PatternSyntaxError:
            continue  # already reported where the phrase was read
        for name in (t.name for group in groups for t in group.terms if not t.literal):
            if name not in known:
                reader.problem(where, f"the concept {name!r} is not in this rule set")


def _patterns(found: SetRules) -> Iterator[tuple[str, str]]:
    set_name = found.name.value
    for rule in found.rules:
        for text in (*rule.when, *rule.urgent, *rule.unless):
            if is_pattern(text):
                yield f"{set_name}.{rule.id}.when", text
    for key, concept in found.concepts.items():
        for text in (*concept.en, *concept.es):
            if is_pattern(text):
                yield f"{set_name}.concepts.{key}", text


def _opinion(reader: Reader, parts: list[Part]) -> Opinion:
    joined = {key: value for part in parts for key, value in part.items()}
    for key, value in joined.items():
        if key not in Opinion.__dataclass_fields__:
            reader.problem(f"opinion.{key}", "is none of review, page and teams")
        elif not isinstance(value, bool):
            reader.problem(f"opinion.{key}", "must be true or false")
    return Opinion(**{key: joined.get(key) is not False for key in Opinion.__dataclass_fields__})


def _language(reader: Reader, parts: list[Part]) -> Language:
    joined = {key: value for part in parts for key, value in part.items()}
    cues = reader.mapping(joined.get("cues"), "language.cues")
    opened = reader.mapping(joined.get("contractions"), "language.contractions")
    contractions = {str(key): tuple(str(value).split()) for key, value in opened.items()}
    return Language(
        cues={key: reader.concept(value, f"language.cues.{key}") for key, value in cues.items()},
        contractions=contractions,
        forms=reader.inverted(joined.get("forms"), "language.forms"),
        fillers=frozenset(reader.texts(joined.get("fillers"), "language.fillers")),
        quantities=reader.sets(joined.get("quantities"), "language.quantities"),
        misspellings=reader.inverted(joined.get("misspellings"), "language.misspellings"),
        protected=frozenset(reader.texts(joined.get("protected"), "language.protected")),
        markers=reader.sets(joined.get("markers"), "language.markers"),
        playing_down=frozenset(
            read(text, contractions).words
            for text in reader.texts(joined.get("playing_down"), "language.playing_down")
        ),
    )
