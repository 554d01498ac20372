"""Answers that say nothing: how they are known, and on which tickets they may pass without a
person's look.
"""

from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency, Verdict

NOTHING_NEW = "nothing-new"
"""The rule of a message that adds nothing to its ticket: it does not count as one of three."""


def adds_nothing(verdict: Verdict) -> bool:
    """Whether the message it is of was a nod, and nothing else."""
    return any(reason.rule == NOTHING_NEW for reason in verdict.reasons)


def takes_nods(ticket: Ticket) -> bool:
    """Whether a ticket is open and understood: nothing is swallowed where something is feared,
    under review or pages.
    """
    verdict = ticket.verdict
    if verdict is None or ticket.status is Status.NEW or not ticket.is_open:
        return False
    feared = ticket.in_review or verdict.review or verdict.crisis
    return not feared and ticket.urgency < Urgency.CLINICAL_URGENT
