"""The demo's own copy of the starter policy: with addresses, and a source for every adapter."""

import json
import shutil
from pathlib import Path
from typing import Any

import yaml

from local.stack.emulator import ROOT
from triagewire.policy.load import load

POLICY = ROOT / "policy"
FURTHER = Path(__file__).parent / "day" / "sources.yaml"


def copy_of_policy(directory: Path, base_url: str) -> Path:
    """Write the demo's policy into a directory, which is emptied before; returns it.

    Twilio signs the address that was typed in at Twilio, so every source states its own.
    """
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(POLICY, directory)
    starter, further = load(POLICY).policy, further_sources()
    for path in sorted((directory / "sites").glob("*.yaml")):
        base = f"{base_url}/webhook/{path.stem}"
        lines = path.read_text(encoding="utf-8").rstrip().splitlines()
        names = set(starter.sites[path.stem].sources)
        stated = [_addressed(line, base, names) for line in lines]
        added = [_line(name, source, base) for name, source in further[path.stem].items()]
        path.write_text("\n".join([*stated, *added]) + "\n", encoding="utf-8")
    return directory


def further_sources() -> dict[str, dict[str, dict[str, Any]]]:
    """The sources that the demo adds, by site and name."""
    sources: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(
        FURTHER.read_text(encoding="utf-8")
    )
    return sources


def _addressed(line: str, base: str, names: set[str]) -> str:
    """A line `  name: { adapter: x }` of `sources:` with its url."""
    name, _, rest = line.strip().partition(":")
    if name not in names or "adapter:" not in rest:
        return line
    return line.replace("adapter:", f"url: {base}/{name}, adapter:", 1)


def _line(name: str, source: dict[str, Any], base: str) -> str:
    """One more line of `sources:`, which is the last part of a site's file."""
    return f"  {name}: {json.dumps({**source, 'url': f'{base}/{name}'})}"
