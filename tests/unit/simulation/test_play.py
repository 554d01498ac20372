"""What a played scenario shows of the real decisions: pages, acknowledgements, outages, deaths."""

import json
from datetime import timedelta
from itertools import count

import pytest

from ops.simulation.sheet import Away, Crash, Outage, Resolve, Respond, Stop, Unsubscribed
from tests.builders import AT_NIGHT, minutes
from tests.unit.simulation.scenes import (
    BILL,
    CHEST_PAIN,
    act,
    happening,
    names,
    of,
    played,
    told,
)
from triagewire.ladder import Way

PAGES = ("page", "repage")


def test_an_urgent_message_at_night_pages_at_once_and_climbs_to_the_catch_all_and_over_again() -> (
    None
):
    timeline = played(happening(0, CHEST_PAIN), lasts=timedelta(minutes=20))

    assert told(timeline, *PAGES) == [
        (0, "dr-okafor"),
        (5, "nora"),
        (10, "director"),
        (15, "dr-okafor"),
        (20, "nora"),
    ]
    assert names(of(timeline, *PAGES)) == ["page", *["repage"] * 4]


def test_an_acknowledgement_stops_the_pages_until_it_has_expired() -> None:
    timeline = played(
        happening(0, CHEST_PAIN), act(6, "acknowledge", "nora"), lasts=timedelta(minutes=70)
    )

    (heard,) = of(timeline, "ack")
    (expired,) = of(timeline, "ack_expired")
    assert (heard.more["by"], heard.at) == ("nora", AT_NIGHT + minutes(6))
    assert expired.at == AT_NIGHT + minutes(66)
    assert [after for after, _ in told(timeline, *PAGES)] == [0, 5, 66]


def test_an_answer_ends_the_pages_that_an_acknowledgement_only_stops() -> None:
    timeline = played(
        happening(0, CHEST_PAIN),
        act(6, "acknowledge", "nora"),
        happening(7, Respond(ticket="pain", by="nora"), "respond"),
        lasts=timedelta(minutes=90),
    )

    assert [after for after, _ in told(timeline, *PAGES)] == [0, 5]


def test_every_notice_says_by_which_ways_it_went_out() -> None:
    timeline = played(happening(0, CHEST_PAIN), lasts=timedelta(minutes=10))

    ways = [each["ways"] for each in timeline.as_data() if each["event"] in PAGES]
    assert ways == [["pager", "sms"], ["sms"], ["sms"]]


def test_a_way_that_fails_is_said_and_the_next_one_takes_the_page() -> None:
    timeline = played(
        happening(0, Outage(until="", way=Way.PAGER), "ways_fail", until=30),
        happening(1, CHEST_PAIN),
        lasts=timedelta(minutes=3),
    )

    (sent,) = of(timeline, "sent")
    assert (sent.more["ways"], sent.more["failed"]) == (["sms"], ["pager"])


def test_a_page_that_no_way_takes_is_said_and_comes_again() -> None:
    timeline = played(
        happening(0, Outage(until="", person="dr-okafor"), "ways_fail", until=3),
        happening(0, CHEST_PAIN),
        lasts=timedelta(minutes=4),
    )

    assert {after for after, _ in told(timeline, "not_sent")} == {0, 1, 2}
    assert told(timeline, "sent") == [(3, "dr-okafor")]


def test_a_page_that_sns_gives_up_on_lets_the_ladder_go_on_at_once() -> None:
    dead_pager = Outage(until="", person="dr-okafor", gives_up_after="30s")
    timeline = played(
        happening(0, dead_pager, "ways_fail", until=30),
        happening(1, CHEST_PAIN),
        lasts=timedelta(minutes=3),
    )

    (first, *_) = of(timeline, "undelivered")
    assert (first.to, first.more["way"]) == (("dr-okafor",), "pager")
    assert told(timeline, *PAGES)[:2] == [(1, "dr-okafor"), (1.5, "nora")]


def test_a_way_that_its_owner_stopped_is_passed_over_and_somebody_hears_that_no_page_arrives() -> (
    None
):
    timeline = played(
        happening(0, Unsubscribed(person="dr-okafor"), "unsubscribed"),
        happening(90, CHEST_PAIN),
        lasts=timedelta(minutes=92),
    )

    (page,) = of(timeline, "page")
    assert (page.to, page.more["skipped"]) == (("nora",), ["on_call: no working way"])
    assert "unreachable" in {each.more["kind"] for each in of(timeline, "sent")}


def test_nothing_is_lost_while_no_sweep_comes() -> None:
    timeline = played(
        happening(0, CHEST_PAIN),
        happening(1, Stop(until=""), "sweeps_stop", until=31),
        lasts=timedelta(minutes=40),
    )

    assert [after for after, _ in told(timeline, *PAGES)][:2] == [0, 31]


def test_a_process_that_dies_anywhere_loses_no_page_and_repeats_at_most_one() -> None:
    deaths = 0
    for writes in count():
        timeline = played(
            happening(0, Crash(writes=writes), "crash"),
            happening(0, CHEST_PAIN),
            lasts=timedelta(minutes=4),
        )
        if not of(timeline, "died"):
            break
        deaths += 1
        by_pager = [each for each in of(timeline, "sent") if "pager" in each.more["ways"]]
        assert 1 <= len(by_pager) <= 2
        assert len({each.more["message"] for each in by_pager}) == 1
        assert len(of(timeline, "page")) == 1

    assert deaths >= 6


def test_an_act_that_the_desk_would_refuse_is_refused() -> None:
    timeline = played(
        act(0, "acknowledge", "nora"),
        happening(1, BILL),
        act(2, "acknowledge", "bela", ticket="bill"),
    )

    why = [each.why for each in of(timeline, "refused")]
    assert why[0] == "pain has not come in yet"
    assert why[1].startswith("acknowledge: ")


def test_a_second_acknowledgement_is_said_to_change_nothing() -> None:
    timeline = played(
        happening(0, CHEST_PAIN), act(1, "acknowledge", "nora"), act(2, "acknowledge", "dr-okafor")
    )

    (second,) = of(timeline, "refused")
    assert (second.more["by"], second.why) == ("dr-okafor", "already acknowledged by nora")


def test_who_says_that_they_are_away_gets_nothing() -> None:
    morning = 6 * 60 + 30
    timeline = played(
        happening(morning, Away(member="bela"), "away"),
        happening(morning + 1, BILL),
        lasts=timedelta(hours=7),
    )

    (said,) = of(timeline, "presence")
    (routed,) = of(timeline, "routed")
    assert said.more["member"] == "bela"
    assert routed.to == ("billing",)


def test_a_stated_score_is_called_so() -> None:
    timeline = played(happening(0, CHEST_PAIN), lasts=timedelta(minutes=1))

    (scored,) = of(timeline, "scored")
    assert scored.more["score"] == 5
    assert scored.why == "symptom for clinical, clear; stated by the scenario"


def test_the_same_scenario_gives_the_same_timeline() -> None:
    deeds = (happening(0, CHEST_PAIN), act(6, "acknowledge", "nora"))

    first, again = (json.dumps(played(*deeds).as_data()) for _ in range(2))
    assert first == again


def test_times_are_in_order_and_on_the_clock_of_the_site() -> None:
    told_at = [each["at"] for each in played(happening(0, CHEST_PAIN)).as_data()]

    assert told_at[0] == "2026-03-03T02:00:00-05:00"
    assert told_at == sorted(told_at)


def test_a_quiet_year_is_played_in_a_moment() -> None:
    timeline = played(
        happening(0, BILL),
        happening(600, Resolve(ticket="bill", by="bela"), "resolve"),
        lasts=timedelta(days=365),
    )

    assert names(of(timeline, "resolved", "closed")) == ["resolved", "closed"]


def test_what_is_due_without_end_is_stopped_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.simulation.play.MOST_SWEEPS", 3)

    timeline = played(happening(0, CHEST_PAIN), lasts=timedelta(days=300))

    assert timeline.moments[-1].event == "stopped"


def test_nothing_but_the_timeline_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    played(happening(0, Outage(until="", way=None), "ways_fail", until=9), happening(0, CHEST_PAIN))

    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")
