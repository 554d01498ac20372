"""A scenario file → a scenario; everything that is wrong in it is named by file, line and field."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from ops.simulation.moments import LONGEST, exact, moment, stretch
from ops.simulation.references import problems_in
from ops.simulation.scenario import KINDS, Deed, Happening, Scenario
from ops.simulation.sheet import Line, Said, Sheet
from triagewire.clock.calendar import Calendar
from triagewire.errors import PolicyError
from triagewire.policy.document import Document, Place, read
from triagewire.policy.load import load
from triagewire.policy.model import Policy
from triagewire.policy.schema import fitting, problem_at

STARTER = Path(__file__).parents[2] / "policy"
"""The policy of this repository, for who has none yet."""
HERE = Path("policy")
AFTER_THE_LAST = timedelta(hours=1)
"""How long a scenario goes on after its last event where it does not say it."""
MOST_MESSAGES = 10_000


def scenario_in(path: Path, policy: Path | None = None) -> Scenario:
    """The scenario of a file; a `policy` folder goes before the one that the file names.

    Raises PolicyError naming file, line and field of everything wrong.
    """
    try:
        document = read(path, str(path))
    except OSError:
        raise PolicyError(
            (f"{path}:1: cannot be read: name a YAML file with a scenario",)
        ) from None
    sheet = fitting(Sheet, document)
    begins_with = policy or _policy_folder(path, sheet)
    reader = _Reader(document, path.parent, sheet)
    reader.load(begins_with, ("policy",))
    scenario = None if reader.problems else reader.scenario(str(begins_with))
    if scenario is None or reader.problems:
        raise PolicyError(tuple(dict.fromkeys(reader.problems)))
    return scenario


def _policy_folder(path: Path, sheet: Sheet) -> Path:
    if sheet.policy:
        return Path(os.path.normpath(path.parent / sheet.policy))
    return HERE if HERE.is_dir() else STARTER


@dataclass(slots=True)
class _Reader:
    """One reading: what was found wrong so far, and the policies that were named."""

    document: Document
    folder: Path
    sheet: Sheet
    problems: list[str] = field(default_factory=list)
    policies: dict[str, Policy] = field(default_factory=dict)

    def load(self, folder: Path, place: Place) -> None:
        """Read a policy that the scenario is played with."""
        if not folder.is_dir():
            self.refuse(place, "is no directory: name a policy folder, seen from this file")
        elif str(folder) not in self.policies:
            try:
                self.policies[str(folder)] = load(folder).policy
            except PolicyError as error:
                self.problems += error.problems

    def refuse(self, place: Place, problem: str) -> None:
        """Note what is wrong at a place."""
        self.problems.append(problem_at(self.document, place, problem))

    def scenario(self, begins_with: str) -> Scenario | None:
        """The scenario, as far as nothing was wrong."""
        site = self._site(self.policies[begins_with])
        if site is None:
            return None
        calendar = self.policies[begins_with].sites[site].calendar
        starts = self._moment(("starts",), self.sheet.starts, None, calendar)
        if starts is None:
            return None
        found = [
            happening
            for at, line in enumerate(self.sheet.events)
            for happening in self._happenings(at, line, site, starts, calendar)
        ]
        if any(each.at > starts + LONGEST for each in found):
            self.refuse(("events",), f"must all be within {LONGEST.days} days of the start")
            return None
        happenings = tuple(sorted(found, key=lambda each: each.at))
        return Scenario(
            about=self.sheet.about,
            site=site,
            starts=starts,
            ends=self._end(happenings, starts, calendar),
            happenings=happenings,
            policy=begins_with,
            policies=self.policies,
        )

    def _site(self, policy: Policy) -> str | None:
        named = self.sheet.site or (next(iter(policy.sites)) if len(policy.sites) == 1 else "")
        if named in policy.sites:
            return named
        self.refuse(("site",), f"must be one of the policy's sites: {', '.join(policy.sites)}")
        return None

    def _happenings(
        self, number: int, line: Line, site: str, starts: datetime, calendar: Calendar
    ) -> Iterator[Happening]:
        place: Place = ("events", number)
        kinds = [kind for kind in KINDS if getattr(line, kind) is not None]
        if len(kinds) != 1:
            self.refuse(place, f"needs exactly one of {', '.join(KINDS)}")
            return
        at = self._moment((*place, "at"), line.at, starts, calendar)
        if at is None:
            return
        (kind,) = kinds
        deed: Deed = getattr(line, kind)
        inner = (*place, kind)
        if isinstance(deed, str):
            deed = os.path.normpath(self.folder / deed)
            self.load(Path(deed), inner)
        until = getattr(deed, "until", "")
        ends = self._moment((*inner, "until"), until, at, calendar) if until else None
        where = getattr(deed, "site", "") or site
        happening = Happening(at=at, kind=kind, deed=deed, site=where, until=ends)
        for inside, problem in problems_in(happening, self.sheet, self.policies):
            self.refuse((*inner, *inside), problem)
        yield from self._each(happening, number, inner)

    def _each(self, happening: Happening, number: int, place: Place) -> Iterator[Happening]:
        """The event; of messages that come as a flood, each by itself."""
        said = happening.deed
        if not isinstance(said, Said):
            yield happening
            return
        said = replace(said, name=said.name or f"message-{number + 1}")
        if said.count == 1:
            yield replace(happening, deed=said)
            return
        if not 1 <= said.count <= MOST_MESSAGES:
            self.refuse((*place, "count"), f"must be a number from 1 to {MOST_MESSAGES}")
            return
        try:
            every = stretch(said.every)
        except ValueError as error:
            self.refuse((*place, "every"), str(error))
            return
        if said.count * every > LONGEST:
            self.refuse((*place, "every"), f"must be so that all come within {LONGEST.days} days")
            return
        for each in range(said.count):
            one = replace(said, name=f"{said.name}-{each + 1}", count=1)
            yield replace(happening, at=happening.at + each * every, deed=one)

    def _moment(
        self, place: Place, text: str, since: datetime | None, calendar: Calendar
    ) -> datetime | None:
        """The instant that a text names, not before `since`; None when something is wrong."""
        try:
            at = exact(text, calendar) if since is None else moment(text, since, calendar)
        except ValueError as error:
            self.refuse(place, str(error))
            return None
        if since is not None and at < since:
            self.refuse(place, "must not be before what it follows on")
            return None
        return at

    def _end(
        self, happenings: tuple[Happening, ...], starts: datetime, calendar: Calendar
    ) -> datetime:
        last = max((each.at for each in happenings), default=starts)
        name = "ends" if self.sheet.ends else "lasts"
        if self.sheet.ends and self.sheet.lasts:
            self.refuse(("lasts",), "says it twice: leave out ends or lasts")
        stated = self.sheet.ends or (self.sheet.lasts and f"+{self.sheet.lasts}")
        if not stated:
            return last + AFTER_THE_LAST
        ends = self._moment((name,), stated, starts, calendar) or last
        if ends < last:
            self.refuse((name,), "is before the last event: let it go on for longer")
        if ends > starts + LONGEST:
            self.refuse((name,), f"must be within {LONGEST.days} days of the start")
        return ends
