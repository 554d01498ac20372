"""What is kept of a signed body that could not be read, so that it can be read again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Settled(StrEnum):
    """How a kept body found its end; the body itself stays, until it is purged with its ticket."""

    REDRIVEN = "redriven"
    DISMISSED = "dismissed"
    PURGED = "purged"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBody:
    """A body in quarantine, without its bytes. `ticket_id` is its review ticket.

    `reason` names a field, never a value. `headers` are those that a parse reads, no credential
    among them. `link` is where a body is that no item can hold (`s3://…`), `""` for all others.
    `tickets` are those that it became when it was redriven.
    """

    ticket_id: str
    site: str
    source: str
    received_at: datetime
    reason: str
    method: str
    headers: Mapping[str, str] = field(repr=False)
    size_bytes: int
    link: str = ""
    settled: Settled | None = None
    settled_at: datetime | None = None
    tickets: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        """The body's form as its sender named it, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()
