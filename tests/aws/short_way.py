"""The short way from a client of DynamoDB to its mock, without what only a network needs.

Nine tenths of a call of the mock is making a request, signing it, reading it and writing its answer
as if they went over a wire. Here a call is validated as the client does it and then handed to the
mock's own handler. Whatever is refused goes the long way too, which tells of it as AWS would: a
refused call has written nothing, so it may be made twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.model import OperationModel
from botocore.validate import ParamValidator
from moto import mock_aws
from moto.core.exceptions import ServiceException
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.responses import DynamoHandler
from werkzeug.exceptions import HTTPException

from tests.aws.quick_tables import quick_tables

METHODS = {
    "BatchGetItem": "batch_get_item",
    "CreateTable": "create_table",
    "DeleteItem": "delete_item",
    "GetItem": "get_item",
    "PutItem": "put_item",
    "Query": "query",
    "Scan": "scan",
    "TransactWriteItems": "transact_write_items",
    "UpdateItem": "update_item",
}
"""The calls that go the short way, by the handler's names of them."""

VALIDATOR = ParamValidator()
long_way: Callable[[BaseClient, str, dict[str, Any]], Any]
long_way = BaseClient._make_api_call  # type: ignore[attr-defined]


class _Handler(DynamoHandler):
    """The mock's handler of one call that came in no request."""

    def __init__(self, region: str, arguments: dict[str, Any]) -> None:
        super().__init__()
        self.region, self.current_account = region, DEFAULT_ACCOUNT_ID
        self.body = arguments


@contextmanager
def mocked_aws() -> Iterator[None]:
    """An empty account, whose DynamoDB is reached the short way and has quick tables."""
    with mock_aws(), quick_tables(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", _call)
        yield


def _call(client: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:  # noqa: ANN401
    service = client.meta.service_model
    if service.service_name != "dynamodb" or operation not in METHODS:
        return long_way(client, operation, arguments)
    if _ill_formed(service.operation_model(operation), arguments):
        return long_way(client, operation, arguments)
    handler = _Handler(client.meta.region_name, _copied(arguments))
    try:
        answer = getattr(handler, METHODS[operation])()
    except (HTTPException, ServiceException):
        return long_way(client, operation, arguments)
    return _copied(answer.result) | {"ResponseMetadata": {"HTTPStatusCode": 200}}


def _ill_formed(operation: OperationModel, arguments: dict[str, Any]) -> bool:
    asked = operation.input_shape
    return asked is None or VALIDATOR.validate(arguments, asked).has_errors()


def _copied(value: Any) -> Any:  # noqa: ANN401
    """A copy of what is made of dictionaries and lists: neither side sees the other's."""
    if isinstance(value, dict):
        return {name: _copied(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(each) for each in value]
    return value
