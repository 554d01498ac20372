"""`triagewire sla`: when a promise is due, how much of it has gone, and why. Needs no AWS.

What `due` and `elapsed` print is a contract: evaluations script on it. Both ask the engine that
the functions use.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from ops.calendar_file import calendar_in
from triagewire.clock.calendar import MOST_OPEN_TIME, Calendar, instant
from triagewire.clock.explain import in_words
from triagewire.clock.promise import CalendarKind, Clock, Pause
from triagewire.clock.sla import counted, recompute, start_clock
from triagewire.errors import InvalidFieldError, TriagewireError

USAGE = 2
YEARS = range(1970, 2200)
MINUTE = timedelta(minutes=1)
TIMES = (
    "Times are ISO 8601. With an offset, as 2026-03-02T09:00-05:00, they are that instant; "
    "without one they are read on the site's own clock."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, purpose in (
        ("due", "when a target has gone: prints {due}"),
        ("elapsed", "how many minutes counted: prints {elapsed_minutes}"),
        ("explain", "every stretch of time in words: what counted, and what did not"),
    ):
        action = actions.add_parser(name, help=purpose, description=purpose, epilog=TIMES)
        action.add_argument(
            "--calendar",
            type=Path,
            required=True,
            metavar="FILE",
            help="YAML with zone, hours and holidays as a site of the policy has them",
        )
        action.add_argument("--start", required=True, metavar="ISO", help="when the clock started")
        if name == "elapsed":
            action.add_argument("--end", required=True, metavar="ISO", help="until when it counts")
        else:
            action.add_argument(
                "--target", required=True, metavar="MINUTES", help="promised minutes of open time"
            )
        action.add_argument(
            "--pause",
            action="append",
            default=[],
            metavar="ISO..ISO",
            help="a wait that does not count; may be given again, in order",
        )
        if name == "explain":
            action.add_argument("--at", metavar="ISO", help="say how it stands at this time too")


def run(args: argparse.Namespace) -> int:
    """0 with the answer on stdout; 2 with what to mend on stderr, and nothing on stdout."""
    try:
        print(_answer(args))
    except TriagewireError as error:
        print(error, file=sys.stderr)
        return USAGE
    return 0


def _answer(args: argparse.Namespace) -> str:
    calendar = calendar_in(args.calendar)
    start = _time("--start", args.start, calendar)
    pauses = _pauses(args.pause, start, calendar)
    if args.action == "elapsed":
        end = _time("--end", args.end, calendar)
        if end < start:
            raise InvalidFieldError("--end", "is before --start: give a later time")
        gone = counted(_clock(1, calendar, start, pauses), calendar, end)
        return json.dumps({"elapsed_minutes": _minutes(gone)})
    clock = _clock(_target(args.target), calendar, start, pauses)
    if args.action == "explain":
        at = None if args.at is None else _time("--at", args.at, calendar)
        if at is not None and at < start:
            raise InvalidFieldError("--at", "is before --start: give a later time")
        return "\n".join(in_words(clock, calendar, at))
    return json.dumps({"due": clock.due_at.isoformat()})


def _clock(target: int, calendar: Calendar, start: datetime, pauses: tuple[Pause, ...]) -> Clock:
    running = start_clock(target, calendar, start, kind=CalendarKind.SITE)
    return recompute(replace(running, pauses=pauses), calendar)


def _target(given: str) -> int:
    try:
        target = int(given)
    except ValueError:
        raise InvalidFieldError("--target", "must be a whole number of minutes") from None
    if target < 1:
        raise InvalidFieldError("--target", "must be one minute or more")
    if target > MOST_OPEN_TIME // MINUTE:
        raise InvalidFieldError("--target", f"must be at most {MOST_OPEN_TIME // MINUTE} minutes")
    return target


def _pauses(given: Sequence[str], start: datetime, calendar: Calendar) -> tuple[Pause, ...]:
    pauses = []
    for each in given:
        begins, between, ends = each.partition("..")
        if not between:
            raise InvalidFieldError("--pause", "must be two times with .. between them")
        pauses.append(
            Pause(begins=_time("--pause", begins, calendar), ends=_time("--pause", ends, calendar))
        )
    if any(pause.ends < pause.begins for pause in pauses):
        raise InvalidFieldError("--pause", "ends before it begins: give the earlier time first")
    if any(later.begins < earlier.begins for earlier, later in pairwise(pauses)):
        raise InvalidFieldError("--pause", "pauses are out of order: give the earliest one first")
    if any(later.begins < earlier.ends for earlier, later in pairwise(pauses)):
        raise InvalidFieldError("--pause", "two pauses overlap: give them as one")
    if pauses and pauses[0].begins < start:
        raise InvalidFieldError("--pause", "begins before --start: only a running clock can pause")
    return tuple(pauses)


def _time(name: str, given: str, calendar: Calendar) -> datetime:
    try:
        at = datetime.fromisoformat(given.strip())
    except ValueError:
        raise InvalidFieldError(
            name, "must be an ISO time such as 2026-03-02T09:00-05:00"
        ) from None
    if at.year not in YEARS:
        raise InvalidFieldError(name, f"must be in the years {YEARS.start} to {YEARS.stop - 1}")
    return instant(calendar, at) if at.tzinfo is None else at.astimezone(UTC)


def _minutes(gone: timedelta) -> int | float:
    whole, rest = divmod(gone, MINUTE)
    return whole if not rest else gone / MINUTE
