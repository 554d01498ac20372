"""A copy of the starter policy that a test may break, and the gate with what it knows already."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ops import release_record
from tests.shipped import scorer_of
from triagewire.policy import rehearsal

STARTER = Path(__file__).parents[3] / "policy"

type Edit = Callable[[str, str, str], Path]


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """The starter policy, in a folder of its own."""
    return Path(shutil.copytree(STARTER, tmp_path / "policy"))


@pytest.fixture
def scored_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate scores no ticket again that the same rules have scored for another test."""
    monkeypatch.setattr(rehearsal, "Scorer", scorer_of)
    monkeypatch.setattr(release_record, "Scorer", scorer_of)


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
