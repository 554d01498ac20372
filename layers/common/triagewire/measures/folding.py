"""A ticket's events, one after the other, into its life.

What an event says of state stands in `state_after`; what only one kind of event says is taken up by
the function of that kind. Events of kinds that no measure asks for change nothing but the count.
"""

from collections.abc import Callable
from datetime import datetime

from triagewire.ledger.event import Action, Detail, Event
from triagewire.ledger.standing import AFTER, told
from triagewire.measures.life import (
    SITTING,
    Broken,
    Judged,
    Life,
    Move,
    Settled,
    Sitting,
    Waited,
)
from triagewire.ticket import REVIEW

STAFF = "staff:"
FIRST_WORK = frozenset(
    {
        *(Action.CLAIMED, Action.ACCEPTED, Action.RESPONDED, Action.REPLY_WRITTEN),
        *(Action.REASSIGNED, Action.RESCORED, Action.LABELLED, Action.PAUSED),
        *(Action.RESOLVED, Action.NOTED, Action.UNMERGED),
    }
)
"""What a person does to a ticket that brings it on. Hearing a page does not yet."""
ONLY_LOOKS = frozenset({Action.VIEWED, Action.DENIED})


def fold(life: Life, event: Event) -> None:
    """Take the next event of the ticket into its life. That it is the next, and genuine, the caller
    has seen to.
    """
    if life.at is not None and event.at < life.at:
        life.backwards += 1
    life.sequence, life.head, life.at = event.sequence, event.hash, event.at
    life.policy_version = event.policy_version or life.policy_version
    if take := TAKEN.get(event.action):
        take(life, event)
    _stand(life, event)
    if event.actor.startswith(STAFF) and event.action is not Action.DENIED:
        _touched(life, event)


def page_left(life: Life, at: datetime) -> None:
    """Take up that a page of the ticket has left."""
    life.told_at = min(life.told_at or at, at)


def person_of(event: Event) -> str:
    """The member of staff who did it; "" for the system, a sender or a command."""
    return event.actor.removeprefix(STAFF) if event.actor.startswith(STAFF) else ""


def _stand(life: Life, event: Event) -> None:
    """Where it stands after an event, from what the event says of that."""
    after = told(event.detail.get(AFTER))
    life.status = after.get("status", life.status)
    life.team = after.get("team", life.team)
    life.owner = after.get("owner", life.owner)
    life.merged_into = after.get("merged_into", life.merged_into)
    if urgency := after.get("urgency"):
        life.urgency = int(urgency)
        life.peak = max(life.peak, life.urgency)
    life.reviewed = life.reviewed or life.team == REVIEW


def _touched(life: Life, event: Event) -> None:
    person, acts = person_of(event), event.action not in ONLY_LOOKS
    if event.action is Action.VIEWED:
        life.read_at = life.read_at or event.at
    if event.action in FIRST_WORK:
        life.acted_at = life.acted_at or event.at
    last = life.sittings[-1] if life.sittings else None
    if last is None or last.member != person or event.at - last.ends > SITTING:
        last = Sitting(
            member=person, begins=event.at, ends=event.at, team=_team_before(life, event)
        )
        life.sittings.append(last)
    last.ends = max(last.ends, event.at)
    last.acts += acts


def _team_before(life: Life, event: Event) -> str:
    from_team = event.detail.get("from_team")
    return from_team if isinstance(from_team, str) and from_team else life.team


# One function for each kind of event -------------------------------------------------------------


def _received(life: Life, event: Event) -> None:
    life.site = _text(event, "site") or life.site
    life.source = _text(event, "source") or life.source
    life.channel = _text(event, "channel") or life.channel
    life.requester = _text(event, "requester") or life.requester
    life.automatic = event.detail.get("automatic") is True
    life.unreadable = "problem" in event.detail
    life.received_at = life.received_at or event.at
    life.status = "new"


def _linked(life: Life, event: Event) -> None:
    """A first event that opens a ticket for a further need of another one's message."""
    if event.sequence > 1 or "of" not in event.detail:
        return
    _received(life, event)
    life.part_of = _text(event, "of")
    life.received_at = _moment(event, "received_at") or life.received_at
    life.language = _text(event, "language")


def _redriven(life: Life, event: Event) -> None:
    """It counts from when it came, not from when it could be read at last."""
    life.received_at = _moment(event, "received_at") or life.received_at


def _scored(life: Life, event: Event) -> None:
    life.scored_at = life.scored_at or event.at
    life.topic = _text(event, "topic")
    life.scored_team = _text(event, "team")
    life.language = _text(event, "language") or life.language
    life.crisis = life.crisis or event.detail.get("crisis") is True
    life.urgency = _number(event, "score")
    life.peak = max(life.peak, life.urgency)
    life.rules = tuple(dict.fromkeys(_texts(event, "rules")))
    life.missing = tuple(_texts(event, "missing"))


def _routed(life: Life, event: Event) -> None:
    life.team = _text(event, "team") or life.team
    life.owner = _text(event, "member")
    if life.routed_at is None:
        life.routed_at, life.first_team = event.at, life.team
        life.due_at = _moment(event, "due_at")


def _answered(life: Life, event: Event) -> None:
    _routed(life, event)
    life.article = event.why.removeprefix("answered by ").removeprefix("article:")
    life.settled.append(Settled(at=event.at, outcome="answered_automatically", team=life.team))


def _reassigned(life: Life, event: Event) -> None:
    move = Move(
        at=event.at,
        by=person_of(event),
        why=event.why,
        from_team=_text(event, "from_team"),
        to_team=_text(event, "to_team"),
        misroute=event.detail.get("misroute") is True,
        bounce=event.detail.get("bounce") is True,
    )
    life.moves.append(move)
    life.misroutes += move.misroute
    life.bounces += move.bounce


def _returned(life: Life, event: Event) -> None:
    life.hand_backs += 1


def _responded(life: Life, event: Event) -> None:
    if life.responded_at is not None:
        return
    life.responded_at, life.responded_version = event.at, event.policy_version
    life.response_in_time = event.detail.get("in_time") is True
    life.responded_by = person_of(event)


def _paged(life: Life, event: Event) -> None:
    life.pages += 1
    life.paged_at = life.paged_at or event.at


def _acknowledged(life: Life, event: Event) -> None:
    life.heard_at = life.heard_at or event.at


def _reminded(life: Life, event: Event) -> None:
    life.reminders += 1


def _escalated(life: Life, event: Event) -> None:
    life.escalations += 1


def _breached(life: Life, event: Event) -> None:
    life.broken_promises.append(Broken(at=event.at, target=_text(event, "target")))


def _paused(life: Life, event: Event) -> None:
    life.waits.append(Waited(begins=event.at, reason=event.why))


def _resumed(life: Life, event: Event) -> None:
    if life.waits and life.waits[-1].ends is None:
        life.waits[-1].ends = event.at


def _resolved(life: Life, event: Event) -> None:
    _resumed(life, event)
    life.settled.append(
        Settled(
            at=event.at,
            outcome=event.why,
            by=person_of(event),
            team=_text(event, "team") or life.team,
            in_time=event.detail.get("resolution_in_time") is True,
        )
    )


def _reopened(life: Life, event: Event) -> None:
    _resumed(life, event)
    if life.settled and life.settled[-1].reopened_at is None:
        life.settled[-1].reopened_at, life.settled[-1].why_reopened = event.at, event.why


def _closed(life: Life, event: Event) -> None:
    life.closed_at = event.at


def _merged(life: Life, event: Event) -> None:
    life.merged_into = _text(event, "into")


def _parted(life: Life, event: Event) -> None:
    life.merged_into = ""


def _absorbed(life: Life, event: Event) -> None:
    _resumed(life, event)
    life.absorbed += 1


def _rescored(life: Life, event: Event) -> None:
    life.topic = _text(event, "topic") or life.topic


def _labelled(life: Life, event: Event) -> None:
    judged = Judged(
        at=event.at,
        scored=_number(event, "scored"),
        candidate=_number(event, "candidate"),
        score=_number(event, "score"),
        scored_topic=_text(event, "scored_topic"),
        topic=_text(event, "topic"),
        scored_team=_text(event, "scored_team"),
        team=_text(event, "team"),
        rules=tuple(_texts(event, "rules")),
    )
    life.judged.append(judged)
    life.topic = judged.topic or life.topic


def _surveyed(life: Life, event: Event) -> None:
    life.asked_at = event.at


def _rated(life: Life, event: Event) -> None:
    life.score = _number(event, "score")


def _undelivered(life: Life, event: Event) -> None:
    life.undelivered += 1


def _reported(life: Life, event: Event) -> None:
    life.undelivered += event.detail.get("permanent") is True


TAKEN: dict[Action, Callable[[Life, Event], None]] = {
    Action.RECEIVED: _received,
    Action.REPEATED_DIFFERENTLY: _received,
    Action.LINKED: _linked,
    Action.REDRIVEN: _redriven,
    Action.SCORED: _scored,
    Action.ROUTED: _routed,
    Action.ANSWERED: _answered,
    Action.REASSIGNED: _reassigned,
    Action.RETURNED: _returned,
    Action.RESPONDED: _responded,
    Action.PAGED: _paged,
    Action.ACKNOWLEDGED: _acknowledged,
    Action.REMINDED: _reminded,
    Action.ESCALATED: _escalated,
    Action.BREACHED: _breached,
    Action.PAUSED: _paused,
    Action.RESUMED: _resumed,
    Action.WOKEN: _resumed,
    Action.RESOLVED: _resolved,
    Action.REOPENED: _reopened,
    Action.CLOSED: _closed,
    Action.MERGED: _merged,
    Action.PARTED: _parted,
    Action.ABSORBED: _absorbed,
    Action.RESCORED: _rescored,
    Action.LABELLED: _labelled,
    Action.SURVEYED: _surveyed,
    Action.RATED: _rated,
    Action.REPLY_FAILED: _undelivered,
    Action.DELIVERY_REPORTED: _reported,
}
"""What each kind of event says of a ticket beyond its state."""


# What a detail holds -----------------------------------------------------------------------------


def _text(event: Event, name: str) -> str:
    value = event.detail.get(name)
    return value if isinstance(value, str) else ""


def _number(event: Event, name: str) -> int:
    value = event.detail.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _texts(event: Event, name: str) -> list[str]:
    value: Detail = event.detail.get(name)
    return value if isinstance(value, list) else []


def _moment(event: Event, name: str) -> datetime | None:
    """A time that an event states; None where it states none that can be read."""
    try:
        at = datetime.fromisoformat(_text(event, name))
    except ValueError:
        return None
    return at if at.tzinfo else None
