"""A thousand parallel routings on tables of the embedded stack: one owner each, no lost count."""

from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
from botocore.config import Config

from local.stack.deployment import Stack
from tests.aws.deployment import table_properties
from tests.builders import KEYS, MONDAY_MORNING
from tests.rush import arrive, require_shared_out, route_at_once
from triagewire.store.table import Tables

TICKETS = 1000
ROUTERS = 16


@pytest.fixture
def tables(stack: Stack) -> Iterator[Tables]:
    """Tables like those of the template, without the stream: only the test's routers work here."""
    client = boto3.client("dynamodb", **stack.aws(), config=Config(max_pool_connections=ROUTERS))
    names = {"rush-tickets": "TicketsTable", "rush-ledger": "LedgerTable"}
    for name, logical_name in names.items():
        client.create_table(TableName=name, **table_properties(logical_name))
    tickets, ledger = names
    yield Tables(client, tickets, ledger, KEYS)
    for name in names:
        client.delete_table(TableName=name)


def test_a_thousand_tickets_routed_at_once_have_one_owner_each_and_are_shared_out(
    tables: Tables,
) -> None:
    ids = arrive(tables, TICKETS, MONDAY_MORNING)

    route_at_once(tables, ids, MONDAY_MORNING + timedelta(minutes=1), ROUTERS)

    require_shared_out(tables, ids)
