"""The desk API as its callers meet it, whoever they are; and the desk that the other tests call."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest

from functions.desk.handler import lambda_handler
from tests.aws.deployment import forget, set_secrets, table_properties
from tests.aws.short_way import mocked_aws
from tests.builders import (
    KEYS,
    MEMBERS,
    MONDAY_MORNING,
    a_message,
    a_policy,
    a_site,
    a_stamp,
    a_ticket,
    an_entry,
)
from triagewire import aws
from triagewire.errors import PolicyMissingError
from triagewire.flow.policies import current_policy
from triagewire.observability import logger
from triagewire.policy.emergency import EmergencyAccess
from triagewire.policy.model import Policy
from triagewire.policy.roster import Member, Role
from triagewire.store.ledger import read_events
from triagewire.store.loads import read_loads, shift
from triagewire.store.messages import add_message
from triagewire.store.policies import publish
from triagewire.store.table import Tables, commit
from triagewire.store.tickets import Change, changed, load_ticket, ticket_pk
from triagewire.ticket import Ticket

TICKET = "TICKETAAAAAAAAAAAAAAAAAAAA"
CONSOLE = "console-client"
"""The program of the pool that the console is."""
OTHER = "OTHERBBBBBBBBBBBBBBBBBBBBB"
SECRET = "my husband Orlando hits me"
"""Words that may be in a ticket and nowhere else."""

NORTH = MEMBERS | {"audra": Member(name="Audra Klein", roles=(Role.AUDITOR,))}
WEST = {"wes": Member(name="Wes Tran", teams=("clinical",), roles=(Role.LEAD, Role.ADMINISTRATOR))}


def the_policy() -> Policy:
    """Two clinics that share no member; one may be opened in an emergency."""
    return Policy(
        group="lakeside",
        sites={
            "north": a_site(members=NORTH, emergency_access=EmergencyAccess(enabled=True)),
            "west": replace(WEST_CLINIC, members=WEST),
        },
        rules={},
    )


WEST_CLINIC = a_policy().sites["west"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: dict[str, Any]
    headers: dict[str, list[str]]
    text: str


@dataclass(slots=True)
class Desk:
    """The real handler over tables made from the template."""

    tables: Tables
    log: StringIO = field(default_factory=StringIO)

    def publish(self, policy: Policy) -> None:
        """Make a policy the active one, at once."""
        publish(self.tables, policy, a_stamp())
        current_policy.cache_clear()

    def store(self, ticket: Ticket, text: str = SECRET) -> Ticket:
        """Put a ticket on the table with one message, its ledger and the load of its owner."""
        whole = replace(ticket, version=0, load=int(ticket.urgency) if ticket.assignee else 0)
        where = an_entry(detail={"team": whole.team, "member": whole.assignee})
        change = Change(before=None, after=whole, entries=(where,))
        stored, writes = changed(self.tables, change, a_stamp())
        message = a_message(ticket_id=ticket.id, text=text)
        if whole.assignee and whole.team and whole.is_open:
            load = shift(self.tables, whole.site, whole.assignee, whole.load)
            writes.append(load)
        commit(self.tables, [*writes, add_message(self.tables, message, whole.site)])
        return stored

    def get(self, member: str, path: str, at: datetime = MONDAY_MORNING) -> Answer:
        """Look."""
        return self.send(a_request(member, "GET", path, at=at))

    def act(
        self,
        member: str,
        action: str,
        /,
        ticket_id: str = TICKET,
        at: datetime = MONDAY_MORNING,
        **fields: object,
    ) -> Answer:
        """Do something to a ticket."""
        return self.post(member, f"/desk/tickets/{ticket_id}/{action}", fields, at)

    def post(
        self,
        member: str,
        path: str,
        fields: Mapping[str, object],
        at: datetime = MONDAY_MORNING,
    ) -> Answer:
        """Do what a path says, with the fields of a body."""
        body = json.dumps(fields).encode() if fields else b""
        return self.send(a_request(member, "POST", path, body, at=at))

    def send(self, request: dict[str, Any]) -> Answer:
        """Hand a request of API Gateway to the handler."""
        found = lambda_handler(request, SimpleNamespace(aws_request_id="request-1"))
        text, headers = found["body"], found["multiValueHeaders"]
        body = json.loads(text) if headers["Content-Type"] == ["application/json"] else {}
        return Answer(found["statusCode"], body, headers, text)

    def ticket(self, ticket_id: str = TICKET) -> Ticket:
        """A ticket as it is stored."""
        stored = load_ticket(self.tables, ticket_id)
        assert stored is not None
        return stored

    def actions(self, ticket_id: str = TICKET) -> list[str]:
        """What the ledger says was done to a ticket, after it was stored."""
        events = read_events(self.tables, ticket_pk(ticket_id))
        return [event.action.value for event in events][1:]

    def load_of(self, member: str, _team: str = "clinical") -> int:
        """What a member carries."""
        loads = read_loads(self.tables, "north")
        return loads[member].weight if member in loads else 0


def a_request(
    member: str | None,
    method: str,
    path: str,
    body: bytes = b"",
    at: datetime = MONDAY_MORNING,
    **changes: object,
) -> dict[str, Any]:
    """A request as API Gateway hands it over; `member` is what the token says."""
    claims = {} if member is None else the_claims(member, at)
    request = {
        "httpMethod": method,
        "path": path,
        "resource": "/desk/tickets/{id}/{action}",
        "headers": {"content-type": "application/json; charset=utf-8"},
        "requestContext": {
            "requestTimeEpoch": int(at.timestamp() * 1000),
            "authorizer": {"claims": claims},
        },
        "stageVariables": {"SignInClient": CONSOLE},
        "body": base64.b64encode(body).decode() if body else None,
        "isBase64Encoded": bool(body),
    }
    return request | changes


def the_claims(member: str, at: datetime, session: str = "") -> dict[str, str]:
    """What API Gateway hands on of an ID token that was given right before `at`; unless told, of a
    session that begins then.
    """
    return {
        "cognito:username": member,
        "token_use": "id",
        "aud": CONSOLE,
        "origin_jti": session or f"{member} at {at.isoformat()}",
        "iat": f"{at:%a %b %d %H:%M:%S} UTC {at.year}",
    }


@contextmanager
def a_desk(*tickets: Ticket) -> Iterator[Desk]:
    """A desk with a policy and tickets: unless told, a refill request that nobody holds yet."""
    with mocked_aws(), pytest.MonkeyPatch.context() as patched:
        set_secrets(patched)
        patched.setattr(aws, "_keys", lambda: KEYS)
        forget()
        for name, logical_name in (("tickets", "TicketsTable"), ("ledger", "LedgerTable")):
            aws.tables().client.create_table(TableName=name, **table_properties(logical_name))
        desk = Desk(aws.tables())
        patched.setattr(logger.handlers[0], "stream", desk.log)
        desk.publish(the_policy())
        for ticket in tickets or (a_ticket(id=TICKET),):
            desk.store(ticket)
        yield desk


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """One desk for all tests here, for none of them changes a ticket."""
    with a_desk() as opened:
        yield opened


def test_a_caller_without_a_user_name_is_asked_to_sign_in(desk: Desk) -> None:
    answer = desk.send(a_request(None, "GET", f"/desk/tickets/{TICKET}"))

    assert answer.status == 401


def test_a_request_that_no_authorizer_saw_is_asked_to_sign_in(desk: Desk) -> None:
    context = {"requestTimeEpoch": 1_772_460_000_000, "authorizer": None}

    answer = desk.send(a_request("nick", "GET", "/desk/queues/north/it", requestContext=context))

    assert answer.status == 401


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"token_use": "access"}, id="an access token"),
        pytest.param({"token_use": "refresh"}, id="a refresh token"),
        pytest.param({"token_use": ""}, id="a token for nothing"),
        pytest.param({"aud": "another-program"}, id="of another program of the pool"),
        pytest.param({"aud": ""}, id="of no program"),
        pytest.param({"aud": "", "client_id": "console-client"}, id="that names ours elsewhere"),
    ],
)
def test_only_an_id_token_of_our_console_is_an_identity(
    desk: Desk, changed: dict[str, str]
) -> None:
    claims = {"claims": the_claims("nick", MONDAY_MORNING) | changed}
    context = {"requestTimeEpoch": 1_772_460_000_000, "authorizer": claims}

    answer = desk.send(a_request("nick", "GET", f"/desk/tickets/{TICKET}", requestContext=context))

    assert answer.status == 401
    assert desk.get("nick", f"/desk/tickets/{TICKET}").status == 200


@pytest.mark.parametrize("stage", [None, {}, {"SignInClient": ""}])
def test_a_desk_that_does_not_know_its_console_lets_nobody_in(desk: Desk, stage: object) -> None:
    claims = {"claims": the_claims("nick", MONDAY_MORNING) | {"aud": ""}}
    context = {"requestTimeEpoch": 1_772_460_000_000, "authorizer": claims}
    path = f"/desk/tickets/{TICKET}"

    named = a_request("nick", "GET", path, stageVariables=stage)
    nameless = a_request("nick", "GET", path, stageVariables=stage, requestContext=context)
    assert [desk.send(each).status for each in (named, nameless)] == [401, 401]


@pytest.mark.parametrize("path", [f"/desk/tickets/{TICKET}", "/desk/queues/north/nowhere"])
def test_no_answer_may_be_kept_framed_or_guessed_at(desk: Desk, path: str) -> None:
    answer = desk.get("nick", path)

    assert answer.headers["Cache-Control"] == ["no-store"]
    assert answer.headers["X-Content-Type-Options"] == ["nosniff"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"][0]
    assert answer.headers["Content-Type"] == ["application/json"]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/desk/tickets/" + "A" * 3000, id="longer than a key may be"),
        pytest.param("/desk/tickets/TICKET", id="shorter than an id"),
        pytest.param(f"/desk/tickets/{TICKET.lower()}", id="in small letters"),
        pytest.param("/desk/tickets/%00%2e%2e%2fPOLICY", id="encoded"),
        pytest.param("/desk/tickets/POLICY#ACTIVE", id="another kind of key"),
        pytest.param("/desk/queues/north/", id="no team"),
        pytest.param("/desk/queues/north#clinical/x", id="a key of the index"),
        pytest.param("/desk", id="no route"),
    ],
)
def test_a_path_that_names_nothing_looks_like_a_ticket_that_is_not_there(
    desk: Desk, path: str
) -> None:
    absent = desk.get("nick", f"/desk/tickets/{OTHER}")

    answer = desk.get("nick", path)

    assert (answer.status, answer.body) == (404, absent.body)


def test_a_desk_without_a_policy_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise PolicyMissingError("no policy is published")

    kept = SimpleNamespace(get=missing)
    monkeypatch.setattr("functions.desk.handler.current_policy", lambda: kept)

    answer = desk.get("nick", f"/desk/tickets/{TICKET}")

    assert (answer.status, answer.body["error"]) == (503, "no_policy")


def test_an_unforeseen_failure_says_nothing_but_where_to_look(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr("triagewire.desk.routes.tickets.open_ticket", fail)

    answer = desk.get("nick", f"/desk/tickets/{TICKET}")

    assert (answer.status, answer.body) == (
        500,
        {"error": "internal", "request_id": "request-1"},
    )
    assert "ValueError" in desk.log.getvalue()
    assert SECRET not in desk.log.getvalue()
