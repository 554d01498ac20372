"""How long a suggestion takes beside the verdict that it needs anyway, and how often it is right.

The table is in memory: what is left is our own time. Wrong answers and answers that were missed are
counted on the questions of the tests, by the way that a message takes and not that of a suggestion.

    python -m bench.suggest
"""

import argparse
import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import tests.conftest  # noqa: F401 the environment that the functions are given
from bench.paired import Ratio, compare
from local.demo.facts import percentile
from ops.simulation.table import Memory
from tests.template import ROOT
from tests.unit.replies.questions import QUESTIONS
from tests.unit.replies.test_matching import answered
from triagewire.cache import Kept
from triagewire.flow.judge import engine_of
from triagewire.flow.suggesting import Library, suggest
from triagewire.policy.load import load
from triagewire.policy.model import PublishedPolicy
from triagewire.scoring.score import score
from triagewire.scoring.subject import ScoringInput
from triagewire.store.table import Tables

SITE = "mesa"
NOW = datetime(2026, 3, 3, 18, tzinfo=UTC)
MOST_OVER_A_VERDICT = 3.0
"""p95 of a suggestion over p95 of a verdict on the same words."""
MOST_GROWTH = 3.0
"""For a hundred articles in place of five."""
LEAST_RECALL = 0.9


def main(arguments: list[str] | None = None) -> int:
    """Print the ratios and the counts; exit code 1 when one is outside its limit."""
    parser = argparse.ArgumentParser(prog="bench.suggest", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7, help="paired rounds of each ratio")
    rounds = parser.parse_args(arguments).rounds
    logging.disable(logging.CRITICAL)

    few = a_policy(0)
    over = than_a_verdict(few, rounds)
    growth = with_more_articles(few, a_policy(100), rounds)
    right, wrong, wanted = judged_answers()
    print(f"p95 of a suggestion: {over} x that of the verdict in it")
    print(f"a hundred articles more: {growth} x the time")
    print(
        f"{len(QUESTIONS)} questions, {wanted} of them for an article: "
        f"precision {right / max(1, right + wrong):.2f}, recall {right / wanted:.2f}"
    )
    held = over.middle <= MOST_OVER_A_VERDICT and growth.middle <= MOST_GROWTH
    return 0 if held and not wrong and right / wanted >= LEAST_RECALL else 1


def a_policy(more: int) -> PublishedPolicy:
    """The starter policy, at one site with further articles on the topics of the others."""
    policy = load(ROOT / "policy").policy
    site = policy.sites[SITE]
    articles = site.replies.articles
    model = articles["hours"]
    others = {
        f"more-{number}": replace(model, title={"en": f"Room {number}"}, text={"en": f"{number}"})
        for number in range(more)
    }
    replies = replace(site.replies, articles={**articles, **others})
    sites = {**policy.sites, SITE: replace(site, replies=replies)}
    return PublishedPolicy(version=1, policy=replace(policy, sites=sites))


def than_a_verdict(policy: PublishedPolicy, rounds: int) -> Ratio:
    """p95 of suggestions over p95 of verdicts."""
    engine = engine_of(policy)

    def verdict(q: str) -> None:
        score(ScoringInput(text=q, now=NOW), engine)

    def verdicts() -> float:
        return _p95([_timed(lambda q=q: verdict(q)) for q in _asked()])

    return compare(lambda: _suggestions(policy), verdicts, rounds)


def with_more_articles(few: PublishedPolicy, many: PublishedPolicy, rounds: int) -> Ratio:
    """The time of suggestions from many articles over that from few."""
    return compare(lambda: _suggestions(many), lambda: _suggestions(few), rounds)


def judged_answers() -> tuple[int, int, int]:
    """How many questions were answered rightly and wrongly, and how many an article answers."""
    gave = [(answered(each), each.article) for each in QUESTIONS]
    right = sum(bool(given) and given == meant for given, meant in gave)
    wrong = sum(bool(given) and given != meant for given, meant in gave)
    return right, wrong, sum(bool(meant) for _, meant in gave)


def _asked() -> Sequence[str]:
    return [each.text for each in QUESTIONS]


def _suggestions(policy: PublishedPolicy) -> float:
    client: Any = Memory()
    library = Library(
        tables=Tables(client=client, tickets="tickets", ledger="ledger"),
        policy=Kept(lambda: policy, 1e9),
        hash_key=lambda: b"k" * 32,
    )
    events = [_event(q, number) for number, q in enumerate(_asked())]
    return _p95([_timed(lambda event=event: suggest(lambda: library, event)) for event in events])


def _event(q: str, number: int) -> dict[str, Any]:
    return {
        "headers": {},
        "queryStringParameters": {"site": SITE, "q": q},
        "requestContext": {
            "requestTimeEpoch": int(1000 * NOW.timestamp()),
            "identity": {"sourceIp": f"10.0.{number // 250}.{number % 250}"},
        },
    }


def _timed(run: Any) -> float:  # noqa: ANN401
    began = time.process_time()
    run()
    return time.process_time() - began


def _p95(seconds: list[float]) -> float:
    return percentile(seconds, 95)


if __name__ == "__main__":
    sys.exit(main())
