"""Who somebody is, how their site stands, and who is on call there."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.aws.test_desk_calls import OTHER, TICKET, Desk, a_desk, the_policy
from tests.builders import MONDAY_MORNING, a_site, a_ticket, a_verdict, minutes
from triagewire.flow.overview import age_of
from triagewire.policy.roster import Leave, Member, Role
from triagewire.store.queues import queue_entries
from triagewire.ticket import Status

WORK = "/desk/sites/north/work"
ON_CALL = "/desk/sites/north/on-call"
HOUR = timedelta(hours=1)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The desk of one test."""
    with a_desk() as opened:
        yield opened


def team(desk: Desk, name: str, member: str = "nora", at: timedelta = timedelta()) -> Any:  # noqa: ANN401
    """How a team stands."""
    shown = desk.get(member, WORK, MONDAY_MORNING + at).body["teams"]
    return next(each for each in shown if each["team"] == name)


def member(desk: Desk, name: str) -> Any:  # noqa: ANN401
    """What a member carries."""
    return next(each for each in desk.get("nora", WORK).body["members"] if each["member"] == name)


def an_id(number: int) -> str:
    return f"TICKET{number}".ljust(26, "A").replace("0", "B").replace("1", "C")


def test_a_team_shows_how_much_is_open_by_urgency_and_with_whom() -> None:
    held = a_ticket(a_verdict(5), id=TICKET, assignee="nick")
    waits = a_ticket(id=OTHER, assignee="nell", status=Status.WAITING)
    free = a_ticket(id=an_id(2))
    with a_desk(held, waits, free) as desk:
        found = team(desk, "clinical")

    assert (found["open"], found["nobody"], found["waiting"]) == (3, 1, 1)
    assert found["by_urgency"] == {"1": 0, "2": 0, "3": 0, "4": 2, "5": 1}


def test_what_is_late_is_what_is_broken_and_still_to_be_kept() -> None:
    kept = a_ticket(id=TICKET)
    assert kept.clock is not None
    answered = replace(kept, id=OTHER, clock=replace(kept.clock, stopped_at=MONDAY_MORNING))
    with a_desk(kept, answered) as desk:
        before, after = team(desk, "clinical"), team(desk, "clinical", at=3 * HOUR)

    assert (before["late"], after["late"]) == (0, 1)
    assert after["oldest_due_at"] == kept.clock.due_at.isoformat()


def test_the_backlog_is_told_by_its_age() -> None:
    ages = (0, 1, 2, 5, 30, 80)
    arrived = [a_ticket(id=an_id(n), at=MONDAY_MORNING - n * HOUR) for n in ages]
    with a_desk(*arrived) as desk:
        found = team(desk, "clinical")

    assert found["ageing"] == {"1h": 2, "4h": 1, "1d": 1, "3d": 1, "older": 1}
    assert found["oldest_received_at"] == (MONDAY_MORNING - 80 * HOUR).isoformat()


@pytest.mark.parametrize(
    ("since", "age"),
    [(minutes(60), "1h"), (minutes(61), "4h"), (minutes(24 * 60), "1d"), (minutes(4321), "older")],
)
def test_an_age_ends_with_its_last_minute(since: timedelta, age: str) -> None:
    assert age_of(MONDAY_MORNING - since, MONDAY_MORNING) == age


def test_a_ticket_of_an_earlier_version_counts_as_old_and_not_as_late(desk: Desk) -> None:
    (entry,) = queue_entries(desk.tables, "north", "clinical")
    rank = "#".join(entry.rank.split("#")[:3])
    desk.tables.client.update_item(
        TableName="tickets",
        Key={"pk": {"S": f"TICKET#{TICKET}"}, "sk": {"S": "TICKET"}},
        UpdateExpression="SET queue_rank = :rank",
        ExpressionAttributeValues={":rank": {"S": rank}},
    )

    found = team(desk, "clinical", at=30 * HOUR)

    assert (found["open"], found["late"], found["ageing"]["older"]) == (1, 0, 1)
    assert (found["oldest_received_at"], found["oldest_due_at"]) == (None, None)


def test_a_member_shows_what_they_hold_and_what_of_it_is_late() -> None:
    mine = a_ticket(id=TICKET, assignee="nick", at=MONDAY_MORNING - 72 * HOUR)
    other = a_ticket(id=OTHER, assignee="nick")
    with a_desk(mine, other) as desk:
        nick, nell = member(desk, "nick"), member(desk, "nell")

    assert (nick["held"], nick["late"], nell["held"]) == (2, 1, 0)
    assert nick["at_work"] is True


def test_an_agent_sees_how_the_own_teams_stand_and_a_lead_how_all_do(desk: Desk) -> None:
    agent, lead, auditor = (
        [each["team"] for each in desk.get(who, WORK).body["teams"]]
        for who in ("nick", "nora", "audra")
    )

    assert agent == ["clinical"]
    assert lead == auditor == ["clinical", "billing", "scheduling", "portal", "it", "review"]


def test_how_a_site_stands_is_counted_without_reading_a_ticket(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise AssertionError("a ticket was read")

    monkeypatch.setattr(desk.tables.client, "batch_get_item", fail)

    assert desk.get("nora", WORK).status == 200


def test_who_is_on_call_is_told_with_when_it_ends_and_who_is_next(desk: Desk) -> None:
    found = desk.get("nick", ON_CALL).body

    assert found["now"] == [
        {
            "member": "dr-okafor",
            "name": "Dr Okafor",
            "until": "2026-03-09T12:00:00+00:00",
            "rota": "",
        }
    ]
    assert found["next"][0]["member"] == "dr-lind"
    assert found["next"][0]["from"] == "2026-03-09T12:00:00+00:00"


def test_in_a_gap_nobody_is_on_call(desk: Desk) -> None:
    today = MONDAY_MORNING.date()
    gone = Member(name="Dr Okafor", roles=(Role.LEAD,), leave=(Leave(begins=today, ends=today),))
    policy = the_policy()
    members = {**policy.sites["north"].members, "dr-okafor": gone}
    desk.publish(replace(policy, sites={"north": a_site(members=members)}))

    found = desk.get("nick", ON_CALL).body

    assert found["now"] == []
    assert found["next"][0]["member"] == "dr-okafor"


def test_me_names_my_sites_my_teams_and_the_codes_that_i_may_say(desk: Desk) -> None:
    me = desk.get("rhea", "/desk/me").body

    (site,) = me["sites"]
    mine = {each["id"] for each in site["teams"] if each["mine"]}
    assert (me["member"], me["name"], me["idle_minutes"]) == ("rhea", "Rhea Stone", 15)
    assert (site["id"], site["zone"], site["roles"]) == ("north", "America/New_York", ["agent"])
    assert mine == {"review", "clinical"}
    assert "wrong_team" in me["codes"]["handoff_reasons"]
    assert {"id": "nick", "name": "Nick Abara", "teams": ["clinical"]} in site["members"]


def test_me_says_which_teams_a_role_may_see_and_work_for(desk: Desk) -> None:
    auditor = desk.get("audra", "/desk/me").body["sites"][0]["teams"]
    agent = desk.get("nick", "/desk/me").body["sites"][0]["teams"]

    assert {(each["see"], each["work"]) for each in auditor} == {(True, False)}
    assert [each["id"] for each in agent if each["see"] and each["work"]] == ["clinical"]


def test_each_member_gets_a_key_of_their_own_for_what_they_have_not_sent(desk: Desk) -> None:
    mine = desk.get("rhea", "/desk/me").body["draft_key"]

    assert len(mine) == 43
    assert mine == desk.get("rhea", "/desk/me").body["draft_key"]
    assert mine != desk.get("nick", "/desk/me").body["draft_key"]


def test_who_is_on_no_roster_has_no_site(desk: Desk) -> None:
    assert desk.get("zoe", "/desk/me").body["sites"] == []
