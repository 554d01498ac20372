"""Every route with what belongs to another site: in the path, in the body, in the query. It looks
the same as what does not exist, whatever one's role is at home; and nothing is done to it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from tests.aws.test_desk_access import NAMED, REPLY, ROWS
from tests.aws.test_desk_calls import (
    OTHER,
    SECRET,
    TICKET,
    Answer,
    Desk,
    a_desk,
    a_request,
    the_claims,
)
from tests.builders import MONDAY_MORNING, a_ticket
from triagewire.desk.api import Route
from triagewire.desk.routes.table import ROUTES
from triagewire.ledger.event import Action
from triagewire.store.ledger import read_events
from triagewire.store.messages import add_message
from triagewire.store.table import commit
from triagewire.store.tickets import ticket_pk

AT_HOME = ("nick", "nora", "director", "audra")
"""An agent, a lead, an administrator and an auditor: of the other clinic."""
THEIRS = "THEIRS" + "E" * 20
ABSENT = "ABSENT" + "F" * 20
FOREIGN = replace(a_ticket(id=THEIRS), site="west")
PARTS = {"team": "clinical", "kind": "weekly", "name": "2026-W09"}
"""What else stands in paths: a team, and a report."""

ALL = pytest.mark.parametrize("route", ROUTES, ids=lambda each: f"{each.method} {each.path}")
MEMBERS = pytest.mark.parametrize("member", AT_HOME)


def those(part: str) -> pytest.MarkDecorator:
    """The routes with a part in their path."""
    found = [each for each in ROUTES if f"{{{part}}}" in each.path]
    return pytest.mark.parametrize("route", found, ids=lambda each: f"{each.method} {each.path}")


def taking(*fields: str) -> pytest.MarkDecorator:
    """The routes that take one of these in their body, with its name."""
    found = [
        pytest.param(each, name, id=f"{each.name}-{name}")
        for each in ROUTES
        for name in fields
        if each.takes is not None and name in each.takes.model_fields
    ]
    return pytest.mark.parametrize(("route", "field"), found)


def row_of(route: Route) -> tuple[Any, Mapping[str, Any]]:
    """How the ticket of a route stands in its row, and its body."""
    _, ticket, body = ROWS[f"{route.method} {route.path.replace('{', '<').replace('}', '>')}"]
    return ticket, body


def call(
    desk: Desk,
    route: Route,
    member: str,
    site: str = "north",
    ticket: str = TICKET,
    changes: Mapping[str, object] = MappingProxyType({}),
) -> Answer:
    """Call a route for a site and a ticket, with the body of its row."""
    path = route.path.format(site=site, ticket_id=ticket, **PARTS)
    body = {**row_of(route)[1], **changes}
    if route.method == "GET":
        query = {name: [value] for name, value in body.items()}
        return desk.send(a_request(member, "GET", path, multiValueQueryStringParameters=query))
    raw = json.dumps(body).encode() if body else b""
    return desk.send(a_request(member, route.method, path, raw))


@contextmanager
def two_clinics(route: Route) -> Iterator[Desk]:
    """A desk with the ticket of a row, and one of the other clinic."""
    with a_desk(row_of(route)[0], FOREIGN) as desk:
        commit(desk.tables, [add_message(desk.tables, REPLY, "north")])
        yield desk


@those("site")
@MEMBERS
def test_another_site_looks_like_one_that_there_is_not(route: Route, member: str) -> None:
    with two_clinics(route) as desk:
        other, none = (call(desk, route, member, site=site) for site in ("west", "south"))

    assert (other.status, other.body) == (404, none.body)
    assert other.headers.keys() == none.headers.keys()


@those("ticket_id")
@MEMBERS
def test_a_ticket_of_another_site_looks_like_none_and_stays_as_it_is(
    route: Route, member: str
) -> None:
    with two_clinics(route) as desk:
        before = desk.ticket(THEIRS)

        other, none = (call(desk, route, member, ticket=each) for each in (THEIRS, ABSENT))

        after = desk.ticket(THEIRS)
        last = list(read_events(desk.tables, ticket_pk(THEIRS)))[-1]

    assert (other.status, other.body) == (404, none.body)
    assert replace(after, version=before.version, ledger_head=before.ledger_head) == before
    assert (last.action, last.actor) == (Action.DENIED, f"staff:{member}")


@taking("ticket")
def test_a_ticket_of_another_site_in_a_body_tells_nothing_and_stays_as_it_is(
    route: Route, field: str
) -> None:
    with two_clinics(route) as desk:
        before = desk.ticket(THEIRS)
        only = {"text": None} if route.name == "search" else {}

        other, none = (
            call(desk, route, "nora", changes={field: each, **only}) for each in (THEIRS, ABSENT)
        )

        after = desk.ticket(THEIRS)

    assert (other.status, other.body) == (none.status, none.body)
    assert SECRET not in other.text
    assert replace(after, version=before.version, ledger_head=before.ledger_head) == before


@taking("member", "team")
def test_a_member_or_team_of_another_site_in_a_body_is_nobody(route: Route, field: str) -> None:
    with two_clinics(route) as desk:
        before = desk.ticket()
        strange = {"member": "wes", "team": "nowhere"}[field]

        answer = call(desk, route, "nora", changes={field: strange})

        after = desk.ticket()

    assert (answer.status, answer.body["fields"][0]["field"]) == (422, field)
    assert after == before


@taking("site")
@MEMBERS
def test_another_site_in_a_body_looks_like_one_that_there_is_not(
    route: Route, field: str, member: str
) -> None:
    with two_clinics(route) as desk:
        other, none = (
            call(desk, route, member, changes={field: each}) for each in ("west", "south")
        )

    assert (other.status, other.body) == (404, none.body)


@taking("message")
def test_a_message_of_another_ticket_in_a_body_is_none(route: Route, field: str) -> None:
    with two_clinics(route) as desk:
        desk.store(a_ticket(id=OTHER))

        other = call(desk, route, "nora", ticket=OTHER, changes={field: NAMED["message"]})
        none = call(desk, route, "nora", ticket=OTHER, changes={field: "MSG#nothing"})

    assert (other.status, other.body) == (none.status, none.body)


@pytest.mark.parametrize(
    ("route", "field"),
    [
        pytest.param(each, field, id=f"{each.name}-{field}")
        for each in ROUTES
        for field in ("site", "status", "score", "assignee", "load", "actor", "role", "__class__")
        if each.takes is not None and field not in each.takes.model_fields
    ],
)
def test_nothing_can_be_slipped_in_that_a_route_does_not_take(route: Route, field: str) -> None:
    with two_clinics(route) as desk:
        before = desk.ticket()

        answer = call(desk, route, "nora", changes={field: "west"})

        assert (answer.status, desk.ticket()) == (422, before)


@ALL
def test_no_route_serves_who_has_not_signed_in(route: Route) -> None:
    with two_clinics(route) as desk:
        before = desk.ticket()
        path = route.path.format(site="north", ticket_id=TICKET, **PARTS)

        answer = desk.send(a_request(None, route.method, path))

        assert (answer.status, answer.body["error"]) == (401, "refused")
        assert desk.ticket() == before


@ALL
def test_no_route_serves_a_session_that_has_ended(route: Route) -> None:
    with two_clinics(route) as desk:
        before = desk.ticket()
        claims = {"claims": the_claims("nora", MONDAY_MORNING, "a session")}
        path = route.path.format(site="north", ticket_id=TICKET, **PARTS)
        leaves, asks = (
            a_request("nora", method, each)
            for method, each in (("POST", "/desk/session/end"), (route.method, path))
        )
        for request in (leaves, asks):
            request["requestContext"]["authorizer"] = claims
        desk.send(leaves)

        answer = desk.send(asks)

        assert (answer.status, answer.body["error"]) == (401, "signed_out")
        assert desk.ticket() == before
