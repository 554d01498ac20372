"""A part of the ledger as a file that anybody can check: one line of manifest, then the events of
its subjects, then the checkpoints that cover them.

The manifest says what was asked and what is in the file, and is signed by the ledger's key. With
the SHA-256 of all bytes after it, no byte of the file can be another.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triagewire.errors import InvalidFieldError
from triagewire.ledger.chains import Chains, Fault
from triagewire.ledger.checkpoint_chain import CheckpointChain, Genuine
from triagewire.ledger.event import Event
from triagewire.ledger.lines import canonical, from_line, read_canonical, to_line
from triagewire.ledger.moments import exact, read_exact
from triagewire.ledger.verification import Evidence, Report, Stated, verify

KIND = "triagewire-ledger-export"
PLACE = "the export"
FIELDS = frozenset(
    {"kind", "made_at", "made_by", "asked", "subjects", "events", "sha256", "key_id", "signature"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a file says of itself. `asked` is what it was made for, in ids and codes; `stated` is
    which events of each subject are in it, `events` how many lines of them follow.
    """

    made_at: datetime
    made_by: str
    asked: Mapping[str, str]
    stated: Mapping[str, Stated]
    events: int
    sha256: str
    key_id: str
    signature: bytes = b""


class NotAnExportError(InvalidFieldError):
    """The file is none, or its first line cannot be read: nothing in it can be judged."""


def body_of(events: Iterable[Event], checkpoints: Sequence[bytes]) -> bytes:
    """What follows the manifest: each checkpoint as it is kept, in the order of their numbers."""
    lines = [*(to_line(each).encode() for each in events), *checkpoints]
    return b"".join(line + b"\n" for line in lines)


def digest_to_sign(manifest: Manifest) -> bytes:
    """What is signed: the SHA-256 of everything in the manifest but the signature."""
    return hashlib.sha256(canonical(_content(manifest)).encode()).digest()


def file_of(manifest: Manifest, body: bytes) -> bytes:
    """The whole file of a signed manifest."""
    return _line(manifest) + b"\n" + body


def verify_export(data: bytes, genuine: Genuine, now: datetime) -> tuple[Manifest, Report]:
    """Check a file by itself: no table, no bucket, no AWS. Raises NotAnExportError."""
    first, _, body = data.partition(b"\n")
    manifest = _manifest(first)
    recorded, checkpoints = Chains(PLACE), CheckpointChain(genuine, whole=False, gapless=False)
    faults = [*_manifest_faults(manifest, body, genuine), *_read(body, manifest, recorded)]
    for line in _lines(body)[manifest.events :]:
        checkpoints.add(line)
    found = verify(
        Evidence(
            recorded=recorded,
            stated=manifest.stated,
            checkpoints=checkpoints,
            now=now,
            about=frozenset(manifest.stated),
        )
    )
    return manifest, found.with_first(faults)


def _manifest_faults(manifest: Manifest, body: bytes, genuine: Genuine) -> Iterator[Fault]:
    if not genuine(manifest.key_id, digest_to_sign(manifest), manifest.signature):
        yield Fault(problem="the manifest is not signed by a key that is trusted here")
    if hashlib.sha256(body).hexdigest() != manifest.sha256:
        yield Fault(problem="what follows the manifest is not what it was signed for")


def _read(body: bytes, manifest: Manifest, recorded: Chains) -> Iterator[Fault]:
    """Take up the events of a file; what cannot be read as one is a fault."""
    lines = _lines(body)[: manifest.events]
    for number, line in enumerate(lines, start=2):
        try:
            event = from_line(line.decode())
        except (InvalidFieldError, UnicodeDecodeError) as error:
            why = error.field if isinstance(error, InvalidFieldError) else "no UTF-8"
            yield Fault(problem=f"line {number} is no event: {why}")
            continue
        recorded.add(event)
        if event.subject not in manifest.stated:
            yield Fault(event.subject, event.sequence, "stands in a file that is not about it")
    if recorded.events != manifest.events:
        yield Fault(problem=f"{manifest.events} events were exported, {recorded.events} are there")


def _lines(body: bytes) -> list[bytes]:
    return body.removesuffix(b"\n").split(b"\n") if body else []


def _line(manifest: Manifest) -> bytes:
    signature = base64.b64encode(manifest.signature).decode()
    return canonical({**_content(manifest), "signature": signature}).encode()


def _content(manifest: Manifest) -> dict[str, Any]:
    return {
        "kind": KIND,
        "made_at": exact(manifest.made_at),
        "made_by": manifest.made_by,
        "asked": dict(manifest.asked),
        "subjects": [
            {
                "subject": subject,
                "first": stated.first,
                "events": stated.events,
                "head": stated.head,
            }
            for subject, stated in sorted(manifest.stated.items())
        ],
        "events": manifest.events,
        "sha256": manifest.sha256,
        "key_id": manifest.key_id,
    }


def _manifest(line: bytes) -> Manifest:
    try:
        found = read_canonical(line.decode(), "manifest")
        if found.get("kind") != KIND or found.keys() != FIELDS:
            raise NotAnExportError("manifest", "is not that of a ledger export")
        manifest = Manifest(
            made_at=read_exact(found["made_at"]),
            made_by=str(found["made_by"]),
            asked={str(name): str(value) for name, value in found["asked"].items()},
            stated={
                str(each["subject"]): Stated(
                    int(each["events"]), str(each["head"]), int(each["first"])
                )
                for each in found["subjects"]
            },
            events=int(found["events"]),
            sha256=str(found["sha256"]),
            key_id=str(found["key_id"]),
            signature=base64.b64decode(found["signature"], validate=True),
        )
        if _line(manifest) != line:
            raise NotAnExportError("manifest", "has a field of no manifest")
    except NotAnExportError:
        raise
    except (InvalidFieldError, KeyError, TypeError, AttributeError, ValueError, binascii.Error):
        raise NotAnExportError("manifest", "cannot be read") from None
    return manifest
