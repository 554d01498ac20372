"""Each message is posted as its sender would: intake believes it and knows its ticket."""

from datetime import timedelta

import pytest

from local.demo.day import DayMessage
from tests.unit.demo.judging import DAY, received
from triagewire.channels.outcome import OutcomeKind

every_message = pytest.mark.parametrize("message", DAY, ids=lambda message: message.id)


@every_message
def test_intake_accepts_the_post_as_the_ticket_that_the_demo_expects(message: DayMessage) -> None:
    post, outcome = received(message)

    assert (outcome.kind, outcome.reason) == (OutcomeKind.ACCEPTED, "")
    assert outcome.ticket_ids == (post.ticket_id,)


@every_message
def test_a_retry_signed_later_says_the_same(message: DayMessage) -> None:
    _, first = received(message)
    _, again = received(message, message.at + timedelta(minutes=4))

    assert (again.arrivals, again.body) == (first.arrivals, first.body)


def test_a_parent_writes_under_the_own_name_for_the_childs_record() -> None:
    message = next(each for each in DAY if each.id == "r-ear-ache")
    (arrival,) = received(message)[1].arrivals

    assert arrival.requester.on_behalf
    assert arrival.requester.name == "Nora Lindgren"
    assert arrival.requester.patient_id == "R-10093"
