"""`triagewire score`: score messages from stdin as JSON lines, without AWS.

The field names in and out are a contract: evaluations script on them.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from ops.subjects import line_of, subject_of
from triagewire.errors import InvalidFieldError
from triagewire.policy.load import default_rules, load
from triagewire.scoring.rules import Rules, rules_from
from triagewire.scoring.score import Engine, build_engine, score
from triagewire.verdict import Verdict

DEFAULTS_VERSION = "defaults"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    parser.add_argument(
        "--policy", type=Path, metavar="DIR", help="a policy directory; the shipped rules if absent"
    )


def run(args: argparse.Namespace) -> int:
    """Answer every line of stdin with one line: 0 even when single lines were unusable."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # half a surrogate pair ends nothing
    directory: Path | None = args.policy
    data = load(directory).policy.rules if directory else default_rules()
    version = directory.resolve().name if directory else DEFAULTS_VERSION
    for line in score_lines(sys.stdin, rules_from(data), version):
        print(line)
    return 0


def score_lines(lines: Iterable[str], rules: Rules, policy_version: str) -> Iterator[str]:
    """One JSON line for each line that is not blank; a bad one becomes `{"id"?, "error"}`.

    An error names the field and never its value; scoring goes on with the next line.
    """
    engine = build_engine(rules)
    for line in lines:
        if line.strip():
            yield json.dumps(_answer(line, engine, policy_version), ensure_ascii=False)


def _answer(line: str, engine: Engine, policy_version: str) -> dict[str, Any]:
    data: Mapping[str, Any] = {}
    try:
        data = line_of(line)
        verdict = score(subject_of(data), engine)
    except InvalidFieldError as problem:
        known = {"id": data["id"]} if isinstance(data.get("id"), str | int) else {}
        return {**known, "error": str(problem)}
    return {"id": data.get("id"), **_verdict(verdict), "policy_version": policy_version}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "score": int(verdict.score),
        "team": verdict.team,
        "topic": verdict.topic,
        "review": verdict.review,
        "confidence": verdict.confidence,
        "candidate": int(verdict.candidate),
        "crisis": verdict.crisis,
        "language": verdict.language,
        "reasons": [
            {
                "rule": reason.rule,
                "set": reason.set.value,
                "text_span": reason.text_span,
                "effect": reason.effect,
                "why": reason.why,
                "source": reason.source,
            }
            for reason in verdict.reasons
        ],
        "others": [
            {"score": int(need.score), "team": need.team, "topic": need.topic}
            for need in verdict.others
        ],
    }
