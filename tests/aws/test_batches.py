"""Batches of the stream: in whatever order and however often their records come."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.aws.clinic import Clinic, running
from tests.aws.said import APPOINTMENT, CHEST_PAIN, HOURS, REFILL
from tests.aws.senders import by_mail, by_phone, by_portal
from tests.aws.wire import Fault
from triagewire.ticket import Status

type Record = dict[str, Any]


def three_messages(clinic: Clinic) -> list[Record]:
    """The records of three messages of different people."""
    clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.post(by_mail(APPOINTMENT, clinic.now, "mail-1", email="cleo@mail.example"))
    clinic.post(by_phone(CHEST_PAIN, clinic.now, "call-1", phone="+15550109999"))
    return clinic.records()


def without_keys(record: Record) -> Record:
    return {**record, "dynamodb": {"SequenceNumber": record["dynamodb"]["SequenceNumber"]}}


def without_image(record: Record) -> Record:
    return {**record, "dynamodb": {**record["dynamodb"], "NewImage": {}}}


def of_no_time(record: Record) -> Record:
    keys = {**record["dynamodb"]["Keys"], "sk": {"S": "MSG#yesterday#0"}}
    return {**record, "dynamodb": {**record["dynamodb"], "Keys": keys}}


@pytest.mark.parametrize("spoil", [without_keys, without_image, of_no_time])
def test_a_record_that_cannot_be_read_fails_alone(
    clinic: Clinic, spoil: Callable[[Record], Record]
) -> None:
    first, middle, last = three_messages(clinic)

    failed = clinic.hand_over([first, spoil(middle), last])

    assert failed == [middle["dynamodb"]["SequenceNumber"]]
    assert sum(ticket.status is Status.NEW for ticket in clinic.tickets()) == 1


def test_a_record_of_an_unknown_ticket_is_no_failure(clinic: Clinic) -> None:
    (record, *_) = three_messages(clinic)
    keys = {**record["dynamodb"]["Keys"], "pk": {"S": "TICKET#GONE"}}

    assert clinic.hand_over([{**record, "dynamodb": {**record["dynamodb"], "Keys": keys}}]) == []


def test_a_batch_that_comes_again_changes_nothing_and_tells_nobody(clinic: Clinic) -> None:
    records = three_messages(clinic)
    clinic.hand_over(records)
    clinic.settle()
    before, told = clinic.tickets(), len(clinic.wire.of("Publish")) + len(clinic.mails())

    assert clinic.hand_over(records) == []

    assert clinic.tickets() == before
    assert len(clinic.wire.of("Publish")) + len(clinic.mails()) == told


def test_a_record_that_loses_every_race_comes_again_and_loses_nothing(clinic: Clinic) -> None:
    clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
    records = clinic.records()

    with clinic.wire.faulty(Fault.CONFLICT, nth=0, times=1000):
        assert clinic.hand_over(records)
    assert [ticket.status for ticket in clinic.tickets()] == [Status.NEW]
    clinic.settle()

    assert [ticket.status for ticket in clinic.tickets()] == [Status.ROUTED]


def test_the_metrics_of_a_batch_count_the_records_that_failed(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *_ = three_messages(clinic)

    clinic.hand_over([without_keys(first)])

    assert '"RecordsFailed":[1.0]' in capsys.readouterr().out


@given(data=st.data())
@settings(max_examples=6)
def test_in_any_order_and_with_repetitions_the_end_is_the_same(data: st.DataObject) -> None:
    """A need said twice, chest pain of somebody else, and a question beside it."""
    with running() as clinic:
        clinic.post(by_mail(REFILL, clinic.now, "mail-1"))
        clinic.post(by_portal(REFILL, clinic.now, "evt-1"))
        clinic.post(by_phone(CHEST_PAIN, clinic.now, "call-1", phone="+15550209999"))
        clinic.post(by_mail(HOURS, clinic.now, "mail-2"))
        records = clinic.records()

        for record in data.draw(st.permutations([*records, *records])):
            assert clinic.hand_over([record]) == []
        clinic.settle()

        statuses = sorted(ticket.status.value for ticket in clinic.tickets())
        assert statuses == ["merged", "resolved", "routed", "routed"]
        assert len(clinic.paged()) == 1
