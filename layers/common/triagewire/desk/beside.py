"""What is shown beside a ticket: who writes on it, the tickets it belongs with, and how its
requester is answered.
"""

from collections.abc import Iterable
from typing import TypedDict

from triagewire.desk.shapes import Line, When
from triagewire.desk.ticket_shapes import TicketView
from triagewire.flow.addressing import Addressed
from triagewire.ledger.event import Action
from triagewire.message import ReplyWay
from triagewire.policy.model import Site
from triagewire.replies.ways import Barred
from triagewire.writer import Writer


class WriterView(TypedDict):
    """A member who writes on a ticket, since when, and until when that is believed."""

    member: str
    name: str
    since: When
    until: When


class WritingView(TypedDict):
    """Who writes on a ticket, who began first, and what a person should know that has happened
    since the version that was named.
    """

    writing: list[WriterView]
    changed: list[Action]


class OnlyId(TypedDict):
    """A ticket that the caller may not see."""

    id: str


type Beside = Line | OnlyId


class ReplyWayView(TypedDict):
    """How a requester is answered: by which way to which address, and what keeps texts from going
    there, in a code (`barred`) and in words (`why`).
    """

    way: ReplyWay
    to: str
    barred: Barred | None
    why: str | None


class WholeTicketView(TicketView):
    """A ticket with all that stands beside it: who writes on it now, what was merged into it or is
    linked with it, and how its requester is answered (null: by telephone alone).
    """

    writing: list[WriterView]
    duplicates: list[Beside]
    reply: ReplyWayView | None


WHY_BARRED: dict[Barred, str | None] = {
    "": None,
    "bounced": "mail to this address came back for good: call them",
    "opted_out": "they asked for no more texts: call them",
    "complained": "they reported an automatic mail as unwanted",
}


def writing_view(writers: Iterable[Writer], site: Site) -> list[WriterView]:
    """Who writes, with their names; who has left the roster since is named by the id."""
    return [
        {
            "member": each.member,
            "name": site.members[each.member].name if each.member in site.members else each.member,
            "since": each.since.isoformat(),
            "until": each.until.isoformat(),
        }
        for each in writers
    ]


def reply_view(addressed: Addressed | None, barred: Barred) -> ReplyWayView | None:
    """How a requester is answered; None where only a telephone reaches them."""
    if addressed is None:
        return None
    return {
        "way": addressed.way,
        "to": addressed.to,
        "barred": barred or None,
        "why": WHY_BARRED[barred],
    }
