"""The labelled messages that the second opinion is learned from and measured on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triagewire.policy.gate.tickets import Ticket, kept_tickets, shipped_tickets
from triagewire.scoring.subject import Voice
from triagewire.team import OFFICE

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "modelling" / "corpus"
EXAMPLES = ROOT / "tests" / "unit" / "scoring" / "examples"
CHECKS = ROOT / "layers" / "common" / "triagewire" / "policy" / "defaults" / "checks"
OURS, GATE = "our own examples", "tickets of the safety gate"
BESIDE = frozenset({"subject", "context", "speech"})
"""A ticket with one of these is judged by more than its text, and is not learned from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One labelled message. `urgent` is None where the label does not say; `group` is what is left
    out together when a model is tested on a source that it has not seen.
    """

    id: str
    group: str
    text: str
    voice: Voice
    language: str
    licence: str
    urgent: bool | None
    ambiguous: bool
    team: str
    kind: str
    tags: tuple[str, ...]


def messages() -> list[Message]:
    """All of them, always in the same order."""
    found = [
        _labelled(row, path.stem) for path in sorted(CORPUS.glob("*.jsonl")) for row in _rows(path)
    ]
    found += [
        _example(row, f"{path.stem}-{at}")
        for path in sorted(EXAMPLES.glob("*.jsonl"))
        for at, row in enumerate(_rows(path))
    ]
    tickets = kept_tickets(shipped_tickets(CHECKS))
    return found + [_ticket(name, row) for name, row in tickets.items() if not BESIDE & row.keys()]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _labelled(row: dict[str, Any], stem: str) -> Message:
    label = row["expected"]
    return Message(
        id=row["id"],
        group=_group(row["source"], stem),
        text=row["text"],
        voice=row["voice"],
        language=row.get("lang") or "en",
        licence=row["licence"],
        urgent=_urgent(label),
        ambiguous=bool(label.get("ambiguous")),
        team=label.get("team") or "",
        kind=_kind(label),
        tags=tuple(row.get("tags", ())),
    )


def _example(row: dict[str, Any], name: str) -> Message:
    label: dict[str, Any] = {"team": row.get("team")}
    if row.get("score") == 5:
        label |= {"must_be_urgent": True, "team": "clinical"}
    elif "max_score" in row:
        label |= {"must_not_be_urgent": True, "max_score": row["max_score"]}
    return Message(
        id=name,
        group=OURS,
        text=row["text"],
        voice=row.get("voice", "patient"),
        language="es" if "spanish" in row["class"] else "en",
        licence="CC0",
        urgent=_urgent(label),
        ambiguous=bool(row.get("review")),
        team=label["team"] or "",
        kind=_kind(label),
        tags=(row["class"],),
    )


def _ticket(name: str, row: Ticket) -> Message:
    expected = row["expect"]
    label: dict[str, Any] = {"team": expected.get("team")}
    if expected.get("score") == 5:
        label |= {"must_be_urgent": True}
    elif "score" in expected and not expected.get("review"):
        label |= {"must_not_be_urgent": True, "max_score": expected["score"]}
    return Message(
        id=name,
        group=GATE,
        text=row["text"],
        voice=row.get("voice", "patient"),
        language=row.get("language") or row.get("written_in") or "en",
        licence="CC0",
        urgent=_urgent(label),
        ambiguous=bool(expected.get("review")),
        team=label["team"] or "",
        kind=_kind(label),
        tags=(),
    )


def _urgent(label: dict[str, Any]) -> bool | None:
    if label.get("must_be_urgent"):
        return True
    return False if label.get("must_not_be_urgent") else None


def _kind(label: dict[str, Any]) -> str:
    """The class by which an inbox is mixed in the figures."""
    urgent = _urgent(label)
    if urgent is not False:
        return "urgent" if urgent else ""
    if label.get("max_score", 9) <= 2:
        return "self-serve"
    return "office" if label.get("team") in OFFICE else "clinical"


def _group(source: str, stem: str) -> str:
    """The shared file holds several sources; each of the others is one."""
    if stem != "shared":
        return stem
    return {
        "hand-written challenge set": "shared: written by hand",
        "mistersoftware/reentrenando-a-watson-salud chat log": "shared: written by hand",
    }.get(source, f"shared: {source.partition(' ')[0]}")
