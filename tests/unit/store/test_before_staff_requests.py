"""What was stored before staff requests had fields reads as it did."""

import json
import zlib

import msgspec
import pytest

from tests.builders import a_message, a_site, a_ticket
from triagewire.message import Message
from triagewire.policy.model import Site
from triagewire.store.codec import pack, unpack
from triagewire.ticket import Ticket


def older(value: object, *names: str) -> bytes:
    """The value as it was written when its type had no such fields."""
    plain = json.loads(zlib.decompress(pack(value)))
    for name in names:
        inner, _, last = name.rpartition(".")
        del (plain[inner] if inner else plain)[last]
    return zlib.compress(msgspec.json.encode(plain))


@pytest.mark.parametrize(
    ("value", "kind", "names"),
    [
        (a_message(), Message, ("staff_request",)),
        (a_ticket(), Ticket, ("asked", "verdict.missing")),
        (a_site(), Site, ("intake", "replies.question")),
    ],
    ids=["message", "ticket", "policy of a site"],
)
def test_an_older_value_is_read_with_nothing_stated(
    value: object, kind: type[Message | Ticket | Site], names: tuple[str, ...]
) -> None:
    assert unpack(older(value, *names), kind) == value
