"""A ticket's events, one after the other, into its life.

What an event says of state stands in `state_after`; what only one kind of event says is taken up by
the function of that kind (`kinds`). Events of kinds that no measure asks for change nothing but the
count.
"""

from datetime import datetime, timedelta

from triagewire.ledger.event import Action, Event
from triagewire.ledger.routes import ASSIGNING, handoffs_in, place_of
from triagewire.ledger.standing import AFTER, told
from triagewire.measures.kinds import STAFF, TAKEN, person_of
from triagewire.measures.life import SITTING, Life, Sitting
from triagewire.ticket import OPEN, REVIEW, Status

WORK = frozenset(
    {
        *(Action.CLAIMED, Action.ACCEPTED, Action.RESPONDED, Action.REPLY_WRITTEN),
        *(Action.REASSIGNED, Action.RESCORED, Action.LABELLED, Action.PAUSED, Action.RESUMED),
        *(Action.RESOLVED, Action.REOPENED, Action.NOTED, Action.UNMERGED, Action.PARTED),
        *(Action.MERGED, Action.ABSORBED, Action.HANDED_TO_PROGRAM, Action.REPLY_WITHDRAWN),
    }
)
"""What a person does to a ticket that brings it on. Hearing a page does not yet."""
TOUCHES = WORK | {Action.VIEWED, Action.ACKNOWLEDGED}
"""What shows a person at a ticket. Not what becomes of it by what they do elsewhere: who settles
one ticket gets the next, and who goes off duty leaves theirs to the queue.
"""
A_SWEEP = timedelta(minutes=2)
"""The sweep stamps what it does with the beginning of its minute, and may take more than one: what
lies so little before the event ahead of it is no clock that ran backwards.
"""


def fold(life: Life, event: Event) -> None:
    """Take the next event of the ticket into its life. That it is the next, and genuine, the caller
    has seen to.
    """
    if life.at is not None and event.at < life.at - A_SWEEP:
        life.backwards += 1
    life.sequence, life.head, life.at = event.sequence, event.hash, event.at
    life.policy_version = event.policy_version or life.policy_version
    team = life.team
    _placed(life, event)
    if take := TAKEN.get(event.action):
        take(life, event)
    _stand(life, event)
    if event.actor.startswith(STAFF) and event.action in TOUCHES and event.at != life.sent_at:
        _touched(life, event, team or life.team)


def page_left(life: Life, at: datetime) -> None:
    """Take up that a page of the ticket has left."""
    life.told_at = min(life.told_at or at, at)


def _placed(life: Life, event: Event) -> None:
    """Count what leaves an owner or a queue, as the route history does."""
    if event.action in ASSIGNING:
        life.handoffs += handoffs_in(life.place, (event,))
        life.place = place_of(event.detail)


def _stand(life: Life, event: Event) -> None:
    """Where it stands after an event, from what the event says of that."""
    after = told(event.detail.get(AFTER))
    if status := after.get("status"):
        _become(life, event, status)
    life.team = after.get("team", life.team)
    life.owner = after.get("owner", life.owner)
    life.merged_into = after.get("merged_into", life.merged_into)
    if urgency := after.get("urgency"):
        life.work_at(int(urgency))
    life.reviewed = life.reviewed or life.team == REVIEW


def _become(life: Life, event: Event, status: str) -> None:
    """Take up a state, with what no event of its own says: that a wait is over, or that taking two
    tickets apart has opened or settled one.
    """
    life.status = status
    if status != Status.WAITING:
        life.end_wait(event.at)
    last = life.settled[-1] if life.settled else None
    if last is None:
        return
    if status in OPEN and last.reopened_at is None:
        last.reopened_at, last.why_reopened = event.at, event.why
    elif status == Status.RESOLVED and last.reopened_at is not None:
        last.reopened_at, last.why_reopened = None, ""


def _touched(life: Life, event: Event, team: str) -> None:
    person, works = person_of(event), event.action in WORK
    if works or event.action is Action.VIEWED:
        life.read_at = life.read_at or event.at
    if works and life.acted_at is None:
        life.acted_at, life.acted_version = event.at, event.policy_version
    last = life.sittings[-1] if life.sittings else None
    if last is None or last.member != person or event.at - last.ends > SITTING:
        last = Sitting(member=person, begins=event.at, ends=event.at, team=team)
        life.sittings.append(last)
    last.ends = max(last.ends, event.at)
    last.acts += works
