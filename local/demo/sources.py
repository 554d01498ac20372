"""The demo's own copy of the starter policy: with addresses, a source for every adapter, a reviewer
who reads Vietnamese, and what the demo plays around the clinic.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.demo.neighbours.bridge import STARTER_URL
from local.stack.emulator import ROOT
from triagewire.policy.load import load

POLICY = ROOT / "policy"
FURTHER = Path(__file__).parent / "day" / "sources.yaml"
GROUP_RULES = Path(__file__).parent / "day" / "candidate.yaml"
READS_TOO = {"dr.whitfield": "vi"}
"""Who of the starter policy's reviewers reads a further language in the demo."""
REPLIED_TO = ("riverside/portal",)
"""The sources whose requesters read our replies in the system in which they wrote."""

type Settings = Mapping[str, Mapping[str, object]]
"""Further settings by site: its record server, its assistant."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where the neighbours are: what the addresses of pagers begin with, and where replies to the
    requesters of `REPLIED_TO` are posted ("": they get mail).
    """

    pagers: str = STARTER_URL
    replies: str = ""


STARTER = Elsewhere()
"""What the starter policy says."""


def copy_of_policy(
    directory: Path, base_url: str, settings: Settings | None = None, elsewhere: Elsewhere = STARTER
) -> Path:
    """Write the demo's policy into a directory, which is emptied before; returns it.

    Twilio signs the address that was typed in at Twilio, so every source states its own.
    """
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(POLICY, directory)
    starter, further = load(POLICY).policy, further_sources()
    for path in sorted((directory / "sites").glob("*.yaml")):
        base = f"{base_url}/webhook/{path.stem}"
        written = path.read_text(encoding="utf-8").replace(STARTER_URL, elsewhere.pagers)
        lines = written.rstrip().splitlines()
        names = set(starter.sites[path.stem].sources)
        replied = {each.partition("/")[2] for each in REPLIED_TO if each.startswith(path.stem)}
        answered = dict.fromkeys(replied if elsewhere.replies else (), elsewhere.replies)
        stated = [_speaking(_addressed(line, base, names, answered)) for line in lines]
        further_settings = (settings or {}).get(path.stem, {})
        stated[:0] = [f"{name}: {json.dumps(each)}" for name, each in further_settings.items()]
        added = [_line(name, source, base) for name, source in further[path.stem].items()]
        path.write_text("\n".join([*stated, *added]) + "\n", encoding="utf-8")
    return directory


def candidate_of(directory: Path, active: Path) -> Path:
    """Write a candidate policy: the active one with one more rule of the group's own."""
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(active, directory)
    (directory / "rules").mkdir(exist_ok=True)
    shutil.copy(GROUP_RULES, directory / "rules" / "clinical.yaml")
    return directory


def further_sources() -> dict[str, dict[str, dict[str, Any]]]:
    """The sources that the demo adds, by site and name."""
    sources: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(
        FURTHER.read_text(encoding="utf-8")
    )
    return sources


def _addressed(line: str, base: str, names: set[str], answered: Mapping[str, str]) -> str:
    """A line `  name: { adapter: x }` of `sources:` with its url, and that of its receiver."""
    name, _, rest = line.strip().partition(":")
    if name not in names or "adapter:" not in rest:
        return line
    replies = f"replies: {{ webhook: {answered[name]} }}, " if name in answered else ""
    return line.replace("adapter:", f"url: {base}/{name}, {replies}adapter:", 1)


def _speaking(line: str) -> str:
    """A line `  member: { … }` of `members:` with the language that the demo adds."""
    name, _, rest = line.strip().partition(":")
    if name not in READS_TOO or "name:" not in rest:
        return line
    return line.replace("name:", f"languages: [en, {READS_TOO[name]}], name:", 1)


def _line(name: str, source: dict[str, Any], base: str) -> str:
    """One more line of `sources:`, which is the last part of a site's file."""
    return f"  {name}: {json.dumps({**source, 'url': f'{base}/{name}'})}"
