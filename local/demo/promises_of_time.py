"""Promises about time: routed in seconds, paged at once, reminded at half, breached once."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from local.demo.facts import Facts, percentile
from triagewire.clock.calendar import is_open
from triagewire.clock.promise import TargetKind
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.on_call import on_call
from triagewire.ledger.event import Action, Event
from triagewire.ticket import Ticket
from triagewire.verdict import Urgency

ROUTED_SECONDS = 4.0
PAGED_SECONDS = 10.0
REVIEW_MINUTES = 15
_SEEN_TO = frozenset({Action.REMINDED, Action.BREACHED, Action.MUTED})
"""A reminder is sent, or not needed as somebody is at it, or too late."""
SWEEP_SECONDS = 65
"""Timers are served every minute; a few seconds are the sweep's own."""


def routed_in_time(facts: Facts) -> Iterator[str]:
    """Webhook → routed, p99, in real time."""
    late = [each.message.id for each in facts.posted if each.seconds is None]
    if late:
        yield f"never routed: {', '.join(late)}"
    seconds = [each.seconds for each in facts.posted if each.seconds is not None]
    if seconds and (p99 := percentile(seconds, 99)) > ROUTED_SECONDS:
        yield f"p99 is {p99:.2f} s"


def urgent_pages_at_once(facts: Facts) -> Iterator[str]:
    """Each clinical urgent message reached a person by SNS within seconds."""
    for each in facts.posted:
        if each.message.kind != "urgent":
            continue
        pages = pages_of(facts, each.post.ticket_id)
        if not pages:
            yield f"{each.message.id}: nobody was paged"
        elif (waited := (pages[0] - each.at).total_seconds()) > PAGED_SECONDS:
            yield f"{each.message.id}: paged after {waited:.0f} s"


def pages_of(facts: Facts, ticket_id: str) -> list[datetime]:
    """When SNS handed over the pages of a ticket."""
    named = f"{ticket_id}-"
    return sorted(
        message.at
        for message in facts.seen.notices
        if message.kind == NoticeKind.PAGE
        and any(each.startswith(named) for each in facts.notices_in(message))
    )


def on_call_at_night(facts: Facts) -> Iterator[str]:
    """Out of hours the first page goes to the provider on call."""
    for ticket_id, ticket in facts.tickets.items():
        site = facts.policy.sites[ticket.site]
        paged = facts.first(ticket_id, Action.PAGED)
        if paged is None or is_open(site.calendar, paged.at):
            continue
        provider = on_call(site, paged.at)
        if paged.detail["people"] != [provider]:
            yield f"ticket {ticket_id}: {paged.detail['people']} instead of {provider}"


def paged_until_heard(facts: Facts) -> Iterator[str]:
    """A page that nobody acknowledges is repeated after the ladder's wait."""
    for ticket_id, ticket in facts.tickets.items():
        ladders = facts.policy.sites[ticket.site].ladders
        longest = max(ladders.urgent.wait_minutes, ladders.urgent_after_hours.wait_minutes)
        allowed = timedelta(minutes=longest, seconds=SWEEP_SECONDS)
        steps = facts.all_of(
            ticket_id, Action.PAGED, Action.ACKNOWLEDGED, Action.RESPONDED, Action.RESOLVED
        )
        for one, other in pairwise(steps):
            if one.action is Action.PAGED and other.at - one.at > allowed:
                yield f"ticket {ticket_id}: silence from {one.at:%H:%M} to {other.at:%H:%M}"
        if steps and steps[-1].action is Action.PAGED and facts.tickets[ticket_id].is_open:
            yield f"ticket {ticket_id}: nobody ever heard the page"


def review_clock(facts: Facts) -> Iterator[str]:
    """A review has a 15-minute clock of its own."""
    for ticket_id, ticket in facts.tickets.items():
        if not facts.reviewed(ticket_id):
            continue
        routed = facts.first(ticket_id, Action.ROUTED)
        if routed is None or not routed.detail["due_at"]:
            yield f"ticket {ticket_id} has no clock"
            continue
        site = facts.policy.sites[ticket.site]
        promised = datetime.fromisoformat(str(routed.detail["due_at"])) - ticket.received_at
        if is_open(site.calendar, ticket.received_at) and promised > timedelta(
            minutes=REVIEW_MINUTES
        ):
            yield f"ticket {ticket_id}: {promised} to decide"


def reminded_and_breached_once(facts: Facts) -> Iterator[str]:
    """A reminder at half of each promise and a breach at its end: on time, and once each."""
    for ticket_id, ticket in facts.tickets.items():
        for stretch in _promises_of(facts.events[ticket_id]):
            yield from _twice(ticket_id, stretch)
            yield from _late_breach(ticket_id, stretch)
        yield from _missed(facts, ticket)


def _promises_of(events: tuple[Event, ...]) -> list[list[Event]]:
    """The events under each promise: a person's new score, a reopening and another message after
    an answer start another one.
    """
    stretches: list[list[Event]] = [[]]
    for event in events:
        answered = any(each.action is Action.RESPONDED for each in stretches[-1])
        if _starts_another(event, answered=answered):
            stretches.append([])
        stretches[-1].append(event)
    return stretches


def _starts_another(event: Event, *, answered: bool) -> bool:
    match event.action:
        case Action.REASSIGNED:
            return event.detail["score"] is not None
        case Action.ABSORBED:
            return answered or bool(event.detail["worse"])
    return event.action in (Action.REOPENED, Action.PARTED, Action.UNMERGED)


def _twice(ticket_id: str, stretch: list[Event]) -> Iterator[str]:
    told = Counter(
        (event.action.value, str(event.detail.get("target")))
        for event in stretch
        if event.action in (Action.REMINDED, Action.BREACHED)
    )
    for (action, target), times in told.items():
        if times > 1:
            yield f"ticket {ticket_id} was {action} {times} times ({target})"


def _first_response(event: Event) -> bool:
    return event.detail.get("target") != TargetKind.RESOLUTION.value


def _late_breach(ticket_id: str, stretch: list[Event]) -> Iterator[str]:
    due = next((e.detail["due_at"] for e in reversed(stretch) if "due_at" in e.detail), None)
    late_answers = (e for e in stretch if e.action is Action.BREACHED and _first_response(e))
    breached = next(late_answers, None)
    if breached is None or due is None:
        return
    late = (breached.at - datetime.fromisoformat(str(due))).total_seconds()
    # what a person says, or a worse message, may be due when it comes
    regraded = stretch[0].action in {Action.REASSIGNED, Action.ABSORBED, Action.PARTED}
    if late < 0 or (late > SWEEP_SECONDS and not regraded):
        yield f"ticket {ticket_id}: breach {late:.0f} s after it was due"


def _missed(facts: Facts, ticket: Ticket) -> Iterator[str]:
    """Whether the last promise went by without its reminder or its breach."""
    if ticket.clock is None or ticket.merged_into or ticket.clock.paused_at:
        return
    last = _promises_of(facts.events[ticket.id])[-1]
    done = {event.action for event in last if _first_response(event)}
    if ticket.escalation.breached_at is not None:
        return  # a promise that was raised after its breach is not told a second time
    ended = ticket.clock.stopped_at or ticket.resolved_at or facts.ended_at
    until = ended - timedelta(seconds=SWEEP_SECONDS)
    if ticket.clock.due_at < until and Action.BREACHED not in done:
        yield f"ticket {ticket.id} was due and nobody was told"
    elif ticket.clock.remind_at < until and not done & _SEEN_TO:
        yield f"ticket {ticket.id} was half due and nobody was reminded"


def always_a_timer(facts: Facts) -> Iterator[str]:
    """Nothing open is forgotten: each has the next moment at which the system looks at it."""
    for ticket_id, ticket in facts.tickets.items():
        if not ticket.is_open:
            continue
        if ticket.timer is None:
            yield f"ticket {ticket_id} is open and has no timer"
        elif (facts.ended_at - ticket.timer.at).total_seconds() > SWEEP_SECONDS:
            yield f"ticket {ticket_id} has a timer that nobody served"
    if facts.seen.failed_sweeps:
        yield f"{facts.seen.failed_sweeps} of {facts.seen.sweeps} sweeps failed"


def urgent_is_five(facts: Facts) -> Iterator[str]:
    """No clinical urgent message is scored lower."""
    for each in facts.posted:
        scored = facts.first(each.post.ticket_id, Action.SCORED)
        if each.message.kind == "urgent" and (
            scored is None or scored.detail["score"] != Urgency.CLINICAL_URGENT
        ):
            yield f"{each.message.id}: {scored.detail['score'] if scored else 'not scored'}"


CHECKS: dict[str, Callable[[Facts], Iterator[str]]] = {
    "webhook to routed within 4 s at p99": routed_in_time,
    "every clinical urgent message scores 5": urgent_is_five,
    "every clinical urgent message pages a person within seconds": urgent_pages_at_once,
    "out of hours the provider on call is paged": on_call_at_night,
    "pages repeat until somebody acknowledges": paged_until_heard,
    "a review has a 15-minute clock": review_clock,
    "a reminder at half of the promise, a breach at its end, once each": reminded_and_breached_once,
    "every open ticket has a timer, and every due timer was served": always_a_timer,
}
