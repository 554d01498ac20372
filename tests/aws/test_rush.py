"""Parallel routers on the mock of DynamoDB; `tests/stack` lets more of them loose on the stack."""

from datetime import timedelta

from tests.aws.clinic import Clinic
from tests.aws.mock_transactions import whole_transactions
from tests.rush import arrive, require_shared_out, route_at_once
from triagewire import aws

TICKETS = 120
ROUTERS = 12


def test_tickets_routed_at_once_have_one_owner_each_and_are_shared_out(
    bare_clinic: Clinic,
) -> None:
    with whole_transactions():
        ids = arrive(aws.tables(), TICKETS, bare_clinic.now)

        route_at_once(aws.tables(), ids, bare_clinic.now + timedelta(minutes=1), ROUTERS)

        require_shared_out(aws.tables(), ids)
