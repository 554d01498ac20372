"""Promises that break, pages that nobody hears, fields that staff leave out: and what to do."""

from dataclasses import replace
from datetime import time

from tests.builders import AT_NIGHT, LADDERS, MEMBERS, MONDAY_MORNING, a_site, minutes
from tests.trending import found, late, many, the
from triagewire.clock.calendar import Interval
from triagewire.ladder import OwnLadders
from triagewire.policy.model import Intake
from triagewire.policy.roster import Member
from triagewire.trends.finding import Kind


def test_a_team_and_topic_whose_promises_break_say_how_long_and_when() -> None:
    one = the(Kind.BREACHES, found(*late(many(8, "L", owner="pia"))))

    assert one.title == "Promises broken for portal in portal"
    assert (one.n, one.of) == (8, 8)
    assert "they waited 5.0 h for an answer (median)" in one.told
    assert "8 of 8 came from 07:00 to 10:00" in one.told
    assert "held at the end: pia 8" in one.told


def test_the_lead_hears_sooner_by_the_draft_and_no_promise_gets_longer() -> None:
    draft = the(Kind.BREACHES, found(*late(many(8, "L")))).draft

    assert draft is not None
    assert (draft.file, draft.place) == ("sites/north.yaml", "ladders")
    assert "administrative_standard:\n      before: [{ minutes: 60, tell: lead }]" in draft.text
    assert "targets" not in draft.text


def test_no_draft_is_made_where_the_site_says_already_who_hears_before() -> None:
    own = {"administrative_standard": OwnLadders(before=())}
    site = a_site(ladders=replace(LADDERS, scores=own))

    assert the(Kind.BREACHES, found(*late(many(8, "L")), site=site)).draft is None


def test_where_nobody_is_at_work_the_roster_is_to_blame() -> None:
    afternoons = {"mon": (Interval(time(13), time(17)),)}
    members = MEMBERS | {"pia": Member(name="Pia Lund", teams=("portal",), week=afternoons)}

    one = the(Kind.BREACHES, found(*late(many(8, "L")), site=a_site(members=members)))

    assert "8 of 8 came while nobody of portal was at work" in one.told
    assert "A longer promise is no answer." in one.suggestion
    assert one.draft is None


def test_where_a_field_is_missing_the_form_is_to_blame() -> None:
    lives = late(many(8, "L", missing=("asset",), source="it-form"))

    assert the(Kind.BREACHES, found(*lives)).suggestion.startswith("Ask for asset in the form")


def test_promises_that_are_mostly_kept_are_no_finding() -> None:
    kept = many(80, "K")
    for life in kept:
        life.responded_at = life.received_at

    assert not found(*late(many(5, "L")), *kept)


def test_pages_that_go_out_again_are_found_with_how_many_at_night() -> None:
    at = AT_NIGHT
    lives = many(6, "P", at=at, paged_at=at, pages=3, urgency=5, peak=5, team="clinical")

    one = the(Kind.ESCALATIONS, found(*lives))

    assert (one.n, one.told) == (6, ("6 of 6 while the site was closed",))


def test_a_field_that_staff_leave_out_is_found_by_the_form_that_could_ask() -> None:
    intake = Intake(critical={"it_endpoint": ("asset",)})
    group = {"scored_team": "it_endpoint", "team": "it", "first_team": "it", "source": "it-form"}
    lacking = many(8, "M", missing=("asset",), **group)
    complete = many(4, "C", **group)

    one = the(Kind.MISSING_FIELDS, found(*lacking, *complete, site=a_site(intake=intake)))

    assert (one.n, one.of) == (8, 12)
    assert one.title == "Requests of staff by it-form came without asset"


def test_a_promise_that_breaks_outside_the_week_is_of_another_week() -> None:
    lives = late(many(8, "L", at=MONDAY_MORNING + minutes(60 * 24 * 8)))

    assert not found(*lives)
