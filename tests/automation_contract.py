"""The contract of `docs/automation.md`, taken from the page itself so that it cannot drift."""

import json
import re

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.template import ROOT

PAGE = (ROOT / "docs" / "automation.md").read_text(encoding="utf-8")
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
SCHEMA = next(each for each in BLOCKS if "$schema" in each)
EXAMPLE = next(each for each in BLOCKS if each.get("detail-type"))
EVENT = Draft202012Validator(SCHEMA)
