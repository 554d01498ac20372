"""Whether a notice is still worth sending: between the decision and the sending somebody may have
acknowledged, answered, taken or closed the ticket.
"""

from datetime import datetime

from triagewire.escalation.notice import AnyNotice, Notice, NoticeKind
from triagewire.ticket import REVIEW, Ticket


def still_owed(notice: AnyNotice, ticket: Ticket | None) -> bool:
    """Whether the person should still get it, by the ticket as it is now (None where it is about
    none). A breach has happened whatever was done since: it is told as long as there is work.
    """
    if not isinstance(notice, Notice):
        return True
    return ticket is not None and _holds(notice, ticket)


def _holds(notice: Notice, ticket: Ticket) -> bool:
    answered = ticket.clock is not None and ticket.clock.stopped_at is not None
    heard = ticket.escalation.acknowledged_at
    match notice.kind:
        case NoticeKind.PAGE:
            done = answered or notice.person in ticket.escalation.heard_by
            return ticket.must_page and not done and not _since(notice, heard)
        case NoticeKind.LADDER:
            return ticket.at_work and not _since(notice, heard)
        case NoticeKind.ACKNOWLEDGED:
            return ticket.at_work and heard is not None
        case NoticeKind.REMINDER | NoticeKind.FOREWARNING:
            return ticket.at_work and not _taken_up(notice, ticket)
        case NoticeKind.DIGEST:
            return ticket.is_open and not answered and (ticket.team or REVIEW) == notice.team
        case _:
            # Whoever closed it believes that its requester has the answer that did not arrive.
            return ticket.at_work or notice.kind is NoticeKind.UNDELIVERED


def _taken_up(notice: Notice, ticket: Ticket) -> bool:
    """Whether a promise needs no nudge any more: somebody has worked on the ticket since, or it is
    no longer theirs whom the notice is to nudge.
    """
    answered_at = ticket.clock.stopped_at if ticket.clock else None
    gone = notice.assignee == notice.person and ticket.assignee != notice.person
    return gone or _since(notice, ticket.worked_at) or _since(notice, answered_at)


def _since(notice: Notice, at: datetime | None) -> bool:
    """Whether something was done after a notice was decided, or at the same moment."""
    return at is not None and at >= notice.at
