"""What the layer carries: the locked packages, and what was compiled into their wheels."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from triagewire.errors import TriagewireError

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "layers" / "common" / "requirements.txt"

_LOCKED = re.compile(
    r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^ ]+) \\\n(?P<hashes>(?: {4}--hash=.*\n)+)", re.M
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_TROVE = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
}
"""For packages older than the field that names a licence by its SPDX name."""
_UNSTATED = {"openssl": "Apache-2.0"}
"""What a wheel compiled in without naming its licence: that of every OpenSSL since 3.0."""


class PartsError(TriagewireError):
    """The lock and what is installed disagree; the message says what to run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A library in another language whose code is inside a wheel, as the wheel itself states."""

    name: str
    version: str
    purl: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One package of the layer. `hashes` are SHA-256 of every file of it that the lock admits,
    `needs` the names of the other parts that it imports, `licence` an SPDX expression.
    """

    name: str
    version: str
    licence: str
    summary: str
    hashes: tuple[str, ...]
    needs: tuple[str, ...]
    compiled: tuple[Compiled, ...]


def locked(lock: str) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Version and hashes by name. Raises PartsError when a line pins a version without a hash, and
    for a line of any other form: what an installer reads there would be in no list of ours.
    """
    found = {
        each["name"]: (each["version"], tuple(sorted(_HASH.findall(each["hashes"]))))
        for each in _LOCKED.finditer(lock)
    }
    pinned = set(re.findall(r"^([a-z0-9._-]+)==", lock, re.M))
    bare = sorted(pinned - {name for name, (_, hashes) in found.items() if hashes})
    if re.search(r"^(?![a-z0-9._-]+==| +--hash=sha256:| *#|$)", lock, re.M):
        raise PartsError("the lock has a line that `make lock` does not write: run it")
    if bare:
        raise PartsError(f"the lock has no hash for {', '.join(bare)}: run `make lock`")
    return found


def parts(lock: Path = LOCK) -> tuple[Part, ...]:
    """Everything that the layer carries, by name.

    Raises PartsError when another version is installed than the lock names: `make setup` mends it.
    """
    found = locked(lock.read_text(encoding="utf-8"))
    return tuple(
        _part(name, version, hashes, set(found))
        for name, (version, hashes) in sorted(found.items())
    )


def _part(name: str, version: str, hashes: tuple[str, ...], names: set[str]) -> Part:
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        raise PartsError(f"{name} is not installed: run `make setup`") from None
    if installed.version != version:
        raise PartsError(f"{name} is locked, and another version installed: run `make setup`")
    return Part(
        name=name,
        version=version,
        licence=_licence(installed),
        summary=installed.metadata.get("Summary", ""),
        hashes=hashes,
        needs=tuple(sorted(set(_needs(installed)) & names)),
        compiled=tuple(sorted(_compiled(installed), key=lambda each: (each.name, each.version))),
    )


def _licence(installed: Distribution) -> str:
    """The SPDX expression; empty when the package names none that is understood."""
    fields = installed.metadata
    expression = fields.get("License-Expression") or fields.get("License") or ""
    if expression and "\n" not in expression:
        return expression
    stated = [_TROVE[each] for each in fields.get_all("Classifier") or [] if each in _TROVE]
    return " AND ".join(sorted(set(stated)))


def _needs(installed: Distribution) -> Iterator[str]:
    for text in installed.requires or []:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def _compiled(installed: Distribution) -> Iterator[Compiled]:
    for file in installed.files or []:
        if file.parent.name != "sboms" or file.suffix != ".json":
            continue
        stated = json.loads(Path(str(file.locate())).read_text(encoding="utf-8"))
        for each in stated.get("components", []):
            if each.get("scope") != "excluded":  # what only the build needed is not in the wheel
                yield _as_compiled(each)


def _as_compiled(stated: Mapping[str, Any]) -> Compiled:
    licences = [
        each.get("expression") or each.get("license", {}).get("id", "")
        for each in stated.get("licenses") or []
    ]
    return Compiled(
        name=stated["name"],
        version=stated["version"],
        purl=stated["purl"].split("?", 1)[0],
        licence=" AND ".join(licences) or _UNSTATED.get(stated["name"], ""),
    )
