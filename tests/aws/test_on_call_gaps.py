"""An hour with nobody on call is seen before it comes, whenever the policy was published."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.aws.clinic import Clinic
from tests.builders import MEMBERS, MONDAY_MORNING, a_policy, a_site
from triagewire.policy.roster import Leave

LEAVE = (Leave(begins=date(2026, 3, 24), ends=date(2026, 3, 26)),)


@pytest.mark.parametrize(("days", "gaps"), [(0, 0), (14, 0), (16, 1), (22, 1), (25, 0)], ids=str)
def test_the_sweep_counts_the_gaps_of_the_next_week(clinic: Clinic, days: int, gaps: int) -> None:
    members = MEMBERS | {"dr-lind": replace(MEMBERS["dr-lind"], leave=LEAVE)}
    clinic.publish(a_policy(site=a_site(members=members)))

    done = clinic.sweep(MONDAY_MORNING + timedelta(days=days))

    assert (done["OnCallGaps"], done["Failed"]) == (gaps, 0)
