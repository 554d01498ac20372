"""The commands that an administrator types, run against the demo's stack."""

import re
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from local.stack.deployment import Stack
from local.stack.emulator import ROOT

LAUNCHER = ROOT / "ops" / "launcher.py"
SECONDS = 120
PARALLEL = 4
NIGHT = ROOT / "docs" / "scenarios" / "chest-pain-at-night.yaml"
_COUNTED = re.compile(r"^ *([0-9]+) +([a-z ]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command printed, and its exit status."""

    command: str
    status: int
    text: str

    @property
    def totals(self) -> Mapping[str, int]:
        """The counts of its indented lines, by what they count."""
        return {name: int(count) for count, name in _COUNTED.findall(self.text)}


def told(stack: Stack, *arguments: str) -> Said:
    """Run `triagewire` with these arguments, with the stack's surroundings and its time."""
    ended = subprocess.run(
        [sys.executable, "-P", str(LAUNCHER), *arguments],
        cwd=ROOT,
        env=stack.emulator.companion_environment() | {"TRIAGEWIRE_API_URL": stack.api_url},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    # of one that failed also how
    said = (ended.stdout, ended.stderr if ended.returncode else "")
    text = "\n".join(each.strip() for each in said if each.strip())
    return Said(command=" ".join(arguments[:2]), status=ended.returncode, text=text)


def subscribe_people(stack: Stack) -> Said:
    """Make the topics hear by the roster; who has a pager has still to confirm."""
    return told(stack, "people", "sync")


def begin_shadow(stack: Stack, candidate: Path) -> Said:
    """Let a candidate policy run beside the active one."""
    return told(stack, "policy", "shadow", str(candidate))


def ask_afterwards(
    stack: Stack, candidate: Path, policy: Path, ticket_id: str
) -> Mapping[str, Said]:
    """What an administrator looks at in the evening, by name; `policy` is the active one's folder,
    with which a bad night is rehearsed.
    """
    asked = {
        "diff": ("policy", "diff", "active", str(candidate), "--stack", "triagewire"),
        "shadow": ("policy", "shadow", "--report"),
        "explain": ("explain", ticket_id, "--stack", "triagewire"),
        "labels": ("labels", "--days", "2"),
        "people": ("people", "check"),
        "night": ("simulate", str(NIGHT), "--policy", str(policy)),
    }
    with ThreadPoolExecutor(PARALLEL) as pool:
        said = pool.map(lambda arguments: told(stack, *arguments), asked.values())
        return dict(zip(asked, said, strict=True))
