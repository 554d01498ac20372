"""`triagewire score`: score messages from stdin as JSON lines, without AWS.

The field names in and out are a contract: evaluations script on them.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from triagewire.arrival import PatientContext
from triagewire.errors import InvalidFieldError
from triagewire.policy.load import default_rules, load
from triagewire.scoring.rules import Rules, rules_from
from triagewire.scoring.score import Engine, build_engine, score
from triagewire.scoring.subject import ScoringInput, Voice
from triagewire.verdict import Verdict

DEFAULTS_VERSION = "defaults"
_HISTORY = ("history", "pmh")
_LISTS = ("conditions", "medications", "recent_procedures")


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
        data = _mapping(_json(line), "line")
        verdict = score(_subject(data), engine)
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
        "reasons": [
            {
                "rule": reason.rule,
                "set": reason.set.value,
                "text_span": reason.text_span,
                "effect": reason.effect,
            }
            for reason in verdict.reasons
        ],
        "others": [
            {"score": int(need.score), "team": need.team, "topic": need.topic}
            for need in verdict.others
        ],
    }


def _subject(data: Mapping[str, Any]) -> ScoringInput:
    context = _mapping(data.get("context") or {}, "context")
    onset = _text(context, "onset", "context.onset")
    return ScoringInput(
        text=_required_text(data),
        subject=_text(data, "subject"),
        voice=_voice(data),
        language=_text(data, "lang") or None,
        channel=_text(data, "channel") or None,
        context=_context(context),
        request_type=_text(data, "request_type") or None,
        speech=_number(data.get("speech"), "speech"),
        intake=(onset,) if onset else (),
        now=_moment(data.get("now"), "now"),
    )


def _context(data: Mapping[str, Any]) -> PatientContext:
    history = tuple(text for key in _HISTORY if (text := _text(data, key, f"context.{key}")))
    conditions, medications, procedures = (_texts(data, key) for key in _LISTS)
    years, worded = _age(data.get("age"))
    return PatientContext(
        age_years=years,
        conditions=conditions + history + worded,
        medications=medications,
        recent_procedures=procedures,
        pregnant=_flag(data.get("pregnant"), "context.pregnant"),
        next_appointment=_moment(data.get("next_appointment"), "context.next_appointment"),
    )


def _age(value: object) -> tuple[float | None, tuple[str, ...]]:
    """Years, or words that hold an age ("6 months") for the rules to read."""
    worded = isinstance(value, str) and any(char.isdigit() for char in value)
    if isinstance(value, str) and worded and not value.strip().replace(".", "", 1).isdigit():
        return None, (f"{value} old",)
    return _number(value, "context.age"), ()


def _json(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise InvalidFieldError("line", "is not JSON") from None


def _mapping(value: object, field: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidFieldError(field, "must be an object")
    return value


def _required_text(data: Mapping[str, Any]) -> str:
    if "text" not in data:
        raise InvalidFieldError("text", "is missing")
    if not isinstance(data["text"], str):
        raise InvalidFieldError("text", "must be a text")
    return data["text"]


def _text(data: Mapping[str, Any], key: str, field: str = "") -> str:
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise InvalidFieldError(field or key, "must be a text")
    return value or ""


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidFieldError(f"context.{key}", "must be a list of texts")
    return tuple(value)


def _voice(data: Mapping[str, Any]) -> Voice:
    match data.get("voice"):
        case None | "patient":
            return "patient"
        case "staff":
            return "staff"
        case _:
            raise InvalidFieldError("voice", "must be patient or staff")


def _number(value: object, field: str) -> float | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise InvalidFieldError(field, "must be a number")
    try:
        return float(value)
    except ValueError:
        raise InvalidFieldError(field, "must be a number") from None


def _flag(value: object, field: str) -> bool:
    if value is not None and not isinstance(value, bool):
        raise InvalidFieldError(field, "must be true or false")
    return bool(value)


def _moment(value: object, field: str) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidFieldError(field, "must be an ISO 8601 time")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidFieldError(field, "must be an ISO 8601 time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
