"""How much of what was said fits one answer: a function's answer has six megabytes at most, and a
ticket must open whatever was written on it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from triagewire.message import Message

MOST_BYTES = 2_500_000
"""Of all texts of a ticket, escaped once; on its way an answer is escaped twice, and there is more
in it than texts.
"""
CUT = "shown shortened: all texts of this ticket are too long for one view"
_STEPS = 12


def fitting(messages: Sequence[Message], most: int = MOST_BYTES) -> tuple[Message, ...]:
    """The messages, the longest of them shortened as far as all fit; what was shortened has a
    remark.
    """
    if _bytes_of(messages) <= most:
        return tuple(messages)
    low, high = 0, max(len(_whole(each)) for each in messages)
    for _ in range(_STEPS):
        middle = (low + high) // 2
        cut = _bytes_of(_shortened(each, middle) for each in messages)
        low, high = (middle, high) if cut <= most else (low, middle)
    return tuple(_shortened(each, low) for each in messages)


def _shortened(message: Message, letters: int) -> Message:
    if len(_whole(message)) <= letters:
        return message
    return replace(
        message, text=message.text[:letters], full_text="", remarks=(*message.remarks, CUT)
    )


def _whole(message: Message) -> str:
    return max(message.text, message.full_text, key=len)


def _bytes_of(messages: Iterable[Message]) -> int:
    return sum(len(json.dumps(each.text)) + len(json.dumps(each.full_text)) for each in messages)
