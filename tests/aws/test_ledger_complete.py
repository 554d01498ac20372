"""Every route of the desk, and what it must leave in the ledger, or why it leaves nothing.

The table is held against the desk's own routes and links: one without a row fails.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from tests.aws import test_desk_access
from tests.aws.test_desk_access import ROWS, STRANGERS, call, staged
from tests.aws.test_desk_calls import TICKET, Desk, a_desk
from tests.builders import MONDAY_MORNING
from tests.template import ROOT
from triagewire.desk.links import LINKS
from triagewire.desk.routes.table import ROUTES
from triagewire.ledger.event import Action, Event
from triagewire.ledger.standing import AFTER, BEFORE, told
from triagewire.message import Delivery
from triagewire.store.denials import denials_subject
from triagewire.store.exports import exports_subject
from triagewire.store.ledger import read_events
from triagewire.store.presence import presence_subject
from triagewire.store.searches import searches_subject
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status

WHO = "nora"
"""A lead of the site may do nearly all of it."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """An event that must be there, and of what, when `who` has called the route; `shown_by` is
    another test that says so.
    """

    action: Action
    subject: str = ticket_pk(TICKET)
    shown_by: str = ""
    who: str = WHO


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why a route leaves nothing."""

    why: str


LIST = Nothing("a list of ids, codes and times, without the text of any message")
OWN = Nothing("about the caller and the policy, and no ticket")
COUNTS = Nothing("counts, of no one ticket")
LOOK = Nothing("mail programs open links by themselves; a look says no word of a ticket")

TICKETS = "/desk/tickets/{ticket_id}"
DESK: Mapping[str, Leaves | Nothing] = {
    "GET /desk/openapi.json": Nothing("the description of the API, the same for everybody"),
    "GET /desk/me": OWN,
    "POST /desk/session/end": Leaves(Action.SIGNED_OUT, "SESSION#"),
    "POST /desk/emergency-access": Leaves(Action.EMERGENCY_STARTED, "SESSION#", who="wes"),
    "POST /desk/emergency-access/end": Leaves(Action.EMERGENCY_ENDED, "SESSION#", who="wes"),
    "GET /desk/queues/{site}/{team}": LIST,
    "GET /desk/queues/{site}/{team}/export": Leaves(Action.EXPORTED, exports_subject("north")),
    "GET /desk/mine": LIST,
    "GET /desk/sites/{site}/presence": Nothing("who is at work, of members only"),
    "POST /desk/sites/{site}/presence": Leaves(
        Action.PRESENCE_CHANGED, presence_subject("north", WHO)
    ),
    "GET /desk/sites/{site}/satisfaction": COUNTS,
    "GET /desk/sites/{site}/articles": COUNTS,
    "GET /desk/sites/{site}/reports": Nothing("names of reports"),
    "GET /desk/sites/{site}/reports/{kind}/{name}": Nothing("counts, ids of tickets and of rules"),
    "GET /desk/sites/{site}/reports/{kind}/{name}/file": Leaves(
        Action.EXPORTED, exports_subject("north")
    ),
    "GET /desk/sites/{site}/work": COUNTS,
    "GET /desk/sites/{site}/on-call": Nothing("the rota, of members only"),
    "GET /desk/sites/{site}/undelivered": LIST,
    "POST /desk/search": Leaves(Action.SEARCHED, searches_subject("north", WHO)),
    f"GET {TICKETS}": Leaves(Action.VIEWED),
    f"GET {TICKETS}/templates": Leaves(Action.VIEWED),
    f"POST {TICKETS}/writing": Nothing("who writes just now, for two minutes; no change"),
    f"POST {TICKETS}/claim": Leaves(Action.CLAIMED),
    f"POST {TICKETS}/accept": Leaves(Action.CLAIMED),
    f"POST {TICKETS}/respond": Leaves(Action.RESPONDED),
    f"POST {TICKETS}/wait": Leaves(Action.PAUSED),
    f"POST {TICKETS}/resume": Leaves(Action.RESUMED),
    f"POST {TICKETS}/acknowledge": Leaves(Action.ACKNOWLEDGED),
    f"POST {TICKETS}/reassign": Leaves(Action.REASSIGNED),
    f"POST {TICKETS}/decide": Leaves(Action.REASSIGNED),
    f"POST {TICKETS}/note": Leaves(Action.NOTED),
    f"POST {TICKETS}/rescore": Leaves(Action.RESCORED),
    f"POST {TICKETS}/resolve": Leaves(Action.RESOLVED),
    f"POST {TICKETS}/reopen": Leaves(Action.REOPENED),
    f"POST {TICKETS}/merge": Leaves(Action.ABSORBED),
    f"POST {TICKETS}/unmerge": Leaves(Action.UNMERGED),
    f"POST {TICKETS}/hold": Leaves(Action.HOLD_PLACED, who="director"),
    f"POST {TICKETS}/reply": Leaves(Action.REPLY_WRITTEN),
    f"POST {TICKETS}/undo-reply": Leaves(Action.REPLY_WITHDRAWN),
    f"POST {TICKETS}/try-again": Leaves(Action.REPLY_WRITTEN),
}
"""What each route for people who have signed in leaves."""

PUBLIC: Mapping[str, Leaves | Nothing] = {
    "GET /console": Nothing("the console's own page, the same for everybody"),
    "GET /console/{file}": Nothing("the console's own files, the same for everybody"),
    "GET /on-call/{site}/{token}": Nothing("the rota, of members only, for calendar programs"),
    "GET /acknowledge/{token}": LOOK,
    "HEAD /acknowledge/{token}": LOOK,
    "POST /acknowledge/{token}": Leaves(
        Action.ACKNOWLEDGED,
        shown_by="tests/aws/test_acknowledging.py",
    ),
    "GET /feedback/{token}": LOOK,
    "HEAD /feedback/{token}": LOOK,
    "POST /feedback/{token}": Leaves(Action.RATED, shown_by="tests/aws/test_satisfaction.py"),
    "POST /automation/{token}": Leaves(
        Action.PROGRAM_REPORTED, shown_by="tests/aws/test_automation.py"
    ),
}
"""The same of what a signed link opens."""

LEAVES = {route: row for route, row in DESK.items() if isinstance(row, Leaves)}
LEAVES_NOTHING = [route for route, row in DESK.items() if isinstance(row, Nothing)]
REFUSED = [
    (route, who)
    for route, (allowed, *_) in sorted(ROWS.items())
    for who in ("wes", "zoe")
    if {**STRANGERS, **allowed}[who] == 404
]
"""Somebody of another site, and of none, where they get nothing."""


def as_row(route: str) -> str:
    """A route as the table of who may use it names it."""
    return re.sub(r"{(\w+)}", r"<\1>", route)


def everything(desk: Desk) -> Iterator[Event]:
    """All events of all subjects, in no order."""
    found = desk.tables.client.scan(TableName="ledger", ConsistentRead=True)["Items"]
    for subject in {item["pk"]["S"] for item in found}:
        yield from read_events(desk.tables, subject)


@contextmanager
def prepared(route: str) -> Iterator[Desk]:
    """The desk of a route's row, where the route has something to do."""
    with pytest.MonkeyPatch.context() as patched:
        if route.endswith("/try-again"):
            failed = replace(test_desk_access.REPLY, delivery=Delivery.FAILED)
            patched.setattr(test_desk_access, "REPLY", failed)
        with staged(as_row(route)) as desk:
            if route.endswith("/emergency-access/end"):
                call(desk, "POST /desk/emergency-access", "wes")
            yield desk


def left_by(desk: Desk, route: str, member: str) -> list[Event]:
    """What a call leaves, but for the beginning of its session."""
    before = {event.hash for event in everything(desk)}
    call(desk, as_row(route), member)
    new = [event for event in everything(desk) if event.hash not in before]
    return [event for event in new if event.action is not Action.SIGNED_IN]


def test_every_route_of_the_desk_has_its_row() -> None:
    assert sorted(DESK) == sorted(f"{route.method} {route.path}" for route in ROUTES)


def test_every_link_has_its_row() -> None:
    assert sorted(PUBLIC) == sorted(f"{link.method} {link.path}" for link in LINKS)


@pytest.mark.parametrize("route", sorted(LEAVES))
def test_a_route_leaves_who_did_what_when_why_under_which_policy_in_which_request(
    route: str,
) -> None:
    wanted = LEAVES[route]
    with prepared(route) as desk:
        left = left_by(desk, route, wanted.who)

    (event,) = (each for each in left if each.action is wanted.action and _is_of(each, wanted))
    assert (event.actor, event.at) == (f"staff:{wanted.who}", MONDAY_MORNING)
    assert (event.policy_version, event.request_id) == (1, "request-1")
    assert all(each.why for each in left)
    assert all(each.request_id for each in left)


def _is_of(event: Event, wanted: Leaves) -> bool:
    return event.subject.startswith(wanted.subject)


@pytest.mark.parametrize("route", LEAVES_NOTHING)
def test_what_leaves_nothing_says_why(route: str) -> None:
    with staged(as_row(route)) as desk:
        assert left_by(desk, route, WHO) == []

    row = DESK[route]
    assert isinstance(row, Nothing)
    assert row.why


@pytest.mark.parametrize("route", sorted(PUBLIC))
def test_what_a_link_leaves_is_shown_by_its_own_tests(route: str) -> None:
    row = PUBLIC[route]

    if isinstance(row, Leaves):
        assert f"Action.{row.action.name}" in (ROOT / row.shown_by).read_text(encoding="utf-8")
    else:
        assert row.why


@pytest.mark.parametrize(("route", "member"), REFUSED)
def test_who_may_not_leaves_that_they_tried(route: str, member: str) -> None:
    with staged(route) as desk:
        left = left_by(desk, route, member)

    (event,) = left
    assert (event.action, event.actor) == (Action.DENIED, f"staff:{member}")
    assert event.detail["site"] == "north"
    assert event.subject in (ticket_pk(TICKET), denials_subject("north", member))


def test_an_agent_who_may_take_no_file_leaves_that_they_tried() -> None:
    with a_desk() as desk:
        desk.get("nick", "/desk/queues/north/clinical/export")

        (event,) = read_events(desk.tables, denials_subject("north", "nick"))

    assert (event.action, event.why) == (Action.DENIED, "no right to do that")
    assert dict(event.detail) == {"site": "north", "team": "clinical", "member": "nick"}


def test_a_site_that_nobody_has_is_no_denial() -> None:
    with a_desk() as desk:
        desk.get("nick", "/desk/queues/south/clinical")

        assert not [event for event in everything(desk) if event.action is Action.DENIED]


def test_who_tries_a_site_again_and_again_fills_no_ledger() -> None:
    with a_desk() as desk:
        tries = {desk.get("wes", "/desk/queues/north/clinical").status for _ in range(30)}

        assert tries == {404}
        assert len(list(read_events(desk.tables, denials_subject("north", "wes")))) == 10
        assert "denial not recorded" in desk.log.getvalue()


def test_a_change_says_how_the_ticket_stood_before_and_after() -> None:
    with a_desk() as desk:
        desk.act("nick", "claim")
        desk.act("nick", "resolve", outcome="done")

        *_, resolved = read_events(desk.tables, ticket_pk(TICKET))

    assert told(resolved.detail[BEFORE]) == {"status": Status.ACCEPTED.value, "outcome": ""}
    assert told(resolved.detail[AFTER]) == {"status": Status.RESOLVED.value, "outcome": "done"}
