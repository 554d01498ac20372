"""The public checkers, each as a function that says what it found."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.audit.expanding import REGION
from infra.audit.findings import Finding

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TOOLS = ROOT / ".venv-audit"
NODE = TOOLS / "node"
_GUARD = NODE / "node_modules" / "@cdklabs" / "cdk-validator-cfnguard"
_CONTROL_TOWER = _GUARD / "rules" / "control-tower" / "cfn-guard"
_LONGEST_SECONDS = 500
_NAMED = re.compile(r"^[A-Z][A-Za-z ]+ (\w+) (?:should|does|is|do)\b")
"""How serverless-rules begin a message: "Lambda function X should have …"."""


class CheckerError(Exception):
    """A checker could not be run."""


@dataclass(frozen=True, slots=True)
class Audited:
    """The template as it is written, and where it lies expanded."""

    source: Path
    expanded: Path
    flat: Path
    resources: Collection[str]


def cfn_lint(audited: Audited) -> Iterator[Finding]:
    """cfn-lint with the rules for serverless applications."""
    name = "cfn-lint + serverless"
    rules = ["-a", "cfn_lint_serverless.rules", "--format", "json"]
    said = _run([_tool("cfn-lint"), *rules, "-t", str(audited.source)], range(16))
    bad = set()
    for each in json.loads(said or "[]"):
        path = each["Location"].get("Path") or []
        named = _NAMED.match(each["Message"])
        in_resource = len(path) > 1 and path[0] == "Resources"
        resource = named[1] if named else path[1] if in_resource else "(template)"
        bad.add(resource)
        yield Finding(name, each["Rule"]["Id"], resource, passed=False, why=each["Message"])
    for resource in set(audited.resources) - bad:
        yield Finding(name, "clean", resource, passed=True)


def checkov(audited: Audited) -> Iterator[Finding]:
    """checkov, without what it would fetch."""
    told = ["--framework", "cloudformation", "-o", "json", "--compact", "--skip-download"]
    said = json.loads(_run([_tool("checkov"), "-f", str(audited.expanded), *told], (0, 1)))
    for passed, kind in ((True, "passed_checks"), (False, "failed_checks")):
        for each in said["results"][kind]:
            resource = each["resource"].split(".")[-1]
            yield Finding("checkov", each["check_id"], resource, passed, each["check_name"])


def cdk_nag(audited: Audited) -> Iterator[Finding]:
    """The packs HIPAA.Security, AwsSolutions and Serverless of cdk-nag."""
    for each in json.loads(_run(["node", str(HERE / "nag.js"), str(audited.expanded)], (0,))):
        resource, passed = each["resource"], each["passed"]
        yield Finding(f"cdk-nag {each['pack']}", each["rule"], resource, passed, each["why"])


def control_tower(audited: Audited) -> Iterator[Finding]:
    """cfn-guard with the proactive controls of AWS Control Tower."""
    name = "cfn-guard Control Tower"
    shape = ["--structured", "--output-format", "json", "--show-summary", "none"]
    asked = ["validate", "--rules", str(_CONTROL_TOWER), "--data", str(audited.flat), *shape]
    (said,) = json.loads(_run([str(_guard_program()), *asked], (0, 19)))
    for rule in said["compliant"]:
        yield Finding(name, rule, "(template)", passed=True)
    for each in said["not_compliant"]:
        text = json.dumps(each)
        why = re.search(r"\[CT\.[A-Z0-9.]+\]: [^\\]+", text)
        for resource in sorted(set(re.findall(r"/Resources/(\w+)", text))) or ["(template)"]:
            told = why[0] if why else ""
            yield Finding(name, each["Rule"]["name"], resource, passed=False, why=told)


PUBLIC = (cfn_lint, checkov, cdk_nag, control_tower)


def flattened(node: Any) -> Any:  # noqa: ANN401
    """With texts where the template asks for one to be made: cfn-guard reads nothing else."""
    if isinstance(node, list):
        return [flattened(each) for each in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"Fn::Sub"}:
        text = node["Fn::Sub"]
        return text if isinstance(text, str) else text[0]
    if set(node) == {"Fn::Join"}:
        mark, parts = node["Fn::Join"]
        flat = [flattened(each) for each in parts] if isinstance(parts, list) else []
        return mark.join(each if isinstance(each, str) else "${made}" for each in flat)
    return {key: flattened(each) for key, each in node.items()}


def _tool(name: str) -> str:
    return str(TOOLS / "bin" / name)


def _guard_program() -> Path:
    system = "macos" if platform.system() == "Darwin" else "ubuntu"
    machine = "aarch64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
    program = _GUARD / "bin" / system / machine / "cfn-guard"
    program.chmod(0o755)  # npm unpacks it without the right to run
    return program


def _run(command: list[str], fine: Collection[int]) -> str:
    environment = {
        **os.environ,
        "AWS_DEFAULT_REGION": REGION,
        "NODE_PATH": str(NODE / "node_modules"),
        "BC_SKIP_MAPPING": "TRUE",
        "CHECKOV_RUN_SCA_PACKAGE_SCAN_V2": "false",
    }
    ended = subprocess.run(  # noqa: S603 our own tools and paths
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    if ended.returncode not in fine:
        told = (ended.stderr or ended.stdout)[-300:].strip()
        raise CheckerError(f"{Path(command[0]).name} exited {ended.returncode}: {told}")
    return ended.stdout
