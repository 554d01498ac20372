"""What the page of the examination tells people to type is what the command takes."""

import argparse
import re
import shlex

import pytest

from ops import ledger
from tests.template import ROOT
from triagewire.ledger.examination import LEAST_BURST, LEAST_REPEATED, MOST_NOTES

PAGE = (ROOT / "docs" / "examination.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\s*triagewire ledger ([^>\n]+)", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_is_one(command: str) -> None:
    parser = argparse.ArgumentParser()
    ledger.add_arguments(parser)

    assert parser.parse_args(shlex.split(command)).ledger in ledger.COMMANDS


def test_the_page_shows_every_trail_and_every_finding() -> None:
    shown = " ".join(COMMANDS)

    assert all(way in shown for way in ("--ticket", "--patient", "--from", "--month", "--site"))
    assert "at least 20 tickets" in PAGE
    assert (LEAST_BURST, LEAST_REPEATED, MOST_NOTES) == (20, 10, 500)
