"""What the documents tell people to type is what the command takes."""

import argparse
import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from ops.cli import COMMANDS
from tests.template import ROOT
from triagewire.ledger.examination import LEAST_BURST, LEAST_REPEATED, MOST_NOTES

PAGES = tuple(
    page
    for folder in ("", "docs/", "docs/channels/", "docs/runbooks/")
    for page in ROOT.glob(f"{folder}*.md")
)
FENCED = re.compile(r"^ *```(?:sh|bash|console)?\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"(?:^ *\$?|\|) *(?:\.venv/bin/)?triagewire +([^|>\n#]+)", re.MULTILINE)


def typed(page: Path) -> Iterator[str]:
    """What a page tells to type after `triagewire`, a line each."""
    for block in FENCED.findall(page.read_text(encoding="utf-8")):
        yield from (found.strip() for found in TYPED.findall(block.replace("\\\n", " ")))


DOCUMENTED = [(page.name, line) for page in PAGES for line in typed(page)]


@pytest.mark.parametrize(("page", "line"), DOCUMENTED)
def test_a_documented_command_is_taken(page: str, line: str) -> None:
    # what stands in brackets may be left out
    name, *arguments = shlex.split(re.sub(r"[][]", "", line))
    assert name in COMMANDS, page
    parser = argparse.ArgumentParser()
    import_module(f"ops.{name.replace('-', '_')}").add_arguments(parser)

    assert parser.parse_args(arguments)


def lines_of(page: str, command: str) -> str:
    return " ".join(line for name, line in DOCUMENTED if name == page and line.startswith(command))


def test_the_page_of_the_ledger_shows_every_way_to_verify() -> None:
    shown = lines_of("ledger.md", "ledger verify")

    assert all(way in shown for way in ("--ticket", "--day", "--all", "--copies", "trail.jsonl"))


def test_the_page_of_the_examination_shows_every_trail_and_every_finding() -> None:
    shown = lines_of("examination.md", "ledger")
    text = (ROOT / "docs" / "examination.md").read_text(encoding="utf-8")

    assert all(way in shown for way in ("--ticket", "--patient", "--from", "--month", "--site"))
    assert "at least 20 tickets" in text
    assert (LEAST_BURST, LEAST_REPEATED, MOST_NOTES) == (20, 10, 500)
