"""A scenario as it is played: what happens, in order, and the policies that it is played with."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from ops.simulation.sheet import (
    Act,
    Away,
    Back,
    Crash,
    Line,
    Outage,
    Said,
    Stop,
    Unsubscribed,
)
from triagewire.policy.model import Policy

type Deed = Said | Act | Away | Back | Outage | Unsubscribed | Stop | Crash | str
"""What one event does; the text is the folder of another policy."""

KINDS = tuple(each.name for each in fields(Line) if each.name != "at")
"""What an event can be, in the order of the documentation."""
ACTS = tuple(each.name for each in fields(Line) if each.name in KINDS[1 : KINDS.index("away")])
"""What staff do with a ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event at its instant (UTC). `until` is when what it begins is over, for those events that
    say so; `site` is where it happens.
    """

    at: datetime
    kind: str
    deed: Deed
    site: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario that was read and found to make sense. `policies` holds by its folder every policy
    that it is played with, `policy` is the one that it begins with.
    """

    about: str
    site: str
    starts: datetime
    ends: datetime
    happenings: tuple[Happening, ...]
    policy: str
    policies: Mapping[str, Policy]
