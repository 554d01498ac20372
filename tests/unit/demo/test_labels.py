"""The labels of the day hold under the shipped rules, before any stack is started."""

import pytest

from local.demo.day import DayMessage
from tests.unit.demo.judging import DAY, goes_to_review, judged
from triagewire.verdict import Urgency

BY_ID = {message.id: message for message in DAY}
# what follows a conversation, and what the assistant raises, only the running stack can tell
LABELLED = [
    message
    for message in DAY
    if not (message.expected.review or message.expected.joins or message.model)
]
ASSISTED = [message for message in DAY if message.model]
AMBIGUOUS = [message for message in DAY if message.expected.review]
DUPLICATES = [message for message in DAY if message.expected.duplicate_of]


@pytest.mark.parametrize("message", LABELLED, ids=lambda message: message.id)
def test_a_clear_message_gets_the_score_and_team_of_its_label(message: DayMessage) -> None:
    verdict = judged(message)
    label = message.expected

    assert not goes_to_review(message, verdict)
    assert label.score in (None, verdict.score)
    assert label.team in (None, verdict.team)


@pytest.mark.parametrize("message", AMBIGUOUS, ids=lambda message: message.id)
def test_an_ambiguous_message_goes_to_review(message: DayMessage) -> None:
    assert goes_to_review(message, judged(message))


@pytest.mark.parametrize("message", ASSISTED, ids=lambda message: message.id)
def test_a_message_for_the_assistant_goes_to_review_without_it(message: DayMessage) -> None:
    assert goes_to_review(message, judged(message))


def test_a_bump_is_clear_without_the_record() -> None:
    assert judged(BY_ID["m-bumped-head"]).score == Urgency.CLINICAL_STANDARD
    assert judged(BY_ID["r-bumped-head"]).score == Urgency.CLINICAL_URGENT


@pytest.mark.parametrize("message", DUPLICATES, ids=lambda message: message.id)
def test_a_duplicate_is_about_the_same_topic(message: DayMessage) -> None:
    assert judged(message).topic == judged(BY_ID[message.expected.duplicate_of]).topic
