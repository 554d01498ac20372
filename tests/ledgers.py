"""A ledger's surroundings in memory: a locked bucket, a signing key, records of the stream."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.builders import MONDAY_MORNING
from triagewire.ledger.chains import Chains
from triagewire.ledger.checkpoint_chain import CheckpointChain, Genuine
from triagewire.ledger.copied import Copies
from triagewire.ledger.copies import CHECKPOINTS, EVENTS
from triagewire.ledger.event import Event
from triagewire.ledger.verification import Evidence, Report, Stated, verify
from triagewire.lockbox import Stored
from triagewire.signing import SigningKey
from triagewire.store.ledger import _put

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


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


@dataclass(frozen=True)
class LocalKms:
    """KMS with one key, made from a number so that it is always the same."""

    secret: int

    @cached_property
    def _private(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(self.secret, ec.SECP256R1())

    def sign(self, **asked: Any) -> dict[str, bytes]:  # noqa: ANN401
        """A signature, as KMS answers."""
        return {"Signature": self._private.sign(asked["Message"], ec.ECDSA(hashes.SHA256()))}

    def get_public_key(self, **_asked: Any) -> dict[str, bytes]:  # noqa: ANN401
        """The public half, as KMS answers."""
        public = self._private.public_key()
        return {"PublicKey": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)}


class LocalKey(SigningKey):
    """The ledger's key, without AWS."""

    def __init__(self, secret: int = 20260302) -> None:
        super().__init__(client=cast("KMSClient", LocalKms(secret)), arn="local")


def report_of(
    box: MemoryBox, events: Iterable[Event], stated: Mapping[str, Stated], genuine: Genuine
) -> Report:
    """What a verification finds of all that a table and a bucket hold."""
    recorded, copies, checkpoints = Chains("the ledger table"), Copies(), CheckpointChain(genuine)
    for stored in box.after(CHECKPOINTS):
        checkpoints.add(box.read(stored.key), stored.key)
    for stored in box.after(EVENTS):
        copies.add(stored.key, box.read(stored.key))
    for event in events:
        recorded.add(event)
    return verify(
        Evidence(
            recorded=recorded,
            stated=stated,
            checkpoints=checkpoints,
            now=box.now,
            copies=copies.chains,
            sums=copies.sums,
            wanted=frozenset(checkpoints.files),
        )
    )


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
