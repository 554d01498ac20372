"""Automatic log-off: what a token opens that is valid and whose session is not."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.aws.test_desk_calls import TICKET, Answer, Desk, a_desk, a_request, the_claims
from tests.builders import MONDAY_MORNING, minutes
from tests.template import resources
from triagewire.desk.sessions import sign_in_of
from triagewire.flow.sessions import KEPT
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action
from triagewire.store.ledger import read_events
from triagewire.store.sessions import read_session, session_subject, touch
from triagewire.store.table import Tables

MINE = "/desk/mine"
END = "/desk/session/end"


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The desk of one test."""
    with a_desk() as opened:
        yield opened


def ask(
    desk: Desk,
    at: float,
    path: str = MINE,
    *,
    session: str = "laptop",
    given: float = 0,
    background: bool = False,
    member: str = "nick",
) -> Answer:
    """Ask at a minute of the morning, with a token of a session that was given at another."""
    method = "POST" if path.endswith("end") else "GET"
    request = a_request(member, method, path, at=minute(at))
    claims = the_claims(member, minute(given), session)
    request["requestContext"]["authorizer"] = {"claims": claims}
    if background:
        request["headers"] = {"X-Background": "true"}
    return desk.send(request)


def minute(number: float) -> datetime:
    return MONDAY_MORNING + minutes(number)


def laptop() -> str:
    """What the session on the laptop is known by."""
    sign_in = sign_in_of(the_claims("nick", MONDAY_MORNING, "laptop"))
    assert sign_in is not None
    return sign_in.session


def recorded(desk: Desk) -> list[tuple[Action, str]]:
    """What the ledger says of the session, its chain being whole."""
    stored = read_session(desk.tables, laptop())
    assert stored is not None
    subject = session_subject(stored.id)
    events = list(read_events(desk.tables, subject))
    assert first_fault(subject, events, stored.version, stored.ledger_head) is None
    return [(event.action, event.actor) for event in events]


def test_who_works_stays_signed_in(desk: Desk) -> None:
    assert [ask(desk, at).status for at in range(0, 120, 14)] == [200] * 9


def test_who_does_nothing_for_fifteen_minutes_is_signed_out_for_good(desk: Desk) -> None:
    ask(desk, 0)

    late = ask(desk, 15.1)
    again = ask(desk, 15.2, given=15)

    assert (late.status, late.body["error"]) == (401, "signed_out")
    assert again.status == 401


def test_what_the_console_asks_by_itself_keeps_nobody_signed_in(desk: Desk) -> None:
    ask(desk, 0)

    polls = [ask(desk, at, background=True).status for at in range(1, 20)]

    assert polls == [200] * 15 + [401] * 4


def test_an_act_is_a_persons_whatever_its_header_says(desk: Desk) -> None:
    ask(desk, 0)
    request = a_request("nick", "POST", f"/desk/tickets/{TICKET}/claim", at=minute(10))
    request["requestContext"]["authorizer"] = {"claims": the_claims("nick", minute(0), "laptop")}
    request["headers"] = {"X-Background": "true"}
    desk.send(request)

    assert ask(desk, 20).status == 200


def test_a_page_that_asks_by_itself_who_writes_keeps_nobody_signed_in(desk: Desk) -> None:
    ask(desk, 0)
    for at in range(1, 16):
        request = a_request("nick", "POST", f"/desk/tickets/{TICKET}/writing", at=minute(at))
        claims = the_claims("nick", minute(0), "laptop")
        request["requestContext"]["authorizer"] = {"claims": claims}
        request["headers"] = {"X-Background": "true"}
        desk.send(request)

    assert ask(desk, 16).status == 401


def test_a_token_that_nobody_used_is_worth_nothing_after_fifteen_minutes(desk: Desk) -> None:
    assert ask(desk, 15.1).status == 401
    assert ask(desk, 14.9, session="phone").status == 200


def test_who_signs_out_is_out_on_every_token_of_the_session(desk: Desk) -> None:
    ask(desk, 0)

    ended = ask(desk, 1, END)

    assert (ended.status, ended.body) == (200, {"ended": True})
    assert ask(desk, 1).status == 401
    assert ask(desk, 2, given=2).body["error"] == "signed_out"


def test_who_signs_out_before_anything_else_is_out(desk: Desk) -> None:
    assert ask(desk, 0, END).status == 200
    assert ask(desk, 1).status == 401


def test_who_signs_out_is_out_for_a_request_that_was_on_its_way(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(desk, 0)
    before = read_session(desk.tables, laptop())
    ask(desk, 1, END)
    monkeypatch.setattr("triagewire.flow.sessions.read_session", lambda *_: before)

    assert ask(desk, 2).status == 401


def test_two_first_requests_at_once_begin_one_session(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("triagewire.flow.sessions.read_session", lambda *_: None)
        both = [ask(desk, 0).status, ask(desk, 0).status]

    assert both == [200, 200]
    assert recorded(desk) == [(Action.SIGNED_IN, "staff:nick")]


def test_signing_out_here_leaves_another_session_alone(desk: Desk) -> None:
    ask(desk, 0)
    ask(desk, 0, session="phone")

    ask(desk, 1, END)

    assert ask(desk, 1, session="phone").status == 200


def test_signing_in_again_begins_a_new_session(desk: Desk) -> None:
    ask(desk, 0)
    ask(desk, 60)

    assert ask(desk, 61, session="laptop again", given=61).status == 200


def test_a_session_is_of_one_member_only(desk: Desk) -> None:
    ask(desk, 0)

    assert ask(desk, 1, member="nora").status == 401


def test_the_ledger_knows_who_signed_in_and_out(desk: Desk) -> None:
    ask(desk, 0)
    ask(desk, 5)
    ask(desk, 6, END)

    assert recorded(desk) == [(Action.SIGNED_IN, "staff:nick"), (Action.SIGNED_OUT, "staff:nick")]


def test_that_somebody_works_is_written_once_a_minute_at_most(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def counted(tables: Tables, session: str, *times: datetime) -> bool:
        written.append(session)
        return touch(tables, session, *times)

    monkeypatch.setattr("triagewire.flow.sessions.touch", counted)

    for at in (0, 0.5, 0.9, 1.0, 1.5, 1.9, 2.1):
        ask(desk, at)

    assert len(written) == 2


def test_a_session_is_remembered_for_longer_than_its_tokens_can_live() -> None:
    (client,) = resources("AWS::Cognito::UserPoolClient").values()
    stated = client["Properties"]

    assert stated["TokenValidityUnits"] == dict.fromkeys(stated["TokenValidityUnits"], "minutes")
    longest = stated["RefreshTokenValidity"] + stated["IdTokenValidity"]
    assert minutes(longest) < KEPT


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"cognito:username": ""}, id="nobody"),
        pytest.param({"origin_jti": ""}, id="no session"),
        pytest.param({"iat": ""}, id="no time"),
        pytest.param({"iat": "yesterday"}, id="a time that is none"),
        pytest.param({"iat": "9" * 30}, id="a time that no clock reads"),
    ],
)
def test_a_token_that_does_not_say_who_which_session_and_when_is_none(
    desk: Desk, changed: dict[str, str]
) -> None:
    request = a_request("nick", "GET", MINE)
    claims = the_claims("nick", MONDAY_MORNING) | changed
    request["requestContext"]["authorizer"] = {"claims": claims}

    answer = desk.send(request)

    assert (answer.status, answer.body["error"]) == (401, "refused")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"origin_jti": "a", "jti": "1"}, {"origin_jti": "a", "jti": "2"}, True),
        ({"origin_jti": "a"}, {"origin_jti": "b"}, False),
        ({"jti": "1"}, {"jti": "2"}, False),
        ({"sub": "s", "auth_time": "1772460000"}, {"sub": "s", "auth_time": "1772460000"}, True),
        ({"sub": "s", "auth_time": "1772460000"}, {"sub": "s", "auth_time": "1772460001"}, False),
    ],
)
def test_tokens_of_one_signing_in_are_of_one_session(
    one: dict[str, str], other: dict[str, str], same: bool
) -> None:
    who = {"cognito:username": "nick", "iat": "1772460000"}

    first, second = sign_in_of(who | one), sign_in_of(who | other)

    assert first is not None
    assert second is not None
    assert (first.session == second.session) is same


def test_the_time_of_a_token_is_read_as_a_number_and_as_the_gateway_writes_it() -> None:
    who = {"cognito:username": "nick", "jti": "1"}

    number = sign_in_of(who | {"iat": "1772460000"})
    written = sign_in_of(who | {"iat": "Mon Mar 02 14:00:00 UTC 2026"})

    assert number == written
    assert number is not None
    assert number.given_at == MONDAY_MORNING
