"""The calendar of a site from a file, as `triagewire sla` takes it: in the policy's own format."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from triagewire.clock.calendar import Calendar, Holiday, Interval
from triagewire.errors import PolicyError
from triagewire.policy.calendars import opening_problems
from triagewire.policy.document import Document, overlay, read
from triagewire.policy.model import Site
from triagewire.policy.schema import fitting, problem_at

CALENDAR = ("zone", "hours", "holidays")
GROUP = ("group", "site")
NEEDED = {
    "zone": "is missing: name the IANA time zone of the site, such as America/New_York",
    "hours": "is missing: give the opening hours of each weekday, as a site file does",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What of a site file says when its time counts. `weeks` are the shifts of its members, in
    which a closure may close something too.
    """

    zone: str
    hours: Mapping[str, tuple[Interval, ...]]
    holidays: tuple[Holiday, ...] = ()
    weeks: tuple[Mapping[str, tuple[Interval, ...]], ...] = ()


def calendar_in(path: Path) -> Calendar:
    """The calendar of a file with `zone`, `hours` and `holidays`: one of its own, a whole site
    file, or a group.yaml that gives them under `site`.

    A site file in its policy folder gets what it does not say itself from the group.yaml there.
    Raises PolicyError naming file, line and field of everything wrong.
    """
    document = _read(path)
    group = path.parent.parent / "group.yaml"
    if path.parent.name == "sites" and group.is_file():
        document = overlay(_read(group), document)
    document = _opening(document)
    told = fitting(Opening, document)
    problems = tuple(
        problem_at(document, place, problem)
        for place, problem in opening_problems(told.zone, told.hours, told.holidays, told.weeks)
    )
    if problems:
        raise PolicyError(problems)
    return Calendar(zone=told.zone, week=told.hours, holidays=told.holidays)


def _read(path: Path) -> Document:
    """The fields of a site in a file, whose names are all known."""
    try:
        document = read(path, str(path))
    except OSError:
        raise PolicyError(
            (f"{path}:1: cannot be read: name a YAML file with a calendar",)
        ) from None
    known: tuple[str, ...] = tuple(each.name for each in fields(Site))
    if "site" in document.data:
        _require_known(document, GROUP)
        document = _inner(document, "site")
    _require_known(document, known)
    return document


def _require_known(document: Document, names: tuple[str, ...]) -> None:
    unknown = [name for name in document.data if name not in names]
    if unknown:
        raise PolicyError(
            tuple(
                f"{document.origin((name,))}: {name}: is no field of a site: "
                f"a calendar has {', '.join(CALENDAR)}"
                for name in unknown
            )
        )


def _inner(document: Document, name: str) -> Document:
    """What stands under one key, as a document of its own."""
    data = document.data[name]
    if not isinstance(data, dict):
        raise PolicyError((f"{document.origin((name,))}: {name}: must be a mapping",))
    origins = {place[1:]: at for place, at in document.origins.items() if place[:1] == (name,)}
    return Document(data=data, origins=origins)


def _opening(document: Document) -> Document:
    """Only what the clock reads; all of what it needs is there."""
    data = {name: document.data[name] for name in CALENDAR if name in document.data}
    missing = [name for name in NEEDED if data.get(name) is None]
    if missing:
        raise PolicyError(
            tuple(f"{document.origin(())}: {name}: {NEEDED[name]}" for name in missing)
        )
    members = document.data.get("members")
    everybody = members.values() if isinstance(members, dict) else ()
    data["weeks"] = [
        each["week"]
        for each in everybody
        if isinstance(each, dict) and isinstance(each.get("week"), dict)
    ]
    return Document(data=data, origins=document.origins)
