"""Builds everything that is deployed twice, in two places that differ in all that may not matter,
and compares every file: `make reproduce`.

Who has the checkout can so tell whether an artefact was made from it, and by nobody's additions.
"""

import argparse
import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.supply.parts import ROOT
from triagewire.errors import TriagewireError

DEFAULT = ROOT / "build" / "reproduce"
SOURCES = ("infra", "functions", "layers", "requirements", "samconfig.toml", "Makefile")
ENVIRONMENTS = (".venv", ".venv-sam")
BUILT = Path(".aws-sam") / "build"
SHOWN = 20
THEN = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that an archive can state."""


class BuildError(TriagewireError):
    """A build failed; the message names its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one build happens, and what is different there."""

    folder: str
    zone: str
    seed: str
    umask: int


PLACES = (
    Place(folder="one", zone="UTC", seed="0", umask=0o022),
    Place(folder="two/with-a-longer-name", zone="Asia/Tokyo", seed="4242", umask=0o077),
)


def copied_to(place: Place, under: Path) -> Path:
    """Copy the sources there, with links to the tools, and give that folder."""
    folder = under / place.folder
    folder.mkdir(parents=True)
    for name in _sources():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    for name in ENVIRONMENTS:
        (folder / name).symlink_to(ROOT / name)
    return folder


def built_in(place: Place, folder: Path) -> Path:
    """Build from nothing and give the folder of the artefacts. Raises BuildError."""
    log = folder / "build.log"
    environment = {**os.environ, "TZ": place.zone, "PYTHONHASHSEED": place.seed}
    environment.pop("MAKEFLAGS", None)
    with log.open("wb") as out:
        ended = subprocess.run(
            ["make", "--silent", "build"],
            cwd=folder,
            env=environment,
            umask=place.umask,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if ended.returncode != 0:
        raise BuildError(f"the build failed: see {log}")
    return folder / BUILT


def _sources() -> Iterator[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SOURCES],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in sorted(set(listed.stdout.decode().split("\0")) - {""}):
        if (ROOT / name).is_file():
            yield name


def prints(folder: Path) -> dict[str, str]:
    """For each file below a folder who may read and run it, and the SHA-256 of its content."""
    return {
        file.relative_to(folder).as_posix(): f"{_mode(file)} {_sha256(file.read_bytes())}"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def differences(one: Mapping[str, str], two: Mapping[str, str]) -> Iterator[str]:
    """One line for each file that is not the same in both."""
    for name in sorted(one.keys() | two.keys()):
        if name not in two:
            yield f"{name}: only in the first"
        elif name not in one:
            yield f"{name}: only in the second"
        elif one[name] != two[name]:
            what = "content" if one[name].split()[1] != two[name].split()[1] else "mode"
            yield f"{name}: its {what} differs"


def archive(folder: Path) -> bytes:
    """The folder as a zip that depends on nothing but names, modes and contents."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as into:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), THEN)
            entry.external_attr = int(_mode(file), 8) << 16
            entry.create_system = 3
            into.writestr(entry, file.read_bytes())
    return kept.getvalue()


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of the archive of the layer and of each function, by their logical names."""
    return {each.name: _sha256(archive(each)) for each in sorted(folder.iterdir()) if each.is_dir()}


def _mode(file: Path) -> str:
    return f"{file.stat().st_mode & 0o777:03o}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> int:
    """0 when both builds are the same, 1 when not."""
    parser = argparse.ArgumentParser(prog="make reproduce")
    parser.add_argument("--keep", action="store_true", help="leave both builds to look at")
    args = parser.parse_args()
    shutil.rmtree(DEFAULT, ignore_errors=True)
    # Both copies are made first: somebody may be at work on the sources.
    folders = [copied_to(place, DEFAULT) for place in PLACES]
    one, two = (built_in(place, folder) for place, folder in zip(PLACES, folders, strict=True))
    found = list(differences(prints(one), prints(two)))
    for line in found[:SHOWN]:
        print(f"reproduce: {line}", file=sys.stderr)
    stated, again = hashes(one), hashes(two)
    if not args.keep:
        shutil.rmtree(DEFAULT)
        DEFAULT.mkdir()
    lines = "".join(f"{value}  {name}\n" for name, value in stated.items())
    (DEFAULT / "hashes.txt").write_text(lines, encoding="utf-8")
    print(lines, end="")
    if found or stated != again:
        print(f"reproduce: {len(found)} files differ", file=sys.stderr)
        return 1
    print(f"reproduce: two builds, {len(stated)} artefacts, every file the same")
    return 0


if __name__ == "__main__":
    sys.exit(main())
