"""Which ladders an escalation climbs, how far it has got on them and when the next step is due.

An escalation keeps the ladders that it began with: an edit of the policy never touches one that is
running, and the place of a step is its index there, whoever is behind the others.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from triagewire.clock.calendar import DAY, MIDNIGHT, instant, is_open, local, next_open
from triagewire.clock.promise import Clock
from triagewire.clock.sla import recompute
from triagewire.ladder import BeforeDue, Ladder, Ladders, OwnLadders
from triagewire.policy.model import Site
from triagewire.ticket import REVIEW, Escalation, Ticket
from triagewire.verdict import Urgency


def ladders_in_force(ticket: Ticket, site: Site) -> Ladders:
    """The ladders that a ticket's escalation began with, while its team and urgency are those of
    then; else what the policy says, field by field: the team's own for the score, the site's for
    the score, the site's.
    """
    kept = escalation_of(ticket).ladders
    return kept or _resolved(ticket, site)


def escalation_of(ticket: Ticket) -> Escalation:
    """How far telling people has got for the ticket's present team and urgency: what began for
    others begins at the top, as pages do that begin anew.
    """
    told = ticket.escalation
    if told.ladders is not None and told.ladders_of != _whose(ticket):
        told = replace(
            told, ladders=None, ladders_of="", pages=0, level=0, forewarned=0, all_told=False
        )
    return told if told.pages else from_the_top(told)


def from_the_top(told: Escalation) -> Escalation:
    """The escalation with its next page at the first step, asking everybody again."""
    return replace(told, step=0, awaited=(), heard_by=(), insisted=False)


def begun(ticket: Ticket, site: Site) -> Escalation:
    """The escalation with the ladders that it goes on with from now on."""
    told = replace(escalation_of(ticket), pages=ticket.escalation.pages)
    return replace(told, ladders=ladders_in_force(ticket, site), ladders_of=_whose(ticket))


def page_ladder(ladders: Ladders, site: Site, at: datetime) -> Ladder:
    """The ladder of pages by whether the site is open `at` that moment."""
    return ladders.urgent if is_open(site.calendar, at) else ladders.urgent_after_hours


def page_due(ticket: Ticket, site: Site) -> datetime:
    """When to page: at once if nobody was paged yet, then after the wait of the step that was taken
    last; an acknowledgement buys a longer silence.
    """
    told = ticket.escalation
    if told.acknowledged_at is not None:
        return silent_until(ticket, site, told.acknowledged_at)
    if told.paged_at is None:
        return ticket.routed_at or ticket.received_at
    ladders = told.ladders or ladders_in_force(ticket, site)
    ladder = page_ladder(ladders, site, told.paged_at)
    return told.paged_at + _wait(ladder, told.step)


def silent_until(ticket: Ticket, site: Site, acknowledged_at: datetime) -> datetime:
    """Until when an acknowledgement silences the ladders: so long after it, or after somebody last
    worked on the ticket.
    """
    since = max(acknowledged_at, ticket.worked_at or acknowledged_at)
    return since + timedelta(minutes=ladders_in_force(ticket, site).acknowledged_minutes)


def breach_wait(ticket: Ticket, site: Site) -> timedelta:
    """How long the breach ladder waits after the step that was taken last, or after the breach."""
    told = ticket.escalation
    ladders = told.ladders or ladders_in_force(ticket, site)
    return _wait(ladders.breach, told.level)


def overdue(ticket: Ticket) -> bool:
    """Whether a breach stands: an answer that was late but was given ends that of the response."""
    told, clock = ticket.escalation, ticket.clock
    unanswered = clock is None or clock.stopped_at is None
    late = told.breached_at is not None and unanswered
    return late or told.resolution_breached_at is not None


def told_today(ticket: Ticket, site: Site, now: datetime) -> tuple[str, ...]:
    """Who has heard of a breach on this day of the site."""
    told = ticket.escalation
    return told.told if told.told_on == local(site.calendar, now).date() else ()


def once_a_day(ticket: Ticket) -> bool:
    """Whether nobody hears of its breach more than once on a site day: of all but what may be
    clinical urgent.
    """
    return ticket.urgency is not Urgency.CLINICAL_URGENT


def rests_until(ticket: Ticket, site: Site) -> datetime | None:
    """When the site opens on another day, for a breach of which everybody has heard today."""
    told = ticket.escalation
    if not escalation_of(ticket).all_told or told.told_on is None or not once_a_day(ticket):
        return None
    tomorrow = datetime.combine(told.told_on + DAY, MIDNIGHT)
    return next_open(site.calendar, instant(site.calendar, tomorrow))


def next_forewarning(ticket: Ticket, site: Site) -> tuple[int, datetime] | None:
    """Which of the steps before the due time is next, and when, in the hours that the promise
    counts. A step that is not earlier than the promise itself is passed over.
    """
    if ticket.clock is None:
        return None
    steps = forewarnings(ladders_in_force(ticket, site))
    for number in range(escalation_of(ticket).forewarned, len(steps)):
        if steps[number].minutes < ticket.clock.target_minutes:
            return number, _before(ticket.clock, site, steps[number].minutes)
    return None


def forewarnings(ladders: Ladders) -> tuple[BeforeDue, ...]:
    """The steps before the due time, the earliest first."""
    return tuple(sorted(ladders.before, key=lambda each: -each.minutes))


def score_name(ticket: Ticket) -> str:
    """By which name the policy has ladders of their own for a ticket: that of its urgency, or
    `review` while it is in doubt.
    """
    surely = ticket.verdict is not None and ticket.verdict.score is Urgency.CLINICAL_URGENT
    return REVIEW if ticket.in_review and not surely else ticket.urgency.name.lower()


def _whose(ticket: Ticket) -> str:
    return f"{ticket.team or REVIEW}/{int(ticket.urgency)}"


def _resolved(ticket: Ticket, site: Site) -> Ladders:
    usual, own = site.ladders, tuple(_own(ticket, site))
    return Ladders(
        urgent=_first(usual.urgent, *(each.urgent for each in own)),
        urgent_after_hours=_first(
            usual.urgent_after_hours, *(each.urgent_after_hours for each in own)
        ),
        breach=_first(usual.breach, *(each.breach for each in own)),
        before=_first(usual.before, *(each.before for each in own)),
        acknowledged_minutes=_first(
            usual.acknowledged_minutes, *(each.acknowledged_minutes for each in own)
        ),
    )


def _own(ticket: Ticket, site: Site) -> Iterator[OwnLadders]:
    name = score_name(ticket)
    team = site.teams.get(ticket.team or REVIEW)
    for ladders in (team.ladders if team else {}, site.ladders.scores):
        if own := ladders.get(name):
            yield own


def _first[T](usual: T, *own: T | None) -> T:
    return next((each for each in own if each is not None), usual)


def _wait(ladder: Ladder, taken: int) -> timedelta:
    """How long to wait after so many steps; before the first one it is the ladder's own wait."""
    steps = ladder.in_full
    minutes = ladder.wait_of(steps[min(taken, len(steps)) - 1]) if taken else ladder.wait_minutes
    return timedelta(minutes=minutes)


def _before(clock: Clock, site: Site, minutes: int) -> datetime:
    """So many minutes of what the promise counts before it is due."""
    shorter = replace(clock, target_minutes=clock.target_minutes - minutes)
    return recompute(shorter, site.calendar).due_at
