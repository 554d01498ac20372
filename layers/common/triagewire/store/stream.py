"""Records of the ticket table's stream, as the new messages and facts that they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triagewire.message import Delivery
from triagewire.store import facts
from triagewire.store.messages import PREFIX
from triagewire.store.tickets import ticket_pk


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message that was just added; `outbound` ones wait to be sent."""

    pk: str
    sk: str
    ticket_id: str
    at: datetime
    outbound: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFact:
    """A fact that was just stored, to be recorded on its ticket."""

    pk: str
    sk: str


def new_item(record: Mapping[str, Any]) -> NewMessage | NewFact:
    """Read an INSERT record. Raises KeyError or ValueError for what is no message and no fact."""
    keys = record["dynamodb"]["Keys"]
    if keys["sk"]["S"].startswith(facts.PREFIX):
        return NewFact(pk=keys["pk"]["S"], sk=keys["sk"]["S"])
    return new_message(record)


def new_message(record: Mapping[str, Any]) -> NewMessage:
    """Read an INSERT record of a message. Raises KeyError or ValueError for anything else."""
    keys = record["dynamodb"]["Keys"]
    pk, sk = keys["pk"]["S"], keys["sk"]["S"]
    image = record["dynamodb"]["NewImage"]
    return NewMessage(
        pk=pk,
        sk=sk,
        ticket_id=pk.removeprefix(ticket_pk("")),
        at=datetime.fromisoformat(sk.removeprefix(PREFIX).split("#")[0]),
        outbound=image["delivery"]["S"] != Delivery.NONE.value,
    )
