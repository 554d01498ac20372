"""Promises about who has a ticket: one owner, whom the ledger knows; none of it lies untouched."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

from local.demo.facts import Facts
from triagewire.clock.calendar import NOTHING, elapsed
from triagewire.clock.promise import CalendarKind, Clock
from triagewire.clock.sla import counted
from triagewire.ledger.event import Action, Event
from triagewire.ledger.routes import routes_of
from triagewire.policy.model import Site
from triagewire.ticket import Status

BOUNCES = 3
"""So many moves between teams bring a ticket to the lead."""


def owner_from_the_ledger(facts: Facts) -> Iterator[str]:
    """The ledger alone tells where every open ticket stands, with whom, and how often it moved."""
    for ticket_id, ticket in facts.tickets.items():
        if not ticket.is_open or ticket.status is Status.NEW:
            continue
        history = routes_of(facts.events[ticket_id])
        last = history.legs[-1] if history.legs else None
        if last is None or (last.team, last.member) != (ticket.team, ticket.assignee):
            yield f"ticket {ticket_id}: the ledger says {last}, the ticket {ticket.assignee}"
        elif not last.why:
            yield f"ticket {ticket_id}: nobody knows why {ticket.assignee} has it"
        elif history.handoffs != ticket.handoffs:
            yield f"ticket {ticket_id}: {ticket.handoffs} handoffs, {history.handoffs} recorded"


def everybody_carries_what_they_hold(facts: Facts) -> Iterator[str]:
    """The load of every member is the weight of their open tickets that do not wait."""
    held = Counter[tuple[str, str]]()
    for ticket in facts.tickets.values():
        if ticket.is_open and ticket.assignee:
            held[ticket.site, ticket.assignee] += ticket.load
            if ticket.status is Status.WAITING and ticket.load:
                yield f"ticket {ticket.id} waits, and weighs {ticket.load}"
    for who in held.keys() | facts.carried.keys():
        if held[who] != facts.carried.get(who, 0):
            yield f"{who[1]} holds {held[who]} and carries {facts.carried.get(who, 0)}"


def nothing_lies_with_the_absent(facts: Facts) -> Iterator[str]:
    """Who goes away leaves no ticket behind that they have not taken up."""
    for each in facts.posted:
        if not each.message.staff.owner_leaves:
            continue
        returned = facts.all_of(each.post.ticket_id, Action.RETURNED)
        given = facts.all_of(each.post.ticket_id, Action.ROUTED)
        first = given[0].detail["member"] if given else None
        if not returned or given[-1].detail["member"] == first:
            yield f"{each.message.id} stayed with {first}, who was away"


def waiting_is_not_counted(facts: Facts) -> Iterator[str]:
    """The time in which a ticket waited for somebody outside is none of its promise."""
    for each in facts.posted:
        if not each.message.staff.wait:
            continue
        ticket = facts.tickets[each.post.ticket_id]
        site = facts.policy.sites[ticket.site]
        if ticket.resolution is None or not _measured(ticket.resolution, site, facts):
            yield f"{each.message.id} was charged for the time in which it waited"


def _measured(clock: Clock, site: Site, facts: Facts) -> bool:
    """Whether its open time is that of the site's hours without its pauses, counted by hand."""
    if clock.calendar_kind is CalendarKind.ALWAYS:
        return not clock.pauses
    until = clock.stopped_at or facts.ended_at
    whole = elapsed(site.calendar, clock.started_at, until)
    waited = sum((elapsed(site.calendar, each.begins, each.ends) for each in clock.pauses), NOTHING)
    return waited > timedelta(0) and counted(clock, site.calendar, until) == whole - waited


def parted_again(facts: Facts) -> Iterator[str]:
    """A wrong merge was undone: two tickets, each with the clock of its own message."""
    for each in facts.posted:
        if not each.message.expected.parted_from:
            continue
        ticket = facts.ticket_of(each.message)
        other = facts.tickets[facts.posted_of(each.message.expected.parted_from).post.ticket_id]
        if ticket.merged_into or ticket.id in other.merged_from:
            yield f"{each.message.id} is still merged"
        for one in (ticket, other):
            if one.clock is None or one.clock.started_at != one.received_at:
                yield f"ticket {one.id} does not count from its own message"
        if not facts.all_of(ticket.id, Action.MERGED):
            yield f"{each.message.id} was never merged"


def third_move_to_the_lead(facts: Facts) -> Iterator[str]:
    """A ticket that goes from team to team reaches a lead at the third move, who is told."""
    for each in facts.posted:
        if len(each.message.staff.moves) < BOUNCES:
            continue
        ticket_id = each.post.ticket_id
        moves = [event for event in facts.events[ticket_id] if _between_teams(event)]
        lead = _lead_of(facts, ticket_id, moves)
        given = [
            event.detail["member"]
            for event in facts.all_of(ticket_id, Action.ROUTED)
            if len(moves) >= BOUNCES and event.sequence > moves[BOUNCES - 1].sequence
        ]
        if lead not in given or not facts.all_of(ticket_id, Action.BOUNCED):
            yield f"{each.message.id} moved {len(moves)} times and did not reach {lead}"


def _between_teams(event: Event) -> bool:
    moved = event.detail.get("from_team") != event.detail.get("to_team")
    return event.action is Action.REASSIGNED and moved


def _lead_of(facts: Facts, ticket_id: str, moves: list[Event]) -> str | None:
    if len(moves) < BOUNCES:
        return None
    site = facts.policy.sites[facts.tickets[ticket_id].site]
    return site.teams[str(moves[BOUNCES - 1].detail["to_team"])].lead


CHECKS: dict[str, Callable[[Facts], Iterator[str]]] = {
    "the ledger alone tells who has a ticket, since when and why": owner_from_the_ledger,
    "everybody carries the weight of what they hold": everybody_carries_what_they_hold,
    "who goes away leaves no untouched work behind": nothing_lies_with_the_absent,
    "time spent waiting for others is not counted": waiting_is_not_counted,
    "a wrong merge is undone, with both clocks": parted_again,
    "the third move between teams reaches the lead": third_move_to_the_lead,
}
