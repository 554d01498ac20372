"""Reading and writing through the one place that knows DynamoDB's errors and pages."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from triagewire.errors import ConflictError
from triagewire.store.table import Tables, Write, commit, query

WRITES = [Write({"Put": {"TableName": "t", "Item": {}}}, claim) for claim in ("ticket", "load")]


class Pages:
    """A client whose query has three pages, and that keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def query(self, **arguments: object) -> dict[str, object]:
        self.asked.append(arguments.get("ExclusiveStartKey"))
        number = len(self.asked)
        more = {"LastEvaluatedKey": {"pk": {"S": str(number)}}} if number < 3 else {}
        return {"Items": [{"n": {"N": str(number)}}], **more}


class Cancelling:
    """A client whose transactions fail with an error of choice."""

    def __init__(self, code: str, *reasons: str) -> None:
        response: Any = {
            "Error": {"Code": code, "Message": "m"},
            "CancellationReasons": [{"Code": reason} for reason in reasons],
        }
        self._error = ClientError(response, "TransactWriteItems")

    def transact_write_items(self, **_arguments: object) -> None:
        raise self._error


def tables(client: Any) -> Tables:  # noqa: ANN401
    return Tables(client=client, tickets="tickets", ledger="ledger")


def test_a_query_reads_on_until_the_last_page() -> None:
    client: Any = Pages()

    items = list(query(client, TableName="tickets"))

    assert [item["n"]["N"] for item in items] == ["1", "2", "3"]
    assert client.asked == [None, {"pk": {"S": "1"}}, {"pk": {"S": "2"}}]


def test_a_query_reads_no_page_that_nobody_asked_for() -> None:
    client: Any = Pages()

    next(query(client, TableName="tickets"))

    assert len(client.asked) == 1


@pytest.mark.parametrize("reason", ["ConditionalCheckFailed", "TransactionConflict"])
def test_a_lost_race_names_what_somebody_else_had_changed(reason: str) -> None:
    client = Cancelling("TransactionCanceledException", "None", reason)

    with pytest.raises(ConflictError, match="changed meanwhile: load"):
        commit(tables(client), WRITES)


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        ("TransactionCanceledException", ("ThrottlingError", "None")),
        ("TransactionCanceledException", ("ValidationError", "None")),
        ("ProvisionedThroughputExceededException", ()),
        ("AccessDeniedException", ()),
    ],
)
def test_every_other_error_is_passed_on_as_it_is(code: str, reasons: tuple[str, ...]) -> None:
    with pytest.raises(ClientError):
        commit(tables(Cancelling(code, *reasons)), WRITES)
