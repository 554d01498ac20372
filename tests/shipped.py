"""The shipped rules, and some others, compiled and asked once for all tests of a process.

They are values and keep no state between messages: what one test was told holds for the next.
"""

from collections import deque
from functools import cache

from triagewire.policy.gate.runs import Scorer
from triagewire.policy.load import default_rules
from triagewire.scoring.rulebook import Rules
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import Engine, build_engine

MOST_KEPT = 6
"""Engines are large."""


@cache
def shipped_rules() -> Rules:
    """The shipped rules as values."""
    return rules_from(default_rules())


_engines: deque[Engine] = deque(maxlen=MOST_KEPT)
_scorers: deque[Scorer] = deque(maxlen=MOST_KEPT)


def engine_of(rules: Rules) -> Engine:
    """These rules compiled, or the engine that was made for the same ones before."""
    for known in _engines:
        if known.rules == rules:
            return known
    _engines.append(build_engine(rules))
    return _engines[-1]


def scorer_of(rules: Rules) -> Scorer:
    """What the gate makes for these rules, with the verdicts that it was asked for before."""
    for known in _scorers:
        if known.rules == rules:
            return known
    _scorers.append(Scorer(rules))
    return _scorers[-1]


@cache
def shipped_engine() -> Engine:
    """The shipped rules, compiled."""
    return engine_of(shipped_rules())


@cache
def shipped_scorer() -> Scorer:
    """The gate's verdicts by the shipped rules, each ticket scored when it is first asked for."""
    return scorer_of(shipped_rules())
