"""A broken promise about attackers and auditors is noticed: each check is shown such a day."""

from dataclasses import replace
from typing import Any

import pytest

from local.demo.evidence import Emergency
from local.demo.facts import Facts
from local.demo.promises_of_evidence import CHECKS
from tests.unit.demo.days import a_day, said

FORGED, EMERGENCY, LOCKED, NAMED, EXPORT, MONTH = CHECKS
FORBIDDEN = (403, 403, 403)


def broken(facts: Facts) -> set[str]:
    """The promises about evidence that were broken on a day."""
    return {name for name, find in CHECKS.items() if list(find(facts))}


def seeing(**changes: Any) -> Facts:  # noqa: ANN401
    """The day on which the driver saw something else."""
    day = a_day()
    return replace(day, seen=replace(day.seen, **changes))


def finding(**changes: Any) -> Facts:  # noqa: ANN401
    """The day on which the auditor found something else."""
    day = a_day()
    return replace(day, found=replace(day.found, **changes))


def answered(before: int, during: int, after: int, forged: tuple[int, ...] = FORBIDDEN) -> Facts:
    """The day on which the helper and the forger were answered so."""
    return seeing(emergency=Emergency(before=before, during=during, after=after, forged=forged))


def test_a_good_day_breaks_nothing() -> None:
    assert broken(a_day()) == set()


@pytest.mark.parametrize(
    ("promise", "day"),
    [
        (FORGED, answered(404, 200, 404, forged=(403, 200, 403))),
        (FORGED, answered(404, 200, 404, forged=())),
        (EMERGENCY, answered(200, 200, 404)),
        (EMERGENCY, answered(404, 404, 404)),
        (EMERGENCY, answered(404, 200, 200)),
        (LOCKED, finding(whole=said("event 3 of a ticket is missing", status=1))),
        (LOCKED, seeing(checkpoints=0)),
        (NAMED, finding(altered=said("all verify"))),
        (EXPORT, finding(export=said("no such ticket", status=1))),
        (EXPORT, finding(offline=said("the signature is not genuine", status=1))),
        (EXPORT, finding(edited=said("it verifies"))),
        (MONTH, finding(month=said("nothing to see"))),
        (MONTH, finding(month=said("no such bucket", status=1))),
    ],
)
def test_a_broken_promise_is_named(promise: str, day: Facts) -> None:
    assert broken(day) == {promise}
