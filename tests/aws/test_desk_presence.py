"""Who is at work, over the desk: what is shown, and what is refused."""

import re

import pytest

from tests.aws.test_desk_calls import OTHER, SECRET, TICKET, a_desk
from tests.builders import MONDAY_MORNING, a_ticket
from tests.template import ROOT

PATH = "/desk/sites/north/presence"


def test_everybody_of_a_site_sees_its_members_and_what_they_carry() -> None:
    with a_desk(a_ticket(id=TICKET, assignee="nick")) as desk:
        answer = desk.get("pia", PATH)

    assert answer.status == 200
    assert (answer.body["site"], answer.body["at"]) == ("north", MONDAY_MORNING.isoformat())
    shown = {each["member"]: each for each in answer.body["members"]}
    assert shown["nick"] == {
        "member": "nick",
        "name": "Nick Abara",
        "teams": ["clinical"],
        "at_work": True,
        "on_shift": True,
        "shift_ends_at": "2026-03-02T22:00:00+00:00",
        "away": False,
        "away_since": None,
        "away_until": None,
        "said_by": None,
        "leave_until": None,
        "load": 4,
        "capacity": 0,
    }
    assert SECRET not in answer.text


def test_who_goes_away_is_told_how_they_stand_and_loses_what_they_had_not_accepted() -> None:
    untouched = a_ticket(id=TICKET, assignee="nick", assigned_at=MONDAY_MORNING)
    taken_up = a_ticket(
        id=OTHER, assignee="nick", assigned_at=MONDAY_MORNING, accepted_at=MONDAY_MORNING
    )
    with a_desk(untouched, taken_up) as desk:
        answer = desk.post("nick", PATH, {"away": True, "until": "2026-03-02T13:00:00-05:00"})

        assert (answer.body["away_since"], answer.body["away_until"], answer.body["said_by"]) == (
            MONDAY_MORNING.isoformat(),
            "2026-03-02T18:00:00+00:00",
            "nick",
        )
        assert (answer.body["at_work"], answer.body["on_shift"]) == (False, True)
        assert desk.ticket(TICKET).assignee != "nick"
        assert desk.ticket(OTHER).assignee == "nick"


def test_a_lead_says_it_for_a_member_and_an_agent_does_not() -> None:
    with a_desk() as desk:
        refused = desk.post("nell", PATH, {"away": True, "member": "nick"})
        said = desk.post("nora", PATH, {"away": True, "member": "nick"})

    assert (refused.status, refused.body["error"]) == (403, "refused")
    assert (said.status, said.body["member"], said.body["said_by"]) == (200, "nick", "nora")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "away"),
        ({"away": "yes"}, "away"),
        ({"away": True, "until": "2026-03-02T13:00:00"}, "until"),
        ({"away": True, "until": "2026-03-02T13:00:00Z"}, "until"),
        ({"away": True, "until": "2026-07-02T13:00:00Z"}, "until"),
        ({"away": False, "until": "2026-03-02T20:00:00Z"}, "until"),
        ({"away": True, "status": "resolved"}, "body"),
    ],
    ids=["nothing", "a word", "no zone", "the past", "too long", "back until", "another field"],
)
def test_what_is_said_wrongly_is_refused_with_the_field(
    fields: dict[str, object], field: str
) -> None:
    with a_desk() as desk:
        answer = desk.post("nick", PATH, fields)

    assert (answer.status, answer.body["fields"][0]["field"]) == (422, field)


def test_of_a_member_whom_the_site_does_not_have_nothing_can_be_said() -> None:
    with a_desk() as desk:
        answer = desk.post("nora", PATH, {"away": True, "member": "wes"})

    assert answer.body["fields"] == [{"field": "member", "problem": "is no member of this site"}]


def test_every_field_of_presence_is_written_down() -> None:
    written = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "desk-api.md").read_text("utf-8")))
    with a_desk() as desk:
        answer = desk.get("nick", PATH)

    assert set(answer.body["members"][0]) <= written
