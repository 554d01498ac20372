"""Every operation of the OpenAPI document, asked by every kind of caller for what is another
clinic's and what does not exist: nobody ever sees a word of another clinic (A8, I7).

`test_desk_other_sites.py` says what each of them is answered; here only the document is known, so
that no operation can be left out.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from tests.aws.test_desk_calls import TICKET, Desk, a_desk, a_request
from tests.builders import MONDAY_MORNING, a_requester, a_ticket
from triagewire.desk.examples import BODIES
from triagewire.desk.openapi import document
from triagewire.desk.routes.table import ROUTES

THEIRS = "THEIRS" + "E" * 20
ABSENT = "ABSENT" + "F" * 20
WORDS = "Bartholomew writes that his daughter fell"
NAME = "Bartholomew Featherstone"
CALLERS = ("nick", "nora", "rhea", "director", "audra", "pia", "zoe")
"""An agent, a lead, a reviewer, an administrator and an auditor of the one clinic, an agent of
another team, and a name that stands in no roster.
"""
IDS: Mapping[str, tuple[str, ...]] = {
    "site": ("north", "west", "south"),
    "team": ("clinical", "nowhere"),
    "ticket_id": (TICKET, THEIRS, ABSENT),
    "kind": ("weekly",),
    "name": ("2026-W09",),
}
"""What may stand in a path: one's own, another clinic's, what there is not."""
OWN = {"site": "north", "ticket_id": TICKET}
DOCUMENT = document(ROUTES, "https://desk.clinic.example")
OPERATIONS = {
    f"{method.upper()} {path}": (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """A ticket of the one clinic and one of the other, on one table."""
    foreign = a_ticket(id=THEIRS, requester=a_requester(name=NAME))
    with a_desk() as opened:
        opened.store(replace(foreign, site="west"), WORDS)
        yield opened


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_operation_shows_or_changes_anything_of_another_clinic(desk: Desk, name: str) -> None:
    method, path, operation = OPERATIONS[name]
    before = desk.ticket(THEIRS)
    # Each operation has sessions of its own: one of them ends a session.
    at = MONDAY_MORNING + timedelta(seconds=list(OPERATIONS).index(name))

    for who in CALLERS:
        for request in (a_request(who, method, *each, at) for each in asked(path, operation)):
            answer = desk.send(request)
            told = answer.text + json.dumps(answer.headers)
            assert WORDS not in told, (who, request["path"])
            assert NAME not in told, (who, request["path"])
            assert THEIRS not in told, (who, request["path"])
            assert answer.status in wanted(request["path"]), (who, request["path"])

    after = desk.ticket(THEIRS)
    assert replace(after, version=before.version, ledger_head=before.ledger_head) == before


def asked(path: str, operation: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """The paths of an operation with every id, and bodies that name what is another clinic's."""
    parts = [part for part in IDS if f"{{{part}}}" in path]
    bodies = list(bodies_of(operation))
    for chosen in product(*(IDS[part] for part in parts)):
        named = dict(zip(parts, chosen, strict=True))
        if OWN.items() & named.items() and not bodies_name_ids(operation):
            continue  # what is one's own is not looked for here
        for body in bodies:
            yield path.format(**named), body


def bodies_of(operation: Mapping[str, Any]) -> Iterator[bytes]:
    """The example of a body, and with each id in it another clinic's."""
    example = BODIES.get(operation["operationId"])
    if "requestBody" not in operation or example is None:
        yield b""
        return
    body = {name: value for name, value in example.items() if name != "version"}
    others = {"site": "west", "ticket": THEIRS, "member": "wes"}
    yield json.dumps({**body, **{name: others[name] for name in others if name in body}}).encode()


def bodies_name_ids(operation: Mapping[str, Any]) -> bool:
    return bool({"site", "ticket"} & BODIES.get(operation["operationId"], {}).keys())


def wanted(path: str) -> set[int]:
    """What may be answered where a path names what is not one's own: as if it were not there."""
    names_other = any(each in path for each in (THEIRS, ABSENT, "/west", "/south"))
    return {404, 422} if names_other else {200, 403, 404, 409, 422}


def test_every_id_that_a_path_takes_is_known_here() -> None:
    parts = {
        parameter["name"]
        for _, _, operation in OPERATIONS.values()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "path"
    }

    assert parts <= IDS.keys()
    assert len(OPERATIONS) == len(ROUTES)


def test_whoever_works_there_is_shown_it(desk: Desk) -> None:
    shown = desk.get("wes", f"/desk/tickets/{THEIRS}")

    assert shown.status == 200
    assert WORDS in shown.text
    assert NAME in shown.text
