"""Where tickets go, who stands in, when the clinic is open and what is promised: a policy that
cannot be meant is refused with file, line, field and what to do.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from triagewire.errors import PolicyError
from triagewire.policy.checks import problems_of
from triagewire.policy.load import load

type Edit = Callable[[str, str, str], Path]

FILE = "sites/riverside.yaml"
PHONE = "phone: 555-0140"
"""A line after which a test adds whole fields."""
PARK = "desk.park: { name: Minho Park, teams: [scheduling, portal]"


def found(folder: Path) -> list[str]:
    """Every problem, whether the shape of the policy or its meaning is wrong."""
    try:
        draft = load(folder)
    except PolicyError as error:
        return list(error.problems)
    return problems_of(draft.policy, draft.document)


def refused(folder: Path, field: str, problem: str, at: str, file: str = FILE) -> None:
    """There is this problem of this field, on the line of the file that holds `at`."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if at in text)
    wanted = f"policy/{file}:{line}: sites.riverside.{field}: {problem}"
    problems = found(folder)
    assert any(each.startswith(wanted) for each in problems), (wanted, problems)


def with_fields(edited: Edit, text: str) -> Path:
    """The starter policy with more fields at one of its sites."""
    return edited(FILE, PHONE, f"{PHONE}\n{text.strip()}")


def with_rule(edited: Edit, rule: str) -> Path:
    """The starter policy with one more routing rule, before its own."""
    return edited(FILE, "\nrouting:\n", f"\nrouting:\n  {rule}\n")


# Routing rules


@pytest.mark.parametrize(
    ("rule", "field", "problem"),
    [
        ("when: {}, team: it", "when", "is empty and would match nothing: name a condition"),
        ("when: { topics: [] }, team: it", "when", "is empty and would match nothing"),
        ("when: { topics: [refill] }", "", "names neither a team nor a skill"),
        ("when: { topics: [refill] }, team: meds", "team", "meds is no team of this site"),
        ("when: { sources: [fax] }, team: it", "when.sources.0", "is none of "),
        ("when: { channels: [sms, fax] }, team: it", "when.channels.1", "is none of chat, "),
        ("when: { topics: [refil] }, team: it", "when.topics.0", "is none of "),
        ("when: { teams: [it] }, team: portal", "when.teams.0", "is none of billing, "),
        ("when: { usual_teams: [it_ehr] }, team: it", "when.usual_teams.0", "is none of "),
        ("when: { languages: [spanish] }, team: it", "when.languages.0", "is none of "),
        ("when: { applications: [' '] }, team: it", "when.applications.0", "is blank and would"),
        ("when: { departments: ['-'] }, team: it", "when.departments.0", "is blank and would"),
        ("when: { teams: [it_ehr] }, skill: hl7", "skill", "nobody of this site has the skill hl7"),
        (
            "when: { teams: [it_ehr] }, team: it, skill: hl7",
            "skill",
            "nobody of the team it has the skill hl7",
        ),
        (
            "when: { teams: [clinical] }, team: portal",
            "team",
            "portal takes no clinical work: all its members need the team clinical",
        ),
        ("when: { topic: [refill] }, team: it", "when.topic", "Unexpected keyword argument"),
    ],
)
def test_a_routing_rule_that_could_not_work_is_refused(
    edited: Edit, rule: str, field: str, problem: str
) -> None:
    folder = with_rule(edited, f"special: {{ {rule} }}")

    place = f"routing.special.{field}" if field else "routing.special"
    refused(folder, place, problem, at="special: {")


def test_topics_of_the_groups_own_rules_may_be_routed(edited: Edit) -> None:
    folder = with_rule(edited, "camp: { when: { topics: [camp_form] }, team: scheduling }")
    rules = folder / "rules"
    rules.mkdir()
    (rules / "administrative.yaml").write_text(
        "rules:\n  camp: { reason: camp forms, score: 2, topic: camp_form, team: scheduling,"
        " when: [camp form] }\n",
        encoding="utf-8",
    )

    assert found(folder) == []


def test_languages_of_any_country_may_be_routed(edited: Edit) -> None:
    rule = "abroad: { when: { languages: [en, es-MX, und, pt-BR] }, team: portal }"

    assert found(with_rule(edited, rule)) == []


# Fallbacks and substitutes


@pytest.mark.parametrize(
    ("team", "fallback", "problem"),
    [
        ("portal", "reception", "reception is no team of this site"),
        ("portal", "portal", "is the team itself: name another one, or leave it out"),
        ("portal", "review", "a ticket enters and leaves review by a decision only"),
        ("review", "clinical", "a ticket enters and leaves review by a decision only"),
        ("clinical", "portal", "portal may not open clinical tickets: all its members need"),
    ],
)
def test_a_fallback_that_could_not_help_is_refused(
    edited: Edit, team: str, fallback: str, problem: str
) -> None:
    folder = with_fallback(edited, team, fallback)

    refused(folder, f"teams.{team}.fallback", problem, at=f"fallback: {fallback} }}")


def test_fallbacks_that_go_in_a_round_are_refused_where_they_stand(edited: Edit) -> None:
    for team, fallback in (("portal", "scheduling"), ("scheduling", "portal")):
        folder = with_fallback(edited, team, fallback)

    comes_back = "comes back to the team itself: end the chain with a team that has none"
    refused(folder, "teams.portal.fallback", comes_back, at="fallback: scheduling }")
    refused(folder, "teams.scheduling.fallback", comes_back, at="fallback: portal }")


def with_fallback(edited: Edit, team: str, fallback: str) -> Path:
    """The starter policy with another fallback of a team."""
    leads = {"clinical": "nurse.okafor", "review": "nurse.okafor"}
    lead = leads.get(team, "desk.lindqvist")
    folder = edited(FILE, f"  {team}: {{ lead: {lead}", f"  {team}: {{ lead: {lead}, was: 1")
    path = folder / FILE
    lines = path.read_text(encoding="utf-8").splitlines()
    mended = [
        f"  {team}: {{ lead: {lead}, fallback: {fallback} }}" if ", was: 1" in each else each
        for each in lines
    ]
    path.write_text("\n".join(mended) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("substitute", "problem"),
    [
        ("desk.nobody", "desk.nobody is not among the members"),
        ("desk.park", "is the member themselves: name somebody else, or leave it out"),
        ("it.novak", "it.novak needs the same access: the team scheduling, portal"),
        ("manager.ashe", "manager.ashe needs the role agent to be given work"),
    ],
)
def test_a_substitute_must_be_able_to_stand_in(edited: Edit, substitute: str, problem: str) -> None:
    folder = edited(FILE, PARK, f"{PARK}, substitute: {substitute}")

    refused(folder, "members.desk.park.substitute", problem, at="desk.park: {")


def test_substitutes_that_go_in_a_round_are_refused(edited: Edit) -> None:
    edited(FILE, PARK, f"{PARK}, substitute: desk.lindqvist")
    folder = edited(FILE, "name: Elsa Lindqvist,", "name: Elsa Lindqvist, substitute: desk.park,")

    problem = "comes back to the member themselves: somebody in the round must have none"
    refused(folder, "members.desk.park.substitute", problem, at="desk.park: {")


# People


@pytest.mark.parametrize(
    ("more", "field", "problem"),
    [
        (
            "leave: [{ begins: 2026-08-03, ends: 2026-08-14 }, "
            "{ begins: 2026-08-14, ends: 2026-08-20 }]",
            "leave.1",
            "overlaps the leave from 2026-08-03 to 2026-08-14: write the two as one",
        ),
        ("leave: [{ begins: 2026-08-14, ends: 2026-08-03 }]", "leave.0.ends", "must not be before"),
        ("capacity: -1", "capacity", "must not be below 0, which is no limit"),
        ("skills: [' ']", "skills.0", "is blank: name the skill, or leave it out"),
        ("week: { mon: [] }", "week.mon", "no day has any opening hours"),
        (
            "week: { tue: [{ opens: '08:00', closes: '12:00' }, "
            "{ opens: '11:00', closes: '15:00' }] }",
            "week.tue.1",
            "overlaps 08:00 to 12:00 of the same day: write the two as one",
        ),
        ("week: { tuesday: [{ opens: '08:00', closes: '12:00' }] }", "week.tuesday", "is no week"),
    ],
)
def test_a_member_who_could_not_be_meant_is_refused(
    edited: Edit, more: str, field: str, problem: str
) -> None:
    folder = edited(FILE, PARK, f"{PARK}, {more}")

    refused(folder, f"members.desk.park.{field}", problem, at="desk.park: {")


def test_a_team_of_leads_only_would_give_its_tickets_to_nobody(edited: Edit) -> None:
    teams = "  empty: { lead: nurse.kim }\n"
    edited(FILE, "  billing: { lead: biller.haas }", f"{teams}  billing: {{ lead: biller.haas }}")
    folder = edited(
        FILE,
        "name: Corinne Ashe, teams: [clinical, review]",
        "name: Corinne Ashe, teams: [clinical, review, empty]",
    )

    problem = "no member has the role agent: nobody would get its tickets"
    refused(folder, "teams.empty", problem, at="empty: {")


def test_who_is_given_work_at_two_sites_is_refused(edited: Edit) -> None:
    folder = edited(FILE, PARK, "biller.yun: { name: Hana Yun, teams: [billing] }\n  " + PARK)

    problem = "is given work at mesa too: take the role agent away at one"
    refused(folder, "members.biller.yun", problem, at="biller.yun: {")


def test_who_only_oversees_may_belong_to_several_sites(starter: Path) -> None:
    shared = "manager.ashe: { name: Corinne Ashe"
    texts = [(starter / "sites" / name).read_text() for name in ("riverside.yaml", "mesa.yaml")]

    assert all(shared in text for text in texts)
    assert found(starter) == []


# Calendars


@pytest.mark.parametrize(
    ("fields", "field", "problem", "at"),
    [
        (
            "hours:\n  mon:\n  - { opens: '08:00', closes: '12:00' }\n"
            "  - { opens: '11:30', closes: '17:00' }",
            "hours.mon.1",
            "overlaps 08:00 to 12:00 of the same day: write the two as one",
            "11:30",
        ),
        (
            "hours:\n  mon:\n  - { opens: '08:00', closes: '12:00' }\n"
            "  - { opens: '17:00', closes: '13:00' }",
            "hours.mon.1.closes",
            "must be later than opens",
            "13:00",
        ),
        ("hours: { monday: [] }", "hours.monday", "is no weekday: the days are mon, ", "monday"),
        (
            "hours:\n  { mon: [], tue: [], wed: [], thu: [], fri: [] }",
            "hours.mon",
            "no day has any opening hours: give at least one",
            "mon: [], tue",
        ),
        (
            "holidays:\n- { date: 2026-11-28, name: Thanksgiving }",
            "holidays.0",
            "2026-11-28 is a Saturday, which is closed anyway: look at the date",
            "2026-11-28",
        ),
        (
            "holidays:\n- { date: 2026-12-24, name: Eve, closed_from: '18:00' }",
            "holidays.0",
            "closes no hour that is open on 2026-12-24: look at its times",
            "2026-12-24",
        ),
        (
            "holidays:\n- { date: 2026-12-24, name: Lunch, closed_from: '12:00',"
            " closed_until: '12:30' }",
            "holidays.0",
            "closes no hour that is open on 2026-12-24",
            "2026-12-24",
        ),
        (
            "holidays:\n- { date: 2026-12-24, name: Eve, closed_from: '15:00',"
            " closed_until: '12:00' }",
            "holidays.0.closed_until",
            "the closed part must end later than it begins",
            "2026-12-24",
        ),
        (
            "holidays:\n- { date: 2026-12-25, name: Christmas, every_year: true }\n"
            "- { date: 2028-12-25, name: Christmas Monday }",
            "holidays.1",
            "2028-12-25 is closed by Christmas already: leave one of them out",
            "2028-12-25",
        ),
    ],
)
def test_a_calendar_that_could_not_be_meant_is_refused_with_the_line_of_the_interval(
    edited: Edit, fields: str, field: str, problem: str, at: str
) -> None:
    refused(with_fields(edited, fields), field, problem, at=at)


def test_an_unknown_zone_is_refused_with_its_line(edited: Edit) -> None:
    folder = edited(FILE, "zone: America/New_York", "zone: Americas/New_York")

    refused(folder, "zone", "is no IANA time zone: write one such as America/New_York", at="zone:")


def test_two_closures_of_one_day_that_do_not_touch_are_fine(edited: Edit) -> None:
    holidays = (
        "holidays:\n- { date: 2026-12-24, name: Prayers, closed_until: '09:00' }\n"
        "- { date: 2026-12-24, name: Eve, closed_from: '15:00' }"
    )

    assert found(with_fields(edited, holidays)) == []


def test_a_recurring_holiday_may_fall_on_a_closed_day(edited: Edit) -> None:
    saturday = "holidays:\n- { date: 2027-12-25, name: Christmas, every_year: true }"

    assert found(with_fields(edited, saturday)) == []


def test_a_holiday_may_close_a_day_on_which_only_a_member_works(edited: Edit) -> None:
    with_fields(edited, "holidays:\n- { date: 2026-11-28, name: Fire drill }")
    week = "week: { sat: [{ opens: '09:00', closes: '12:00' }] }"

    assert found(edited(FILE, PARK, f"{PARK}, {week}")) == []


# Promises


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
