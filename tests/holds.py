"""What must hold of every ticket, whatever has happened to it in whatever order."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from triagewire.clock.promise import TargetKind
from triagewire.ledger.event import Action, Event
from triagewire.ledger.routes import Place, routes_of
from triagewire.routing.balance import Load
from triagewire.ticket import REVIEW, Status, Ticket

TOLD_ANEW = {Action.ABSORBED, Action.REASSIGNED, Action.RESCORED}
"""After these people are reminded again: of what became worse, and of what is new to them."""
UNPLACED = (Status.NEW, Status.MERGED)


def it_has_its_timer(ticket: Ticket) -> None:
    """A ticket has one until nothing is left to be done; who has taken one up holds it."""
    unfinished = ticket.is_open or ticket.status is Status.RESOLVED
    assert (ticket.timer is not None) is unfinished, ticket
    if ticket.status is Status.ACCEPTED:
        assert None not in (ticket.assignee, ticket.accepted_at), ticket


def it_is_no_less_urgent(ticket: Ticket, before: Ticket) -> None:
    """Nothing but a person lowers what was scored once."""
    if before.status is not Status.NEW:
        assert ticket.urgency >= before.urgency, ticket


def its_ledger_tells_where_it_is(ticket: Ticket, events: list[Event]) -> None:
    """Queue, owner and how often it was passed on can be rebuilt from the ledger alone, and every
    assignment has its reason.
    """
    history = routes_of(events)
    assert all(leg.why for leg in history.legs)
    assert (history.handoffs, history.bounces) == (ticket.handoffs, ticket.bounces)
    if ticket.joined is not None and ticket.joined.by_hand:
        return  # it has been somewhere before it was merged
    if ticket.status in UNPLACED:
        assert history.legs == ()
    else:
        assert history.legs[-1].place == Place(ticket.team, ticket.assignee)


def nothing_was_told_twice(events: list[Event]) -> None:
    """A promise is breached once, and half of it is announced once, until it begins anew; and no
    notice has the name of another one.
    """
    lists = [event.detail.get("notices") for event in events]
    names = [name for each in lists if isinstance(each, list) for name in each]
    assert len(names) == len(set(names)), names
    for target in TargetKind:
        reminded = breached = 0
        answered = False
        for event in events:
            anew = _begins_anew(event, answered=answered and target is TargetKind.FIRST_RESPONSE)
            breached = 0 if anew else breached
            reminded = 0 if anew or event.action in TOLD_ANEW else reminded
            answered = event.action is Action.RESPONDED or (answered and not anew)
            of_it = event.detail.get("target") == target.value
            breached += of_it and event.action is Action.BREACHED
            reminded += of_it and event.action is Action.REMINDED
            assert max(breached, reminded) <= 1, (target, event)


def _begins_anew(event: Event, *, answered: bool) -> bool:
    """Whether a promise may begin anew with an event: a reopening, what came after an answer, a
    person's score that leaves more time, two tickets that are apart again.
    """
    match event.action:
        case Action.REOPENED | Action.UNMERGED | Action.PARTED:
            return True
        case Action.ABSORBED:
            return answered
        case Action.REASSIGNED:
            score, before = event.detail["score"], event.detail["score_before"]
            assert isinstance(before, int)
            judged = event.detail["from_team"] == REVIEW
            return answered or (isinstance(score, int) and (judged or score < before))
        case Action.RESCORED:
            score, before = event.detail["score"], event.detail["score_before"]
            assert isinstance(score, int)
            assert isinstance(before, int)
            return answered or score < before
    return False


def what_is_late_was_told(ticket: Ticket, now: datetime) -> None:
    """After a sweep no running promise is over of which nobody was told, and no page is owed."""
    if not ticket.at_work:
        return
    told = ticket.escalation
    for clock, breached_at in (
        (ticket.clock, told.breached_at),
        (ticket.resolution, told.resolution_breached_at),
    ):
        if clock is not None and clock.running and breached_at is None:
            assert clock.due_at > now
    if ticket.must_page and ticket.clock is not None and ticket.clock.running:
        assert told.paged_at is not None or told.acknowledged_at is not None


def loads_are_what_is_held(tickets: Iterable[Ticket], carried: Mapping[str, Load]) -> None:
    """Everybody carries what they hold, and nothing else."""
    held: Counter[str] = Counter()
    for ticket in tickets:
        if ticket.is_open and ticket.assignee:
            held[ticket.assignee] += ticket.load
    assert {who: load.weight for who, load in carried.items() if load.weight} == +held
