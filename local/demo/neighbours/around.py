"""All that the demo plays around the clinic, and what the policy says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from local.demo.neighbours.bridge import Beep, Bridge
from local.demo.neighbours.ehr import Ehr
from local.demo.neighbours.model import MODEL, Model
from local.demo.neighbours.receiver import Received, Receiver

RECORD_SITE, ASSISTANT_SITE = "riverside", "mesa"
SILENT_AT = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
"""Monday 14:00 in New York: from then on the EHR's server answers nobody."""

RECEIVER_DOWN = (
    (datetime(2026, 3, 2, 13, 55, tzinfo=UTC), True),
    (datetime(2026, 3, 2, 14, 30, tzinfo=UTC), False),
)
"""Monday 8:55 and 9:30 in New York: in between the system of the requesters refuses first tries."""


@dataclass(frozen=True, slots=True)
class Around:
    """The neighbours of a running stack."""

    ehr: Ehr
    model: Model
    bridge: Bridge
    receiver: Receiver

    @property
    def settings(self) -> Mapping[str, Mapping[str, object]]:
        """What each site's policy says: one has the records and asks how it was, the other has an
        assistant and a program that resets passwords.
        """
        return {
            RECORD_SITE: {"record": self.ehr.settings(), "satisfaction": {"enabled": True}},
            ASSISTANT_SITE: {
                "assistant": {"model": MODEL},
                "automation": {"types": {"password_reset": {"enabled": True, "needs": []}}},
            },
        }

    @property
    def reader_secrets(self) -> Mapping[str, str]:
        """What the functions need to open records."""
        return {RECORD_SITE: self.ehr.private_key()}

    def met(self) -> "Met":
        """What the neighbours saw."""
        return Met(
            records_opened=self.ehr.asked,
            model_asked=tuple(self.model.asked),
            model_others=self.model.others,
            beeps=tuple(self.bridge.heard),
            received=tuple(self.receiver.received),
            refused=sum(self.receiver.refused.values()),
            forged=self.receiver.forged,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What the neighbours saw of us: records opened, marked messages that the model was shown, and
    how many others; what pagers heard; the replies that a system of the requesters took, how many
    tries it refused while it was down, and how many were not signed.
    """

    records_opened: int = 0
    model_asked: tuple[str, ...] = field(default=())
    model_others: int = 0
    beeps: tuple[Beep, ...] = ()
    received: tuple[Received, ...] = ()
    refused: int = 0
    forged: int = 0
