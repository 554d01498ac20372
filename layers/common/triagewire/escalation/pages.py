"""Pages: a clinical urgent ticket tells one step of people after the other, from the top again
after the last, until somebody says that they have heard.
"""

from dataclasses import replace
from datetime import datetime

from triagewire.escalation.ladders import begun, from_the_top, page_ladder
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.people import Around, Found, find, people_of
from triagewire.escalation.taken import Step, What, about, told, untold
from triagewire.ladder import Ladder, LadderStep
from triagewire.ledger.event import Action, Entry
from triagewire.ticket import Escalation, Ticket


def page(ticket: Ticket, around: Around) -> Step:
    """Page the next step of the ladder. An acknowledgement after which nobody worked has expired by
    then: the pages begin at the top again, and both stand in the ledger.
    """
    around = replace(around, reach=around.reach.pages)
    before = begun(ticket, around.site)
    ladder, at, expired = _from_where(before, ticket, around)
    steps = ladder.in_full
    insisted = _insisted(at, steps, ticket, around)
    if insisted and not insisted.people:
        return _all_heard(ticket, at, around)
    found = insisted or find(steps, at.step, ticket, around)
    if found is None:  # a ladder ends with the catch-all, who is always told
        raise ValueError("a ladder without its catch-all")
    what = What(
        kind=NoticeKind.PAGE,
        action=Action.PAGED,
        why=_why(before, expired=bool(expired), insisted=insisted is not None),
        again=bool(before.paged),
        first=expired,
    )
    after = replace(_counted(at, found, around.now), insisted=insisted is not None)
    return told(ticket, after, what, found, around)


def _from_where(
    told: Escalation, ticket: Ticket, around: Around
) -> tuple[Ladder, Escalation, tuple[Entry, ...]]:
    """The ladder of this moment and where it is climbed from: from its top after an expired
    acknowledgement, and when the site has opened or closed since the last page, for then it is
    another ladder, of whom nobody may have heard.
    """
    ladders = told.ladders
    if ladders is None:
        raise ValueError("an escalation without ladders")
    ladder = page_ladder(ladders, around.site, around.now)
    if told.acknowledged_at is not None:
        return ladder, from_the_top(without_acknowledgement(told)), (expiry(ticket, around),)
    last = page_ladder(ladders, around.site, told.paged_at) if told.paged_at else ladder
    return ladder, told if last == ladder else from_the_top(told), ()


def _insisted(
    told: Escalation, steps: tuple[LadderStep, ...], ticket: Ticket, around: Around
) -> Found | None:
    """The same step once more for those who are still to acknowledge it, once another one of it
    has; without people if they are not there any more. After that the ladder climbs: they sleep.
    """
    if not told.awaited or not told.heard_by or not told.step or told.insisted:
        return None
    index = min(told.step, len(steps)) - 1
    people, _ = people_of(steps[index], ticket, around)
    left = tuple(each for each in people if each not in told.heard_by)
    return Found(index=index, step=steps[index], people=left)


def _all_heard(ticket: Ticket, told: Escalation, around: Around) -> Step:
    """Who has not acknowledged is not there any more, and everybody else has."""
    after = replace(told, acknowledged_at=around.now, acknowledged_by=told.heard_by[-1])
    why = "everybody has heard the page who is still there"
    detail = {"people": list(told.heard_by), **about(ticket, around.now, None)}
    entry = Entry(action=Action.ACKNOWLEDGED, why=why, detail=detail)
    return untold(ticket, after, (entry,), around)


def _counted(told: Escalation, found: Found, now: datetime) -> Escalation:
    """The escalation after a page."""
    everyone = found.step.everyone
    return replace(
        told,
        pages=told.pages + 1,
        paged_at=now,
        step=found.index + 1,
        paged=tuple(dict.fromkeys((*told.paged, *found.people))),
        awaited=tuple(dict.fromkeys((*told.heard_by, *found.people))) if everyone else (),
        heard_by=told.heard_by if everyone else (),
    )


def _why(told: Escalation, *, expired: bool, insisted: bool) -> str:
    if expired:
        return "acknowledged, but nobody worked on it in time"
    if insisted:
        return "everybody of this step is to acknowledge"
    return (
        "nobody has acknowledged yet" if told.pages else "a clinical urgent message pages at once"
    )


def without_acknowledgement(told: Escalation) -> Escalation:
    """The escalation as if nobody had acknowledged."""
    return replace(told, acknowledged_at=None, acknowledged_by=None)


def expiry(ticket: Ticket, around: Around) -> Entry:
    """What the ledger says when an acknowledgement ends because nobody worked on the ticket."""
    return Entry(
        action=Action.ACKNOWLEDGEMENT_EXPIRED,
        why="acknowledged, but nobody worked on it in time",
        detail={
            "by": ticket.escalation.acknowledged_by,
            **about(ticket, around.now, None),
        },
    )
