"""A verdict drawn for a terminal of 100 columns: the message with its matched words marked, then a
line for every reason, then what it came to.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import Reason, Urgency, Verdict

WIDTH = 100
MARK, PLAIN = ("\033[1;4m", "\033[0m")
NAMES = {
    Urgency.CLINICAL_URGENT: "clinical urgent",
    Urgency.CLINICAL_STANDARD: "clinical standard",
    Urgency.ADMINISTRATIVE_URGENT: "administrative urgent",
    Urgency.ADMINISTRATIVE_STANDARD: "administrative standard",
    Urgency.SELF_SERVE: "self-serve",
}
UNKNOWN = "not known, and lowers nothing"


def drawn(
    subject: ScoringInput, verdict: Verdict, points: Mapping[str, float], *, colour: bool = False
) -> str:
    """The whole drawing. `points` are those of the safety net's rules, by rule id."""
    lines = ["", *_message(subject, verdict, colour=colour), ""]
    for number, reason in enumerate(verdict.reasons, 1):
        lines += [*_reason(number, reason, points), ""]
    if not verdict.reasons:
        lines += ["No rule knows any of these words.", ""]
    total = sum(points.get(reason.rule, 0.0) for reason in verdict.reasons)
    if total:
        lines.append(f"points of the safety net named above: {total:g}")
    if verdict.unknown:
        lines.append(f"{UNKNOWN}: {', '.join(verdict.unknown)}")
    if verdict.language:
        lines.append(f"language: {verdict.language}")
    for need in verdict.others:
        lines.append(f"a second ticket: {int(need.score)} {need.team}, {need.topic}")
    return "\n".join([*lines, _conclusion(verdict)])


def as_data(subject: ScoringInput, verdict: Verdict, points: Mapping[str, float]) -> dict[str, Any]:
    """The same for machines; it holds the words of the message."""
    return {
        "subject": subject.subject,
        "text": subject.text,
        "voice": subject.voice,
        "verdict": asdict(verdict),
        "points": {r.rule: points[r.rule] for r in verdict.reasons if r.rule in points},
        "conclusion": _conclusion(verdict),
    }


def _conclusion(verdict: Verdict) -> str:
    score = f"{int(verdict.score)} {NAMES[verdict.score]}"
    if verdict.review:
        clock = NAMES[verdict.candidate]
        return f"→ review, on the clock of {clock}; {score}, {verdict.team}, until a person says so"
    crisis = ", crisis" if verdict.crisis else ""
    return f"→ {score}, {verdict.team}, {verdict.topic}{crisis}"


def _message(subject: ScoringInput, verdict: Verdict, *, colour: bool) -> list[str]:
    """The words, those that matched underlined, or between « and » where there is no colour."""
    whole = "\n".join(part for part in (subject.subject, subject.text) if part.strip())
    opens, closes = (MARK, PLAIN) if colour else ("«", "»")
    at = 0
    said = ""
    for first, last in _spans(whole, verdict):
        said += whole[at:first] + opens + whole[first:last] + closes
        at = last
    said += whole[at:]
    return [
        each
        for line in said.splitlines()
        for each in textwrap.wrap(line, WIDTH - 2, initial_indent="  ", subsequent_indent="  ")
    ]


def _spans(whole: str, verdict: Verdict) -> list[tuple[int, int]]:
    """Where the matched words stand, joined where they overlap."""
    lowered = whole.lower()
    found = []
    for span in {reason.text_span.lower() for reason in verdict.reasons if reason.text_span}:
        first = lowered.find(span)
        if first >= 0:
            found.append((first, first + len(span)))
    joined: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _reason(number: int, reason: Reason, points: Mapping[str, float]) -> list[str]:
    worth = f" ({points[reason.rule]:+g} points)" if reason.rule in points else ""
    head = f"{number:2}. {reason.set}/{reason.rule}: {reason.effect}{worth}"
    details = [
        ("words", f"“{' '.join(reason.text_span.split())}”" if reason.text_span else ""),
        ("why", reason.why),
        ("source", reason.source),
    ]
    lines = textwrap.wrap(head, WIDTH, subsequent_indent="    ")
    for name, said in details:
        if said:
            lines += textwrap.wrap(f"{name:>10}  {said}", WIDTH, subsequent_indent=" " * 12)
    return lines
