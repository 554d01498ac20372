"""Which licences the layer's parts have, and whether a clinic group may ship each of them.

`python -m ops.supply.licences` writes docs/licences.md; with `--check` it only compares.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator

from ops.supply.parts import ROOT, Part, parts

PAGE = ROOT / "docs" / "licences.md"
ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSL-1.0",
        "CC0-1.0",
        "ISC",
        "MIT",
        "MIT-0",
        "PSF-2.0",
        "Unicode-3.0",
        "Unicode-DFS-2016",
        "Unlicense",
        "Zlib",
    }
)
"""Permissive: they ask for their notice to be kept, and for nothing of the code around them."""
EXCEPTIONS = frozenset({"LLVM-exception"})
"""What may stand after WITH: each only permits more."""

_TOKEN = re.compile(r"[()]|[^\s()]+")


def allowed(expression: str) -> bool:
    """Whether an SPDX expression can be met with licences of the list alone.

    OR is a choice, AND asks for both; what cannot be understood is not allowed.
    """
    tokens = _TOKEN.findall(expression)
    try:
        met = _either(tokens)
    except IndexError:
        return False
    return met and not tokens


def _either(tokens: list[str]) -> bool:
    met = _both(tokens)
    while tokens and tokens[0] == "OR":
        tokens.pop(0)
        met = _both(tokens) or met
    return met


def _both(tokens: list[str]) -> bool:
    met = _one(tokens)
    while tokens and tokens[0] == "AND":
        tokens.pop(0)
        met = _one(tokens) and met
    return met


def _one(tokens: list[str]) -> bool:
    first = tokens.pop(0)
    if first == "(":
        met = _either(tokens)
        return tokens.pop(0) == ")" and met
    if tokens and tokens[0] == "WITH":
        tokens.pop(0)
        return tokens.pop(0) in EXCEPTIONS and first in ALLOWED
    return first in ALLOWED


def refused(carried: Iterable[Part]) -> Iterator[str]:
    """One sentence for each part, compiled ones too, that may not be shipped."""
    for part in carried:
        if not allowed(part.licence):
            yield f"{part.name} {part.version}: {part.licence or 'no licence stated'}"
        for each in part.compiled:
            if not allowed(each.licence):
                stated = each.licence or "no licence stated"
                yield f"{each.name} {each.version}, inside {part.name}: {stated}"


def page(carried: Iterable[Part]) -> str:
    """docs/licences.md: every part with its licence, and those inside it."""
    lines = [
        "# Licences",
        "",
        "Written by `make licences` from the locked packages of the layer.",
        "Triagewire itself is under the [Apache License 2.0](../LICENSE).",
        "Every licence here is permissive; a part with another one fails the tests.",
        "",
        "| part | version | licence | what it is |",
        "|---|---|---|---|",
    ]
    inside = [
        "",
        "## Compiled into these",
        "",
        "| inside | library | version | licence |",
        "|---|---|---|---|",
    ]
    for part in carried:
        lines.append(f"| {part.name} | {part.version} | {part.licence} | {part.summary} |")
        inside += [
            f"| {part.name} | {each.name} | {each.version} | {each.licence} |"
            for each in part.compiled
        ]
    return "\n".join(lines + inside) + "\n"


def main() -> int:
    """0 when every licence is allowed and the page is current, else 1."""
    parser = argparse.ArgumentParser(prog="make licences")
    parser.add_argument("--check", action="store_true", help="write nothing")
    args = parser.parse_args()
    carried = parts()
    bad = list(refused(carried))
    for each in bad:
        print(f"licences: not on the list: {each}", file=sys.stderr)
    text = page(carried)
    if args.check and PAGE.read_text(encoding="utf-8") != text:
        print("licences: docs/licences.md is not current: run `make licences`", file=sys.stderr)
        return 1
    if not args.check:
        PAGE.write_text(text, encoding="utf-8")
    inside = sum(len(part.compiled) for part in carried)
    print(f"licences: {len(carried)} packages, {inside} libraries inside them, {len(bad)} refused")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
