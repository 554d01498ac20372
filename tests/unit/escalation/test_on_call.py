"""Who is on call, week by week, in site time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_site
from tests.strategies import instants
from triagewire.escalation.on_call import on_call
from triagewire.policy.roster import OnCall

NEW_YORK = "America/New_York"
ROTA = OnCall(rota=("dr-okafor", "dr-lind", "dr-vance"), since=date(2026, 3, 2))


def local(text: str, zone: str = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-03-02T08:00", "dr-okafor"),
        ("2026-03-09T07:59", "dr-okafor"),
        ("2026-03-09T08:00", "dr-lind"),
        ("2026-03-16T08:00", "dr-vance"),
        ("2026-03-23T08:00", "dr-okafor"),
    ],
    ids=["from the first day", "to the last minute", "the next week", "and on", "and round again"],
)
def test_each_provider_has_a_week_from_handover_to_handover(at: str, who: str) -> None:
    assert on_call(a_site(on_call=ROTA, zone=NEW_YORK), local(at)) == who


def test_before_the_rota_begins_somebody_is_on_call_too() -> None:
    assert on_call(a_site(on_call=ROTA, zone=NEW_YORK), local("2026-03-02T07:00")) == "dr-vance"


@pytest.mark.parametrize(
    "monday",
    ["2026-03-09", "2026-11-02"],
    ids=["after the clocks went forward", "after they went back"],
)
def test_handover_stays_at_eight_on_the_wall_when_the_clocks_change(monday: str) -> None:
    before = on_call(a_site(on_call=ROTA, zone=NEW_YORK), local(f"{monday}T07:59"))
    after = on_call(a_site(on_call=ROTA, zone=NEW_YORK), local(f"{monday}T08:00"))

    assert before != after


def test_handover_in_the_night_of_the_change_happens_once() -> None:
    night = OnCall(rota=("dr-okafor", "dr-lind"), since=date(2026, 3, 1), handover=time(2, 30))
    midnight = local("2026-03-08T00:00")

    watches = [
        on_call(a_site(on_call=night), midnight + timedelta(minutes=at)) for at in range(0, 360, 5)
    ]

    assert watches == sorted(watches, key=str, reverse=True)
    assert set(watches) == {"dr-okafor", "dr-lind"}


@given(instants, st.sampled_from([NEW_YORK, "Europe/London", "Australia/Lord_Howe"]))
def test_there_is_always_exactly_one_and_the_watch_ends_within_a_week(
    at: datetime, zone: str
) -> None:
    who = on_call(a_site(on_call=ROTA, zone=zone), at)

    assert who in ROTA.rota
    assert on_call(a_site(on_call=ROTA, zone=zone), at + timedelta(days=7, hours=2)) != who


def test_a_rota_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="rota"):
        OnCall(rota=(), since=date(2026, 3, 2))
