"""The shipped rules, compiled and asked once for all tests of a process.

They are values and keep no state between messages: what one test was told holds for the next.
"""

from functools import cache

from triagewire.policy.gate.runs import Scorer
from triagewire.policy.load import default_rules
from triagewire.scoring.rulebook import Rules
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import Engine, build_engine


@cache
def shipped_rules() -> Rules:
    """The shipped rules as values."""
    return rules_from(default_rules())


@cache
def shipped_engine() -> Engine:
    """The shipped rules, compiled."""
    return build_engine(shipped_rules())


@cache
def shipped_scorer() -> Scorer:
    """The gate's verdicts by the shipped rules, each ticket scored when it is first asked for."""
    return Scorer(shipped_rules())


def engine_of(rules: Rules) -> Engine:
    """These rules compiled; the engine that is there where they are as shipped."""
    return shipped_engine() if rules == shipped_rules() else build_engine(rules)


def scorer_of(rules: Rules) -> Scorer:
    """What the gate would make for these rules; the one that is there where they are as shipped."""
    return shipped_scorer() if rules == shipped_rules() else Scorer(rules)
