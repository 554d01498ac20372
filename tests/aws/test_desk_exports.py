"""A queue as a file: right in a spreadsheet, of no use to an attacker, and known to the ledger."""

import csv
from collections.abc import Iterator
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.desk.handler import lambda_handler
from tests.aws.test_desk_calls import OTHER, SECRET, TICKET, Desk, a_desk, a_request
from tests.builders import a_ticket
from triagewire.desk.exports import csv_text, file_name
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action
from triagewire.ledger.paper import cell
from triagewire.store.codec import read_number, read_text
from triagewire.store.exports import EXPORTS, exports_subject
from triagewire.store.ledger import read_events
from triagewire.store.table import get_item

EXPORT = "/desk/queues/north/clinical/export"


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk with two tickets, one of them held."""
    with a_desk(a_ticket(id=TICKET), a_ticket(id=OTHER, assignee="nick")) as opened:
        yield opened


def ask(member: str, **query: str) -> dict[str, Any]:
    """The file as API Gateway gets it."""
    asked = {name: [value] for name, value in query.items()}
    request = a_request(member, "GET", EXPORT, multiValueQueryStringParameters=asked)
    return lambda_handler(request, SimpleNamespace(aws_request_id="request-1"))


def rows(answer: dict[str, Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer["body"], newline="")))


def test_a_file_has_a_row_for_each_open_ticket_of_the_queue(desk: Desk) -> None:
    answer = ask("nora")

    assert [row["id"] for row in rows(answer)] == sorted([TICKET, OTHER])
    assert {row["status"] for row in rows(answer)} == {"routed"}


def test_a_file_is_saved_and_not_opened_in_the_browser(desk: Desk) -> None:
    headers = ask("nora")["multiValueHeaders"]

    assert headers["Content-Type"] == ["text/csv; charset=utf-8"]
    assert headers["Content-Disposition"] == [
        'attachment; filename="north-clinical-2026-03-02T1400Z.csv"'
    ]
    assert headers["X-Content-Type-Options"] == ["nosniff"]


def test_a_file_holds_nothing_that_a_requester_wrote(desk: Desk) -> None:
    text = ask("nora")["body"]

    for word in (SECRET, "Ada", "MRN-4401"):
        assert word not in text


def test_a_file_is_filtered_as_the_queue_is(desk: Desk) -> None:
    assert [row["id"] for row in rows(ask("nora", assignee="nick"))] == [OTHER]


def test_every_file_is_in_the_ledger_with_who_took_how_much_of_what(desk: Desk) -> None:
    ask("nora")
    ask("audra", assignee="nick")

    subject = exports_subject("north")
    events = list(read_events(desk.tables, subject))
    kept = get_item(desk.tables.client, "tickets", subject, EXPORTS)
    assert kept is not None
    assert [(each.action, each.actor, dict(each.detail)) for each in events] == [
        (Action.EXPORTED, "staff:nora", {"site": "north", "team": "clinical", "lines": 2}),
        (Action.EXPORTED, "staff:audra", {"site": "north", "team": "clinical", "lines": 1}),
    ]
    head = read_text(kept, "ledger_head")
    assert first_fault(subject, events, read_number(kept, "version"), head) is None


def test_no_file_is_given_that_could_not_be_recorded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the ledger cannot be written")

    monkeypatch.setattr("triagewire.flow.context.commit", fail)

    answer = ask("nora")

    assert answer["statusCode"] == 500
    assert TICKET not in answer["body"]


def test_an_agent_sees_a_queue_and_takes_no_file_of_it(desk: Desk) -> None:
    answer = ask("nick")

    assert answer["statusCode"] == 403
    assert list(read_events(desk.tables, exports_subject("north"))) == []


def test_a_file_goes_on_over_many_pages_and_ends_at_its_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("triagewire.flow.exporting.PAGE", 2)
    tickets = [a_ticket(id=f"TICKET{letter}".ljust(26, "A")) for letter in "BCDEFGH"]
    with a_desk(*tickets):
        whole = rows(ask("nora"))
        monkeypatch.setattr("triagewire.flow.exporting.MOST_LINES", 5)
        cut = rows(ask("nora"))

    assert [len(whole), len(cut)] == [7, 5]
    assert len({row["id"] for row in whole}) == 7


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])  # noqa: RUF001
@pytest.mark.parametrize("before", ["", " ", "\u00a0"])
def test_no_cell_begins_as_a_formula_does(first: str, before: str) -> None:
    text = f"{before}{first}HYPERLINK(1)"

    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["north", "5", "O'Hara", 'say "hi"', "a,b", "2026-03-02", "'x"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_whatever_a_field_holds_the_file_has_the_same_rows_and_columns(text: str) -> None:
    ticket = a_ticket(id=TICKET, assignee=text, language="en")

    (row,) = csv.DictReader(StringIO(csv_text([ticket]), newline=""))

    assert row["assignee"] in (text, f"'{text}")
    assert row["id"] == TICKET
    assert None not in row


def test_the_name_of_a_file_cannot_leave_its_header() -> None:
    now = a_ticket().received_at

    assert file_name('no"rth\r\nX: y', "../it", now) == "no-rth-X-y--it-2026-03-02T1400Z.csv"
