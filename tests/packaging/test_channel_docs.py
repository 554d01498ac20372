"""Every adapter has a page, a line in the index, and every option a line in the table."""

import re

import pytest

from tests.template import ROOT
from triagewire.channels.options import _SHARED, ADAPTERS, OPTIONS_OF

DOCS = ROOT / "docs"
INDEX = (DOCS / "channels.md").read_text(encoding="utf-8")
OPTION_LINES = dict(re.findall(r"^\| `(\w+)` \| ([\w, ]+) \|", INDEX, re.MULTILINE))


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_adapter_has_a_page_and_a_line_in_the_index(adapter: str) -> None:
    page = (DOCS / "channels" / f"{adapter}.md").read_text(encoding="utf-8")

    assert f"[{adapter}](channels/{adapter}.md)" in INDEX
    assert f"adapter: {adapter}" in page


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_option_of_an_adapter_stands_in_the_table(adapter: str) -> None:
    stated = {name for name, adapters in OPTION_LINES.items() if adapter in adapters.split(", ")}

    assert stated == set(OPTIONS_OF[adapter])


def test_the_shared_options_stand_in_the_table() -> None:
    assert {name for name, adapters in OPTION_LINES.items() if adapters == "all"} == set(_SHARED)
