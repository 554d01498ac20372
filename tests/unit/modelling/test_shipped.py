"""The file that is shipped is what training gives, to the last digit."""

from modelling.__main__ import as_text
from modelling.hearing import heard
from modelling.messages import messages
from modelling.questions import sources, unseen
from modelling.training import trained
from triagewire.scoring.second_opinion.shipped import PATH


def test_training_gives_the_shipped_file() -> None:
    found = heard(messages())

    text = as_text(trained(found, unseen(found, sources(found), teams=False)))

    assert PATH.read_text(encoding="utf-8") == text, "rules or messages changed: run make model"
