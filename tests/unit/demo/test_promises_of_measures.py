"""A broken promise about the week's measures is noticed: each check is shown such a week."""

from dataclasses import replace
from typing import Any

import pytest

from local.demo.day import words_of_people
from local.demo.facts import Facts
from local.demo.promises_of_measures import CHECKS
from tests.unit.demo.days import a_day, a_week, said

AGAIN, FILES, TOLD, NOBODY, BROUGHT = CHECKS
NAME = sorted(words_of_people())[0]


def broken(facts: Facts) -> set[str]:
    """The promises about measures that were broken."""
    return {name for name, find in CHECKS.items() if list(find(facts))}


def week(**changes: Any) -> Facts:  # noqa: ANN401
    """The day after which the week's reports were otherwise."""
    return replace(a_day(), measured=replace(a_week(), **changes))


def test_a_good_week_breaks_nothing() -> None:
    assert broken(a_day()) == set()


@pytest.mark.parametrize(
    ("promise", "day"),
    [
        (AGAIN, week(kept=said("no such bucket", status=1))),
        (AGAIN, week(anew=said("first_response: 25 and 26", status=1))),
        (FILES, week(runs={"gather": True, "daily": False, "weekly": True})),
        (FILES, week(files={})),
        (TOLD, week(messages=())),
        (TOLD, week(messages=a_week().messages[:1])),
        (NOBODY, week(files={**a_week().files, "reports/x.json": NAME.encode()})),
        (NOBODY, week(messages=(*a_week().messages, NAME))),
        (BROUGHT, week(roi=said("no such site", status=1))),
        (BROUGHT, week(trends=said(""))),
    ],
)
def test_a_broken_promise_is_noticed(promise: str, day: Facts) -> None:
    assert broken(day) == {promise}
