"""What a site says of measures: what would count nothing, or count wrongly, is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.unit.policy.refusals import Edit, refused, with_fields
from triagewire.policy.checks import problems_of
from triagewire.policy.load import load

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
BEFORE = "before: { response_minutes: 540, triage_hours: 6.5, misroutes: 0.11 }"


def test_what_was_before_and_what_an_hour_costs_are_read(edited: Edit) -> None:
    fields = f"measures: {{ {BEFORE}, hourly_rates: {{ triage: 24 }}, currency: EUR }}"

    told = load(with_fields(edited, fields)).policy.sites["riverside"].measures

    assert (told.before.triage_hours, told.before.satisfaction) == (6.5, None)
    assert (told.hourly_rates.triage, told.hourly_rates.clinical, told.currency) == (
        24,
        None,
        "EUR",
    )


@pytest.mark.parametrize(
    ("told", "field", "problem"),
    [
        ("before: { misroutes: 11 }", "before.misroutes", "must be a share from 0 to 1: 3 % is"),
        ("before: { satisfaction: 0 }", "before.satisfaction", "must be from 1 to 5"),
        ("before: { triage_hours: -1 }", "before.triage_hours", "must be from 0 to 1000"),
        ("before: { triage_hours: six }", "before.triage_hours", "must be a number"),
        ("hourly_rates: { clinical: 99999 }", "hourly_rates.clinical", "must be from 0 to 10000"),
        ("hourly_rate: { triage: 24 }", "hourly_rate", ""),
        ("currency: dollars", "currency", "must be three letters, such as USD"),
        ("go_live: 2026-03-02T08:00:00", "go_live", "needs an offset"),
        ("clinical_teams: [nurses]", "clinical_teams", "nurses is not a team of this site"),
        ("clinical_teams: [review, review]", "clinical_teams", "review is named twice"),
        (
            "clinical_teams: [clinical, billing, scheduling, portal, it, review]",
            "clinical_teams",
            "names every team",
        ),
    ],
)
def test_a_slip_of_the_pen_is_named_by_file_line_and_field(
    edited: Edit, told: str, field: str, problem: str
) -> None:
    line = f"measures: {{ {told} }}"

    refused(with_fields(edited, line), f"measures.{field}", problem, at=line)


@pytest.mark.parametrize(("year", "problems"), [(2026, 0), (2036, 1)])
def test_a_site_that_goes_live_in_ten_years_has_mistyped_the_year(
    edited: Edit, year: int, problems: int
) -> None:
    draft = load(with_fields(edited, f"measures: {{ go_live: {year}-06-01T08:00:00-05:00 }}"))

    found = problems_of(draft.policy, draft.document, NOW)

    assert [each for each in found if "measures.go_live: is more than a year" in each][
        problems:
    ] == []
    assert len(found) == problems


def test_the_example_in_the_starter_policy_is_fit_once_it_is_not_a_comment(starter: Path) -> None:
    for name in ("group.yaml", "sites/riverside.yaml"):
        path = starter / name
        text = path.read_text(encoding="utf-8")
        head, _, example = text.rpartition("# measures:")
        path.write_text(head + "measures:" + example.replace("\n#", "\n"), encoding="utf-8")

    draft = load(starter)

    told = draft.policy.sites["riverside"].measures
    assert (told.before.clinical_admin_hours, told.hourly_rates.clinical) == (9, 52)
    assert problems_of(draft.policy, draft.document, NOW) == []
