"""Who tells a person: one at a time, even where the claim itself meets a transaction."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.builders import AT_NIGHT, minutes
from tests.unit.flow.post import Post, a_notice
from triagewire.escalation.told import Told
from triagewire.flow.delivering import CLAIM
from triagewire.store.told import claim_person, unclaim_person

UNTIL = AT_NIGHT + CLAIM


@pytest.fixture
def post() -> Post:
    """Nobody has been told anything yet."""
    return Post()


def test_a_claim_says_what_the_person_was_told_so_far(post: Post) -> None:
    post.open_ticket("T1")
    post.put(a_notice())
    post.look()

    told = claim_person(post.tables, "nora", AT_NIGHT + minutes(1), UNTIL + minutes(1))

    assert told is not None
    assert (told.last(post.now), told.version) == (AT_NIGHT, 1)


def test_only_one_of_two_gets_a_claim(post: Post) -> None:
    first = claim_person(post.tables, "nora", AT_NIGHT, UNTIL)
    second = claim_person(post.tables, "nora", AT_NIGHT, UNTIL)

    assert (first, second) == (Told(person="nora"), None)


def test_who_gives_a_claim_back_gives_back_only_their_own(post: Post) -> None:
    claim_person(post.tables, "nora", AT_NIGHT, UNTIL)

    unclaim_person(post.tables, "nora", UNTIL - minutes(1))
    assert claim_person(post.tables, "nora", AT_NIGHT, UNTIL) is None

    unclaim_person(post.tables, "nora", UNTIL)
    assert claim_person(post.tables, "nora", AT_NIGHT, UNTIL) is not None


def test_a_claim_that_meets_a_transaction_is_somebody_elses(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_flight(*_self: Any, **_arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        error: Any = {"Error": {"Code": "TransactionConflictException", "Message": "in flight"}}
        raise ClientError(error, "UpdateItem")

    monkeypatch.setattr("ops.simulation.table.Memory.update_item", in_flight)

    assert claim_person(post.tables, "nora", AT_NIGHT, UNTIL) is None


def test_a_claim_that_fails_otherwise_is_a_failure(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_self: Any, **_arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        error: Any = {"Error": {"Code": "InternalServerError", "Message": "no"}}
        raise ClientError(error, "UpdateItem")

    post.open_ticket("T1")
    post.put(a_notice())
    monkeypatch.setattr("ops.simulation.table.Memory.update_item", refused)

    assert post.look() == 1
