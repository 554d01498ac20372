"""The page on staff requests can be copied: its form, its fields and its policy are ours."""

import re

import pytest
import yaml

from tests.builders import MEMBERS, TEAMS, a_site
from tests.template import ROOT
from triagewire.channels.reading.staff import STAFF_FIELDS
from triagewire.channels.web import _NAMES
from triagewire.policy.intake import intake_problems
from triagewire.policy.load import DEFAULTS
from triagewire.policy.model import Intake
from triagewire.team import IT

PAGE = (ROOT / "docs" / "staff-requests.md").read_text(encoding="utf-8")
FORM = re.findall(r"name=\"(\w+)\"", PAGE)
BLOCKS = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


@pytest.mark.parametrize("name", STAFF_FIELDS)
def test_every_field_stands_in_its_table(name: str) -> None:
    assert f"`{name}`" in PAGE.partition("| way in |")[0]


def test_the_form_has_only_fields_that_are_read() -> None:
    assert set(FORM) <= {*STAFF_FIELDS, *_NAMES}


def test_the_critical_fields_of_the_page_are_the_shipped_ones() -> None:
    (stated,) = (block["intake"] for block in BLOCKS if "intake" in block)
    shipped = yaml.safe_load((DEFAULTS / "site.yaml").read_text(encoding="utf-8"))["intake"]

    assert stated["critical"] == shipped["critical"]
    assert set(shipped["critical"]) == set(IT)
    intake = Intake(critical=shipped["critical"], fields=shipped["fields"])
    assert list(intake_problems(a_site(intake=intake, teams=TEAMS, members=MEMBERS))) == []


def test_the_shipped_words_are_in_english_and_spanish() -> None:
    shipped = yaml.safe_load((DEFAULTS / "site.yaml").read_text(encoding="utf-8"))

    assert {frozenset(words) for words in shipped["intake"]["fields"].values()} == {
        frozenset({"en", "es"})
    }
    assert set(shipped["intake"]["fields"]) == set(STAFF_FIELDS)
