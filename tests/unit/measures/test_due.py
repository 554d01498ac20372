"""Which reports are due: of what is over where people work, and is signed for."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from triagewire.measures.due import CAUGHT_UP, LATE, Due, Each, due
from triagewire.measures.period import A_DAY

NEW_YORK, LOS_ANGELES = "America/New_York", "America/Los_Angeles"
START = datetime(2025, 1, 1, tzinfo=UTC)
ZONES = (NEW_YORK, LOS_ANGELES, "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu")


def names(found: tuple[Due, ...]) -> list[str]:
    return [each.name for each in found]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_day_is_due_when_it_is_over_where_its_site_is_and_its_last_events_are_signed_for() -> (
    None
):
    before = due(Each.DAILY, "north", [NEW_YORK], at("2026-03-03 05:09"))
    after = due(Each.DAILY, "north", [NEW_YORK], at("2026-03-03 05:10"))

    assert (names(before)[0], names(after)[0]) == ("2026-03-01", "2026-03-02")
    assert after[0].path == "reports/north/daily/2026-03-02"


def test_a_day_of_the_group_waits_for_its_last_site() -> None:
    zones = [NEW_YORK, LOS_ANGELES]

    assert names(due(Each.DAILY, "", zones, at("2026-03-03 08:09")))[0] == "2026-03-01"
    assert due(Each.DAILY, "", zones, at("2026-03-03 08:10"))[0].path == (
        "reports/_group/daily/2026-03-02"
    )


def test_a_week_is_due_on_monday() -> None:
    assert names(due(Each.WEEKLY, "north", [NEW_YORK], at("2026-03-08 20:00")))[0] == "2026-W09"
    assert names(due(Each.WEEKLY, "north", [NEW_YORK], at("2026-03-09 12:00")))[0] == "2026-W10"


def test_a_day_of_23_hours_ends_when_its_clocks_say_so() -> None:
    assert names(due(Each.DAILY, "north", [NEW_YORK], at("2026-03-09 04:10")))[0] == "2026-03-08"


def test_a_group_without_sites_has_no_reports() -> None:
    assert due(Each.DAILY, "", [], at("2026-03-03 08:10")) == ()


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda each: START + timedelta(minutes=each)),
    st.lists(st.sampled_from(ZONES), min_size=1, unique=True),
    st.sampled_from(Each),
)
def test_every_period_of_two_weeks_that_is_over_is_due_once(
    until: datetime, zones: list[str], each: Each
) -> None:
    found = due(each, "north", zones, until)

    assert len(set(names(found))) == len(found)
    assert [one.newest for one in found] == [True] + [False] * (len(found) - 1)
    assert all(one.period.ends(zone) + LATE <= until for one in found for zone in zones)
    following = each.of(found[0].period.last + A_DAY)
    assert any(following.ends(zone) + LATE > until for zone in zones)
    assert found[-1].period.begins(zones[0]) <= until - CAUGHT_UP + timedelta(days=7)
    for later, earlier in pairwise(found):
        assert earlier.period.last + A_DAY == later.period.first


def test_weeks_are_named_as_iso_8601_counts_them() -> None:
    assert Each.WEEKLY.name_of(Each.WEEKLY.of(date(2027, 1, 2))) == "2026-W53"
