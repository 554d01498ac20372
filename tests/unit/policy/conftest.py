"""A copy of the starter policy that a test may break."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

STARTER = Path(__file__).parents[3] / "policy"

type Edit = Callable[[str, str, str], Path]


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """The starter policy, in a folder of its own."""
    return Path(shutil.copytree(STARTER, tmp_path / "policy"))


@pytest.fixture
def edited(starter: Path) -> Edit:
    """Replace some text in one file of the copy; returns the policy's folder."""

    def edit(file: str, old: str, new: str) -> Path:
        path = starter / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return starter

    return edit
