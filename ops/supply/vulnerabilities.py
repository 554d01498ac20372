"""Known faults of the locked packages, by pip-audit: `make pip-audit`.

pip-audit needs the advisories of a registry or of OSV. Where it cannot have them it says of each
package that it was not found, and ends as if all were well; here that is an answer of its own.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.supply.parts import LOCK, ROOT

TOOL = ROOT / ".venv-audit" / "bin" / "pip-audit"
LOCKS = (LOCK, *(ROOT / "requirements" / f"{name}.txt" for name in ("dev", "sam", "audit")))
CLEAN, FOUND, NOT_LOOKED_UP = 0, 1, 3
PATIENCE = 180
"""Seconds for one lock; a service that does not answer would otherwise hold the build."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What is known of the packages of one lock; `unknown` are those nothing could be learnt of."""

    known: int
    faults: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def code(self) -> int:
        """Exit code: a fault that was found weighs more than a package that was not."""
        if self.faults:
            return FOUND
        return NOT_LOOKED_UP if self.unknown or not self.known else CLEAN


def read(report: Mapping[str, Any]) -> Looked:
    """The JSON report of pip-audit."""
    packages = report["dependencies"]
    return Looked(
        known=sum("skip_reason" not in each for each in packages),
        faults=tuple(
            f"{each['name']} {each['version']}: {fault['id']}"
            + (f", mended in {', '.join(fault['fix_versions'])}" if fault["fix_versions"] else "")
            for each in packages
            for fault in each.get("vulns", ())
        ),
        unknown=tuple(each["name"] for each in packages if "skip_reason" in each),
    )


def looked_up(lock: Path, service: str, tool: Path = TOOL) -> Looked:
    """Ask about every package of a lock. A service that cannot be reached gives no known one."""
    nothing = Looked(known=0, faults=(), unknown=())
    arguments = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "-f", "json"]
    try:
        ended = subprocess.run(
            [tool, "-r", lock, "-s", service, *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return read(json.loads(ended.stdout))
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return nothing


def told(name: str, looked: Looked) -> str:
    """The answer for one lock in words."""
    if looked.faults:
        return "\n".join([f"pip-audit: {name}: known faults:", *(f"  {x}" for x in looked.faults)])
    if looked.code == NOT_LOOKED_UP:
        missing = f"{len(looked.unknown)} packages" if looked.unknown else "its packages"
        return (
            f"pip-audit: {name}: the advisories for {missing} cannot be reached from here: "
            "NOTHING is known of them. Run it where they can, for example in your CI"
        )
    return f"pip-audit: {name}: {looked.known} packages, no known fault"


def main() -> int:
    """0 no known fault, 1 faults, 3 the data could not be had."""
    parser = argparse.ArgumentParser(prog="make pip-audit")
    parser.add_argument("--service", choices=["pypi", "osv"], default="pypi")
    parser.add_argument("--all", action="store_true", help="the locks of the tools too")
    args = parser.parse_args()
    codes = set()
    for lock in LOCKS if args.all else (LOCK,):
        looked = looked_up(lock, args.service)
        print(told(str(lock.relative_to(ROOT)), looked))
        codes.add(looked.code)
    return FOUND if FOUND in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main())
