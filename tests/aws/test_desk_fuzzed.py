"""Whatever is sent to the desk, it answers what its document says: by schemathesis, over every
route, and by hand with what breaks parsers.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.aws.over_http import a_token, desk_app
from tests.aws.test_desk_calls import OTHER, TICKET, Desk, a_desk, a_request
from tests.builders import MONDAY_MORNING, a_ticket, a_verdict, for_review
from tests.reported import NAME, with_reports
from triagewire.desk.openapi import document
from triagewire.desk.routes.table import ROUTES
from triagewire.ticket import Status

EXAMPLES = 10
HELD = [
    checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    ignored_auth,
]
"""What must hold of every answer. That what fits the document is also done, does not: a name may be
of nobody, a version of another ticket.
"""
REAL = {
    **{"site": "north", "team": "clinical", "ticket_id": TICKET},
    **{"kind": "weekly", "name": NAME},
}
STANDS = {
    "decide": a_ticket(for_review(), id=TICKET),
    "reopen": a_ticket(id=TICKET, status=Status.RESOLVED, outcome="done", timer=None),
    "resume": a_ticket(id=TICKET, status=Status.WAITING, wake_at=MONDAY_MORNING),
    "acknowledge": a_ticket(a_verdict(5), id=TICKET, assignee="nell"),
}
"""How the ticket stands where an act needs it otherwise."""

api = schemathesis.openapi.from_dict(document(ROUTES, "http://localhost"))
api.app = desk_app(MONDAY_MORNING)
OPERATIONS = [each.ok() for each in api.get_all_operations() if isinstance(each, Ok)]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda each: each.name.lower())
def test_every_answer_is_one_that_the_document_describes(
    operation: Any,  # noqa: ANN401
    mode: GenerationMode,
) -> None:
    stands = STANDS.get(operation.definition.raw["operationId"], a_ticket(id=TICKET))

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def holds(case: Any, real: bool) -> None:  # noqa: ANN401
        if real and not _is_wrong(case, ParameterLocation.PATH):
            case.path_parameters = {name: REAL[name] for name in case.path_parameters or {}}
        case.call_and_validate(headers={"Authorization": a_token("nora")}, checks=HELD)

    with a_desk(stands, a_ticket(id=OTHER)), with_reports():
        holds()


def _is_wrong(case: Any, where: ParameterLocation) -> bool:  # noqa: ANN401
    """Whether a part of a case was made to break the document."""
    part = case.meta.components.get(where) if case.meta else None
    return part is not None and part.mode is GenerationMode.NEGATIVE


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """One desk for what breaks parsers: nothing of it is done."""
    with a_desk() as opened:
        yield opened


BODIES = {
    "a number without end": b'{"version": ' + b"9" * 5_000 + b"}",
    "a number with a long exponent": b'{"version": 1e400}',
    "less than nothing": b'{"version": -9223372036854775809}',
    "a key twice": b'{"version": 1, "version": "x"}',
    "a name of half a character": b'{"\\ud83d": 1}',
    "a name with a zero in it": b'{"\\u0000": 1}',
    "a list": b"[]",
    "a text": b'"claim"',
    "nested too deep": b'{"version": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "a mark of byte order": b"\xef\xbb\xbf{}x",
    "UTF-16": '{"version": 0}'.encode("utf-16"),
    "a zero": b"\x00",
    "spaces only": b"   ",
}
TIMES = [
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "2026-03-02T14:00:00",
    "2026-02-30T00:00:00Z",
    "-1",
    "99999999999999999999",
    "1e300",
]


LETTERS = st.text(st.characters(exclude_characters="/"), min_size=1, max_size=60)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("act", ["claim", "reassign", "wait"])
def test_a_body_that_breaks_parsers_is_refused(desk: Desk, act: str, body: bytes) -> None:
    answer = desk.send(a_request("nick", "POST", f"/desk/tickets/{TICKET}/{act}", body))

    assert answer.status == 422
    assert len(answer.text) < 2_000
    assert desk.actions() == []


@pytest.mark.parametrize("time", TIMES)
def test_a_time_that_no_clock_shows_is_refused(desk: Desk, time: str) -> None:
    until = json.dumps({"waiting_for": "payer", "until": time}).encode()
    away = json.dumps({"away": True, "until": time}).encode()

    waits = desk.send(a_request("nick", "POST", f"/desk/tickets/{TICKET}/wait", until))
    leaves = desk.send(a_request("nick", "POST", "/desk/sites/north/presence", away))

    assert (waits.status, leaves.status) == (422, 422)
    assert desk.actions() == []


@given(LETTERS, LETTERS, st.sampled_from(["GET", "POST"]))
def test_a_path_of_any_letters_names_nothing(desk: Desk, one: str, other: str, method: str) -> None:
    paths = (
        f"/desk/queues/{one}/{other}",
        f"/desk/sites/{one}/work",
        f"/desk/tickets/{one}",
        f"/desk/tickets/{TICKET}/{other}",
        f"/desk/{one}/{other}",
    )

    assert {desk.send(a_request("nick", method, path)).status for path in paths} == {404}


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/jsonx", "multipart/form-data", "\x00", "😀" * 9]
)
def test_only_json_is_taken(desk: Desk, content_type: str) -> None:
    headers = {"content-type": content_type}
    path = f"/desk/tickets/{TICKET}/claim"

    answer = desk.send(a_request("nick", "POST", path, b"{}", headers=headers))

    assert answer.status == 415
