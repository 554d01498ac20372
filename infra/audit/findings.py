"""What a checker found, and the reasons for what stays as it is."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

SHORTEST_REASON = 20


class WaiverError(Exception):
    """A waiver has no reason to speak of."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule of one checker about one resource: it passes, or why not."""

    checker: str
    rule: str
    resource: str
    passed: bool
    why: str = ""


@dataclass(slots=True)
class Waiver:
    """Why findings of rules about resources, both glob patterns, stay as they are."""

    rule: str
    resource: str
    reason: str
    used: int = field(default=0, compare=False)

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of a finding."""
        return fnmatchcase(finding.rule, self.rule) and fnmatchcase(finding.resource, self.resource)


@dataclass(frozen=True, slots=True)
class Tally:
    """What one checker said."""

    checker: str
    passed: int
    waived: int
    open: Sequence[Finding]


def read_waivers(path: Path) -> list[Waiver]:
    """The waivers of a file. Raises `WaiverError` naming the rule of one without a reason."""
    waivers = [Waiver(**each) for each in json.loads(path.read_text(encoding="utf-8"))]
    for each in waivers:
        if len(each.reason) < SHORTEST_REASON:
            raise WaiverError(f"the waiver of {each.rule} on {each.resource} gives no reason")
    return waivers


def tally(checker: str, findings: Iterable[Finding], waivers: Sequence[Waiver]) -> Tally:
    """Count what a checker found, and mark the waivers that were needed for it."""
    passed, waived, still = 0, 0, []
    for finding in findings:
        if finding.passed:
            passed += 1
        elif _is_waived(finding, waivers):
            waived += 1
        else:
            still.append(finding)
    return Tally(checker, passed, waived, still)


def _is_waived(finding: Finding, waivers: Sequence[Waiver]) -> bool:
    covering = [each for each in waivers if each.covers(finding)]
    for each in covering:
        each.used += 1
    return bool(covering)
