"""Every route against every kind of caller: who may not, cannot tell that there is anything.

The table is made from the handler's own routes, so a route without a row fails.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import pytest

from functions.desk.handler import app
from tests.aws.test_desk_calls import (
    NORTH,
    OTHER,
    TICKET,
    Answer,
    Desk,
    a_desk,
    a_request,
    the_claims,
    the_policy,
)
from tests.builders import MONDAY_MORNING, a_site, a_ticket, a_verdict, for_review, minutes
from tests.reported import NAME, with_reports
from tests.template import resources
from triagewire.access import Principal
from triagewire.arrival import Channel
from triagewire.errors import ConflictError
from triagewire.ledger.event import Action
from triagewire.message import Delivery, Direction, Message
from triagewire.policy.roster import Member, Role
from triagewire.routing.merge import merge, sealed
from triagewire.store.ledger import read_events
from triagewire.store.messages import add_message, message_sk
from triagewire.store.table import commit
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status, Ticket

LOOKS = {"nick": 200, "nora": 200, "director": 200, "audra": 200}
"""An agent of the team, a lead, an administrator and an auditor of the site."""
COLLEAGUES = LOOKS | {"pia": 200}
"""Whoever belongs to the site, whatever their team."""
EVERYBODY = COLLEAGUES | {"wes": 200, "zoe": 200}
"""Whoever has signed in: they are shown what is theirs, which may be nothing."""
OVERSEES = LOOKS | {"nick": 404}
"""Who sees every team of the site."""
WORKS = LOOKS | {"audra": 404}
"""An auditor looks, and touches nothing."""
REVIEWS = {"rhea": 200, "nora": 200, "director": 200, "nick": 404, "audra": 404}
"""A reviewer, a lead and an administrator; an agent of another team and an auditor do not."""
EMERGENCY = "/desk/emergency-access"
HOLDS = LOOKS | {"nick": 403, "nora": 403}
"""Who may stop the destruction of evidence; that there is a ticket is known to the others."""
STRANGERS = {"pia": 404, "wes": 404, "zoe": 404}
"""An agent of another team, a lead and administrator of the other site, a name of no roster."""


URGENT = a_ticket(a_verdict(5), id=TICKET, assignee="nell")
WAITING = a_ticket(id=TICKET, status=Status.WAITING, wake_at=MONDAY_MORNING + minutes(60))
CLOSED = a_ticket(id=TICKET, status=Status.RESOLVED, outcome="done", timer=None)
TWIN = "TWIN" + "D" * 22
MERGED = "MERGED" + "C" * 20
BOTH = merge(a_ticket(id=TICKET), a_ticket(id=MERGED))

type Row = tuple[Mapping[str, int], Ticket, Mapping[str, str | int]]
"""Who gets which status, the ticket as it stands, and the fields of the body or the query."""
ROWS: dict[str, Row] = {
    "GET /desk/queues/<site>/<team>": (LOOKS, a_ticket(id=TICKET), {}),
    "GET /desk/openapi.json": (EVERYBODY, a_ticket(id=TICKET), {}),
    "GET /desk/me": (EVERYBODY, a_ticket(id=TICKET), {}),
    "GET /desk/sites/<site>/work": (COLLEAGUES, a_ticket(id=TICKET), {}),
    "GET /desk/sites/<site>/on-call": (COLLEAGUES, a_ticket(id=TICKET), {}),
    "POST /desk/session/end": (EVERYBODY, a_ticket(id=TICKET), {}),
    "GET /desk/queues/<site>/<team>/export": (LOOKS | {"nick": 403}, a_ticket(id=TICKET), {}),
    "GET /desk/mine": (EVERYBODY, a_ticket(id=TICKET), {}),
    "GET /desk/sites/<site>/presence": (COLLEAGUES, a_ticket(id=TICKET), {}),
    "POST /desk/sites/<site>/presence": (COLLEAGUES, a_ticket(id=TICKET), {"away": True}),
    "GET /desk/sites/<site>/satisfaction": (OVERSEES, a_ticket(id=TICKET), {}),
    "GET /desk/sites/<site>/articles": (COLLEAGUES, a_ticket(id=TICKET), {}),
    "GET /desk/sites/<site>/reports": (OVERSEES, a_ticket(id=TICKET), {}),
    "GET /desk/sites/<site>/reports/<kind>/<name>": (OVERSEES, a_ticket(id=TICKET), {}),
    "GET /desk/sites/<site>/reports/<kind>/<name>/file": (
        OVERSEES,
        a_ticket(id=TICKET),
        {"format": "csv"},
    ),
    "GET /desk/tickets/<ticket_id>": (LOOKS, a_ticket(id=TICKET), {}),
    "POST /desk/tickets/<ticket_id>/claim": (WORKS, a_ticket(id=TICKET), {}),
    "POST /desk/tickets/<ticket_id>/accept": (WORKS, a_ticket(id=TICKET), {}),
    "POST /desk/tickets/<ticket_id>/respond": (WORKS, a_ticket(id=TICKET), {"how": "called"}),
    "POST /desk/tickets/<ticket_id>/wait": (WORKS, a_ticket(id=TICKET), {"waiting_for": "payer"}),
    "POST /desk/tickets/<ticket_id>/resume": (WORKS, WAITING, {}),
    "POST /desk/tickets/<ticket_id>/acknowledge": (WORKS, URGENT, {}),
    "POST /desk/tickets/<ticket_id>/reassign": (
        WORKS,
        a_ticket(id=TICKET),
        {"reason": "wrong_team", "team": "billing"},
    ),
    "POST /desk/tickets/<ticket_id>/decide": (
        REVIEWS,
        a_ticket(for_review(), id=TICKET),
        {"score": 2, "team": "scheduling"},
    ),
    "POST /desk/tickets/<ticket_id>/note": (WORKS, a_ticket(id=TICKET), {"text": "Called twice."}),
    "POST /desk/tickets/<ticket_id>/rescore": (
        WORKS,
        a_ticket(id=TICKET),
        {"score": 2, "team": "scheduling"},
    ),
    "POST /desk/tickets/<ticket_id>/resolve": (WORKS, a_ticket(id=TICKET), {"outcome": "done"}),
    "POST /desk/tickets/<ticket_id>/reopen": (WORKS, CLOSED, {"reason": "not_finished"}),
    "POST /desk/search": (COLLEAGUES, a_ticket(id=TICKET), {"site": "north", "text": "refill"}),
    "POST /desk/tickets/<ticket_id>/writing": (WORKS, a_ticket(id=TICKET), {"writing": True}),
    "POST /desk/tickets/<ticket_id>/merge": (
        WORKS,
        a_ticket(id=TICKET),
        {"ticket": TWIN, "reason": "sent_twice"},
    ),
    "POST /desk/tickets/<ticket_id>/hold": (
        HOLDS,
        a_ticket(id=TICKET),
        {"hold": True, "reason": "litigation", "why": "Letter of counsel"},
    ),
    "POST /desk/tickets/<ticket_id>/unmerge": (
        WORKS,
        BOTH.survivor,
        {"ticket": MERGED, "reason": "other_person"},
    ),
}
REPLY = Message(
    ticket_id=TICKET,
    at=MONDAY_MORNING,
    number=7,
    direction=Direction.OUTBOUND,
    channel=Channel.EMAIL,
    text="Your refill is ready.",
    send_at=MONDAY_MORNING + minutes(1),
    delivery=Delivery.PENDING,
)
"""What somebody wrote to the requester and may still take back."""
NAMED = {"message": message_sk(REPLY)}
ROWS |= {
    "GET /desk/tickets/<ticket_id>/templates": (WORKS, a_ticket(id=TICKET), {}),
    "POST /desk/tickets/<ticket_id>/reply": (WORKS, a_ticket(id=TICKET), {"text": "It is ready."}),
    "POST /desk/tickets/<ticket_id>/undo-reply": (WORKS, a_ticket(id=TICKET), NAMED),
    "POST /desk/tickets/<ticket_id>/try-again": (WORKS, a_ticket(id=TICKET), NAMED),
    "GET /desk/sites/<site>/undelivered": (OVERSEES, a_ticket(id=TICKET), {}),
}
ROWS |= {
    "POST /desk/emergency-access": (
        {"wes": 200, "nora": 409, "director": 409, "nick": 404, "audra": 404},
        a_ticket(id=TICKET),
        {"site": "north", "why": "nobody_reached"},
    ),
    "POST /desk/emergency-access/end": (EVERYBODY, a_ticket(id=TICKET), {}),
}
LINKS = {
    "GET /console",
    "GET /console/<file>",
    "GET /acknowledge/<token>",
    "HEAD /acknowledge/<token>",
    "POST /acknowledge/<token>",
    "GET /feedback/<token>",
    "HEAD /feedback/<token>",
    "POST /feedback/<token>",
    "POST /automation/<token>",
    "GET /on-call/<site>/<token>",
}
"""Nobody signs in there: the signature of the link says who may, as their own tests show."""
BESIDE = {
    "POST /desk/tickets/<ticket_id>/merge": [a_ticket(id=TWIN)],
    "POST /desk/tickets/<ticket_id>/unmerge": [sealed(BOTH, a_ticket(id=TICKET), MONDAY_MORNING)],
}
"""What stands beside the ticket of a row."""
ROUTES = [f"{route.method} {route.path}" for route in app._static_routes + app._dynamic_routes]
CASES = [
    (route, member, status)
    for route in ROUTES
    for member, status in ({**STRANGERS, **ROWS[route][0]} if route in ROWS else {}).items()
]
ALLOWED = [each for each in CASES if each[2] != 404]
DENIED = [(route, member) for route, member, status in CASES if status == 404]


@contextmanager
def staged(route: str) -> Iterator[Desk]:
    """A desk with everything that stands on the table in the row of a route."""
    with a_desk(ROWS[route][1], *BESIDE.get(route, [])) as desk, with_reports():
        commit(desk.tables, [add_message(desk.tables, REPLY, "north")])
        yield desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The desk of one test."""
    with a_desk() as opened:
        yield opened


def call(desk: Desk, route: str, member: str) -> Answer:
    """Call a route as its row says."""
    method, path = route.split()
    real = path.replace("<site>/<team>", "north/clinical").replace("<ticket_id>", TICKET)
    real = real.replace("<site>", "north").replace("<kind>/<name>", f"weekly/{NAME}")
    if method == "GET":
        asked = {name: [str(value)] for name, value in ROWS[route][2].items()}
        return desk.send(a_request(member, "GET", real, multiValueQueryStringParameters=asked))
    return desk.post(member, real, ROWS[route][2])


def test_every_route_has_its_row() -> None:
    assert sorted(ROUTES) == sorted([*ROWS, *LINKS])


def test_only_a_signed_link_is_served_without_signing_in() -> None:
    events = resources("AWS::Serverless::Function")["DeskFunction"]["Properties"]["Events"]
    given = [event["Properties"] for event in events.values()]

    free = [each for each in given if each.get("Auth") == {"Authorizer": "Links"}]

    named = {re.sub(r"{(\w+)}", r"<\1>", f"{each['Method']} {each['Path']}") for each in free}
    assert named == LINKS


def test_every_route_is_one_that_the_api_hands_over_and_the_other_way_round() -> None:
    events = resources("AWS::Serverless::Function")["DeskFunction"]["Properties"]["Events"]
    handed = [
        re.compile(f"{each['Method']} " + re.sub(r"{\w+}", "[^/]+", _below(each["Path"])))
        for each in (event["Properties"] for event in events.values())
    ]

    assert all(any(each.fullmatch(route) for each in handed) for route in ROUTES)
    assert all(any(each.fullmatch(route) for route in ROUTES) for each in handed)


def _below(path: str) -> str:
    """A path of the template; what it calls `{proxy+}` is any path below."""
    return path.replace("{proxy+}", ".+")


@pytest.mark.parametrize(("route", "member", "status"), ALLOWED)
def test_a_route_serves_who_may_use_it(route: str, member: str, status: int) -> None:
    with staged(route) as desk:
        answer = call(desk, route, member)

    assert answer.status == status


CLOSED_IN_AN_EMERGENCY = {
    "GET /desk/queues/<site>/<team>/export",
    "POST /desk/sites/<site>/presence",
    "GET /desk/sites/<site>/satisfaction",
    "GET /desk/sites/<site>/articles",
    "GET /desk/sites/<site>/reports",
    "GET /desk/sites/<site>/reports/<kind>/<name>",
    "GET /desk/sites/<site>/reports/<kind>/<name>/file",
    "GET /desk/sites/<site>/undelivered",
    "POST /desk/tickets/<ticket_id>/hold",
}
"""What is neither looking nor working."""
TAKES_OVER = {"POST /desk/tickets/<ticket_id>/claim", "POST /desk/tickets/<ticket_id>/accept"}


@pytest.mark.parametrize("route", [each for each in ROWS if EMERGENCY not in each])
def test_in_an_emergency_a_route_opens_to_look_or_to_work_and_to_nothing_else(route: str) -> None:
    with staged(route) as desk:
        desk.post("wes", EMERGENCY, {"site": "north", "why": "nobody_reached"})

        answer = call(desk, route, "wes")

    refused = {409} if route in TAKES_OVER else {403, 404}
    opened = route not in CLOSED_IN_AN_EMERGENCY | TAKES_OVER
    assert answer.status in ({200} if opened else refused)


@pytest.mark.parametrize(("route", "member"), DENIED)
def test_who_may_not_learns_nothing_and_changes_nothing(route: str, member: str) -> None:
    with staged(route) as desk:
        before = desk.ticket()

        answer = call(desk, route, member)

        absent = desk.get("nick", f"/desk/tickets/{OTHER}")
        after = desk.ticket()
        assert (answer.status, answer.body) == (404, absent.body)
        assert replace(after, version=before.version, ledger_head=before.ledger_head) == before


@pytest.mark.parametrize(("route", "member"), [row for row in DENIED if "<ticket_id>" in row[0]])
def test_that_somebody_tried_is_in_the_ledger(route: str, member: str) -> None:
    with staged(route) as desk:
        call(desk, route, member)

        last = list(read_events(desk.tables, ticket_pk(TICKET)))[-1]

    assert (last.action, last.actor) == (Action.DENIED, f"staff:{member}")


def test_who_tries_again_and_again_fills_no_ledger_and_holds_up_nobody() -> None:
    with a_desk() as desk:
        seen = desk.ticket().version

        tries = {desk.get("pia", f"/desk/tickets/{TICKET}").status for _ in range(30)}

        assert tries == {404}
        assert desk.ticket().version - seen == 10
        assert "denial not recorded" in desk.log.getvalue()
        desk.get("pia", f"/desk/tickets/{TICKET}", MONDAY_MORNING + minutes(1))
        assert desk.ticket().version - seen == 11


def test_a_try_that_cannot_be_recorded_looks_like_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> object:
        raise ConnectionError

    monkeypatch.setattr("triagewire.flow.looking.is_to_record", fails)
    monkeypatch.setattr("triagewire.flow.denying.take_callers_token", fails)
    with a_desk() as desk:
        tried = ("tickets/" + TICKET, "queues/north/clinical", "tickets/" + OTHER)
        member, queue, absent = (desk.get("pia", f"/desk/{each}") for each in tried)
        foreign = desk.get("wes", "/desk/queues/north/clinical")

    assert {each.status for each in (member, queue, foreign)} == {404}
    assert member.body == queue.body == foreign.body == absent.body


def test_a_try_that_loses_every_race_looks_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def others_are_quicker(*_: object) -> object:
        raise ConflictError("changing too fast")

    monkeypatch.setattr("triagewire.flow.looking.record", others_are_quicker)
    with a_desk() as desk:
        denied, absent = (desk.get("pia", f"/desk/tickets/{each}") for each in (TICKET, OTHER))

    assert (denied.status, denied.body) == (404, absent.body)


def test_an_auditor_who_is_also_an_agent_works_only_in_the_own_team() -> None:
    both = Member(name="Both", teams=("billing",), roles=(Role.AGENT, Role.AUDITOR))
    policy = replace(the_policy(), sites={"north": a_site(members={**NORTH, "both": both})})
    principal = Principal(id="both", policy=policy)

    assert principal.may_see("north", "clinical")
    assert not principal.may_work("north", "clinical")
    assert principal.may_work("north", "billing")


def test_a_clinical_urgent_ticket_leaves_clinical_only_with_a_new_score() -> None:
    with a_desk(URGENT) as desk:
        kept = desk.act("nick", "reassign", reason="wrong_team", team="billing")
        moved = desk.act("nick", "reassign", reason="wrong_team", team="billing", score=2)

    assert (kept.status, kept.body["fields"][0]["field"]) == (422, "score")
    assert moved.status == 200


@pytest.mark.parametrize("site", ["west", "south"])
def test_a_queue_of_another_site_and_one_of_no_site_look_the_same(desk: Desk, site: str) -> None:
    absent = desk.get("nick", "/desk/queues/north/nowhere")

    assert desk.get("nick", f"/desk/queues/{site}/clinical").body == absent.body


def test_a_ticket_cannot_be_handed_to_a_member_of_another_site(desk: Desk) -> None:
    answer = desk.send(
        a_request(
            "nick",
            "POST",
            f"/desk/tickets/{TICKET}/reassign",
            b'{"reason": "workload", "member": "wes"}',
        )
    )

    assert answer.body["fields"] == [{"field": "member", "problem": "is no member of that team"}]


def test_a_handed_over_ticket_is_out_of_sight_for_who_handed_it_over(desk: Desk) -> None:
    desk.act("nick", "reassign", reason="wrong_team", team="billing")

    assert desk.get("nick", f"/desk/tickets/{TICKET}").status == 404
    assert desk.get("bela", f"/desk/tickets/{TICKET}").status == 200


def test_who_is_taken_off_the_roster_sees_nothing_more_though_the_token_lives_on(
    desk: Desk,
) -> None:
    left = {name: member for name, member in NORTH.items() if name != "nick"}
    policy = the_policy()
    desk.publish(replace(policy, sites={"north": a_site(members=left)}))

    assert desk.get("nick", f"/desk/tickets/{TICKET}").status == 404


def test_what_a_token_claims_about_roles_counts_for_nothing(desk: Desk) -> None:
    claimed = {"cognito:groups": "administrator", "custom:site": "north"}
    claims = the_claims("pia", MONDAY_MORNING) | claimed
    context = {"requestTimeEpoch": 1_772_460_000_000, "authorizer": {"claims": claims}}

    answer = desk.send(a_request("pia", "GET", f"/desk/tickets/{TICKET}", requestContext=context))

    assert answer.status == 404
