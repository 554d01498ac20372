"""The safety gate's synthetic tickets: the shipped ones, a file for each topic, and a group's own.

A file has `tickets`, by id, and may have `each`: what all its tickets share. A ticket is a text, or
a mapping of the fields below. Ids stand in reports and in the ledger, so they are made-up words.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from triagewire.arrival import Channel
from triagewire.channels.reading.staff import STAFF_FIELDS
from triagewire.errors import PolicyError
from triagewire.policy.document import Document, Place, overlay, read
from triagewire.policy.schema import problem_at
from triagewire.verdict import Urgency

type Ticket = Mapping[str, Any]

SECTIONS = ("each", "tickets")
FIELDS = frozenset(
    {
        "text",
        "subject",
        "voice",
        "language",
        "written_in",
        "speech",
        "context",
        "source",
        "channel",
        "staff_request",
        "sites",
        "red_flag",
        "family",
        "topic",
        "expect",
    }
)
"""`source`, `channel` and `staff_request` are what routing rules ask for beside the verdict, and
`sites` where a ticket is run (everywhere where it names none).
`language` is what a sender states and scoring is told. `written_in` only sorts the figures, and
`family` names the family of red flags (triage.md §4) that a ticket stands for. `topic` says what a
ticket is about: topics overlap, so only one that stands under `expect` keeps a policy out.
"""
EXPECTED = frozenset({"score", "team", "topic", "review", "queue"})


@cache
def shipped_tickets(folder: Path) -> Document:
    """All shipped tickets of a folder, read once. Raises PolicyError for an id in two files."""
    tickets: dict[str, Any] = {}
    origins: dict[Place, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        found = _spread(read(path, f"defaults/{folder.name}/{path.name}"), frozenset())
        for name in found.data["tickets"].keys() & tickets.keys():
            raise PolicyError((problem_at(found, ("tickets", name), "is in another file too"),))
        tickets |= found.data["tickets"]
        origins |= found.origins
    return Document(data={"tickets": tickets}, origins=origins)


def with_own(shipped: Document, own: Document) -> Document:
    """The shipped tickets under a group's own, which may add, change and (`id: null`) leave out.

    Raises PolicyError where the group touches a shipped red flag: a policy that is judged by
    tickets of its own choice alone would always be found safe.
    """
    spread = _spread(own, frozenset(shipped.data["tickets"]))
    touched = [
        problem_at(spread, ("tickets", name), "is a shipped red flag: give yours another name")
        for name in spread.data["tickets"]
        if (shipped.data["tickets"].get(name) or {}).get("red_flag")
    ]
    if touched:
        raise PolicyError(tuple(touched))
    return overlay(shipped, spread)


def kept_tickets(checks: Document) -> dict[str, Ticket]:
    """The tickets to run by id: those that nobody left out."""
    return {name: ticket for name, ticket in checks.data["tickets"].items() if ticket}


def topic_of(ticket: Ticket) -> str | None:
    """What a ticket is about, if it says so."""
    topic: str | None = ticket.get("topic") or ticket["expect"].get("topic")
    return topic


def ticket_problems(checks: Document) -> Iterator[str]:
    """Whether each is a ticket that checks something, one line for each that is not."""
    for name, ticket in kept_tickets(checks).items():
        known = isinstance(ticket, dict) and isinstance(ticket.get("expect"), dict)
        if not known or "text" not in ticket or set(ticket) - FIELDS or not ticket["expect"]:
            fields = ", ".join(sorted(FIELDS))
            yield problem_at(checks, ("tickets", name), f"needs text and expect of {fields}")
        elif set(ticket["expect"]) - EXPECTED:
            fields = ", ".join(sorted(EXPECTED))
            yield problem_at(checks, ("tickets", name, "expect"), f"may name {fields}")
        elif not _is_stated(ticket.get("staff_request")):
            fields = ", ".join(STAFF_FIELDS)
            yield problem_at(
                checks, ("tickets", name, "staff_request"), f"may hold texts of {fields}"
            )
        elif ticket.get("red_flag") and ticket["expect"].get("score") != Urgency.CLINICAL_URGENT:
            yield problem_at(checks, ("tickets", name, "expect"), "a red flag must expect score 5")


def strayed(checks: Document, sites: Collection[str]) -> Iterator[str]:
    """One line for each ticket that names a site which is not there, or a way in that is none."""
    for name, ticket in kept_tickets(checks).items():
        if ticket.get("channel") not in (None, *Channel):
            place = ("tickets", name, "channel")
            yield problem_at(checks, place, f"is none of {', '.join(Channel)}")
        named = ticket.get("sites")
        if named is not None and not (isinstance(named, list) and set(named) <= {*sites}):
            place = ("tickets", name, "sites")
            yield problem_at(checks, place, f"must be a list of {', '.join(sites)}")


def _is_stated(fields: object) -> bool:
    """Whether these are fields of a staff request, or none at all."""
    if fields is None:
        return True
    if not isinstance(fields, dict) or not set(fields) <= {*STAFF_FIELDS}:
        return False
    return all(isinstance(each, str) for each in fields.values())


def _spread(document: Document, shipped: frozenset[str]) -> Document:
    """Every ticket with what all of its file share, but for one that changes a shipped one: that
    would change more than it says.
    """
    each = document.data.get("each") or {}
    tickets = {
        name: _whole({} if name in shipped else each, ticket)
        for name, ticket in (document.data.get("tickets") or {}).items()
    }
    return Document(data={"tickets": tickets}, origins=document.origins)


def _whole(each: Ticket, ticket: object) -> object:
    if isinstance(ticket, str):
        return {**each, "text": ticket}
    if not isinstance(ticket, dict):
        return ticket
    whole = {**each, **ticket}
    if isinstance(ticket.get("expect"), dict) and isinstance(each.get("expect"), dict):
        whole["expect"] = {**each["expect"], **ticket["expect"]}
    return whole
