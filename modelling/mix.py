"""What an inbox is made of, and what counts as understood."""

from modelling.messages import GATE, OURS, Message
from triagewire.verdict import Urgency, Verdict

MIX = {"urgent": 0.035, "clinical": 0.385, "office": 0.48, "self-serve": 0.10}
"""Shares of a real inbox: 3.5 % potentially high-risk symptoms (North, 2013, patient-portal
messages) and about half administrative (OPTIC, 2025). The split of the rest is assumed.
"""


def clear(verdict: Verdict) -> bool:
    """Neither paged nor sent to a person."""
    return not verdict.review and verdict.score < Urgency.CLINICAL_URGENT


def paged(verdict: Verdict) -> bool:
    """Scored 5."""
    return verdict.score is Urgency.CLINICAL_URGENT


def strange(message: Message) -> bool:
    """Of a source that was written after the rules, by somebody who had not read them."""
    return message.group not in (OURS, GATE) and not message.group.startswith("shared")
