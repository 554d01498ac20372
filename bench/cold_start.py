"""What a cold start of each function costs, as a multiple of starting Python and doing nothing.

The number of modules has no noise and is a gate: too many, or one of the forbidden, and the exit
code is 1. The CPU ratio is paired and only reported, unless `--strict` makes it a gate as well.

    python -m bench.cold_start             from the working tree
    python -m bench.cold_start --built     from what `make build` made, as it ships
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.paired import Ratio, compare

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / ".aws-sam" / "build"
NOTHING = "pass"
IMPORT = "import handler"
READY = "import handler; from triagewire.aws import tables; tables()"
MODULES = "import sys, json; {}; print(json.dumps(sorted(sys.modules)))"

# Modules that would undo the work of keeping a function lean; each costs more than the rest.
EVERYWHERE = ("aws_xray_sdk", "numpy", "s3transfer", "multiprocessing.managers")
INTAKE_ONLY = ("asyncio", "pydantic", "boto3")
SEALING = ("intake", "score_route", "escalate", "desk")
"""Only these are given the key of messages, and so load what asks for it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The most a function may import and cost: senders wait for intake, nobody for the others."""

    modules: int
    ratio: float
    forbidden: tuple[str, ...]


# botocore alone is 308 modules, Powertools' Logger 40: for 380 intake would need another client.
# Of the desk's, 150 are Powertools' resolver, and pydantic's another 40; the others have 120 and
# more small files of our own, which cost some tenths of a millisecond each.
LIMITS = {
    "intake": Limit(440, 20.0, EVERYWHERE + INTAKE_ONLY),
    "desk": Limit(800, 40.0, EVERYWHERE),
}
OTHERS = Limit(690, 32.0, EVERYWHERE)


@dataclass(frozen=True, slots=True)
class Start:
    """The cold start of one function. Ratios are CPU time over that of bare Python."""

    function: str
    modules: int
    modules_with_client: int
    forbidden: tuple[str, ...]
    imported: Ratio
    ready: Ratio

    @property
    def faults(self) -> list[str]:
        """What breaks a gate that has no noise."""
        limit = LIMITS.get(self.function, OTHERS)
        found = [f"imports {name}" for name in self.forbidden]
        if self.modules_with_client > limit.modules:
            found.append(f"needs {self.modules_with_client} modules, at most {limit.modules}")
        return found

    @property
    def is_slow(self) -> bool:
        """Whether the import (Lambda's INIT) is above its limit; the client comes later."""
        return self.imported.middle > LIMITS.get(self.function, OTHERS).ratio


def main(arguments: list[str] | None = None) -> int:
    """Measure every function that exists and print a table, or JSON lines with `--json`."""
    options = _options(arguments)
    starts = [
        measure(name, paths, options.rounds) for name, paths in _functions(built=options.built)
    ]
    if not starts:
        print("no function to measure: there is no handler", file=sys.stderr)
        return 2
    for start in starts:
        print(json.dumps(asdict(start)) if options.json else _row(start))
    slow = options.strict and any(start.is_slow for start in starts)
    return 1 if slow or any(start.faults for start in starts) else 0


def measure(function: str, paths: list[Path], rounds: int) -> Start:
    """Import one handler in fresh processes, with and without its DynamoDB client."""
    environment = environment_of(function, paths)
    imported = _modules(IMPORT, environment)
    ready = _modules(READY, environment)
    banned = LIMITS.get(function, OTHERS).forbidden
    return Start(
        function=function,
        modules=len(imported),
        modules_with_client=len(ready),
        forbidden=tuple(name for name in banned if name in ready),
        imported=_ratio(IMPORT, environment, rounds),
        ready=_ratio(READY, environment, rounds),
    )


def _functions(*, built: bool) -> Iterator[tuple[str, list[Path]]]:
    for handler in sorted(ROOT.glob("functions/*/handler.py")):
        name = handler.parent.name
        if built:
            folder = "".join(word.title() for word in name.split("_")) + "Function"
            yield name, [BUILT / folder, BUILT / "CommonLayer" / "python"]
        else:
            yield name, [handler.parent, ROOT / "layers" / "common"]


def environment_of(function: str, paths: list[Path]) -> dict[str, str]:
    """What a function finds in its environment, with made-up names."""
    made_up = ("TICKETS_TABLE", "LEDGER_TABLE", "PAGES_TOPIC_ARN", "ALERTS_TOPIC_ARN")
    secrets = ("WEBHOOK_SECRETS_ARN", "IDENTITY_KEY_ARN", "SENDER_ADDRESS", "DESK_URL")
    keys = ("MESSAGE_KEY_ARN",) if function in SEALING else ()
    return {
        **dict.fromkeys(made_up + secrets + keys, "bench"),
        "PUBLIC_URL": "",
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_EC2_METADATA_DISABLED": "true",
        "POWERTOOLS_SERVICE_NAME": function,
        "POWERTOOLS_METRICS_NAMESPACE": "Triagewire",
        "LOG_LEVEL": "INFO",
    }


def _modules(code: str, environment: Mapping[str, str]) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", MODULES.format(code)],
        env=environment,
        cwd=ROOT / "bench",
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    names: list[str] = json.loads(ran.stdout.splitlines()[-1])
    return names


def _ratio(code: str, environment: Mapping[str, str], rounds: int) -> Ratio:
    return compare(
        lambda: cpu_seconds(code, environment),
        lambda: cpu_seconds(NOTHING, environment),
        rounds,
    )


def cpu_seconds(code: str, environment: Mapping[str, str]) -> float:
    """The CPU time of a fresh Python process that runs the code."""
    child = subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=ROOT / "bench")
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, child.args)
    return usage.ru_utime + usage.ru_stime


def _row(start: Start) -> str:
    limit = LIMITS.get(start.function, OTHERS)
    verdict = "; ".join(start.faults) or "within its limits"
    slow = f", above {limit.ratio:.0f} x" if start.is_slow else ""
    return (
        f"{start.function:<12} {start.modules:>4} modules, with its client "
        f"{start.modules_with_client:>4} (limit {limit.modules}): {verdict}\n"
        f"{'':<12} x bare Python: import {start.imported}, with its client {start.ready}{slow}"
    )


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.cold_start", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="paired rounds of each ratio")
    parser.add_argument("--built", action="store_true", help="measure the artefact of make build")
    parser.add_argument("--strict", action="store_true", help="fail on a ratio above its limit")
    parser.add_argument("--json", action="store_true", help="one JSON object a function")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
