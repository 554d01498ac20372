"""Hold, do not drop: what nobody needs to hear while a site is closed waits for its opening.

Evaluation never stops: a ticket is scored, routed and timed at any hour. Only the telling waits.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta

from triagewire.clock.calendar import Calendar, instant, is_open, local, next_open
from triagewire.clock.promise import CalendarKind
from triagewire.errors import InvalidFieldError
from triagewire.escalation.notice import AnyNotice, Notice, NoticeKind
from triagewire.ladder import Way
from triagewire.policy.model import Site
from triagewire.routing.duty import is_absent
from triagewire.ticket import REVIEW, Ticket
from triagewire.verdict import Urgency

NEVER_HELD = frozenset({NoticeKind.PAGE, NoticeKind.ACKNOWLEDGED})
"""A page is for now, and that somebody has acknowledged lets the others sleep again."""


def held_until(notice: AnyNotice, site: Site, now: datetime) -> datetime | None:
    """The opening (UTC) for which a notice waits that is decided at `now`; None for one that goes
    out at once.

    Never held: pages, what else is about a clinical urgent ticket, and what operations must know,
    as that a source is silent or that a person cannot be reached. Nor what is about a promise that
    counts every hour: the policy says by it that somebody works on it at night.
    """
    if not isinstance(notice, Notice) or notice.kind in NEVER_HELD:
        return None
    if notice.urgency is Urgency.CLINICAL_URGENT:
        return None
    if notice.kind is not NoticeKind.DIGEST and not _may_wait(notice, site):
        return None
    return opening(site.calendar, now)


def opening(calendar: Calendar, now: datetime) -> datetime | None:
    """When a site that is closed at `now` opens; None while it is open, or if it never does."""
    try:
        return None if is_open(calendar, now) else next_open(calendar, now)
    except InvalidFieldError:
        return None  # it has no opening within two years: nobody is to wait for that


def day_ends(calendar: Calendar, now: datetime) -> datetime:
    """When the site's day of an instant is over, by its own clock (UTC)."""
    tomorrow = local(calendar, now).date() + timedelta(days=1)
    return instant(calendar, datetime.combine(tomorrow, time()))


def digest_of(
    before: Ticket | None, after: Ticket, site: Site, now: datetime
) -> tuple[Notice, ...]:
    """What a site's people are to hear at the opening of a ticket that came to a queue while it is
    closed: the lead of the team and the owner, one notice each. Empty for all other changes. For a
    lead who will be on leave then it is the catch-all.
    """
    if after.urgency is Urgency.CLINICAL_URGENT or not _came(before, after):
        return ()
    opens = opening(site.calendar, now)
    if opens is None:
        return ()
    team = site.teams.get(after.team or REVIEW)
    lead = team.lead if team and not is_absent(site, team.lead, opens) else site.catch_all
    people = dict.fromkeys(each for each in (lead, after.assignee) if each)
    return tuple(_digest(after, person, now) for person in people)


def _came(before: Ticket | None, after: Ticket) -> bool:
    """Whether somebody has work by this change which their team did not have before."""
    if not after.at_work:
        return False
    return before is None or not before.at_work or before.team != after.team


def _digest(ticket: Ticket, person: str, now: datetime) -> Notice:
    # How long its requester waits is what its team will ask, and it came to the queue just now.
    return alert(replace(ticket, routed_at=None), NoticeKind.DIGEST, person, now)


def alert(
    ticket: Ticket, kind: NoticeKind, person: str, now: datetime, ways: tuple[Way, ...] = ()
) -> Notice:
    """The next thing to tell a person about a ticket, as it stands `now`; by the `ways` that are
    asked for, else by whatever they have. It is due with the first response.
    """
    return Notice(
        # No count that begins anew: a page must never pass for a repetition of an earlier one.
        id=f"{ticket.id}-{ticket.notices + 1}-{kind.value}-{person}",
        kind=kind,
        person=person,
        ticket_id=ticket.id,
        site=ticket.site,
        team=ticket.team or REVIEW,
        urgency=ticket.urgency,
        elapsed_minutes=elapsed_minutes(ticket, now),
        due_at=ticket.clock.due_at if ticket.clock else None,
        assignee=ticket.assignee,
        at=now,
        ways=ways,
    )


def elapsed_minutes(ticket: Ticket, now: datetime) -> int:
    """Minutes since the ticket was routed, by the wall clock: what a person who waits feels."""
    since = ticket.routed_at or ticket.received_at
    return max(0, int((now - since).total_seconds() // 60))


def _may_wait(notice: Notice, site: Site) -> bool:
    if not site.notices.hold:
        return False
    name, team = notice.urgency.name.lower(), site.teams.get(notice.team)
    target = (team.targets.get(name) if team else None) or site.targets.of(notice.urgency)
    hours = {target.hours, *([site.targets.review.hours] if notice.team == REVIEW else [])}
    return CalendarKind.ALWAYS not in hours
