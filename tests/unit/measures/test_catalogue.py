"""What every measure says of itself, and that the page of measures says the same."""

import pytest

from tests.measures_page import PAGE, with_measures
from triagewire.flow.staff import Outcome
from triagewire.measures.catalogue import BY_ID, MEASURES
from triagewire.measures.measure import Kind, Measure, Theme, Unit
from triagewire.ticket import NOT_NEEDED


@pytest.mark.parametrize("measure", MEASURES, ids=lambda each: each.id)
def test_a_measure_says_what_it_is(measure: Measure) -> None:
    assert measure.name
    assert measure.formula
    assert measure.excluded
    assert (measure.unit is Unit.SHARE) is (measure.kind is Kind.SHARE)
    assert measure.target is None or measure.kind is not Kind.SUM


def test_every_measure_has_an_id_of_its_own_and_they_stand_by_theme() -> None:
    themes = [each.theme for each in MEASURES]

    assert len(BY_ID) == len(MEASURES)
    assert themes == sorted(themes, key=list(Theme).index)
    assert set(themes) == set(Theme)


def test_the_targets_of_a_desk_that_pays() -> None:
    assert {each.id: each.target for each in MEASURES if each.target is not None} == {
        "first_response_administrative": 120,
        "first_response_clinical": 30,
        "misroutes": 0.03,
        "satisfaction": 4.0,
        "triage_hours_per_hundred": 1.0,
    }


def test_what_asked_for_nothing_is_the_outcome_that_staff_choose() -> None:
    assert Outcome.NOT_NEEDED == NOT_NEEDED


def test_nothing_is_claimed_by_accuracy_alone() -> None:
    said = " ".join(f"{each.name} {each.formula} {each.compare}" for each in MEASURES)

    assert "accuracy" not in said.lower()


def test_the_page_has_every_measure_as_the_catalogue_has_it() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == with_measures(page), "run `python -m tests.measures_page`"
    assert all(f"(`{each.id}`)" in page for each in MEASURES)
