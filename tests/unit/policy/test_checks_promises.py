"""What is promised: targets that could not be kept are refused."""

import pytest

from tests.unit.policy.refusals import FILE, Edit, found, refused, with_fields


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        (
            "targets: { administrative_urgent: { minutes: 600 } }",
            "targets.administrative_urgent.minutes",
            "a first response in 600 minutes is later than settled in 480",
        ),
        (
            "resolution: { review: { minutes: 10 } }",
            "resolution.review.minutes",
            "a first response in 15 minutes is later than settled in 10",
        ),
        (
            "resolution: { self_serve: { minutes: 960, hours: always } }",
            "resolution.self_serve.hours",
            "settled counts every hour, a first response only open ones",
        ),
        (
            "targets: { clinical_urgent: { hours: site } }",
            "targets.clinical_urgent.hours",
            "must be always: what is urgent waits for no opening",
        ),
        ("targets: { self_serve: { minutes: 0 } }", "targets.self_serve.minutes", "must be more"),
        ("after_hours: { standard: wait }", "after_hours.standard", "is none of clinical_urgent, "),
        (
            "after_hours: { clinical_urgent: wait }",
            "after_hours.clinical_urgent",
            "never waits for the morning: leave it out, or say on_call",
        ),
        (
            "after_hours: { administrative_urgent: on_call }",
            "after_hours.administrative_urgent",
            "dr.reyes is on call and may not open billing, scheduling, portal, it: say wait",
        ),
        ("enforce_from: 2026-03-01T08:00:00", "enforce_from", "has no time zone: write it with"),
        ("fairness: { window_minutes: -1 }", "fairness.window_minutes", "must be between 0 "),
        ("fairness: { window_minutes: 9999 }", "fairness.window_minutes", "must be between 0 "),
        ("fairness: { most_ahead: -3 }", "fairness.most_ahead", "must not be below 0"),
        ("presence: { accept_minutes: 0 }", "presence.accept_minutes", "must be more than 0"),
        ("waits: { payer: 0 }", "waits.payer", "must be more than 0"),
        ("continuity_days: -1", "continuity_days", "must be at least 0"),
        ("close_after_days: 0", "close_after_days", "must be at least 1"),
        ("merge_window_minutes: 0", "merge_window_minutes", "must be at least 1"),
        # What could not be counted would keep every ticket of the site from being routed.
        (
            "targets: { self_serve: { minutes: 527041 } }",
            "targets.self_serve.minutes",
            "must be at most 527040",
        ),
        ("waits: { payer: 9999999 }", "waits.payer", "must be at most 527040"),
        ("presence: { accept_minutes: 9999999 }", "presence.accept_minutes", "must be at most"),
        ("presence: { shift_end_minutes: 9999999 }", "presence.shift_end_minutes", "must be at"),
        ("continuity_days: 99999999", "continuity_days", "must be at most 3660"),
        ("close_after_days: 99999999", "close_after_days", "must be at most 3660"),
        ("merge_window_minutes: 9999999", "merge_window_minutes", "must be at most 527040"),
        ("enforce_from: 9999-01-01T00:00Z", "enforce_from", "must be before the year 2200"),
        # An acknowledgement buys no silence without end, and none of no length.
        (
            "ladders: { acknowledged_minutes: 0 }",
            "ladders.acknowledged_minutes",
            "must be more than 0",
        ),
        (
            "ladders: { acknowledged_minutes: 1441 }",
            "ladders.acknowledged_minutes",
            "must be at most 1440",
        ),
        (
            "ladders: { breach: { wait_minutes: 1441 } }",
            "ladders.breach.wait_minutes",
            "must be at most 1440",
        ),
    ],
)
def test_a_promise_that_could_not_be_kept_is_refused(
    edited: Edit, fields: str, field: str, problem: str
) -> None:
    refused(with_fields(edited, fields), field, problem, at=fields)


BILLING = "  billing: { lead: biller.haas"


@pytest.mark.parametrize(
    ("own", "field", "problem"),
    [
        (
            "targets: { urgent: { minutes: 30 } }",
            "targets.urgent",
            "is none of clinical_urgent, clinical_standard, ",
        ),
        (
            "targets: { administrative_standard: { minutes: 1000 } }",
            "targets.administrative_standard.minutes",
            "a first response in 1000 minutes is later than settled in 960",
        ),
        (
            "resolution: { administrative_standard: { minutes: 60 } }",
            "resolution.administrative_standard.minutes",
            "a first response in 240 minutes is later than settled in 60",
        ),
        (
            "targets: { clinical_urgent: { minutes: 10 } }",
            "targets.clinical_urgent.hours",
            "must be always",
        ),
    ],
)
def test_a_promise_of_a_team_is_held_against_that_of_the_site(
    edited: Edit, own: str, field: str, problem: str
) -> None:
    folder = edited(FILE, BILLING, f"{BILLING}, {own}")

    refused(folder, f"teams.billing.{field}", problem, at=own)


def test_the_review_queue_has_no_promises_of_its_own(edited: Edit) -> None:
    own = "targets: { clinical_standard: { minutes: 60 } }"
    lead = "  review: { lead: nurse.okafor"
    folder = edited(FILE, lead, f"{lead}, {own}")

    problem = "the promise of this queue is targets.review of the site"
    refused(folder, "teams.review.targets", problem, at="review: {")


def test_who_oversees_all_teams_may_get_office_work_by_night(edited: Edit) -> None:
    after = "after_hours: { administrative_urgent: on_call, clinical_standard: on_call }"
    with_fields(edited, after)
    edited(FILE, "name: Lucia Reyes,", "name: Lucia Reyes, roles: [agent, lead],")
    folder = edited(FILE, "name: Noel Whitfield,", "name: Noel Whitfield, roles: [agent, lead],")

    assert found(folder) == []
