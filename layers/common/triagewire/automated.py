"""What programs of the group have to do with a ticket: a request that they may settle."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AutomationState(StrEnum):
    """How far a program has got with a request: it was `requested`, reported it `done` or `failed`,
    did not answer in time and it was `given_back`, or a person was quicker (`overtaken`).
    """

    REQUESTED = "requested"
    DONE = "done"
    FAILED = "failed"
    GIVEN_BACK = "given_back"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Automated:
    """A request that was announced to programs: its type, when, until when one may take (UTC), and
    what became of it at `at`. `reference` is what the program calls it.
    """

    type: str
    state: AutomationState
    requested_at: datetime
    due_at: datetime
    at: datetime
    reference: str = ""
