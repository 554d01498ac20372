"""Two builds are the same when their files are: neither when nor where they were made matters."""

import os
from pathlib import Path

import pytest

from ops.supply.reproduce import archive, differences, hashes, prints


@pytest.fixture
def built(tmp_path: Path) -> tuple[Path, Path]:
    """The same layer in two folders, made in another order and at another time."""
    for place, order in (("one", ("a.py", "b.py")), ("two", ("b.py", "a.py"))):
        layer = tmp_path / place / "CommonLayer"
        layer.mkdir(parents=True)
        for name in order:
            (layer / name).write_text(f"# {name}\n", encoding="utf-8")
            os.utime(layer / name, (0, len(place) * order.index(name)))
    return tmp_path / "one", tmp_path / "two"


def test_times_and_places_make_no_difference(built: tuple[Path, Path]) -> None:
    one, two = built

    assert list(differences(prints(one), prints(two))) == []
    assert hashes(one) == hashes(two)


def test_another_content_is_named(built: tuple[Path, Path]) -> None:
    one, two = built
    (two / "CommonLayer" / "b.py").write_text("# changed\n", encoding="utf-8")

    found = list(differences(prints(one), prints(two)))

    assert found == ["CommonLayer/b.py: its content differs"]
    assert hashes(one) != hashes(two)


def test_a_file_that_lambda_could_not_read_is_a_difference(built: tuple[Path, Path]) -> None:
    one, two = built
    (two / "CommonLayer" / "b.py").chmod(0o600)

    assert list(differences(prints(one), prints(two))) == ["CommonLayer/b.py: its mode differs"]
    assert archive(one) != archive(two)


def test_a_file_that_only_one_build_has_is_named(built: tuple[Path, Path]) -> None:
    one, two = built
    (one / "CommonLayer" / "left.pyc").touch()
    (two / "CommonLayer" / "new.pyc").touch()

    assert list(differences(prints(one), prints(two))) == [
        "CommonLayer/left.pyc: only in the first",
        "CommonLayer/new.pyc: only in the second",
    ]
