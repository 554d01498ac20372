"""A ledger's surroundings in memory: a locked bucket, a signing key, records of the stream."""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.builders import MONDAY_MORNING
from triagewire.ledger.event import Event
from triagewire.lockbox import Stored
from triagewire.signing import key_id, pem
from triagewire.store.ledger import _put


@dataclass(slots=True)
class MemoryBox:
    """A locked bucket; `now` is what its clock says."""

    now: datetime = MONDAY_MORNING
    bodies: dict[str, bytes] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)

    def put_once(self, key: str, body: bytes) -> bool:
        """Store an object where none is."""
        if key in self.bodies:
            return False
        self.bodies[key], self.times[key] = body, self.now
        return True

    def read(self, key: str) -> bytes:
        """The bytes of an object."""
        return self.bodies[key]

    def read_all(self, keys: Iterable[str]) -> Iterator[bytes]:
        """The bytes of several objects."""
        yield from map(self.read, keys)

    def after(self, prefix: str, key: str = "") -> Iterator[Stored]:
        """The objects under a prefix that sort after a key."""
        for each in sorted(self.bodies):
            if each.startswith(prefix) and each > key:
                yield Stored(each, self.times[each])

    def folders(self, prefix: str) -> tuple[str, ...]:
        """The folders right under a prefix."""
        under = (each.removeprefix(prefix) for each in self.bodies if each.startswith(prefix))
        return tuple(sorted({f"{prefix}{each.split('/')[0]}/" for each in under}))

    def under(self, prefix: str) -> list[bytes]:
        """The bodies under a prefix, in the order of their keys."""
        return [self.bodies[each.key] for each in self.after(prefix)]


@dataclass
class LocalKey:
    """A signing key as KMS has one, made from a number so that it is always the same."""

    secret: int = 20260302

    @cached_property
    def _private(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(self.secret, ec.SECP256R1())

    @cached_property
    def public(self) -> bytes:
        """The public half, as DER."""
        return self._private.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def id(self) -> str:
        """Its name."""
        return key_id(self.public)

    @property
    def pem(self) -> str:
        """The public half as people pass it on."""
        return pem(self.public)

    def sign(self, digest: bytes) -> bytes:
        """A signature."""
        return self._private.sign(digest, ec.ECDSA(hashes.SHA256()))


def record(event: Event, at: datetime = MONDAY_MORNING, done: str = "INSERT") -> dict[str, Any]:
    """The record of the stream when an event was appended, or `done` otherwise to."""
    item = _put("ledger", event)["Put"]["Item"]
    image = {**item, "detail": {"B": base64.b64encode(item["detail"]["B"]).decode()}}
    images = {
        "INSERT": {"NewImage": image},
        "MODIFY": {"OldImage": image, "NewImage": {**image, "actor": {"S": "staff:nobody"}}},
        "REMOVE": {"OldImage": image},
    }
    return {
        "eventName": done,
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "ApproximateCreationDateTime": int(at.timestamp()),
            "Keys": {name: item[name] for name in ("pk", "sk")},
            "SequenceNumber": f"{event.subject}/{event.sequence}",
            **images[done],
        },
    }


def records(events: Iterable[Event], at: datetime = MONDAY_MORNING) -> list[dict[str, Any]]:
    """The records of events that were appended."""
    return [record(each, at) for each in events]
