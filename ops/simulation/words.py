"""What the ledger's events are called in a timeline, whom they mean and why, in words."""

from collections.abc import Mapping, Sequence

from triagewire.escalation.notice import NoticeKind
from triagewire.ledger.event import Action, Event

EVENTS: Mapping[Action, str] = {
    Action.REMINDED: "reminder",
    Action.FOREWARNED: "forewarning",
    Action.BREACHED: "breach",
    Action.ACKNOWLEDGED: "ack",
    Action.ACKNOWLEDGEMENT_EXPIRED: "ack_expired",
    Action.NOTICE_DROPPED: "dropped",
    Action.NOTICE_FAILED: "undelivered",
    Action.REPLY_SENT: "replied",
    Action.PAUSED: "waiting",
    Action.POLICY_PUBLISHED: "policy",
    Action.PRESENCE_CHANGED: "presence",
}
"""The name of an event in the timeline, where it is not what the ledger calls it."""
LEFT_OUT = frozenset(
    {
        Action.ABSORBED,
        Action.EXPORTED,
        Action.FETCHED,
        Action.LABELLED,
        Action.REPLY_QUEUED,
        Action.REPLY_WITHHELD,
        Action.REPLY_WRITTEN,
        Action.SEARCHED,
        Action.SIGNED_IN,
        Action.SIGNED_OUT,
        Action.TOLD,
        Action.VIEWED,
    }
)
"""What another event of the timeline tells: a look, both sides of a merge, each try to tell."""
PLACES = frozenset({Action.ROUTED, Action.CLAIMED, Action.RETURNED})
SHOWN = {
    "urgency": "urgency",
    "score": "score",
    "topic": "topic",
    "rules": "rules",
    "review": "review",
    "due_at": "due",
    "until": "until",
    "target": "target",
    "elapsed_minutes": "elapsed_minutes",
    "skipped": "skipped",
    "reason": "reason",
    "version": "version",
    "in_time": "in_time",
    "way": "way",
}
"""What of a ledger event's detail a moment repeats, and under which name."""
TICKETS = "TICKET#"
NOUNS = {
    NoticeKind.LADDER: "step of the ladder",
    NoticeKind.BOUNCED: "bounce",
    NoticeKind.ACKNOWLEDGED: "acknowledgement",
    NoticeKind.DIGEST: "ticket of the time when the site was closed",
}
"""What a notice of a kind is called, where not by the name of the kind."""
SET_UP = "system:scenario"
"""Who writes down what the scenario states."""


def name_of(action: Action) -> str:
    """What the timeline calls an event of the ledger."""
    return EVENTS.get(action, action.value)


def meant_by(event: Event) -> tuple[str, ...]:
    """Whom an event tells; of a place the team and the member who has it."""
    detail = event.detail
    if event.action is Action.NOTICE_FAILED:
        return (str(detail.get("person")),)
    if event.action in PLACES:
        return tuple(str(each) for each in (detail.get("team"), detail.get("member")) if each)
    return tuple(texts(detail.get("people")))


def why_of(event: Event, *, stated: bool) -> str:
    """Why it happened; `stated` says that the scenario gave the ticket its score."""
    if event.action is Action.SCORED:
        said = f"{event.detail.get('topic')} for {event.detail.get('team')}, {event.why}"
        return f"{said}; stated by the scenario" if stated else said
    if event.action is Action.RECEIVED:
        return f"a message through {event.detail.get('source')}"
    if event.action is Action.POLICY_PUBLISHED:
        return "another policy is in force"
    return event.why


def is_told_otherwise(event: Event) -> bool:
    """What another moment tells, what the scenario itself wrote down, and a try to tell somebody
    that failed at once.
    """
    first_policy = event.action is Action.POLICY_PUBLISHED and event.sequence == 1
    refused = event.action is Action.NOTICE_FAILED and not event.subject.startswith(TICKETS)
    left_out = event.action in LEFT_OUT
    return left_out or first_policy or refused or event.actor == SET_UP


def texts(value: object) -> list[str]:
    """The texts of a list; none of anything else."""
    return [str(each) for each in value] if isinstance(value, list) else []


def counted(kinds: Sequence[NoticeKind]) -> str:
    """How many notices of each kind a message holds, in words."""
    numbers = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    return ", ".join(f"{count} {_noun(kind, count)}" for kind, count in numbers.items())


def _noun(kind: NoticeKind, count: int) -> str:
    noun, of, more = NOUNS.get(kind, kind.value.replace("_", " ")).partition(" of ")
    plural = "" if count == 1 else "es" if noun.endswith("ch") else "s"
    return f"{noun}{plural}{of}{more}"
