"""Who does the work: people who could not be given it, or stand in, are refused."""

from pathlib import Path

import pytest

from tests.unit.policy.refusals import FILE, PARK, Edit, found, refused


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


@pytest.mark.parametrize(
    ("member_id", "problem"),
    [
        ('"desk#park"', "must have no space, # or / in it: write a dot or a dash"),
        ('"desk park"', "must have no space, # or / in it: write a dot or a dash"),
        ('"desk/park"', "must have no space, # or / in it: write a dot or a dash"),
        ('"desk\\npark"', "must have no space, # or / in it: write a dot or a dash"),
        ("d" * 129, "must have 1 to 128 characters, as sign-in names have"),
    ],
)
def test_a_member_id_that_is_no_part_of_a_key_is_refused(
    edited: Edit, member_id: str, problem: str
) -> None:
    folder = edited(FILE, "desk.park: {", f"{member_id}: {{")

    problems = found(folder)

    assert any(each.endswith(f": {problem}") for each in problems), problems


def test_substitutes_that_go_in_a_round_are_refused(edited: Edit) -> None:
    edited(FILE, PARK, f"{PARK}, substitute: desk.lindqvist")
    folder = edited(FILE, "name: Elsa Lindqvist,", "name: Elsa Lindqvist, substitute: desk.park,")

    problem = "comes back to the member themselves: somebody in the round must have none"
    refused(folder, "members.desk.park.substitute", problem, at="desk.park: {")


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


def test_a_sign_in_name_in_capitals_is_refused(edited: Edit) -> None:
    folder = edited(FILE, "desk.park: {", "Desk.Park: {")

    refused(folder, "members.Desk.Park", "must be lower case, as sign-in names are", at="Desk.Park")


def test_a_member_of_a_team_that_is_not_there_is_refused(edited: Edit) -> None:
    folder = edited(FILE, "Minho Park, teams: [scheduling", "Minho Park, teams: [reception")

    refused(folder, "members.desk.park.teams", "reception is no team of this", at="desk.park: {")


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
