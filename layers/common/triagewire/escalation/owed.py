"""Whether a notice is still worth sending: between the decision and the sending somebody may have
acknowledged, answered or closed the ticket.
"""

from triagewire.escalation.notice import AnyNotice, Notice, NoticeKind
from triagewire.ticket import Ticket


def still_owed(notice: AnyNotice, ticket: Ticket | None) -> bool:
    """Whether the person should still get it, by the ticket as it is now (None where it is about
    none).
    """
    if not isinstance(notice, Notice):
        return True
    if ticket is None:
        return False
    answered = ticket.clock is not None and ticket.clock.stopped_at is not None
    match notice.kind:
        case NoticeKind.PAGE:
            heard = ticket.escalation.acknowledged_at
            return ticket.must_page and not answered and (heard is None or heard < notice.at)
        case NoticeKind.DIGEST:
            return ticket.is_open and not answered
        case _:
            return ticket.at_work
