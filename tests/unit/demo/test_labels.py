"""The labels of the day hold under the shipped rules, before any stack is started."""

import pytest

from local.demo.day import DayMessage
from tests.unit.demo.judging import DAY, goes_to_review, judged

BY_ID = {message.id: message for message in DAY}
LABELLED = [message for message in DAY if not message.expected.review]
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


@pytest.mark.parametrize("message", DUPLICATES, ids=lambda message: message.id)
def test_a_duplicate_is_about_the_same_topic(message: DayMessage) -> None:
    assert judged(message).topic == judged(BY_ID[message.expected.duplicate_of]).topic
