"""How long words are kept: what cannot be meant is refused, what is doubtful is said."""

from pathlib import Path

import pytest

from tests.unit.policy.refusals import FILE, Edit, refused, with_fields
from triagewire.policy.load import load
from triagewire.policy.retention_checks import SIX_YEARS, retention_warnings


def warned(edited: Edit, days: int) -> list[str]:
    """What a person is told of words that are kept for so many days."""
    draft = load(with_fields(edited, f"retention: {{ message_days: {days} }}"))
    return list(retention_warnings(draft.policy, draft.document))


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        ("29", "must be 30 or more"),
        ("0", "must be 30 or more"),
        ("-1", "must be 30 or more"),
        ("36526", "must be at most 36525; leave it out to keep messages for ever"),
        ("soon", "must be a whole number"),
    ],
)
def test_words_are_kept_for_a_month_at_least_and_a_century_at_most(
    edited: Edit, days: str, problem: str
) -> None:
    fields = f"retention: {{ message_days: {days} }}"

    refused(with_fields(edited, fields), "retention.message_days", problem, at=fields)


def test_without_a_word_of_it_words_are_kept_for_ever(starter: Path) -> None:
    draft = load(starter)

    assert {site.retention.message_days for site in draft.policy.sites.values()} == {None}
    assert list(retention_warnings(draft.policy, draft.document)) == []


def test_less_than_six_years_is_allowed_and_warned_of_with_its_line(edited: Edit) -> None:
    (warning,) = warned(edited, SIX_YEARS - 1)

    assert f"policy/{FILE}:" in warning
    assert "riverside.retention.message_days: 2191 days are fewer than the 2192" in warning
    assert "the chart" in warning


def test_six_years_and_more_need_no_warning(edited: Edit) -> None:
    assert warned(edited, SIX_YEARS) == []
