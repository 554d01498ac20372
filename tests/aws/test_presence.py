"""Who is at work: untouched work follows it, and nobody who is not there is given any."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from types import ModuleType

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, CHEST_PAIN, REFILL
from tests.aws.senders import by_portal
from tests.aws.wire import Call, Died, Fault
from tests.builders import (
    AT_NIGHT,
    MEMBERS,
    MONDAY_MORNING,
    TEAMS,
    a_policy,
    a_requester,
    a_site,
    minutes,
)
from triagewire import aws
from triagewire.access import Principal
from triagewire.clock.calendar import Interval
from triagewire.errors import InvalidFieldError, NotFoundError, RefusedError
from triagewire.flow import context as flow_context
from triagewire.flow import policies, returning, staff, working
from triagewire.flow.context import Context
from triagewire.flow.handing import Handoff, HandoffReason
from triagewire.flow.presence import AtWork, Statement, look_after, say, who_is_at_work
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action
from triagewire.policy.model import Site
from triagewire.policy.roster import Leave, Member, Presence, Role
from triagewire.store.ledger import read_events
from triagewire.store.presence import presence_subject, read_attendance
from triagewire.ticket import Status, Ticket, TimerKind

AFTERNOON = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
"""Monday 16:30 in New York, half an hour before the clinic closes."""
TUESDAY = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
"""Tuesday 08:00 in New York: the clinic opens."""
TWO = {
    "nora": Member(name="Nora Quist", teams=("clinical",), roles=(Role.LEAD,), away=True),
    "nick": Member(name="Nick Abara", teams=("clinical",)),
    "nell": Member(name="Nell Ito", teams=("clinical",)),
}
OTHERS = {name: member for name, member in MEMBERS.items() if name not in {*TWO, "rhea"}}


def the_site(members: dict[str, Member] | None = None, **changes: object) -> Site:
    """A clinic whose clinical work is for nick and nell."""
    site: Site = a_site(members={**OTHERS, **TWO, **(members or {})})
    return replace(site, **changes)  # type: ignore[arg-type]


def opened(clinic: Clinic, site: Site | None = None) -> Clinic:
    """The clinic with another policy."""
    clinic.publish(a_policy(site or the_site()))
    policies.current_policy.cache_clear()
    return clinic


def sent(clinic: Clinic, count: int = 1, text: str = REFILL) -> list[str]:
    """The ids of tickets of as many patients."""
    return [
        clinic.take(by_portal(text, clinic.now, f"evt-{clinic.now:%d%H%M}-{len(text)}-{each}", who))
        for each in range(count)
        for who in [
            a_requester(patient_id=f"MRN-{clinic.now:%d%H%M}{each}", email=None, phone=None)
        ]
    ]


def desk_of(clinic: Clinic, who: str) -> tuple[Context, Principal]:
    """The surroundings of what a member of staff does now."""
    policy = policies.current_policy().get()
    context = Context(tables=aws.tables(), policy=policy, now=clinic.now, actor=f"staff:{who}")
    return context, Principal(id=who, policy=policy.policy)


def goes(clinic: Clinic, who: str, until: datetime | None = None, by: str = "") -> AtWork:
    """Let somebody say that a member is away."""
    statement = Statement(member=who, away=True, until=until)
    return say(*desk_of(clinic, by or who), "north", statement)


def returns(clinic: Clinic, who: str) -> AtWork:
    """Let a member say that they are back."""
    return say(*desk_of(clinic, who), "north", Statement(member=who, away=False))


def held_by(clinic: Clinic, who: str | None) -> list[str]:
    """The open tickets of a member."""
    return [each.id for each in clinic.tickets() if each.assignee == who and each.is_open]


def owner(clinic: Clinic, ticket_id: str) -> str | None:
    """Who holds a ticket."""
    return clinic.ticket(ticket_id).assignee


def due(ticket: Ticket) -> tuple[TimerKind, datetime]:
    """What a ticket's timer says."""
    assert ticket.timer is not None
    return ticket.timer.kind, ticket.timer.at


def before(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, rival: Callable[[], object]
) -> None:
    """Let a rival act before the first call of a function."""
    real, left = getattr(module, name), [rival]

    def after_the_rival(*arguments: object, **named: object) -> object:
        if left:
            left.pop()()
        return real(*arguments, **named)

    monkeypatch.setattr(module, name, after_the_rival)


# Going away and coming back


def test_who_goes_away_leaves_nothing_untouched_behind(clinic: Clinic) -> None:
    opened(clinic)
    sent(clinic, 6)
    assert len(held_by(clinic, "nick")) == 3

    goes(clinic, "nick")

    assert held_by(clinic, "nick") == []
    assert len(held_by(clinic, "nell")) == 6
    assert clinic.loads("clinical") == {"nick": 0, "nell": 24}


def test_more_than_a_page_of_untouched_work_goes_back_from_every_queue(clinic: Clinic) -> None:
    both = replace(TWO["nick"], teams=("clinical", "scheduling"))
    opened(clinic, the_site({"nick": both, "sami": replace(MEMBERS["sami"], away=True)}))
    sent(clinic, 3)
    sent(clinic, 2, APPOINTMENT)
    assert len(held_by(clinic, "nick")) >= 3

    def one_a_page(_number: int, call: Call) -> None:
        if call.operation == "Query" and call.arguments.get("IndexName") == "queue":
            call.arguments["Limit"] = 1

    with clinic.wire.failing(one_a_page):
        goes(clinic, "nick")

    assert held_by(clinic, "nick") == []


def test_what_somebody_has_taken_up_stays_theirs_while_they_are_away(clinic: Clinic) -> None:
    opened(clinic)
    taken, untouched = sorted(sent(clinic, 4), key=lambda each: owner(clinic, each) != "nick")[:2]
    working.accept(*desk_of(clinic, "nick"), taken)

    goes(clinic, "nick")

    assert (owner(clinic, taken), owner(clinic, untouched)) == ("nick", "nell")


def test_that_a_ticket_went_back_stands_in_its_ledger_with_the_reason(clinic: Clinic) -> None:
    opened(clinic)
    (refill,) = sent(clinic)
    first = owner(clinic, refill)
    assert first is not None

    goes(clinic, first)

    back, again = clinic.ledger(refill)[-2:]
    assert (back.action, back.actor) == (Action.RETURNED, f"staff:{first}")
    assert (back.detail["from_member"], back.detail["reason"]) == (first, "away")
    assert (again.action, again.detail["member"]) == (Action.ROUTED, owner(clinic, refill))
    assert clinic.ticket(refill).handoffs == 1


def test_an_urgent_ticket_goes_back_too_and_its_pages_go_on(clinic: Clinic) -> None:
    opened(clinic)
    (pain,) = sent(clinic, text=CHEST_PAIN)
    first = owner(clinic, pain)
    assert first is not None

    goes(clinic, first)
    clinic.pass_minutes(5)

    other = {"nick": "nell", "nell": "nick"}[first]
    assert owner(clinic, pain) == other
    assert clinic.ticket(pain).escalation.pages == 2


def test_two_who_go_at_once_leave_their_work_to_neither(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(clinic, the_site({"noel": Member(name="Noel Abt", teams=("clinical",))}))
    sent(clinic, 6)
    before(monkeypatch, returning, "load_ticket", lambda: goes(clinic, "nell"))

    goes(clinic, "nick")

    assert len(held_by(clinic, "noel")) == 6
    assert clinic.loads("clinical") == {"nick": 0, "nell": 0, "noel": 24}


def test_the_last_one_who_goes_leaves_the_work_in_the_queue_with_a_timer(clinic: Clinic) -> None:
    opened(clinic)
    sent(clinic, 2)

    goes(clinic, "nick")
    goes(clinic, "nell")

    assert len(held_by(clinic, None)) == 2
    assert {due(each)[0] for each in clinic.tickets()} == {TimerKind.ASSIGN}


def test_who_comes_back_gets_at_once_what_nobody_has(clinic: Clinic) -> None:
    opened(clinic)
    goes(clinic, "nick")
    goes(clinic, "nell")
    sent(clinic, 3)
    assert held_by(clinic, "nell") == []

    shown = returns(clinic, "nell")

    assert len(held_by(clinic, "nell")) == 3
    assert (shown.at_work, shown.load) == (True, 12)


def test_who_has_said_until_when_is_back_then_by_themselves(clinic: Clinic) -> None:
    opened(clinic)
    goes(clinic, "nell")
    goes(clinic, "nick", until=clinic.now + minutes(30))
    (refill,) = sent(clinic)

    clinic.sweep(clinic.now + minutes(29))
    assert owner(clinic, refill) is None
    clinic.sweep(clinic.now + minutes(1))

    assert owner(clinic, refill) == "nick"


# What a crash or a race leaves behind


@pytest.mark.parametrize("fault", [Fault.DIES_BEFORE, Fault.DIES_AFTER])
def test_whenever_the_function_dies_the_next_sweep_returns_what_is_left(
    clinic: Clinic, fault: Fault
) -> None:
    opened(clinic)
    sent(clinic, 4)
    begin_again = clinic.remember()
    for number in range(99):
        begin_again()
        try:
            with clinic.wire.faulty(fault, number):
                goes(clinic, "nick")
        except Died:
            said = read_attendance(aws.tables(), "north", "nick").away(clinic.now)
            clinic.sweep(clinic.now + minutes(1))
            assert bool(held_by(clinic, "nick")) is not said
            clinic.check()
        else:
            break
    assert 10 < number < 98


def test_a_ticket_that_cannot_be_returned_keeps_no_other_and_comes_next_minute(
    clinic: Clinic,
) -> None:
    opened(clinic)
    sent(clinic, 4)
    refused = [1]

    def first_transaction_of_a_ticket(_number: int, call: Call) -> Fault | None:
        returned = call.operation == "TransactWriteItems" and "TICKET" in str(call.arguments)
        return Fault.REFUSED if returned and refused and refused.pop() else None

    with clinic.wire.failing(first_transaction_of_a_ticket):
        goes(clinic, "nick")
    assert len(held_by(clinic, "nick")) == 1

    clinic.sweep(clinic.now + minutes(1))
    assert held_by(clinic, "nick") == []


def test_a_ticket_routed_while_its_choice_goes_away_goes_to_another(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(clinic)
    clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
    before(monkeypatch, flow_context, "commit", lambda: goes(clinic, "nick"))

    clinic.settle()

    assert owner(clinic, clinic.newest()) == "nell"


# Work that is not taken up


def test_what_nobody_takes_up_in_time_goes_to_another(clinic: Clinic) -> None:
    opened(clinic, the_site(presence=Presence(accept_minutes=20)))
    (refill,) = sent(clinic)
    first = owner(clinic, refill)

    clinic.sweep(clinic.now + minutes(19))
    assert owner(clinic, refill) == first
    clinic.sweep(clinic.now + minutes(1))

    ticket = clinic.ticket(refill)
    assert (ticket.assignee, ticket.declined) == (
        {"nick": "nell"}.get(str(first), "nick"),
        (first,),
    )
    assert clinic.ledger(refill)[-2].detail["reason"] == "not_accepted"


def test_what_everybody_lets_lie_goes_to_the_lead(clinic: Clinic) -> None:
    at_work = replace(TWO["nora"], away=False)
    opened(clinic, the_site({"nora": at_work}, presence=Presence(accept_minutes=10)))
    (refill,) = sent(clinic)

    clinic.pass_minutes(20)

    assert owner(clinic, refill) == "nora"


def test_what_everybody_lets_lie_waits_in_the_queue_while_the_lead_is_not_there(
    clinic: Clinic,
) -> None:
    opened(clinic, the_site(presence=Presence(accept_minutes=10)))
    (refill,) = sent(clinic)
    first = owner(clinic, refill)

    clinic.pass_minutes(20)
    assert owner(clinic, refill) is None
    clinic.pass_minutes(10)

    ticket = clinic.ticket(refill)
    assert (ticket.assignee, ticket.declined) == (first, ())


def test_an_answer_to_who_let_it_lie_is_that_they_may_still_claim_it(clinic: Clinic) -> None:
    opened(clinic, the_site(presence=Presence(accept_minutes=10)))
    (refill,) = sent(clinic)
    clinic.pass_minutes(20)

    working.claim(*desk_of(clinic, "nick"), refill)

    ticket = clinic.ticket(refill)
    assert (ticket.assignee, ticket.status) == ("nick", Status.ACCEPTED)


# Shifts and leave


def test_with_the_end_of_the_shift_untouched_work_goes_to_who_works_on(clinic: Clinic) -> None:
    until_noon = replace(TWO["nick"], week={"mon": (Interval(time(8), time(12)),)})
    opened(clinic, the_site({"nick": until_noon}))
    sent(clinic, 4)
    assert len(held_by(clinic, "nick")) == 2

    clinic.sweep(MONDAY_MORNING + minutes(180))

    assert (held_by(clinic, "nick"), len(held_by(clinic, "nell"))) == ([], 4)


def test_overnight_untouched_work_lies_in_the_queue_and_is_given_when_the_shift_begins(
    clinic: Clinic,
) -> None:
    opened(clinic)
    clinic.now = AFTERNOON - minutes(5)
    sent(clinic, 2)
    clinic.sweep(AFTERNOON + minutes(30))
    assert len(held_by(clinic, None)) == 2

    clinic.sweep(TUESDAY - minutes(1))
    assert len(held_by(clinic, None)) == 2
    clinic.sweep(TUESDAY)

    assert held_by(clinic, None) == []
    assert clinic.loads("clinical") == {"nick": 4, "nell": 4}


def test_of_what_came_overnight_the_more_urgent_is_given_first(clinic: Clinic) -> None:
    alone = replace(TWO["nick"], capacity=1, teams=("clinical", "scheduling"))
    nobody_else = {"sami": replace(MEMBERS["sami"], away=True)}
    opened(
        clinic, the_site({"nick": alone, **nobody_else, "nell": replace(TWO["nell"], away=True)})
    )
    clinic.now = AT_NIGHT
    sent(clinic, 3, APPOINTMENT)
    (refill,) = sent(clinic)

    clinic.sweep(TUESDAY)

    assert held_by(clinic, "nick") == [refill]


def test_nobody_is_asked_for_an_owner_again_and_again_through_the_night(clinic: Clinic) -> None:
    opened(clinic)
    clinic.now = AT_NIGHT
    (refill,) = sent(clinic)
    known = len(clinic.ledger(refill))

    for _ in range(5):
        clinic.sweep(clinic.now + minutes(60))

    assert len(clinic.ledger(refill)) == known


def test_a_leave_that_begins_with_a_new_roster_empties_the_queue(clinic: Clinic) -> None:
    opened(clinic)
    sent(clinic, 4)
    clinic.sweep()
    ill = replace(TWO["nick"], leave=(Leave(begins=date(2026, 3, 2), ends=date(2026, 3, 4)),))

    clinic.now += minutes(1)
    opened(clinic, the_site({"nick": ill}))
    clinic.sweep(clinic.now + minutes(1))

    assert (held_by(clinic, "nick"), len(held_by(clinic, "nell"))) == ([], 4)


def test_leave_begins_and_ends_at_midnight_of_the_site_also_when_its_clock_is_changed(
    clinic: Clinic,
) -> None:
    # On 8 March 2026 clocks go forward in New York: the day has 23 hours.
    nights = {day: (Interval(time(0), time(0)),) for day in ("sat", "sun", "mon")}
    leave = (Leave(begins=date(2026, 3, 8), ends=date(2026, 3, 8)),)
    nick = replace(TWO["nick"], week=nights, leave=leave)
    nell = replace(TWO["nell"], week=nights)
    opened(clinic, the_site({"nick": nick, "nell": nell}))
    clinic.now = datetime.fromisoformat("2026-03-07T23:20-05:00").astimezone(UTC)
    sent(clinic, 2)
    assert len(held_by(clinic, "nick")) == 1

    clinic.sweep(datetime.fromisoformat("2026-03-08T00:00-05:00").astimezone(UTC))
    assert held_by(clinic, "nick") == []
    clinic.now = datetime.fromisoformat("2026-03-08T23:59-04:00").astimezone(UTC)
    sent(clinic, 2)
    assert held_by(clinic, "nick") == []
    clinic.now = datetime.fromisoformat("2026-03-09T00:00-04:00").astimezone(UTC)
    sent(clinic, 1)

    assert len(held_by(clinic, "nick")) == 1


# A full team


def test_a_full_teams_waiting_ticket_is_given_as_soon_as_one_is_resolved(clinic: Clinic) -> None:
    one_each = {name: replace(TWO[name], capacity=4) for name in ("nick", "nell")}
    opened(clinic, the_site(one_each))
    held = sent(clinic, 2)
    (waiting,) = sent(clinic, 1, APPOINTMENT)
    clinic.now += minutes(3)
    more = sent(clinic, 2)
    assert [owner(clinic, each) for each in more] == [None, None]
    assert owner(clinic, waiting) == "sami"

    first = owner(clinic, held[0])
    clinic.resolve(held[0], str(first))

    assert [owner(clinic, each) for each in more] == [first, None]


def test_a_full_team_is_looked_at_again_once_an_hour_and_no_more(clinic: Clinic) -> None:
    full = {name: replace(TWO[name], capacity=1) for name in ("nick", "nell")}
    opened(clinic, the_site(full))
    sent(clinic, 2)
    clinic.now += minutes(1)
    (waiting,) = sent(clinic)
    known = len(clinic.ledger(waiting))

    for _ in range(13):
        clinic.sweep(clinic.now + minutes(5))

    assert clinic.actions(waiting)[known:].count(Action.ROUTED) <= 2


def test_a_drain_that_fails_harms_nobody(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ConnectionError

    opened(clinic)
    (refill,) = sent(clinic)
    monkeypatch.setattr(returning, "queue_entries", fail)

    clinic.resolve(refill, str(owner(clinic, refill)))

    assert clinic.ticket(refill).status is Status.RESOLVED


# Nothing for who is not there


@pytest.mark.parametrize(
    "changes",
    [
        {"primary": "nick"},
        {"primary": "nick", "secondary": "nell"},
        {},
    ],
    ids=["primary", "with a secondary", "by load"],
)
def test_who_is_away_gets_nothing_new(clinic: Clinic, changes: dict[str, str]) -> None:
    team = replace(TEAMS["clinical"], **changes)  # type: ignore[arg-type]
    opened(clinic, the_site(teams={**TEAMS, "clinical": team}))
    goes(clinic, "nick")

    sent(clinic, 3)
    sent(clinic, 1, CHEST_PAIN)

    assert held_by(clinic, "nick") == []


def test_who_is_away_stands_in_for_no_other_team(clinic: Clinic) -> None:
    nick = replace(TWO["nick"], teams=("clinical", "portal"))
    teams = {**TEAMS, "scheduling": replace(TEAMS["scheduling"], fallback="portal")}
    nobody = {name: replace(MEMBERS[name], away=True) for name in ("sami", "pia")}
    opened(clinic, the_site({"nick": nick, **nobody}, teams=teams))
    goes(clinic, "nick")

    sent(clinic, 1, APPOINTMENT)

    assert held_by(clinic, None) == [clinic.newest()]


def reopened_by_the_patient(clinic: Clinic) -> str:
    """A ticket that nick resolved, and whose patient writes again in the same thread."""
    ticket_id = clinic.take(by_portal(REFILL, clinic.now, "evt-1", thread_id="thread-1"))
    if owner(clinic, ticket_id) != "nick":
        staff.reassign(
            *desk_of(clinic, "nora"),
            ticket_id,
            Handoff(reason=HandoffReason.WORKLOAD, member="nick"),
        )
    clinic.resolve(ticket_id, "nick")
    clinic.now += minutes(5)
    return ticket_id


def writes_again(clinic: Clinic) -> None:
    """The patient's next message."""
    again = "The pharmacy says that it never got the renewal."
    clinic.post(by_portal(again, clinic.now, "evt-2", thread_id="thread-1"))
    clinic.settle()


def test_a_reopened_ticket_goes_back_to_its_owner_who_is_there(clinic: Clinic) -> None:
    ticket_id = reopened_by_the_patient(opened(clinic))

    writes_again(clinic)

    assert (owner(clinic, ticket_id), clinic.ticket(ticket_id).reopened) == ("nick", 1)


def test_a_reopened_ticket_never_goes_to_an_owner_who_is_away(clinic: Clinic) -> None:
    ticket_id = reopened_by_the_patient(opened(clinic))
    goes(clinic, "nick")

    writes_again(clinic)

    assert (owner(clinic, ticket_id), clinic.ticket(ticket_id).reopened) == ("nell", 1)


def test_a_reopened_ticket_goes_to_the_substitute_of_an_owner_who_is_away(clinic: Clinic) -> None:
    noel = Member(name="Noel Abt", teams=("clinical",))
    nick = replace(TWO["nick"], substitute="noel")
    ticket_id = reopened_by_the_patient(opened(clinic, the_site({"nick": nick, "noel": noel})))
    sent(clinic, 2)  # noel is by no means the least loaded
    goes(clinic, "nick")

    writes_again(clinic)

    assert owner(clinic, ticket_id) == "noel"


def test_a_substitute_who_may_not_open_the_ticket_does_not_get_it(clinic: Clinic) -> None:
    nick = replace(TWO["nick"], substitute="bela")
    ticket_id = reopened_by_the_patient(opened(clinic, the_site({"nick": nick})))
    goes(clinic, "nick")

    writes_again(clinic)

    assert owner(clinic, ticket_id) == "nell"


# Who may say what


def test_a_lead_says_it_for_a_colleague(clinic: Clinic) -> None:
    opened(clinic)
    (refill,) = sent(clinic)
    first = str(owner(clinic, refill))

    shown = goes(clinic, first, by="nora")

    assert (shown.at_work, shown.away, shown.said.by) == (False, True, "nora")
    assert owner(clinic, refill) != first


@pytest.mark.parametrize(
    ("statement", "by", "error"),
    [
        (Statement(member="nell", away=True), "nick", RefusedError),
        (Statement(member="nobody", away=True), "nora", InvalidFieldError),
        (Statement(member="nick", away=False, until=TUESDAY), "nick", InvalidFieldError),
        (Statement(member="nick", away=True, until=MONDAY_MORNING), "nick", InvalidFieldError),
        (
            Statement(member="nick", away=True, until=MONDAY_MORNING + 100 * minutes(1440)),
            "nick",
            InvalidFieldError,
        ),
        (Statement(member="nick", away=True), "wanda", NotFoundError),
    ],
    ids=["a colleague", "a stranger", "back until", "the past", "a hundred days", "no member"],
)
def test_what_may_not_be_said_is_refused_and_changes_nothing(
    clinic: Clinic, statement: Statement, by: str, error: type[Exception]
) -> None:
    opened(clinic)

    with pytest.raises(error):
        say(*desk_of(clinic, by), "north", statement)

    assert read_attendance(aws.tables(), "north", "nick").version == 0


def test_who_said_what_of_whom_stands_in_a_ledger_of_its_own(clinic: Clinic) -> None:
    opened(clinic)
    goes(clinic, "nick", until=TUESDAY, by="nora")
    goes(clinic, "nick", until=TUESDAY, by="nora")
    returns(clinic, "nick")
    returns(clinic, "nick")

    said = read_attendance(aws.tables(), "north", "nick")
    subject = presence_subject("north", "nick")
    events = list(read_events(aws.tables(), subject))
    assert [(each.action, each.why, each.actor) for each in events] == [
        (Action.PRESENCE_CHANGED, "away", "staff:nora"),
        (Action.PRESENCE_CHANGED, "back", "staff:nick"),
    ]
    assert events[0].detail == {"member": "nick", "by": "nora", "until": TUESDAY.isoformat()}
    assert first_fault(subject, events, said.version, said.ledger_head) is None


def test_everybody_of_a_site_sees_who_is_at_work_and_why_not(clinic: Clinic) -> None:
    on_leave = replace(TWO["nell"], leave=(Leave(begins=date(2026, 3, 2), ends=date(2026, 3, 6)),))
    opened(clinic, the_site({"nell": on_leave}))
    sent(clinic, 2)

    shown = {each.member: each for each in who_is_at_work(*desk_of(clinic, "pia"), "north")}

    nick, nell, nora = shown["nick"], shown["nell"], shown["nora"]
    assert (nick.at_work, nick.load, nick.shift_ends_at) == (True, 8, TUESDAY - minutes(900))
    assert (nell.at_work, nell.leave) == (False, on_leave.leave[0])
    assert (nora.at_work, nora.away, nora.said.away_since) == (False, True, None)


def test_a_sweep_looks_after_presence_with_one_read_a_site(clinic: Clinic) -> None:
    opened(clinic)
    sent(clinic, 5)
    clinic.sweep(clinic.now + minutes(30))
    clinic.wire.calls.clear()

    assert look_after(desk_of(clinic, "nick")[0]) == 0

    assert [call.operation for call in clinic.wire.calls] == ["Query"] * 2
