"""Runs every checker over the template and prints one line each. Exits 1 when a finding is neither
mended nor waived with a reason, or when a checker could not be run.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from subprocess import SubprocessError

from infra.audit.checkers import PUBLIC, ROOT, Audited, CheckerError, flattened
from infra.audit.expanding import expand
from infra.audit.findings import Finding, Tally, Waiver, WaiverError, read_waivers, tally
from infra.audit.house import house_rules

TEMPLATE = ROOT / "infra" / "template.yaml"
WAIVERS = ROOT / "infra" / "audit-waivers.json"
type Checker = Callable[[Audited], Iterable[Finding]]


def main() -> int:
    """Audit, print, and say whether it passed."""
    waivers = read_waivers(WAIVERS)
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        audited = _audited(Path(folder))
        with ThreadPoolExecutor(max_workers=2) as pool:
            answers = list(pool.map(lambda each: _asked(each, audited), (*PUBLIC, house_rules)))
    failed = [each for each in answers if isinstance(each, str)]
    found = [each for answer in answers if not isinstance(answer, str) for each in answer]
    tallies = _tallies(found, waivers)
    _print(tallies, failed)
    still = sum(len(each.open) for each in tallies)
    waived = sum(each.waived for each in tallies)
    passed = sum(each.passed for each in tallies)
    print(
        f"audit: {len(audited.resources)} resources, {passed} passed, {waived} waived with a ",
        end="",
    )
    print(f"reason, {still} open, {len(failed)} checkers did not run")
    return 1 if still or failed else 0


def _audited(folder: Path) -> Audited:
    expanded = expand(TEMPLATE.read_text(encoding="utf-8"))
    for name, content in (("expanded.json", expanded), ("flat.json", flattened(expanded))):
        (folder / name).write_text(json.dumps(content, default=str), encoding="utf-8")
    named = expanded["Resources"].keys()
    return Audited(TEMPLATE, folder / "expanded.json", folder / "flat.json", named)


def _asked(checker: Checker, audited: Audited) -> list[Finding] | str:
    """What a checker found, or why it could not be asked."""
    try:
        return list(checker(audited))
    except (CheckerError, SubprocessError, OSError, ValueError, LookupError, TypeError) as error:
        return f"{checker.__name__} did not run: {error!r}"


def _tallies(found: Sequence[Finding], waivers: Sequence[Waiver]) -> list[Tally]:
    ordered = sorted(found, key=lambda each: each.checker)
    groups = groupby(ordered, key=lambda each: each.checker)
    return [tally(checker, group, waivers) for checker, group in groups]


def _print(tallies: Sequence[Tally], failed: Sequence[str]) -> None:
    for each in tallies:
        line = f"{each.passed:5} passed {each.waived:4} waived {len(each.open):4} open"
        print(f"{each.checker:26}{line}")
    for finding in (open_one for each in tallies for open_one in each.open):
        print(f"  {finding.checker}: {finding.rule} {finding.resource}: {finding.why[:160]}")
    for line in failed:
        print(f"  {line}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except WaiverError as error:
        sys.exit(f"audit: {error}")
