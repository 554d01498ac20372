"""`triagewire controls`: what a rule asks, where it is implemented, and which test shows it.

docs/controls.yaml is the source; docs/compliance.md holds the same between two marks, which
`triagewire controls --write` brings up to date.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "docs" / "controls.yaml"
PAGE = ROOT / "docs" / "compliance.md"
BEGIN, END = "<!-- controls: begin -->\n", "<!-- controls: end -->\n"
KINDS = {"R": "required", "A": "addressable", "S": "privacy or breach rule"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One row. `where` are paths of this repository, `tests` are file::name; `rule`, `kind`, `asks`
    and `group` (what those who run it must do) are empty in the ranked list.
    """

    control: str
    where: tuple[str, ...]
    tests: tuple[str, ...]
    rule: str = ""
    kind: str = ""
    asks: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The safeguards of 45 CFR, and what such a system must have, the most needed first."""

    safeguards: tuple[Control, ...]
    ranked: tuple[Control, ...]


def matrix(source: Path = SOURCE) -> Matrix:
    """The matrix as its file has it."""
    stated = yaml.safe_load(source.read_text(encoding="utf-8"))
    return Matrix(**{name: tuple(map(_control, stated[name])) for name in ("safeguards", "ranked")})


def _control(stated: Mapping[str, Any]) -> Control:
    lists = {name: tuple(stated[name]) for name in ("where", "tests")}
    return Control(**{**stated, **lists})


def as_text(found: Matrix) -> str:
    """For a terminal."""
    blocks = [
        f"45 CFR {each.rule} ({KINDS[each.kind]}): {each.asks}\n{_body(each)}"
        f"  the group: {each.group}\n"
        for each in found.safeguards
    ]
    blocks += [
        f"{number}. {each.control}\n{_places(each)}" for number, each in enumerate(found.ranked, 1)
    ]
    return "\n".join(blocks)


def _body(row: Control) -> str:
    return f"  {row.control}\n{_places(row)}"


def _places(row: Control) -> str:
    lines = [f"  in: {', '.join(row.where)}", *(f"  shown by: {each}" for each in row.tests)]
    return "\n".join(lines) + "\n"


def as_markdown(found: Matrix) -> str:
    """Two tables for docs/compliance.md, whose links start in docs/."""
    return "\n".join([*_safeguards(found.safeguards), "", *_ranked(found.ranked)]) + "\n"


def _safeguards(rows: Sequence[Control]) -> Iterator[str]:
    yield "| 45 CFR | asks for | control | where | shown by | what the group must do |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        rule = f"{row.rule} ({row.kind})"
        cells = (rule, row.asks, row.control, _links(row.where), _tests(row.tests), row.group)
        yield f"| {' | '.join(cells)} |"


def _ranked(rows: Sequence[Control]) -> Iterator[str]:
    yield "| rank | control | where | shown by |"
    yield "|---|---|---|---|"
    for number, row in enumerate(rows, 1):
        yield f"| {number} | {row.control} | {_links(row.where)} | {_tests(row.tests)} |"


def _links(paths: Sequence[str]) -> str:
    named = (path.removeprefix("layers/common/") for path in paths)
    return ", ".join(f"[{name}](../{path})" for name, path in zip(named, paths, strict=True))


def _tests(tests: Sequence[str]) -> str:
    return ", ".join(_test(*each.split("::")) for each in tests) or "a procedure"


def _test(file: str, name: str) -> str:
    return f"[{name.removeprefix('test_').replace('_', ' ')}](../{file})"


def as_json(found: Matrix) -> str:
    """For programs."""
    return json.dumps(asdict(found), indent=2) + "\n"


def with_matrix(page: str, table: str) -> str:
    """The page with this table between its marks."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


FORMATS: Mapping[str, Callable[[Matrix], str]] = {
    "text": as_text,
    "md": as_markdown,
    "json": as_json,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    parser.add_argument("--format", choices=sorted(FORMATS), default="text")
    parser.add_argument("--write", action="store_true", help="bring docs/compliance.md up to date")


def run(args: argparse.Namespace) -> int:
    """Print the matrix, or write it into its page."""
    found = matrix()
    if args.write:
        page = with_matrix(PAGE.read_text(encoding="utf-8"), as_markdown(found))
        PAGE.write_text(page, encoding="utf-8")
        return 0
    print(FORMATS[args.format](found), end="")
    return 0
