"""The operator's command: help everywhere, exit codes that scripts can rely on."""

import json
from pathlib import Path

import pytest

from ops.cli import COMMANDS, FAILED, USAGE, main

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])

    assert left.value.code == 0
    assert f"usage: triagewire {command}" in capsys.readouterr().out


@pytest.mark.parametrize("action", ["check", "publish", "show"])
def test_every_action_on_the_policy_explains_itself(
    action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["policy", action, "--help"])

    assert left.value.code == 0
    assert f"usage: triagewire policy {action}" in capsys.readouterr().out


def test_a_command_that_is_not_there_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["guess"])

    assert left.value.code == USAGE
    assert "invalid choice: 'guess'" in capsys.readouterr().err


def test_a_policy_check_prints_its_figures_for_machines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["policy", "check", str(ROOT / "policy"), "--json"])

    report = json.loads(capsys.readouterr().out)
    assert (code, report["fit"], report["missed"], report["misrouted"]) == (0, True, 0, 0)
    assert report["tickets"] >= 20


def test_a_policy_that_is_not_fit_fails_the_command_and_names_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "group.yaml").write_text("group: Lakeside\n", encoding="utf-8")
    (tmp_path / "sites" / "mesa.yaml").write_text("name: Mesa\nzone: 7\n", encoding="utf-8")

    code = main(["policy", "check", str(tmp_path)])

    said = capsys.readouterr()
    assert code == FAILED
    assert f"{tmp_path.name}/sites/mesa.yaml:2: sites.mesa.zone: " in said.err
    assert "policy: NOT fit" in said.out


def test_a_policy_that_is_not_fit_never_reaches_for_aws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["policy", "publish", str(tmp_path), "--stack", "there-is-none"])

    assert code == FAILED
    assert "needs a group.yaml" in capsys.readouterr().err
