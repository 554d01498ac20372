"""What in a ledger is news to a person who decides: not who looked, nor what the system told."""

from collections.abc import Iterable

from triagewire.ledger.event import Action, Event

NO_NEWS = frozenset(
    {
        Action.VIEWED,
        Action.DENIED,
        Action.LABELLED,
        Action.PAGED,
        Action.REMINDED,
        Action.BREACHED,
        Action.ESCALATED,
        Action.FOREWARNED,
        Action.MUTED,
        Action.ACKNOWLEDGEMENT_EXPIRED,
        Action.TOLD,
        Action.NOTICE_FAILED,
        Action.NOTICE_DROPPED,
        Action.HELD,
        Action.REPAIRED,
        Action.BOUNCED,
        Action.RECLOCKED,
        Action.REPLY_QUEUED,
        Action.REPLY_WITHHELD,
        Action.REPLY_SENT,
        Action.HANDED_TO_PROGRAM,
        Action.TAKEN_BACK,
        Action.PURGE_TIMED,
        Action.SURVEYED,
        Action.RATED,
    }
)
"""A look, a page and an automatic text change nothing that a decision rests on, nor does it how
people are told. All else does, also an action that is added later.
"""


REPLIED = "replied"
"""Why an answer counts as given: a written one has left. That it was written was the news."""


def news(events: Iterable[Event]) -> tuple[Action, ...]:
    """What happened that a person should know before they decide, in order and each once."""
    found = (event.action for event in events if _is_news(event))
    return tuple(dict.fromkeys(found))


def _is_news(event: Event) -> bool:
    left = event.action is Action.RESPONDED and event.why == REPLIED
    return event.action not in NO_NEWS and not left
