"""A queue page by page: in order, each ticket once, filtered, at the price of one query."""

# ruff: noqa: ANN401 pages are JSON, and queries as various as their fields

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import Any
from urllib.parse import quote

import pytest

from tests.aws.test_desk_calls import Desk, a_desk, a_request
from tests.builders import MONDAY_MORNING, a_ticket, a_verdict
from triagewire.arrival import Channel
from triagewire.store.queues import read_queue
from triagewire.ticket import Status, Ticket

QUEUE = "/desk/queues/north/clinical"
HOUR = timedelta(hours=1)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def an_id(number: int) -> str:
    return f"TICKET{LETTERS[number // 26]}{LETTERS[number % 26]}".ljust(26, "A")


def some(count: int, **changes: Any) -> list[Ticket]:
    """Tickets that came in one after the other."""
    return [
        a_ticket(id=an_id(n), at=MONDAY_MORNING + timedelta(minutes=n), **changes)
        for n in range(count)
    ]


def ask(desk: Desk, path: str = QUEUE, member: str = "nick", **query: Any) -> Any:
    """A page; its answer as it came."""
    asked = {name: [str(value)] for name, value in query.items()}
    return desk.send(a_request(member, "GET", path, multiValueQueryStringParameters=asked))


def ids(page: Any) -> list[str]:
    return [each["id"] for each in page.body["tickets"]]


def walk(desk: Desk, **query: Any) -> list[list[str]]:
    """The ids of every page, to the end."""
    pages = [ask(desk, **query)]
    while pages[-1].body["next"]:
        pages.append(ask(desk, **query, cursor=pages[-1].body["next"]))
    return [ids(page) for page in pages]


@contextmanager
def counted(desk: Desk) -> Iterator[dict[str, int]]:
    """How often the tickets were queried and read."""
    calls = {"query": 0, "batch_get_item": 0}
    with pytest.MonkeyPatch.context() as patch:
        for name in calls:
            real = getattr(desk.tables.client, name)

            def call(_name: str = name, _real: Any = real, **given: Any) -> Any:
                calls[_name] += 1
                return _real(**given)

            patch.setattr(desk.tables.client, name, call)
        yield calls


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A dozen tickets, of which some are unlike the others."""
    mixed = [
        replace(ticket, assignee=("nick", "nell", None)[n % 3]) for n, ticket in enumerate(some(12))
    ]
    mixed[0] = a_ticket(a_verdict(5), id=an_id(0), assignee="nick")
    mixed[1] = replace(mixed[1], status=Status.WAITING, channels=(Channel.SMS,), language="es")
    mixed[2] = a_ticket(id=an_id(2), at=MONDAY_MORNING - 96 * HOUR)
    with a_desk(*mixed) as opened:
        yield opened


def test_the_pages_of_a_queue_hold_every_ticket_once_and_in_order(desk: Desk) -> None:
    (whole,) = walk(desk)
    pages = walk(desk, limit=5)

    assert [len(page) for page in pages] == [5, 5, 2]
    assert [*chain(*pages)] == whole
    assert whole[:2] == [an_id(0), an_id(2)]


def test_a_queue_that_ends_with_a_page_has_no_empty_one_behind_it(desk: Desk) -> None:
    assert [len(page) for page in walk(desk, limit=6)] == [6, 6]


def test_a_page_costs_one_query_and_one_read(desk: Desk) -> None:
    cursor = ask(desk, limit=5).body["next"]

    with counted(desk) as calls:
        ask(desk, limit=5, cursor=cursor)

    assert calls == {"query": 1, "batch_get_item": 1}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"assignee": "me"}, [0, 3, 6, 9]),
        ({"assignee": "nell"}, [1, 4, 7, 10]),
        ({"assignee": "nobody"}, [2, 5, 8, 11]),
        ({"status": "waiting"}, [1]),
        ({"urgency": 5}, [0]),
        ({"urgency": 4, "assignee": "me"}, [3, 6, 9]),
        ({"urgency": 3}, []),
        ({"topic": "symptom"}, [0]),
        ({"language": "es"}, [1]),
        ({"channel": "sms"}, [1]),
        ({"late": "true"}, [2]),
        ({"late": "true", "assignee": "nell"}, []),
    ],
)
def test_a_filter_shows_what_it_asks_for_and_nothing_else(
    desk: Desk, query: dict[str, Any], found: list[int]
) -> None:
    pages = walk(desk, **query, limit=2)

    assert sorted(chain(*pages)) == [an_id(number) for number in found]


@pytest.mark.parametrize(
    "query",
    [{"assignee": "me"}, {"status": "routed"}, {"urgency": 4}, {"urgency": 4, "assignee": "nell"}],
)
def test_what_the_index_shows_is_filtered_in_one_query(desk: Desk, query: dict[str, Any]) -> None:
    with counted(desk) as calls:
        ask(desk, **query)

    assert calls == {"query": 1, "batch_get_item": 1}


def test_a_search_that_finds_little_stops_after_ten_reads_and_goes_on_with_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("triagewire.flow.listing.BATCH", 2)
    rare = some(30)
    rare[29] = replace(rare[29], channels=(Channel.SMS,))
    with a_desk(*rare) as desk, counted(desk) as calls:
        pages = walk(desk, channel="sms")

    assert pages == [[], [an_id(29)]]
    assert calls["query"] == 15


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", 0),
        ("limit", 101),
        ("limit", "five"),
        ("limit", "5.0"),
        ("limit", " 5"),
        ("limit", "9" * 5000),
        ("urgency", 6),
        ("urgency", "high"),
        ("status", "asleep"),
        ("channel", "fax"),
        ("late", "no"),
        ("assignee", ""),
        ("assignee", "x" * 129),
        ("site", "west"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_by_its_name(
    desk: Desk, name: str, value: Any
) -> None:
    answer = ask(desk, **{name: value})

    assert answer.status == 422
    assert answer.body["fields"][0]["field"] in (name, "query")
    assert len(answer.text) < 400


def test_what_is_asked_twice_is_refused(desk: Desk) -> None:
    twice = {"limit": ["1", "2"]}

    answer = desk.send(a_request("nick", "GET", QUEUE, multiValueQueryStringParameters=twice))

    assert (answer.status, answer.body["fields"][0]["field"]) == (422, "limit")


@pytest.mark.parametrize(
    ("member", "path", "query"),
    [
        pytest.param("nora", QUEUE, {}, id="somebody else"),
        pytest.param("rhea", "/desk/queues/north/review", {}, id="another team"),
        pytest.param("nick", QUEUE, {"assignee": "me"}, id="other filters"),
        pytest.param("nick", "/desk/mine", {}, id="another list"),
    ],
)
def test_a_cursor_of_another_list_is_refused_and_shows_nothing(
    desk: Desk, member: str, path: str, query: dict[str, Any]
) -> None:
    cursor = ask(desk, limit=5).body["next"]

    answer = ask(desk, path, member, **query, cursor=cursor)

    assert (answer.status, answer.body["error"]) == (400, "bad_cursor")
    assert "tickets" not in answer.body


def test_a_cursor_opens_no_queue_of_another_site(desk: Desk) -> None:
    cursor = ask(desk, limit=5).body["next"]

    own = ask(desk, "/desk/queues/west/clinical", "wes", cursor=cursor)
    strange = ask(desk, "/desk/queues/west/clinical", "nick", cursor=cursor)

    assert (own.status, strange.status) == (400, 404)


@pytest.mark.parametrize("cursor", ["", "x", "A" * 60, "\x00", "🩺" * 30, quote("{}"), "A" * 9000])
def test_a_cursor_that_nobody_was_given_is_refused(desk: Desk, cursor: str) -> None:
    assert ask(desk, cursor=cursor).body["error"] == "bad_cursor"


def test_the_size_of_a_page_may_change_on_the_way(desk: Desk) -> None:
    first = ask(desk, limit=5)

    rest = ask(desk, limit=50, cursor=first.body["next"])

    assert len(ids(first) + ids(rest)) == 12


def test_a_walk_goes_on_behind_a_ticket_that_left_meanwhile() -> None:
    with a_desk(*some(6)) as desk:
        first = ask(desk, limit=3)
        desk.act("nick", "resolve", ticket_id=ids(first)[-1], outcome="done")

        rest = ask(desk, limit=3, cursor=first.body["next"])

    assert ids(rest) == [an_id(3), an_id(4), an_id(5)]


def test_mine_is_what_i_hold_in_all_my_teams_the_most_urgent_first() -> None:
    tickets = [
        a_ticket(id=an_id(0), assignee="rhea"),
        a_ticket(id=an_id(1), assignee="nick"),
        a_ticket(a_verdict(5), id=an_id(2), team="review", assignee="rhea"),
        a_ticket(id=an_id(3), team="billing", assignee="rhea"),
    ]
    with a_desk(*tickets) as desk:
        found = ask(desk, "/desk/mine", "rhea")

    assert ids(found) == [an_id(2), an_id(0)]


def test_mine_goes_on_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triagewire.desk.routes.queues.MOST_LINES", 2)
    with a_desk(*some(5, assignee="nick")) as desk:
        first = ask(desk, "/desk/mine")
        second = ask(desk, "/desk/mine", cursor=first.body["next"])
        third = ask(desk, "/desk/mine", cursor=second.body["next"])

    assert ids(first) + ids(second) + ids(third) == [an_id(number) for number in range(5)]
    assert third.body["next"] is None


def test_what_an_earlier_version_stored_is_found_whatever_is_asked_for() -> None:
    with a_desk(a_ticket(id=an_id(0), assignee="nick")) as desk:
        desk.tables.client.update_item(
            TableName="tickets",
            Key={"pk": {"S": f"TICKET#{an_id(0)}"}, "sk": {"S": "TICKET"}},
            UpdateExpression="REMOVE #status, assignee",
            ExpressionAttributeNames={"#status": "status"},
        )

        mine, others = ask(desk, assignee="me"), ask(desk, assignee="nell")
        (entry,) = read_queue(desk.tables, "north", "clinical", most=5).entries

    assert (entry.status, ids(mine), ids(others)) == (None, [an_id(0)], [])
