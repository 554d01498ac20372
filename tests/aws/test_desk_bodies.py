"""What staff send: every wrong body is refused by the name of a field, and changes nothing."""

import json
from collections.abc import Iterator

import pytest

from tests.aws.test_desk_calls import SECRET, TICKET, Answer, Desk, a_desk, a_request
from triagewire.desk.requests import MOST_BYTES


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """One desk for all tests here: they are about what changes nothing."""
    with a_desk() as opened:
        yield opened


def send(
    desk: Desk, body: bytes, action: str = "reassign", content_type: str = "application/json"
) -> Answer:
    """Act on the ticket by a body as it is."""
    headers = {"Content-Type": content_type}
    path = f"/desk/tickets/{TICKET}/{action}"
    return desk.send(a_request("nick", "POST", path, body, headers=headers))


def fields(answer: Answer) -> list[str]:
    """The names of the fields that an answer complains of."""
    return [each["field"] for each in answer.body["fields"]]


@pytest.mark.parametrize("name", ["site", "status", "seen", "load", SECRET])
@pytest.mark.parametrize(
    "action",
    [
        "claim",
        "accept",
        "respond",
        "wait",
        "resume",
        "acknowledge",
        "reassign",
        "decide",
        "resolve",
        "reopen",
        "unmerge",
        "note",
        "rescore",
        "merge",
        "writing",
    ],
)
def test_a_field_that_the_action_does_not_take_is_refused_and_not_repeated(
    desk: Desk, action: str, name: str
) -> None:
    before = desk.ticket()

    answer = send(desk, json.dumps({name: 1}).encode(), action)

    assert answer.status == 422
    assert "body" in fields(answer)
    assert SECRET not in answer.text
    assert desk.ticket() == before


def test_a_body_full_of_fields_that_nobody_takes_gets_a_short_answer(desk: Desk) -> None:
    body = {f"{number:x}": 1 for number in range(50_000)}

    answer = send(desk, json.dumps(body).encode(), "claim")

    assert (answer.status, fields(answer)) == (422, ["body"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", SECRET),
        ("reason", None),
        ("team", 7),
        ("team", ""),
        ("team", SECRET),
        ("member", [SECRET]),
        ("member", "nobody-of-this-team"),
        ("member", "wes"),
        ("score", 6),
        ("score", True),
        ("score", "5"),
        ("score", 4.5),
        ("note", "x" * 4001),
        ("note", {"text": SECRET}),
    ],
)
def test_a_wrong_value_is_refused_by_its_name_and_not_repeated(
    desk: Desk, field: str, value: object
) -> None:
    right = {"reason": "workload", "member": "nell"}

    answer = send(desk, json.dumps(right | {field: value}).encode())

    assert (answer.status, fields(answer)[0].split(".")[0]) == (422, field)
    assert SECRET not in answer.text + desk.log.getvalue()
    assert desk.actions() == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"reason=workload", id="a form"),
        pytest.param(b'{"reason": "workload"', id="cut off"),
        pytest.param(b'{"reason": "\\ud800"}', id="half a character"),
        pytest.param(b'{"reason": "\xff"}', id="not UTF-8"),
        pytest.param(b"[" * 20_000, id="nested without end"),
        pytest.param(b"null", id="nothing at all"),
        pytest.param(b'{"reason": NaN}', id="not a number"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_body_that_is_no_object_of_json_is_refused(desk: Desk, body: bytes) -> None:
    answer = send(desk, body)

    assert (answer.status, answer.body["error"]) == (422, "invalid")


def test_a_body_over_the_limit_is_refused_before_it_is_read(desk: Desk) -> None:
    answer = send(desk, b" " * (MOST_BYTES + 1))

    assert answer.status == 413


def test_a_body_of_another_type_is_refused(desk: Desk) -> None:
    answer = send(desk, b"reason=workload", content_type="application/x-www-form-urlencoded")

    assert answer.status == 415


def test_a_body_is_read_as_well_when_it_did_not_come_as_base64(desk: Desk) -> None:
    path = f"/desk/tickets/{TICKET}/reassign"
    request = a_request("nick", "POST", path) | {"body": "{}", "isBase64Encoded": False}

    answer = desk.send(request)

    assert fields(answer) == ["reason"]


def test_a_note_of_any_language_fits_the_limit_of_a_body_however_it_is_encoded(
    desk: Desk,
) -> None:
    body = {"reason": "workload", "member": "nobody", "note": "🩺" * 4000}

    for escaped in (True, False):
        assert send(desk, json.dumps(body, ensure_ascii=escaped).encode()).status == 422
