"""Asking the assistant: the one place that calls Amazon Bedrock.

Nothing here raises and nothing waits long. A model that fails or is slow is left alone for a while,
so that one batch of messages never waits for it twice.
"""

import time

from triagewire import aws
from triagewire.observability import count, logger, milliseconds
from triagewire.patience import within
from triagewire.scoring.assistant import Assistant, Question, request_for

SECONDS = 2.0
"""The longest wait for an answer, connecting and reading together."""
REST_SECONDS = 60.0

_resting: dict[str, float] = {}
"""By model: until when (monotonic seconds) it is left alone."""


def ask_assistant(assistant: Assistant, question: Question) -> object | None:
    """What Converse answers; None when there is no answer in time. What it is worth, only
    `scoring.assistant` knows.
    """
    if time.monotonic() < _resting.get(assistant.model, 0.0):
        return None
    count("AssistantAsked")
    began = time.monotonic()
    try:
        answer: object = within(
            SECONDS, lambda: aws.bedrock().converse(**request_for(question, assistant))
        )
    except Exception as error:
        # Only its type is told: an error of the service may hold a part of what it was asked.
        count("AssistantFailed")
        logger.warning("assistant did not answer", error=type(error).__name__)
        _resting[assistant.model] = time.monotonic() + REST_SECONDS
        return None
    milliseconds("AssistantAnswered", 1000 * (time.monotonic() - began))
    return answer
