"""Promises about telling people: by their ways, never too often, and never for nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from local.demo.facts import Facts, percentile
from local.demo.promises_of_time import pages_of
from triagewire.clock.calendar import is_open, next_open
from triagewire.escalation.notice import NoticeKind
from triagewire.ladder import Way
from triagewire.ledger.event import Action
from triagewire.verdict import Urgency

PAGED_SECONDS = 4.0
MOST_IN_A_WINDOW = 5
WINDOW = timedelta(minutes=15)
OPENED = timedelta(minutes=2)
"""So soon after the opening the digest has been sent."""
REHEARSED = ("page", "repage", "breach", "ack", "ack_expired", "responded")
LOOKED_AT, TAPPED = (200, 200), 200


def paged_in_time(facts: Facts) -> Iterator[str]:
    """Webhook → message of SNS, p99 over the urgent messages, in real time."""
    waited = [
        (pages[0] - each.at).total_seconds()
        for each in facts.posted
        if each.message.kind == "urgent" and (pages := pages_of(facts, each.post.ticket_id))
    ]
    if waited and (p99 := percentile(waited, 99)) > PAGED_SECONDS:
        yield f"p99 is {p99:.2f} s"


def links_do_one_thing(facts: Facts) -> Iterator[str]:
    """Looking at a link acknowledges nothing; tapping it does, once, for who it was sent to."""
    for tap in facts.taps:
        *looks, tapped = tap.statuses
        if tuple(looks) != LOOKED_AT or tapped != TAPPED:
            yield f"ticket {tap.ticket_id}: a link was answered {tap.statuses}"
        if tap.heard_before is not None:
            yield f"ticket {tap.ticket_id}: a look acknowledged it"
        if tap.heard_after is None:
            yield f"ticket {tap.ticket_id}: the tap acknowledged nothing"


def all_told_is_recorded(facts: Facts) -> Iterator[str]:
    """What SNS handed over is what the ledgers of people say, message by message."""
    people = {*facts.told, *(message.person for message in facts.seen.notices)}
    for person in sorted(people):
        recorded = set(facts.messages_to(person))
        came = {message.id for message in facts.seen.notices if message.person == person}
        if recorded - came:
            yield f"{person}: {len(recorded - came)} recorded, and SNS never had them"
        if came - recorded:
            yield f"{person}: {len(came - recorded)} came, and the ledger knows nothing"


def never_too_often(facts: Facts) -> Iterator[str]:
    """Nobody gets more than five messages in a quarter of an hour by one way."""
    sent: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
    for message in facts.seen.notices:
        sent[message.person, message.way].append(message.at)
    for (person, way), times in sent.items():
        for number, at in enumerate(times):
            if sum(at - WINDOW < each <= at for each in times[: number + 1]) > MOST_IN_A_WINDOW:
                yield f"{person} got too many by {way} before {at:%H:%M} UTC"


def the_night_is_told_at_opening(facts: Facts) -> Iterator[str]:
    """What came in while a site was closed, and is still unanswered when it opens, is told then to
    the lead of its team, and not before.
    """
    for ticket_id in facts.tickets:
        opens = _waits_until(facts, ticket_id)
        if opens is None:
            continue
        told = _digests_of(facts, ticket_id)
        if not told:
            yield f"ticket {ticket_id} came in at night and nobody was told at opening"
        if any(not opens <= at <= opens + OPENED for at in told):
            yield f"ticket {ticket_id} was told at {told[0]:%H:%M} UTC, not at opening"


def _waits_until(facts: Facts, ticket_id: str) -> datetime | None:
    """The opening at which a ticket is to be told; None for what was urgent, came in by day, or
    was seen to before.
    """
    ticket = facts.tickets[ticket_id]
    site = facts.policy.sites[ticket.site]
    routed = facts.first(ticket_id, Action.ROUTED)
    if routed is None or ticket.merged_into or is_open(site.calendar, routed.at):
        return None
    if routed.detail.get("urgency") == Urgency.CLINICAL_URGENT:
        return None  # also of a review that may be: its reminder waits for no opening
    opens = next_open(site.calendar, routed.at)
    seen = facts.all_of(
        ticket_id, Action.RESPONDED, Action.RESOLVED, Action.ANSWERED, Action.PAGED, Action.ABSORBED
    )
    if opens > facts.ended_at - OPENED or any(event.at <= opens for event in seen):
        return None
    return opens


def _digests_of(facts: Facts, ticket_id: str) -> list[datetime]:
    """When messages went out that had a ticket's digest in them."""
    return [
        message.at
        for message in facts.seen.notices
        for notice in facts.notices_in(message)
        if notice.startswith(f"{ticket_id}-") and NoticeKind.DIGEST.value in notice
    ]


def pagers_beep(facts: Facts) -> Iterator[str]:
    """Who has a pager hears by HTTPS everything that was sent to it, and nothing of others."""
    for beep in facts.met.beeps:
        if beep.person != beep.pager:
            yield f"the pager of {beep.pager} heard what was for {beep.person}"
    heard = {(beep.person, beep.message) for beep in facts.met.beeps}
    sent = {
        (message.person, message.id)
        for message in facts.seen.notices
        if message.way == Way.PAGER.value
    }
    if sent - heard:
        yield f"{len(sent - heard)} messages to pagers were not heard"


def everybody_is_reached(facts: Facts) -> Iterator[str]:
    """`triagewire people check` finds a working way to everybody whom a page must find."""
    checked = facts.said["people"]
    if checked.status:
        yield checked.text


def a_bad_night_is_rehearsed(facts: Facts) -> Iterator[str]:
    """`triagewire simulate` plays a night in which nobody answers: the provider on call is paged,
    the page climbs, and an acknowledgement after which nobody works runs out.
    """
    night = facts.said["night"]
    if night.status:
        yield night.text
    for event in REHEARSED:
        if f" {event} " not in night.text:
            yield f"the rehearsal shows no {event}"


def all_of_it_happened(facts: Facts) -> Iterator[str]:
    """The day had a page, a tap on its link, a digest and a pager: the promises above held of
    something.
    """
    if not any(message.kind == NoticeKind.PAGE for message in facts.seen.notices):
        yield "nobody was ever paged"
    if not facts.taps:
        yield "nobody tapped a link"
    if not facts.met.beeps:
        yield "no pager heard anything"
    if not any(_digests_of(facts, ticket_id) for ticket_id in facts.tickets):
        yield "no digest was sent"


CHECKS: dict[str, Callable[[Facts], Iterator[str]]] = {
    "webhook to a person's page within 4 s at p99": paged_in_time,
    "a look at a page's link acknowledges nothing, a tap one ticket": links_do_one_thing,
    "every message that SNS handed over is in its person's ledger, and no other": (
        all_told_is_recorded
    ),
    "nobody gets more than 5 messages in 15 minutes by one way": never_too_often,
    "what came in at night is told at opening, once": the_night_is_told_at_opening,
    "a pager hears what is sent to it, by HTTPS": pagers_beep,
    "whom a page must find can be reached, as the command checks": everybody_is_reached,
    "a night in which nobody answers can be rehearsed": a_bad_night_is_rehearsed,
    "somebody was paged, tapped a link, heard a pager and got a digest": all_of_it_happened,
}
