"""`triagewire automation`: an administrator tries a request before a program sees one."""

import json

import pytest

from ops.cli import main
from tests.automation_contract import SCHEMA
from tests.template import ROOT

STARTER = str(ROOT / "policy")


def tried(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command prints."""
    assert main(["automation", "--policy", STARTER, "--site", "riverside", *arguments]) == 0
    return capsys.readouterr().out


def test_a_request_that_a_program_may_settle_is_shown_as_its_event(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = tried(capsys, "--text", "I forgot my password for Epic.", "--field", "account=Epic")

    event = json.loads(said)
    assert (event["type"], event["fields"]) == ("password_reset", {"account": "Epic"})
    assert set(event) == {*SCHEMA["required"]} - {"callback"}


def test_what_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    said = tried(capsys, "--text", "I forgot my password for Epic.")

    assert "password_reset: needs account" in said
    assert "software_install: not enabled" in said


def test_what_people_must_see_first_is_for_no_program(capsys: pytest.CaptureFixture[str]) -> None:
    said = tried(capsys, "--text", "My chest hurts badly and I forgot my password.")

    assert said.startswith("no program: people have it first (score 5")


@pytest.mark.parametrize(
    "arguments", [("--site", "nowhere", "--text", "x"), ("--text", "x", "--field", "badge=1")]
)
def test_a_wrong_name_is_told(arguments: tuple[str, ...]) -> None:
    assert main(["automation", "--policy", STARTER, "--site", "riverside", *arguments]) == 1
