"""The safety gate's synthetic tickets: the shipped ones, a file for each topic, and a group's own.

A file has `tickets`, by id, and may have `each`: what all its tickets share. A ticket is a text, or
a mapping of the fields below. Ids stand in reports and in the ledger, so they are made-up words.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

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
        "red_flag",
        "family",
        "topic",
        "expect",
    }
)
"""`language` is what a sender states and scoring is told. `written_in` only sorts the figures, and
`family` names the family of red flags (triage.md §4) that a ticket stands for. `topic` says what a
ticket is about: topics overlap, so only one that stands under `expect` keeps a policy out.
"""
EXPECTED = frozenset({"score", "team", "topic", "review"})


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
        elif ticket.get("red_flag") and ticket["expect"].get("score") != Urgency.CLINICAL_URGENT:
            yield problem_at(checks, ("tickets", name, "expect"), "a red flag must expect score 5")


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
