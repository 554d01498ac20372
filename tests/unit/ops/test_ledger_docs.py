"""What the page of the ledger tells people to type is what the command takes."""

import argparse
import re
import shlex

import pytest

from ops import ledger
from tests.template import ROOT

PAGE = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\s*triagewire ledger ([^>\n]+)", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_is_one(command: str) -> None:
    parser = argparse.ArgumentParser()
    ledger.add_arguments(parser)

    assert parser.parse_args(shlex.split(command)).ledger in ledger.COMMANDS


def test_the_page_shows_every_way_to_verify() -> None:
    shown = " ".join(COMMANDS)

    assert all(way in shown for way in ("--ticket", "--day", "--all", "--copies", "trail.jsonl"))
