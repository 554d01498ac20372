"""Public checkers over the code: faults of security, secrets, patterns that a text could hang.

`make code-audit` prints one line a checker and ends with 1 when one of them found something. What a
checker rightly sees and we mean all the same has its reason beside it in the code (`# nosec`).
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ops.supply.parts import ROOT
from triagewire.errors import TriagewireError

TOOLS = ROOT / ".venv-audit" / "bin"
BASELINE = ROOT / ".secrets.baseline"
CODE = ("functions", "layers/common/triagewire", "ops", "local", "modelling")
"""What runs somewhere; tests are about attacks and would be full of findings."""
LOCKED = re.compile(r"^requirements/.*\.txt$|^layers/common/requirements\.txt$|\.baseline$")
"""Files that are made of hashes, each of which looks like a secret."""
UNREAD = frozenset({"layers/common/triagewire/replies/loops.py"})
"""Files with possessive repeats, at which regexploit gives up: such a pattern never goes back."""

type Secrets = Mapping[str, Sequence[Mapping[str, Any]]]


class ToolError(TriagewireError):
    """A checker did not do its work; the message names it."""


def _run(tool: str, *arguments: str) -> str:
    """What a checker printed. Raises ToolError when it could not look."""
    ended = subprocess.run(
        [TOOLS / tool, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if ended.returncode not in (0, 1):
        raise ToolError(f"{tool} ended with {ended.returncode}")
    return ended.stdout


def faults() -> list[str]:
    """What bandit finds of medium and high severity; ruff's own rules look for the low ones."""
    printed = _run("bandit", "-q", "-r", *CODE, "--severity-level", "medium", "-f", "json")
    report = json.loads(printed)
    if report["errors"]:
        raise ToolError(f"bandit could not read {report['errors'][0]['filename']}")
    return [
        f"{each['filename']}:{each['line_number']} {each['test_id']} {each['issue_text']}"
        for each in report["results"]
    ]


def secrets() -> list[str]:
    """What looks like a secret and is not in the baseline, which holds those of made-up people."""
    known = json.loads(BASELINE.read_text(encoding="utf-8"))["results"]
    return list(new_secrets(_scanned()["results"], known))


def new_secrets(found: Secrets, known: Secrets) -> Iterator[str]:
    """One line for each that the baseline does not have in that file, wherever in it."""
    for file, each in sorted(found.items()):
        accepted = {(one["type"], one["hashed_secret"]) for one in known.get(file, ())}
        for one in each:
            if (one["type"], one["hashed_secret"]) not in accepted:
                yield f"{file}:{one['line_number']} {one['type']}"


def accept() -> None:
    """Write what looks like a secret now as the baseline: a person has looked at each."""
    scan = _scanned()
    del scan["generated_at"]
    for each in scan["results"].values():
        for one in each:
            one["is_secret"] = False
    BASELINE.write_text(json.dumps(scan, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _scanned() -> dict[str, Any]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    files = [name for name in listed if name and not LOCKED.search(name) and (ROOT / name).exists()]
    stated: dict[str, Any] = json.loads(_run("detect-secrets", "scan", *files))
    return stated


def slow_patterns() -> list[str]:
    """Patterns in the code on which some text takes more than cubic time, found by regexploit.

    The patterns of the scoring rules are data; tests/unit/scoring looks after them.
    """
    found = (file.relative_to(ROOT) for folder in CODE for file in (ROOT / folder).rglob("*.py"))
    files = sorted({str(file) for file in found} - UNREAD)
    return list(slow_in(_run("regexploit-py", *files)))


def slow_in(printed: str) -> Iterator[str]:
    """The findings in what regexploit prints. Raises ToolError if it did not come to its end."""
    if not re.search(r"^Processed [1-9]\d* regexes", printed, re.MULTILINE):
        raise ToolError("regexploit-py gave up: see UNREAD for patterns that it cannot read")
    for each in re.findall(r"^Vulnerable regex in (.+)$", printed, re.MULTILINE):
        yield each.replace(f"{ROOT}/", "")


CHECKERS: Mapping[str, Callable[[], list[str]]] = {
    "bandit": faults,
    "detect-secrets": secrets,
    "regexploit": slow_patterns,
}


def main() -> int:
    """0 when no checker found anything, 1 when one did, 2 when one could not look."""
    parser = argparse.ArgumentParser(prog="make code-audit")
    parser.add_argument(
        "--accept", action="store_true", help="take what looks like a secret now as known"
    )
    if parser.parse_args().accept:
        accept()
        return 0
    code = 0
    for name, look in CHECKERS.items():
        try:
            found = look()
        except ToolError as error:
            print(f"code-audit: {name}: {error}", file=sys.stderr)
            code = 2
            continue
        print(f"code-audit: {name}: {len(found)} found")
        for each in found:
            print(f"  {each}")
        code = max(code, 1 if found else 0)
    return code


if __name__ == "__main__":
    sys.exit(main())
