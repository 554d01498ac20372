"""Scenarios as values, in the clinic of the builders: a test names only what happens in it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ops.simulation.play import play
from ops.simulation.scenario import Deed, Happening, Scenario
from ops.simulation.sheet import Act, Said
from ops.simulation.timeline import Moment, Timeline
from tests.builders import AT_NIGHT, a_policy, a_site, minutes
from triagewire.ladder import Way
from triagewire.policy.model import Policy, Site

WAYS = {
    "dr-okafor": {Way.PAGER: "https://pager.clinic.example/okafor", Way.SMS: "+15550100201"},
    "nora": {Way.SMS: "+15550100202"},
    "director": {Way.SMS: "+15550100203"},
}
CHEST_PAIN = Said(name="pain", source="portal", score=5)
"""A message that is clinical urgent, whatever its words."""
BILL = Said(name="bill", source="portal", score=2, team="billing")


def a_clinic(**changes: Any) -> Site:  # noqa: ANN401
    """The site of the builders, whose people on the night's ladder have ways of their own."""
    site = a_site(**changes)
    members = {
        name: replace(member, ways=WAYS.get(name, {})) for name, member in site.members.items()
    }
    return replace(site, members=members)


def happening(after: float, deed: Deed, kind: str = "message", until: float = 0) -> Happening:
    """Something `after` so many minutes, which lasts until so many minutes after the start."""
    ends = AT_NIGHT + minutes(until) if until else None
    return Happening(at=AT_NIGHT + minutes(after), kind=kind, deed=deed, site="north", until=ends)


def act(after: float, kind: str, by: str, ticket: str = "pain") -> Happening:
    """A member does something with a ticket."""
    return happening(after, Act(ticket=ticket, by=by), kind)


def played(
    *happenings: Happening,
    lasts: timedelta = timedelta(hours=1),
    policy: Policy | None = None,
    starts: datetime = AT_NIGHT,
) -> Timeline:
    """What happens in the builders' clinic, from two o'clock at night unless said otherwise."""
    return play(
        Scenario(
            about="",
            site="north",
            starts=starts,
            ends=starts + lasts,
            happenings=happenings,
            policy="clinic",
            policies={"clinic": policy or a_policy(a_clinic())},
        )
    )


def of(timeline: Timeline, *events: str) -> list[Moment]:
    """The moments of some kinds."""
    return [each for each in timeline.moments if each.event in events]


def told(timeline: Timeline, *events: str) -> list[tuple[float, str]]:
    """Who was meant by the moments of some kinds, and how many minutes after two o'clock."""
    return [(_after(each), person) for each in of(timeline, *events) for person in each.to]


def _after(moment: Moment) -> float:
    return (moment.at - AT_NIGHT) / timedelta(minutes=1)


def names(moments: Sequence[Moment]) -> list[str]:
    """The kinds of some moments."""
    return [each.event for each in moments]
