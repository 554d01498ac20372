"""What each kind of event says of a ticket beyond its state: one function for each."""

from collections.abc import Callable

from triagewire.ledger.event import Action, Event
from triagewire.measures.details import moment_of, number_of, text_of, texts_of
from triagewire.measures.labels import judged_of
from triagewire.measures.life import (
    Broken,
    HandedBack,
    Life,
    Move,
    Raised,
    Settled,
    Taken,
    Waited,
)
from triagewire.routing.hand_merge import MergeReason
from triagewire.routing.merge import WHY
from triagewire.ticket import ANSWERED_AUTOMATICALLY

STAFF = "staff:"
UNSCORED = 5
"""What a ticket is worked at that nobody has scored."""
REPEATS = frozenset({WHY, MergeReason.SAME_NEED, MergeReason.SENT_TWICE})
"""Why one ticket is a part of another because the same need was told twice."""


def person_of(event: Event) -> str:
    """The member of staff who did it; "" for the system, a sender or a command."""
    return event.actor.removeprefix(STAFF) if event.actor.startswith(STAFF) else ""


def _received(life: Life, event: Event) -> None:
    life.site = text_of(event, "site") or life.site
    life.source = text_of(event, "source") or life.source
    life.channel = text_of(event, "channel") or life.channel
    life.requester = text_of(event, "requester") or life.requester
    life.automatic = event.detail.get("automatic") is True
    life.unreadable = "problem" in event.detail
    life.received_at = life.received_at or event.at
    life.status = "new"


def _linked(life: Life, event: Event) -> None:
    """A first event that opens a ticket for a further need of another one's message."""
    if event.sequence > 1 or "of" not in event.detail:
        return
    _received(life, event)
    life.part_of = text_of(event, "of")
    life.received_at = moment_of(event, "received_at") or life.received_at
    life.language = text_of(event, "language")


def _redriven(life: Life, event: Event) -> None:
    """It counts from when it came, not from when it could be read at last."""
    life.received_at = moment_of(event, "received_at") or life.received_at


def _scored(life: Life, event: Event) -> None:
    life.scored_at = life.scored_at or event.at
    life.topic = text_of(event, "topic")
    life.scored_team = text_of(event, "team")
    life.language = text_of(event, "language") or life.language
    life.crisis = life.crisis or event.detail.get("crisis") is True
    doubted = number_of(event, "candidate") if event.why == "review" else 0
    life.work_at(max(number_of(event, "score"), doubted))
    life.rules = tuple(dict.fromkeys(texts_of(event, "rules")))
    life.missing = tuple(texts_of(event, "missing"))


def _routed(life: Life, event: Event) -> None:
    life.team = text_of(event, "team") or life.team
    life.owner = text_of(event, "member")
    if urgency := number_of(event, "urgency") or (0 if life.urgency else UNSCORED):
        life.work_at(urgency)
    if life.routed_at is None:
        life.routed_at, life.first_team = event.at, life.team
        life.due_at = moment_of(event, "due_at")


def _answered(life: Life, event: Event) -> None:
    _routed(life, event)
    life.article = event.why.removeprefix("answered by ").removeprefix("article:")
    life.settled.append(
        Settled(
            at=event.at,
            outcome=ANSWERED_AUTOMATICALLY,
            team=life.team,
            version=event.policy_version,
        )
    )


def _reassigned(life: Life, event: Event) -> None:
    move = Move(
        at=event.at,
        by=person_of(event),
        why=event.why,
        from_team=text_of(event, "from_team"),
        to_team=text_of(event, "to_team"),
        misroute=event.detail.get("misroute") is True,
        bounce=event.detail.get("bounce") is True,
    )
    life.moves.append(move)
    life.misroutes += move.misroute
    life.bounces += move.bounce


def _returned(life: Life, event: Event) -> None:
    owner, reason = text_of(event, "from_member"), text_of(event, "reason")
    life.handed_back.append(HandedBack(at=event.at, member=owner, reason=reason))


def _responded(life: Life, event: Event) -> None:
    if life.responded_at is not None:
        return
    life.responded_at = moment_of(event, "answered_at") or event.at
    life.responded_how = event.why
    life.responded_version = event.policy_version
    life.response_in_time = event.detail.get("in_time") is True
    life.response_urgency = number_of(event, "urgency") or life.urgency
    life.responded_by = person_of(event)


def _paged(life: Life, event: Event) -> None:
    life.pages += 1
    life.paged_at = life.paged_at or event.at
    _raised(life, event)


def _acknowledged(life: Life, event: Event) -> None:
    life.heard_at = life.heard_at or event.at


def _reminded(life: Life, event: Event) -> None:
    life.reminders += 1
    life.reminded_at = life.reminded_at or event.at


def _escalated(life: Life, event: Event) -> None:
    life.escalations += 1
    life.escalated_at = life.escalated_at or event.at
    _raised(life, event)


def _raised(life: Life, event: Event) -> None:
    team, people = text_of(event, "team") or life.team, texts_of(event, "people")
    life.raised.append(Raised(at=event.at, team=team, people=tuple(people)))


def _breached(life: Life, event: Event) -> None:
    life.broken_promises.append(Broken(at=event.at, target=text_of(event, "target")))


def _paused(life: Life, event: Event) -> None:
    life.waits.append(Waited(begins=event.at, reason=event.why))


def _resumed(life: Life, event: Event) -> None:
    life.end_wait(event.at)


def _resolved(life: Life, event: Event) -> None:
    life.end_wait(event.at)
    if person_of(event):
        _responded(life, event)
    life.settled.append(
        Settled(
            at=event.at,
            outcome=event.why,
            by=person_of(event),
            team=text_of(event, "team") or life.team,
            version=event.policy_version,
            handoffs=life.handoffs,
            hand_backs=life.hand_backs,
            in_time=event.detail.get("resolution_in_time") is True,
        )
    )


def _reopened(life: Life, event: Event) -> None:
    life.end_wait(event.at)
    if life.settled and life.settled[-1].reopened_at is None:
        life.settled[-1].reopened_at, life.settled[-1].why_reopened = event.at, event.why


def _closed(life: Life, event: Event) -> None:
    life.closed_at = event.at


def _merged(life: Life, event: Event) -> None:
    life.merged_into = text_of(event, "into")
    life.place = None


def _parted(life: Life, event: Event) -> None:
    life.merged_into = ""


def _absorbed(life: Life, event: Event) -> None:
    taken = Taken(
        at=event.at,
        ticket=text_of(event, "ticket"),
        by=person_of(event),
        repeats=event.why in REPEATS,
    )
    life.taken_in.append(taken)


def _unmerged(life: Life, event: Event) -> None:
    gone = text_of(event, "ticket")
    life.taken_in = [each for each in life.taken_in if each.ticket != gone]


def _rescored(life: Life, event: Event) -> None:
    life.topic = text_of(event, "topic") or life.topic


def _labelled(life: Life, event: Event) -> None:
    last = life.judged[-1] if life.judged else None
    judged = judged_of(event, last)
    life.judged.append(judged)
    life.topic = judged.topic or life.topic


def _surveyed(life: Life, event: Event) -> None:
    life.asked_at = event.at


def _rated(life: Life, event: Event) -> None:
    life.score = number_of(event, "score")


def _sent(life: Life, event: Event) -> None:
    life.sent_at = event.at


def _undelivered(life: Life, event: Event) -> None:
    life.undelivered += 1
    life.undelivered_at = life.undelivered_at or event.at


def _reported(life: Life, event: Event) -> None:
    if event.detail.get("permanent") is True:
        _undelivered(life, event)


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
    Action.UNMERGED: _unmerged,
    Action.REPLY_SENT: _sent,
    Action.RESCORED: _rescored,
    Action.LABELLED: _labelled,
    Action.SURVEYED: _surveyed,
    Action.RATED: _rated,
    Action.REPLY_FAILED: _undelivered,
    Action.DELIVERY_REPORTED: _reported,
}
"""The kinds of events of which there is more to say than what they do to its state."""
