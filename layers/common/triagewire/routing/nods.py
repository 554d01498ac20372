"""On which tickets an answer that says nothing may pass without a person's look."""

from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency


def takes_nods(ticket: Ticket) -> bool:
    """Whether a ticket is open and understood: nothing is swallowed where something is feared,
    under review or pages.
    """
    verdict = ticket.verdict
    if verdict is None or ticket.status is Status.NEW or not ticket.is_open:
        return False
    feared = ticket.in_review or verdict.review or verdict.crisis
    return not feared and ticket.urgency < Urgency.CLINICAL_URGENT
