"""What it does to an escalation that somebody says they have heard: who falls silent, and who is
told of it.

An acknowledgement answers no requester and gives the ticket to nobody; it buys silence for as long
as the policy says, and longer while somebody works on the ticket.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from triagewire.escalation.holding import alert
from triagewire.escalation.ladders import escalation_of
from triagewire.escalation.notice import Notice, NoticeKind
from triagewire.ticket import Ticket


class Standing(StrEnum):
    """How a ticket stands to one who was told of it: `asked` to acknowledge; `heard` by them, while
    others are still awaited; `acknowledged`, by whomever; or with `nothing` to acknowledge.
    """

    ASKED = "asked"
    HEARD = "heard"
    ACKNOWLEDGED = "acknowledged"
    NOTHING = "nothing"


def standing(ticket: Ticket, person: str) -> Standing:
    """How a ticket stands to a person."""
    told = ticket.escalation
    if not escalates(ticket):
        return Standing.NOTHING
    if told.acknowledged_at is not None:
        return Standing.ACKNOWLEDGED
    return Standing.HEARD if person in told.heard_by and awaited(ticket) else Standing.ASKED


def escalates(ticket: Ticket) -> bool:
    """Whether people are being told of a ticket again and again: it pages, or a promise is broken
    and still owed, or somebody has heard of that.
    """
    told, clock = ticket.escalation, ticket.clock
    owed = clock is None or clock.stopped_at is None
    late = (told.breached_at is not None and owed) or told.resolution_breached_at is not None
    return ticket.at_work and (ticket.must_page or late or bool(told.paged or told.told))


def awaited(ticket: Ticket) -> tuple[str, ...]:
    """Those whom the last page asks, one and all, and who have yet to acknowledge."""
    told = escalation_of(ticket)
    return tuple(each for each in told.awaited if each not in told.heard_by)


def heard(ticket: Ticket, person: str, now: datetime) -> Ticket:
    """The ticket once a person has acknowledged. Where a step asks everyone to, it is acknowledged
    by the last of them; until then the others go on being told.
    """
    told = ticket.escalation
    if escalation_of(ticket).awaited:
        told = replace(told, heard_by=tuple(dict.fromkeys((*told.heard_by, person))))
    after = replace(ticket, escalation=told)
    if awaited(after):
        return after
    return replace(after, escalation=replace(told, acknowledged_at=now, acknowledged_by=person))


def tell_the_others(ticket: Ticket, person: str, now: datetime) -> tuple[Notice, ...]:
    """What those hear who were paged of a ticket that a person has acknowledged: that they need not
    do it any more. Nobody is told of their own acknowledgement.
    """
    told = ticket.escalation
    if told.acknowledged_at is None:
        return ()
    known = {person, *told.heard_by}
    others = (each for each in dict.fromkeys(told.paged) if each not in known)
    return tuple(
        replace(alert(ticket, NoticeKind.ACKNOWLEDGED, each, now), by=person) for each in others
    )
