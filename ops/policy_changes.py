"""What differs between two policies, in lines for people; the rules by id, the rest by field."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from triagewire.policy.model import Policy
from triagewire.scoring.rulebook import Concept, Measure, Rule, Rules, SetRules
from triagewire.scoring.rules import rules_from

MOST_WORDS = 6
"""Phrases of a change that are shown; of more, how many."""


def changes_of(before: Policy, after: Policy) -> list[str]:
    """Every difference of two policies, sites first; empty when there is none."""
    lines = [] if before.group == after.group else [f"group: {before.group} → {after.group}"]
    lines += _fields(_plain(before.sites), _plain(after.sites), "sites")
    return lines + changes_of_rules(rules_from(before.rules), rules_from(after.rules))


def changes_of_rules(before: Rules, after: Rules) -> list[str]:
    """What differs in the rule sets and in the language file."""
    lines: list[str] = []
    for name in ("clinical", "administrative", "it"):
        lines += _rule_set(getattr(before, name), getattr(after, name))
    lines += _fields(_plain(before.language), _plain(after.language), "language")
    return lines


def _rule_set(before: SetRules, after: SetRules) -> Iterator[str]:
    name = before.name.value
    rules = {rule.id: rule for rule in before.rules}, {rule.id: rule for rule in after.rules}
    yield from _fields(_by_id(rules[0]), _by_id(rules[1]), f"{name} rule ")
    yield from _fields(_by_id(before.concepts), _by_id(after.concepts), f"{name} concept ")
    yield from _fields(_by_id(before.measures), _by_id(after.measures), f"{name} measure ")


def _by_id(found: Mapping[str, Rule] | Mapping[str, Concept] | Mapping[str, Measure]) -> Any:  # noqa: ANN401
    return {key: _plain(value) for key, value in found.items()}


def _plain(value: object) -> Any:  # noqa: ANN401
    return msgspec.to_builtins(value, str_keys=True, builtin_types=(frozenset,))


def _fields(before: Any, after: Any, place: str) -> Iterator[str]:  # noqa: ANN401
    """One line for each field that differs, wherever in the tree it stands."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            inner = f"{place}{name}" if place.endswith(" ") else f"{place}.{name}"
            if name not in after:
                yield f"{inner}: removed"
            elif name not in before:
                yield f"{inner}: added"
            else:
                yield from _fields(before[name], after[name], inner)
    elif _is_list(before) and _is_list(after):
        yield from _words(before, after, place)
    else:
        yield f"{place}: {before} → {after}"


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple | set | frozenset)


def _words(before: Any, after: Any, place: str) -> Iterator[str]:  # noqa: ANN401
    old, new = [str(each) for each in before], [str(each) for each in after]
    added, gone = [w for w in new if w not in old], [w for w in old if w not in new]
    for mark, words in (("+", added), ("-", gone)):
        if words:
            more = f" and {len(words) - MOST_WORDS} more" if len(words) > MOST_WORDS else ""
            yield f"{place}: {mark} {', '.join(words[:MOST_WORDS])}{more}"
    if not added and not gone:
        yield f"{place}: in another order"
