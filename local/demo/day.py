"""The clinic day as data: messages of invented people, each labelled with what must happen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

FOLDER = Path(__file__).parent / "day"
DATES = {"mon": date(2026, 3, 2), "tue": date(2026, 3, 3)}
ZONES = {
    "riverside": ZoneInfo("America/New_York"),
    "mesa": ZoneInfo("America/Los_Angeles"),
}
STARTS = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
"""Monday 5:30 in New York: an ordinary week, with no change of the clocks in it."""
ENDS = datetime(2026, 3, 3, 13, 30, tzinfo=UTC)
"""Tuesday 8:30 in New York: the night is over and the first site works off its morning queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An invented person. `staff` is the chat name of one who works here and has no record.

    `only_in_record` are medicines that no message states and only the EHR's record knows.
    """

    name: str
    mrn: str = ""
    born: date | None = None
    phone: str = ""
    email: str = ""
    conditions: tuple[str, ...] = ()
    medications: tuple[str, ...] = ()
    only_in_record: tuple[str, ...] = ()
    staff: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The label: only what is set is checked. `reply` is a template, `article:<id>`, or none.

    `joins` names the message on whose ticket it must land, `then` what that ticket becomes by it:
    `review`, `same` or `told` (what we asked was answered). `rule` is a reason that its verdict
    must name, `linked` the team that gets its second need, `reader` who gets it for its language.
    `parted_from` names the message with which it was merged until a person undid that.
    """

    score: int | None = None
    team: str | None = None
    review: bool = False
    reply: str = ""
    duplicate_of: str = ""
    joins: str = ""
    then: str = ""
    rule: str = ""
    linked: str = ""
    reader: str = ""
    parted_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPlan:
    """How staff treat a ticket where they do not just work it off; times in minutes.

    `after` is when they come to it, `leave` never. `decide` is what a review finds, `handoff` the
    team that a misrouted ticket should have gone to, `moves` the teams between which it goes round.
    `answer` is when they call the requester, `wait` for whom they let it wait until `resume`.
    `owner_leaves` lets its owner go home before they have seen it; `part` undoes its merge.
    `reply` is what they write instead of calling, `undo` first takes back a slip of theirs, and
    `tap` is how its requester says they were served, with a `comment`.
    """

    after: int | None = None
    leave: bool = False
    acknowledge_after: int = 3
    decide: Mapping[str, Any] = field(default_factory=dict)
    handoff: str = ""
    moves: tuple[str, ...] = ()
    answer: int = 0
    wait: str = ""
    resume: int = 0
    owner_leaves: bool = False
    part: bool = False
    reply: str = ""
    undo: bool = False
    tap: int = 0
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMessage:
    """One message of the day. `writer` wrote it about `patient`, who mostly is the same person.

    Its sender repeats the webhook `again_after` minutes, or sends it `at_once` times in parallel.
    It continues the conversation of the message `after`; a mail that `answers` goes to the address
    that our question to that message named, which is `to`. `file` is an attachment's name. `model`
    is how the assistant's model takes it: `honest`, `talked_round` or `slow`.
    """

    id: str
    site: str
    at: datetime
    by: str
    kind: str
    text: str
    writer: Person
    patient: Person
    subject: str = ""
    language: str = ""
    speech: float | None = None
    next_appointment: str = ""
    after: str = ""
    answers: str = ""
    to: str = ""
    file: str = ""
    model: str = ""
    again_after: int = 0
    at_once: int = 1
    expected: Expected = field(default_factory=Expected)
    staff: StaffPlan = field(default_factory=StaffPlan)


def people() -> dict[str, dict[str, Person]]:
    """Everybody of the day by site and key."""
    data = _read("people")
    return {
        site: {key: _person(each) for key, each in persons.items()}
        for site, persons in data.items()
    }


def messages() -> tuple[DayMessage, ...]:
    """The messages of all sites in the order in which they are sent."""
    everybody = people()
    found = [
        _message(each, site, everybody[site]) for site in sorted(everybody) for each in _read(site)
    ]
    return tuple(sorted(found, key=lambda message: (message.at, message.id)))


def words_of_people() -> Iterator[str]:
    """Every name, number and address that no notice and no log may show."""
    for persons in people().values():
        for person in persons.values():
            if not person.staff:
                yield from filter(None, (person.name, person.mrn, person.phone, person.email))


def _read(name: str) -> Any:  # noqa: ANN401
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


_LISTS = ("conditions", "medications", "only_in_record")


def _person(given: Mapping[str, Any]) -> Person:
    lists = {name: tuple(given.get(name, ())) for name in _LISTS}
    return Person(**{**given, **lists})


def _message(given: Mapping[str, Any], site: str, persons: Mapping[str, Person]) -> DayMessage:
    rest = dict(given)
    writer = persons[rest.pop("from")]
    about = rest.pop("for", None)
    return DayMessage(
        site=site,
        at=_moment(rest.pop("at"), ZONES[site]),
        writer=writer,
        patient=persons[about] if about else writer,
        expected=Expected(**rest.pop("expect")),
        staff=StaffPlan(**rest.pop("staff", {})),
        **rest,
    )


def _moment(text: str, zone: ZoneInfo) -> datetime:
    day, clock = text.split()
    return datetime.combine(DATES[day], time.fromisoformat(clock), zone).astimezone(UTC)
