"""What was written to a requester and did not get through."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from triagewire.message import ReplyWay


class State(StrEnum):
    """How a message stands that did not leave at the first try."""

    TRYING = "trying"
    FAILED = "failed"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """One message of a site that did not get through: by ids, codes and times (UTC)."""

    site: str
    ticket_id: str
    sk: str
    way: ReplyWay
    at: datetime
    tried_at: datetime
    tries: int
    why: str
    state: State
    next_try_at: datetime | None = None
