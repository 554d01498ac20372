"""How much faster a whole verdict is than a loop of `re` over the same phrases, and how it grows.

The loop only finds phrases: no spelling, no negation, no concepts, no numbers, one language. Also
shown: what making the engine costs beside one verdict, as a cold start pays it once.

    python -m bench.score
"""

import argparse
import re
import sys
import time
from collections.abc import Callable

from bench.paired import Ratio, compare
from triagewire.policy.load import default_rules
from triagewire.scoring.patterns import expand, is_pattern
from triagewire.scoring.rules import Rules, rules_from
from triagewire.scoring.score import Engine, build_engine, score
from triagewire.scoring.subject import ScoringInput

LEAST_TIMES_FASTER = 25.0
MOST_GROWTH = 5.0
"""For four times the length."""
SENTENCES = (
    "I have had a sore throat since Monday and my ears feel a bit cloged.",
    "My daughter is fine, no fever, no rash, and she is eating and drinking well.",
    "Could you also refill my blood presure pills and send them to the pharmacy on Main Street?",
    "I was charged twice for the visit in March and nobody has called me back about the bill.",
    "My knee still aches after the fall on the stairs two weeks ago, but I can walk on it.",
    "Please let me know whether I should come in or wait for the appointment next Thursday.",
    "My mother had a stroke in 2015, so I worry, but I do not have any chest pain now.",
)
"""About a hundred words, ordinary, with two misspellings and three negations."""


def main(arguments: list[str] | None = None) -> int:
    """Print the ratios; exit code 1 when one is outside its limit."""
    parser = argparse.ArgumentParser(prog="bench.score", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7, help="paired rounds of each ratio")
    rounds = parser.parse_args(arguments).rounds

    rules = rules_from(default_rules())
    engine = build_engine(rules)
    faster = than_a_loop(engine, rules, rounds)
    growth = four_times_the_length(engine, rounds)
    building = the_engine(engine, rules, rounds)
    print(f"a verdict on 100 words: {faster} x faster than a loop of re over the phrases")
    print(f"four times the length: {growth} x the cost")
    print(f"making the engine: {building} x the cost of one verdict, once per cold start")
    return 0 if faster.middle >= LEAST_TIMES_FASTER and growth.middle <= MOST_GROWTH else 1


def than_a_loop(engine: Engine, rules: Rules, rounds: int) -> Ratio:
    """The cost of the loop over that of a verdict."""
    message = " ".join(SENTENCES)
    patterns = [re.compile(rf"\b{re.escape(phrase)}\b", re.IGNORECASE) for phrase in phrases(rules)]
    return compare(
        lambda: _seconds(lambda: [pattern.search(message) for pattern in patterns], 1),
        lambda: _seconds(lambda: score(ScoringInput(text=message), engine), 50),
        rounds,
    )


def four_times_the_length(engine: Engine, rounds: int) -> Ratio:
    """The cost of a long message over that of a quarter of it; no sentence comes twice."""
    whole = " ".join(f"{n} {sentence}" for n in range(40) for sentence in SENTENCES)
    quarter = whole[: len(whole) // 4]
    return compare(
        lambda: _seconds(lambda: score(ScoringInput(text=whole), engine), 2),
        lambda: _seconds(lambda: score(ScoringInput(text=quarter), engine), 2),
        rounds,
    )


def the_engine(engine: Engine, rules: Rules, rounds: int) -> Ratio:
    """The cost of compiling the rules over that of one verdict."""
    message = " ".join(SENTENCES)
    return compare(
        lambda: _seconds(lambda: build_engine(rules), 1),
        lambda: _seconds(lambda: score(ScoringInput(text=message), engine), 50),
        rounds,
    )


def phrases(rules: Rules) -> list[str]:
    """Every English phrase of the clinical and administrative sets, written out."""
    return sorted(
        {
            " ".join(word.strip("=*") for word in words)
            for rule_set in (rules.clinical, rules.administrative)
            for concept in rule_set.concepts.values()
            for entry in concept.en
            if not is_pattern(entry)
            for words in expand(entry)
        }
    )


def _seconds(work: Callable[[], object], times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times


if __name__ == "__main__":
    sys.exit(main())
