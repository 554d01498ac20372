"""`python -m modelling`: make the second opinion's file and the figures of its card.

train   write the file that is shipped, and the figures into docs/second-opinion.md
check   exit code 1 unless training now gives the very file that is shipped
points  print what a regression would give each kind of evidence of the safety net
"""

import argparse
import json
import sys
from typing import Any

from modelling.figures import card
from modelling.hearing import heard
from modelling.messages import ROOT, messages
from modelling.points import table
from modelling.questions import sources, unseen
from modelling.training import trained
from triagewire.scoring.second_opinion.shipped import PATH

CARD = ROOT / "docs" / "second-opinion.md"
BEGIN, END = "<!-- figures: made by make model -->", "<!-- end of figures -->"


def main(arguments: list[str] | None = None) -> int:
    """Do what was asked; exit code 1 where a check fails."""
    parser = argparse.ArgumentParser(prog="modelling", description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("train", "check", "points"))
    what = parser.parse_args(arguments).what
    found = heard(messages())
    if what == "points":
        print(table(found))
        return 0
    taught = unseen(found, sources(found), teams=what == "train")
    data = as_text(trained(found, taught))
    if what == "check":
        same = PATH.exists() and PATH.read_text(encoding="utf-8") == data
        print("the shipped file is what training gives" if same else "run make model")
        return 0 if same else 1
    PATH.write_text(data, encoding="utf-8")
    _write_card(card(found, taught, json.loads(data)))
    print(f"{PATH.relative_to(ROOT)}: {len(data) // 1000} KB; figures: {CARD.relative_to(ROOT)}")
    return 0


def as_text(data: dict[str, Any]) -> str:
    """The file, one weight a line."""
    return json.dumps(data, indent=0, ensure_ascii=True) + "\n"


def _write_card(figures: str) -> None:
    text = CARD.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    CARD.write_text(f"{before}{BEGIN}\n{figures}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
