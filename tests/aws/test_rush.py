"""Parallel routers on the mock of DynamoDB; `tests/stack` lets more of them loose on the stack."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import REFILL
from tests.aws.senders import by_portal
from tests.builders import AT_NIGHT
from tests.rush import arrive, require_shared_out, route_at_once
from triagewire import aws
from triagewire.escalation.notice import Notice
from triagewire.flow import triage
from triagewire.ledger.event import Action
from triagewire.store.outbox import NOTICE, Box, read_box

TICKETS = 100
ROUTERS = 12
OPENING = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)


def test_tickets_routed_at_once_have_one_owner_each_and_are_shared_out(
    bare_clinic: Clinic,
) -> None:
    ids = arrive(aws.tables(), TICKETS, bare_clinic.now)

    route_at_once(aws.tables(), ids, bare_clinic.now + timedelta(minutes=1), ROUTERS)

    require_shared_out(aws.tables(), ids)


def test_what_is_routed_at_once_at_night_is_in_one_digest_whole(bare_clinic: Clinic) -> None:
    ids = arrive(aws.tables(), TICKETS, AT_NIGHT)

    route_at_once(aws.tables(), ids, AT_NIGHT + timedelta(minutes=1), ROUTERS)

    held = [item for item in bare_clinic.items() if item["sk"]["S"].startswith(NOTICE)]
    box = Box(site="north", person="nora", opens=OPENING)
    waiting = read_box(aws.tables(), box)
    assert {each.ticket_id for each in waiting.notices if isinstance(each, Notice)} == set(ids)
    assert waiting.enqueued == TICKETS <= len(held)


def test_a_ticket_that_another_router_places_meanwhile_repeats_not_itself(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock that the other one wrote names the ticket itself: no transaction takes it twice."""
    clinic.post(by_portal(REFILL, clinic.now, "first"))
    rivals = [clinic.records()]
    real = triage.first_message

    def read_then_rival(*arguments: Any) -> Any:  # noqa: ANN401
        message = real(*arguments)
        if rivals:
            assert clinic.hand_over(rivals.pop()) == []
        return message

    monkeypatch.setattr(triage, "first_message", read_then_rival)

    assert clinic.hand_over(clinic.records()) == []

    assert clinic.actions(clinic.newest()).count(Action.ROUTED) == 1
