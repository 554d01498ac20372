"""What members carry: it is the person's, moves once in a transaction, and waits for nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, REFILL
from tests.aws.senders import by_portal
from tests.aws.test_desk_calls import TICKET, a_desk
from tests.builders import (
    AT_NIGHT,
    MEMBERS,
    MONDAY_MORNING,
    TEAMS,
    a_policy,
    a_requester,
    a_site,
    a_ticket,
    for_review,
    minutes,
)
from triagewire import aws
from triagewire.errors import ConflictError
from triagewire.ledger.event import Action
from triagewire.routing.balance import Load
from triagewire.store.loads import put_down, read_loads, shift, take_on
from triagewire.store.table import commit
from triagewire.ticket import TimerKind


def carried(clinic: Clinic) -> dict[str, Load]:
    assert clinic.now
    return read_loads(aws.tables(), "north")


def test_an_assignment_adds_its_weight_and_is_remembered(bare_clinic: Clinic) -> None:
    recent = (MONDAY_MORNING - minutes(5), MONDAY_MORNING)
    load = Load(member="nick", recent=recent)

    commit(aws.tables(), [take_on(aws.tables(), "north", load, 4, MONDAY_MORNING)])

    assert carried(bare_clinic) == {
        "nick": Load(member="nick", weight=4, assigned_at=MONDAY_MORNING, version=1, recent=recent)
    }


def test_of_two_assignments_from_one_look_the_second_is_refused(bare_clinic: Clinic) -> None:
    seen = Load(member="nick")
    commit(aws.tables(), [take_on(aws.tables(), "north", seen, 4, MONDAY_MORNING)])

    with pytest.raises(ConflictError, match="load of nick"):
        commit(aws.tables(), [take_on(aws.tables(), "north", seen, 4, MONDAY_MORNING)])

    assert carried(bare_clinic)["nick"].weight == 4


def test_work_put_down_meanwhile_is_neither_lost_nor_in_the_way(bare_clinic: Clinic) -> None:
    tables = aws.tables()
    commit(tables, [take_on(tables, "north", Load(member="nick"), 5, MONDAY_MORNING)])
    seen = carried(bare_clinic)["nick"]
    commit(tables, [put_down(tables, "north", "nick", 5)])

    commit(tables, [take_on(tables, "north", seen, 2, MONDAY_MORNING)])

    assert carried(bare_clinic)["nick"].weight == 2


def test_one_transaction_moves_one_load_once(bare_clinic: Clinic) -> None:
    """DynamoDB refuses a transaction that touches an item twice."""
    tables = aws.tables()
    commit(tables, [take_on(tables, "north", Load(member="nick"), 5, MONDAY_MORNING)])
    seen = carried(bare_clinic)["nick"]

    commit(
        tables,
        [
            put_down(tables, "north", "nick", 5),
            shift(tables, "north", "nell", 1),
            take_on(tables, "north", seen, 3, MONDAY_MORNING),
            shift(tables, "north", "nick", 1),
        ],
    )

    weights = {who: load.weight for who, load in carried(bare_clinic).items()}
    assert weights == {"nick": 4, "nell": 1}
    assert carried(bare_clinic)["nick"].version == 2


def test_the_condition_of_a_joined_move_still_holds(bare_clinic: Clinic) -> None:
    tables = aws.tables()
    commit(tables, [take_on(tables, "north", Load(member="nick"), 5, MONDAY_MORNING)])
    stale = Load(member="nick")

    with pytest.raises(ConflictError):
        commit(
            tables,
            [
                put_down(tables, "north", "nick", 5),
                take_on(tables, "north", stale, 3, MONDAY_MORNING),
            ],
        )


def test_who_decides_a_review_may_get_the_ticket_themselves() -> None:
    """The same person in two queues: off one and onto the other is one move of one load."""
    doubtful = a_ticket(for_review(candidate=4, score=2), id=TICKET, assignee="rhea")
    with a_desk(doubtful) as desk:
        before = desk.load_of("rhea")
        answer = desk.act(
            "rhea", "reassign", team="clinical", member="rhea", score=4, reason="reviewed"
        )

        assert (answer.status, before) == (200, 4)
        assert (desk.ticket().assignee, desk.load_of("rhea")) == ("rhea", 4)


def test_capacity_is_the_persons_whatever_the_team(clinic: Clinic) -> None:
    """Sami works for scheduling and for the portal: a full day in one is full for the other."""
    both = replace(MEMBERS["sami"], teams=("scheduling", "clinical"), capacity=2)
    others = {name: replace(MEMBERS[name], away=True) for name in ("nick", "nell", "rhea")}
    clinic.publish(a_policy(site=a_site(members=MEMBERS | others | {"sami": both})))
    clinic.now += minutes(6)
    clinic.take(by_portal(APPOINTMENT, clinic.now, "first"))

    waiting = clinic.ticket(
        clinic.take(by_portal(REFILL, clinic.now, "second", a_requester(patient_id="B-2")))
    )

    assert (waiting.team, waiting.assignee) == ("clinical", None)
    assert waiting.try_at is not None


def test_what_nobody_can_take_goes_to_the_queue_of_who_stands_in(clinic: Clinic) -> None:
    teams = TEAMS | {"scheduling": replace(TEAMS["scheduling"], fallback="portal")}
    away = MEMBERS | {"sami": replace(MEMBERS["sami"], away=True)}
    clinic.publish(a_policy(site=a_site(teams=teams, members=away)))
    clinic.now += minutes(6)

    ticket = clinic.ticket(clinic.take(by_portal(APPOINTMENT, clinic.now, "first")))

    assert (ticket.team, ticket.assignee) == ("portal", "pia")
    (routed,) = [each for each in clinic.ledger(ticket.id) if each.action is Action.ROUTED]
    assert "nobody of the team is on duty: portal stands in" in routed.why
    assert (routed.detail["team"], routed.detail["member"]) == ("portal", "pia")


def test_a_ticket_of_the_night_waits_in_its_queue_with_a_timer(clinic: Clinic) -> None:
    clinic.now = AT_NIGHT

    ticket = clinic.ticket(clinic.take(by_portal(REFILL, clinic.now, "first")))

    assert (ticket.team, ticket.assignee) == ("clinical", None)
    assert ticket.try_at == AT_NIGHT + timedelta(hours=6)
    assert ticket.timer is not None
    assert ticket.timer.kind is TimerKind.ASSIGN
    assert minutes(0) <= ticket.try_at - ticket.timer.at < timedelta(seconds=1)
