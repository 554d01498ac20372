"""Emergency access, as the desk serves it: it opens one site for a while, to who may have it, and
everybody responsible hears of it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from functions.desk.handler import lambda_handler
from tests.aws.clinic import LAMBDA, Clinic
from tests.aws.test_desk_calls import (
    OTHER,
    SECRET,
    TICKET,
    WEST,
    Answer,
    Desk,
    a_desk,
    a_request,
    the_claims,
    the_policy,
)
from tests.builders import AT_NIGHT, MONDAY_MORNING, a_ticket, a_verdict, minutes
from triagewire.desk.sessions import sign_in_of
from triagewire.escalation.notice import AnyNotice, EmergencyNotice
from triagewire.flow.policies import current_policy
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action, Event
from triagewire.observability import metrics
from triagewire.policy.emergency import EmergencyAccess
from triagewire.policy.model import Policy
from triagewire.policy.roster import Member, Role
from triagewire.store.denials import denials_subject
from triagewire.store.ledger import read_events
from triagewire.store.outbox import due_boxes, read_box
from triagewire.store.sessions import read_session, session_subject
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status

BREAK, END, ME = "/desk/emergency-access", "/desk/emergency-access/end", "/desk/me"
URGENT = "URGENTCCCCCCCCCCCCCCCCCCCC"
QUEUE = "/desk/queues/north/clinical"
WHY: Mapping[str, object] = {"site": "north", "why": "nobody_reached"}
OPENED = EmergencyAccess(enabled=True, minutes=30)
WEN = Member(name="Wen Ito", teams=("clinical",))
"""An agent of the western clinic, where Wes is lead and administrator."""
EAST = {"ed": Member(name="Ed Moss", roles=(Role.ADMINISTRATOR,))}


def a_group(access: EmergencyAccess = OPENED, west: Mapping[str, Member] | None = None) -> Policy:
    """Three clinics; the northern one may be opened in an emergency."""
    policy = the_policy()
    north = replace(policy.sites["north"], emergency_access=access)
    there = replace(policy.sites["west"], members={**(west or WEST), "wen": WEN})
    east = replace(there, name="East Clinic", members=EAST, sources={})
    return replace(policy, sites={"north": north, "west": there, "east": east})


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The desk of one test, with tickets at three clinics."""
    tickets = (
        a_ticket(id=TICKET),
        a_ticket(a_verdict(5), id=URGENT),
        replace(a_ticket(id=OTHER), site="east"),
    )
    with a_desk(*tickets) as opened:
        opened.publish(a_group())
        yield opened


def ask(
    desk: Desk,
    path: str,
    fields: Mapping[str, object] | None = None,
    *,
    at: float = 0,
    member: str = "wes",
    session: str = "laptop",
) -> Answer:
    """Ask at a minute of the morning in a session; with fields, even none, it is a post."""
    body = json.dumps(fields).encode() if fields else b""
    method = "GET" if fields is None else "POST"
    request = a_request(member, method, path, body, at=minute(at))
    claims = the_claims(member, minute(at), session)
    request["requestContext"]["authorizer"] = {"claims": claims}
    return desk.send(request)


def start(desk: Desk, **changes: object) -> Answer:
    """Break the glass, after a first look in the session."""
    ask(desk, ME)
    return ask(desk, BREAK, {**WHY, **changes})


def minute(number: float) -> datetime:
    return MONDAY_MORNING + minutes(number)


def of_session(desk: Desk) -> list[Event]:
    """What the ledger says of the session on the laptop of Wes, its chain being whole."""
    sign_in = sign_in_of(the_claims("wes", MONDAY_MORNING, "laptop"))
    assert sign_in is not None
    stored = read_session(desk.tables, sign_in.session)
    assert stored is not None
    subject = session_subject(stored.id)
    events = list(read_events(desk.tables, subject))
    assert first_fault(subject, events, stored.version, stored.ledger_head) is None
    return events


def ends(desk: Desk) -> list[str]:
    """Why emergency access of the session ended, each time it did."""
    events = of_session(desk)
    return [each.why for each in events if each.action is Action.EMERGENCY_ENDED]


def put_out(desk: Desk) -> list[AnyNotice]:
    """What lies in the boxes that are due at once."""
    boxes = due_boxes(desk.tables, minute(0))
    return [each for box, _ in boxes for each in read_box(desk.tables, box).notices]


# What it opens


def test_somebody_of_another_clinic_reads_and_answers_when_nobody_there_can_be_reached(
    desk: Desk,
) -> None:
    before = ask(desk, f"/desk/tickets/{URGENT}")
    started = start(desk)
    queue = ask(desk, QUEUE, at=1)
    ticket = ask(desk, f"/desk/tickets/{URGENT}", at=2)
    answered = ask(desk, f"/desk/tickets/{URGENT}/respond", {"how": "called"}, at=3)
    handed = ask(
        desk,
        f"/desk/tickets/{URGENT}/reassign",
        {"reason": "workload", "member": "nick"},
        at=4,
    )

    assert (before.status, started.status) == (404, 200)
    assert URGENT in [each["id"] for each in queue.body["tickets"]]
    assert SECRET in ticket.text
    assert (answered.status, handed.status) == (200, 200)
    assert desk.ticket(URGENT).assignee == "nick"


def test_it_opens_every_team_of_that_one_site(desk: Desk) -> None:
    start(desk)

    for team in desk_teams():
        assert ask(desk, f"/desk/queues/north/{team}").status == 200
    assert ask(desk, "/desk/sites/north/work").status == 200
    assert ask(desk, "/desk/sites/north/on-call").status == 200
    assert ask(desk, "/desk/search", {"site": "north", "text": "Orlando"}).status == 200


def desk_teams() -> list[str]:
    return list(a_group().sites["north"].teams)


def test_it_opens_no_third_site(desk: Desk) -> None:
    start(desk)

    assert ask(desk, f"/desk/tickets/{OTHER}").status == 404
    assert ask(desk, "/desk/queues/east/clinical").status == 404
    assert ask(desk, "/desk/search", {"site": "east", "text": "Orlando"}).status == 404


def test_it_opens_nothing_to_another_session_of_the_same_person(desk: Desk) -> None:
    start(desk)

    assert ask(desk, f"/desk/tickets/{TICKET}", session="telephone").status == 404
    assert ask(desk, ME, session="telephone").body["emergency"] is None


def test_it_opens_nothing_to_somebody_else(desk: Desk) -> None:
    start(desk)

    assert ask(desk, f"/desk/tickets/{TICKET}", member="wen", session="other").status == 404


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (f"{QUEUE}/export", None),
        ("/desk/sites/north/presence", {"away": True}),
        ("/desk/sites/north/satisfaction", None),
        ("/desk/sites/north/articles", None),
        ("/desk/sites/north/undelivered", None),
    ],
)
def test_nothing_leaves_as_a_file_and_nothing_is_administered(
    desk: Desk, path: str, fields: Mapping[str, object] | None
) -> None:
    start(desk)

    assert ask(desk, path, fields).status in {403, 404}


@pytest.mark.parametrize("act", ["claim", "accept"])
def test_nothing_becomes_theirs_for_they_leave_again(desk: Desk, act: str) -> None:
    start(desk)

    answer = ask(desk, f"/desk/tickets/{TICKET}/{act}", {})

    assert (answer.status, answer.body["error"]) == (409, "not_now")
    assert desk.ticket().assignee is None


@pytest.mark.parametrize(
    ("act", "fields"), [("respond", {"how": "called"}), ("wait", {"waiting_for": "payer"})]
)
def test_what_nobody_holds_stays_in_its_queue_with_a_timer_though_they_work_on_it(
    desk: Desk, act: str, fields: Mapping[str, object]
) -> None:
    start(desk)

    answer = ask(desk, f"/desk/tickets/{TICKET}/{act}", fields)

    ticket = desk.ticket()
    assert answer.status == 200
    assert (ticket.assignee, ticket.timer is None) == (None, False)


def test_who_belongs_to_another_team_of_the_site_may_need_it_too(desk: Desk) -> None:
    everybody = replace(OPENED, roles=(Role.AGENT,))
    desk.publish(a_group(everybody))
    path = f"/desk/tickets/{TICKET}"

    before = ask(desk, path, member="pia").status
    started = ask(desk, BREAK, WHY, member="pia").status

    assert (before, started) == (404, 200)
    assert ask(desk, path, member="pia").status == 200
    assert ask(desk, f"{path}/claim", {}, member="pia").status == 409


# Who may have it


@pytest.mark.parametrize(
    ("member", "status"),
    [("wes", 200), ("ed", 200), ("wen", 404), ("pia", 404), ("audra", 404), ("zoe", 404)],
    ids=["a lead", "an administrator", "an agent", "of the site", "an auditor", "nobody"],
)
def test_only_who_has_one_of_the_roles_at_any_site_may_have_it(
    desk: Desk, member: str, status: int
) -> None:
    ask(desk, ME, member=member)

    answer = ask(desk, BREAK, WHY, member=member)

    assert answer.status == status


@pytest.mark.parametrize("site", ["north", "nowhere", "east"])
def test_a_site_that_gives_none_looks_like_one_that_is_not_there(desk: Desk, site: str) -> None:
    desk.publish(a_group(replace(OPENED, enabled=False)))
    absent = ask(desk, f"/desk/tickets/{'A' * 26}")

    answer = start(desk, site=site)

    assert (answer.status, answer.body) == (404, absent.body)
    assert put_out(desk) == []


def test_that_somebody_tried_is_in_the_ledger(desk: Desk) -> None:
    ask(desk, BREAK, WHY, member="wen")

    denied = list(read_events(desk.tables, denials_subject("north", "wen")))

    assert [(each.action, each.actor) for each in denied] == [(Action.DENIED, "staff:wen")]


def test_who_may_work_there_anyway_needs_none(desk: Desk) -> None:
    ask(desk, ME, member="nora")

    answer = ask(desk, BREAK, WHY, member="nora")

    assert (answer.status, answer.body["error"]) == (409, "refused")


def test_none_begins_while_one_stands(desk: Desk) -> None:
    start(desk)
    ask(desk, ME, at=15)

    again = ask(desk, BREAK, WHY, at=29)

    assert (again.status, again.body["error"]) == (409, "refused")
    assert ask(desk, BREAK, WHY, at=30).status == 200


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"minutes": 31}, "minutes"),
        ({"minutes": 0}, "minutes"),
        ({"why": "curiosity"}, "why"),
        ({"note": "the patient Orlando"}, "body"),
    ],
)
def test_it_needs_a_known_reason_and_a_time_within_the_policy(
    desk: Desk, fields: dict[str, object], field: str
) -> None:
    answer = start(desk, **fields)

    assert answer.status == 422
    assert answer.body["fields"][0]["field"] == field


# When it ends


def test_it_closes_at_its_minute(desk: Desk) -> None:
    start(desk, minutes=20)
    path = f"/desk/tickets/{TICKET}"

    found = [ask(desk, path, at=at).status for at in (10, 19.99, 20, 20.01)]

    assert found == [200, 200, 404, 404]
    assert ends(desk) == ["its time was up"]


def test_it_ends_by_hand(desk: Desk) -> None:
    start(desk)

    ended = [ask(desk, END, {}, at=5).status for _ in range(2)]

    assert ended == [200, 200]
    assert ask(desk, f"/desk/tickets/{TICKET}", at=5).status == 404
    assert ask(desk, "/desk/queues/west/clinical", at=5).status == 200
    assert ends(desk) == ["ended by hand"]


def test_it_ends_with_signing_out(desk: Desk) -> None:
    start(desk)

    ask(desk, "/desk/session/end", {}, at=5)

    assert ask(desk, f"/desk/tickets/{TICKET}", at=5).status == 401
    assert ends(desk) == ["the session ended"]


def test_it_ends_when_nobody_uses_the_session(desk: Desk) -> None:
    start(desk)

    assert ask(desk, f"/desk/tickets/{TICKET}", at=15.1).status == 401
    assert ends(desk) == ["the session ended"]


def test_who_works_when_its_time_is_up_stays_signed_in(desk: Desk) -> None:
    start(desk)
    for at in (10, 20):
        ask(desk, QUEUE, at=at)

    ended = ask(desk, ME, at=34)

    assert ended.body["emergency"] is None
    assert ask(desk, ME, at=45).status == 200


@pytest.mark.parametrize(
    "changed",
    [
        a_group(west={"zed": WEST["wes"]}),
        a_group(west={"wes": WEN}),
        a_group(replace(OPENED, enabled=False)),
    ],
    ids=["off the roster", "without the role", "switched off"],
)
def test_it_ends_when_the_policy_allows_it_no_more(desk: Desk, changed: Policy) -> None:
    start(desk)

    desk.publish(changed)

    assert ask(desk, f"/desk/tickets/{TICKET}", at=1).status == 404
    assert ends(desk) == ["the policy allows it no more"]


# Who hears of it


def test_the_leads_of_the_site_and_its_catch_all_are_told_at_once(desk: Desk) -> None:
    start(desk)

    told = put_out(desk)
    assert all(isinstance(each, EmergencyNotice) for each in told)
    assert {each.person for each in told} == leads()
    assert {each.about for each in told} == {"wes"}


def test_a_notice_says_who_where_why_and_until_when_and_nothing_of_a_patient(desk: Desk) -> None:
    start(desk)

    text = put_out(desk)[0].text("https://desk.example", lambda _notice: "")

    assert "wes opened north" in text
    assert "nobody reached, until 2026-03-02 14:30 UTC" in text
    assert len(text) <= 459


def test_it_is_counted_for_the_alarm(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    metrics().clear_metrics()

    start(desk)

    assert '"EmergencyAccess":[1.0]' in capsys.readouterr().out.replace(" ", "")


def test_the_ledger_has_who_where_why_and_until_when(desk: Desk) -> None:
    start(desk)

    began = of_session(desk)[-1]

    assert (began.action, began.actor, began.why) == (
        Action.EMERGENCY_STARTED,
        "staff:wes",
        "nobody_reached",
    )
    assert began.detail == {
        "site": "north",
        "member": "wes",
        "until": minute(30).isoformat(),
        "emergency": True,
    }


def test_everything_done_under_it_is_marked_and_nothing_after_it(desk: Desk) -> None:
    start(desk)
    ask(desk, f"/desk/tickets/{TICKET}", at=1)
    ask(desk, f"/desk/tickets/{TICKET}/note", {"text": "Called her sister."}, at=2)
    ask(desk, END, {}, at=3)
    ask(desk, f"/desk/tickets/{TICKET}", at=4)

    events = list(read_events(desk.tables, ticket_pk(TICKET)))[1:]

    marked = [(each.action, each.detail.get("emergency")) for each in events]
    assert marked == [(Action.VIEWED, True), (Action.NOTED, True), (Action.DENIED, None)]


# What the console learns


def test_who_may_have_it_is_told_where_and_for_how_long(desk: Desk) -> None:
    me = ask(desk, ME).body

    assert me["emergency"] is None
    assert me["emergency_sites"] == [{"id": "north", "name": "North Clinic", "minutes": 30}]
    assert "nobody_reached" in me["codes"]["emergency_reasons"]
    assert ask(desk, ME, member="wen", session="s").body["emergency_sites"] == []


def test_the_site_is_among_the_callers_own_while_it_stands(desk: Desk) -> None:
    start(desk)

    me = ask(desk, ME).body

    assert me["emergency"] == {
        "site": "north",
        "until": minute(30).isoformat(),
        "why": "nobody_reached",
    }
    north = next(each for each in me["sites"] if each["id"] == "north")
    assert north["roles"] == []
    assert {(t["see"], t["work"], t["export"], t["mine"]) for t in north["teams"]} == {
        (True, True, False, False)
    }
    assert me["name"] == "Wes Tran"


def test_a_resolved_ticket_was_nobodys_too(desk: Desk) -> None:
    start(desk)

    ask(desk, f"/desk/tickets/{TICKET}/resolve", {"outcome": "done"})

    assert (desk.ticket().status, desk.ticket().assignee) == (Status.RESOLVED, None)


# From the desk to the telephone of a lead


def test_the_next_sweep_tells_every_lead_once_also_while_the_site_is_closed(
    clinic: Clinic,
) -> None:
    clinic.now = AT_NIGHT
    clinic.publish(a_group())
    current_policy.cache_clear()
    body = json.dumps(WHY).encode()
    request = a_request("wes", "POST", BREAK, body, at=clinic.now)
    answer = lambda_handler(request, LAMBDA)

    clinic.sweep(clinic.now + minutes(1))
    clinic.sweep(clinic.now + minutes(1))

    told = [(each["person"], each["text"]) for each in clinic.notices("emergency")]
    assert answer["statusCode"] == 200
    assert sorted(person for person, _ in told) == sorted(leads())
    assert all("wes opened north" in text for _, text in told)


def leads() -> set[str]:
    """Who answers for the northern clinic."""
    site = a_group().sites["north"]
    return {*(team.lead for team in site.teams.values()), site.catch_all}
