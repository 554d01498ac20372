"""The words of a rule as the policy has them: what led there, without a patient's text."""

import re
from collections.abc import Iterable, Iterator

from triagewire.scoring.rulebook import Rule, Rules, SetRules

MOST_PATTERNS = 6
MOST_PHRASES = 6
_CONCEPT = re.compile(r"\{@?([a-z0-9_]+)\}")


def words_of(rule_ids: Iterable[str], rules: Rules) -> tuple[str, ...]:
    """The patterns of rules, and below them what their concepts stand for; a rule that the policy
    has no more has none.
    """
    found = (line for each in rule_ids for line in _words(each, rules))
    return tuple(dict.fromkeys(found))


def rule_of(rule_id: str, rules: Rules) -> tuple[SetRules, Rule] | None:
    """A rule by its id, with the set that it stands in."""
    for known in (rules.clinical, rules.administrative, rules.it):
        for rule in known.rules:
            if rule.id == rule_id:
                return known, rule
    return None


def told_rule(rule_id: str, rules: Rules) -> str:
    """A rule for people: its id and what it looks for."""
    known = rule_of(rule_id, rules)
    return f"{rule_id} ({known[1].reason})" if known and known[1].reason else rule_id


def _words(rule_id: str, rules: Rules) -> Iterator[str]:
    known = rule_of(rule_id, rules)
    if known is None:
        return
    of_set, rule = known
    patterns = rule.when[:MOST_PATTERNS]
    yield f"{rule.id}: {_listed(patterns, len(rule.when))}"
    for name in dict.fromkeys(each for pattern in patterns for each in _CONCEPT.findall(pattern)):
        if concept := of_set.concepts.get(name):
            phrases = (*concept.en, *concept.es)
            yield f"{{{name}}}: {_listed(phrases[:MOST_PHRASES], len(phrases))}"


def _listed(shown: Iterable[str], of: int) -> str:
    listed = [*shown]
    more = f" and {of - len(listed)} more" if of > len(listed) else ""
    return ", ".join(listed) + more
