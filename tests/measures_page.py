"""The part of docs/measures.md that is written from the catalogue of measures.

python -m tests.measures_page
"""

import re
from collections.abc import Iterator

from tests.template import ROOT
from triagewire.measures.catalogue import MEASURES
from triagewire.measures.measure import Better, Kind, Measure, Theme, Unit

PAGE = ROOT / "docs/measures.md"
BEGINS, ENDS = "<!-- measures: begin -->", "<!-- measures: end -->"
SHOWN = {
    Kind.SPREAD: "median and 90th percentile",
    Kind.SHARE: "share",
    Kind.MEAN: "mean",
    Kind.SUM: "sum",
}


def with_measures(page: str) -> str:
    """The page with the measures as the catalogue has them."""
    part = f"{BEGINS}\n\n{'\n'.join(_themes())}\n{ENDS}"
    return re.sub(f"{BEGINS}.*?{ENDS}", lambda _: part, page, flags=re.DOTALL)


def _themes() -> Iterator[str]:
    for theme in Theme:
        yield f"### {theme.value.capitalize()}\n"
        for each in MEASURES:
            if each.theme is theme:
                yield from _described(each)


def _described(measure: Measure) -> Iterator[str]:
    unit = "" if measure.unit is Unit.SHARE else f" in {measure.unit.value}"
    yield f"**{measure.name}** (`{measure.id}`): {SHOWN[measure.kind]}{unit}.\n"
    yield f"- Formula: {measure.formula}."
    yield f"- Left out: {measure.excluded}."
    if measure.target is not None:
        yield f"- Target: {_target(measure)}."
    if measure.better is not Better.NEITHER:
        yield f"- Better: {measure.better.value}."
    if measure.estimate:
        yield f"- An estimate: {measure.estimate}."
    if measure.compare:
        yield f"- Published elsewhere: {measure.compare}."
    yield ""


def _target(measure: Measure) -> str:
    most = "at least" if measure.better is Better.HIGHER else "less than"
    if measure.unit is Unit.SHARE:
        return f"{most} {measure.target:.0%}"
    return f"{most} {measure.target:g} {measure.unit.value}"


if __name__ == "__main__":
    PAGE.write_text(with_measures(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
