"""Reports of the desk as the bucket keeps them: which there are, and what they hold.

A site's are for who oversees it, those of all sites together for who oversees each of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from triagewire.access import EVERY_TEAM, Principal
from triagewire.errors import ConflictError, DeniedError, NotFoundError
from triagewire.flow.context import Context, Plan
from triagewire.ledger.event import Action, Entry
from triagewire.measures.due import GROUP, Each, folder
from triagewire.store.exports import exported

ATTEMPTS = 5
OLDEST_YEAR = 2000
AHEAD = timedelta(days=8)
"""No report is newer than the week that begins then, in whatever zone."""
JSON = "json"


class FileFormat(StrEnum):
    """What else a report is written as."""

    HTML = "html"
    CSV = "csv"
    PDF = "pdf"


PAGES = {Each.DAILY: timedelta(days=92), Each.WEEKLY: timedelta(weeks=53)}
"""How much time one page of a list is about: a season of days, a year of weeks."""


class Box(Protocol):
    """The bucket of reports, as `reports.ReportBox` is one."""

    def read(self, key: str) -> bytes | None:
        """The bytes of an object; None where there is none."""

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """The keys under a prefix that sort after one, in order."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The reports of one page, the newest first, each with the formats of its files; and before
    which name the next page ends, None where nothing is older.
    """

    reports: Mapping[str, tuple[FileFormat, ...]]
    older: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One report: of a site or `GROUP`, and its name (`2026-03-02`, `2026-W10`)."""

    site: str
    kind: Each
    name: str

    def key(self, ending: str) -> str:
        """Its key in the bucket."""
        return f"{folder(self.site, self.kind)}{self.name}.{ending}"


def named(site: str, kind: str, name: str) -> Named:
    """What the parts of a path name. Raises NotFoundError for what no report can be called."""
    if kind not in Each or _begins(Each(kind), name) is None:
        raise NotFoundError("no such report")
    return Named(site=site, kind=Each(kind), name=name)


def may_oversee(principal: Principal, site: str) -> None:
    """Raise NotFoundError unless somebody oversees a site."""
    if site != GROUP:
        principal.site(site)
    if not oversees(principal, site):
        raise DeniedError("no such site", site=site)


def oversees(principal: Principal, site: str) -> bool:
    """Whether somebody sees all teams of a site by a role of theirs, or of every site for `GROUP`;
    emergency access is none.
    """
    sites = principal.policy.sites
    wanted = sites.values() if site == GROUP else (sites[site],)
    members = [each.members.get(principal.id) for each in wanted]
    return bool(members) and all(each and EVERY_TEAM & {*each.roles} for each in members)


def reports_of(
    context: Context, principal: Principal, box: Box, kind: Each, site: str, before: str = ""
) -> Listed:
    """A page of the reports of a site that end before a name, by default all. Raises NotFoundError
    for who may not see them, and for a name that no report can have.
    """
    may_oversee(principal, site)
    until = before or _name(kind, context.now + AHEAD)
    begins = _begins(kind, until)
    if begins is None:
        raise NotFoundError("no such report")
    since, below = _name(kind, begins - PAGES[kind]), folder(site, kind)
    endings = _endings(box, below, since, until)
    oldest = next((key.removeprefix(below) for key in box.keys(below)), until)
    return Listed(
        reports={
            name: tuple(each for each in FileFormat if each in endings[name])
            for name in sorted(endings, reverse=True)
            if JSON in endings[name]
        },
        older=since if oldest < since else None,
    )


def read_report(principal: Principal, box: Box, wanted: Named) -> bytes:
    """A report as `measures.encoded` writes them. Raises NotFoundError for who may not see it, and
    where there is none.
    """
    may_oversee(principal, wanted.site)
    return _read(box, wanted.key(JSON))


def files_of(box: Box, wanted: Named) -> tuple[FileFormat, ...]:
    """The formats of a report's files."""
    stem = wanted.key("")
    endings = {key.removeprefix(stem) for key in box.keys(stem)}
    return tuple(each for each in FileFormat if each in endings)


def take_file(
    context: Context, principal: Principal, box: Box, wanted: Named, form: FileFormat
) -> bytes:
    """A report as a file; the ledger has who took it before they have it. Raises NotFoundError for
    who may not see it and where there is none, and ConflictError.
    """
    may_oversee(principal, wanted.site)
    body = _read(box, wanted.key(form))
    detail = {"site": wanted.site, "report": f"{wanted.kind}/{wanted.name}", "format": form.value}
    entry = Entry(action=Action.EXPORTED, why="a report as a file", detail=detail)
    for around in context.tries(ATTEMPTS):
        try:
            writes = exported(around.tables, wanted.site, entry, around.stamp)
            Plan(writes=writes).commit(around)
        except ConflictError:
            continue
        return body
    raise ConflictError("others take files at the same time: try again")


def _read(box: Box, key: str) -> bytes:
    body = box.read(key)
    if body is None:
        raise NotFoundError("no such report")
    return body


def _endings(box: Box, below: str, since: str, until: str) -> dict[str, set[str]]:
    """What files there are of each report from one name until before another."""
    found: dict[str, set[str]] = {}
    for key in box.keys(below, below + since):
        name, _, ending = key.removeprefix(below).partition(".")
        if name >= until:
            break
        found.setdefault(name, set()).add(ending)
    return found


def _name(kind: Each, at: datetime) -> str:
    return kind.name_of(kind.of(at.date()))


def _begins(kind: Each, name: str) -> datetime | None:
    """The first day of a report by its name; None for what is no name of one."""
    form = "%G-W%V-%u" if kind is Each.WEEKLY else "%Y-%m-%d"
    try:
        day = datetime.strptime(f"{name}-1" if kind is Each.WEEKLY else name, form)  # noqa: DTZ007
    except ValueError:
        return None
    return day if day.year >= OLDEST_YEAR and _name(kind, day) == name else None
