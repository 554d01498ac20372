"""Where a ticket has been and in whose hands: rebuilt from its ledger alone.

A *handoff* is that a ticket leaves the hands of its owner or the queue of a team. Not one of them:
that it gets its first place, that somebody takes or is given what nobody holds, that it is given
again to who holds it (a worse message, a reopening). So a return to the queue is one, and giving it
anew is no second one. A *bounce* is a person's move from team to team; into review and out of it is
none, unless review sends it back to the team that had asked it. A *misroute* is a bounce because
the first route was wrong. That a person moved it stands on the event, for only they know why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from triagewire.ledger.event import Action, Detail, Entry, Event

ASSIGNING = frozenset(
    {Action.ROUTED, Action.CLAIMED, Action.RETURNED, Action.ANSWERED, Action.UNMERGED}
)
"""The events that say where a ticket stands from then on; each has its team and member."""


class Place(NamedTuple):
    """The queue that a ticket stands in and its owner, if it has one."""

    team: str | None
    member: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One assignment: where the ticket stood from `at` (UTC), who caused it, and why. `sent` says
    that a person moved it there.
    """

    at: datetime
    actor: str
    team: str | None
    member: str | None
    why: str
    handoff: bool
    sent: bool = False

    @property
    def place(self) -> Place:
        """Where it stood."""
        return Place(self.team, self.member)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All assignments of a ticket in order, and how often it was passed on."""

    legs: tuple[Leg, ...]
    misroutes: int
    bounces: int

    @property
    def handoffs(self) -> int:
        """How often it left the hands of an owner or the queue of a team."""
        return sum(leg.handoff for leg in self.legs)

    @property
    def sent_by(self) -> str | None:
        """The team from which a person sent it to the queue where it stands; None if nobody did."""
        for leg, before in pairwise(reversed(self.legs)):
            if leg.team != before.team:
                return before.team if leg.sent else None
        return None


def routes_of(events: Iterable[Event]) -> History:
    """The route history that a ticket's events tell."""
    legs: list[Leg] = []
    misroutes = bounces = 0
    held: Place | None = None
    sent = False
    for event in events:
        sent = sent or event.action is Action.REASSIGNED
        misroutes += _marked(event, "misroute")
        bounces += _marked(event, "bounce")
        if event.action is Action.MERGED:
            held = None  # it is a part of another one: what comes after an unmerge is a first place
        if event.action in ASSIGNING:
            legs.append(_leg(event, held, sent=sent))
            held, sent = legs[-1].place, False
    return History(legs=tuple(legs), misroutes=misroutes, bounces=bounces)


def handoffs_in(held: Place | None, entries: Iterable[Entry | Event]) -> int:
    """How many handoffs the entries of one change are, for a ticket that stood at `held`; None for
    one that had no place yet.
    """
    count = 0
    for entry in entries:
        if entry.action in ASSIGNING:
            taken = place_of(entry.detail)
            count += _leaves(held, taken)
            held = taken
    return count


def _leg(event: Event, before: Place | None, *, sent: bool) -> Leg:
    place = place_of(event.detail)
    return Leg(
        at=event.at,
        actor=event.actor,
        team=place.team,
        member=place.member,
        why=event.why,
        handoff=_leaves(before, place),
        sent=sent,
    )


def _leaves(held: Place | None, taken: Place) -> bool:
    if held is None:
        return False
    return held.team != taken.team or held.member not in (None, taken.member)


def place_of(detail: Mapping[str, Detail]) -> Place:
    """Where an event of `ASSIGNING` puts a ticket."""
    return Place(_name(detail, "team"), _name(detail, "member"))


def _name(detail: Mapping[str, Detail], key: str) -> str | None:
    value = detail.get(key)
    return value if isinstance(value, str) and value else None


def _marked(event: Event, mark: str) -> bool:
    return event.action is Action.REASSIGNED and event.detail.get(mark) is True
