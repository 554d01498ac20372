"""One alert of any monitoring tool, and the text that an IT person reads."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from triagewire.channels.reading.fields import MOST_ID_CHARACTERS

_RECOVERED = frozenset(
    {"ok", "okay", "resolved", "resolve", "recovered", "recovery", "closed", "cleared", "clear"}
    | {"normal", "healthy", "up", "success", "inactive", "ended"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What a tool says of one alarm. `state` and `severity` are its own words.

    `event_id` names this change of state: the same for every copy and every reminder of it, and
    another one when the alarm goes off again; "" where the tool gives nothing to make one of.
    `details` are labels with their values: region, account, metric, host …
    """

    title: str
    text: str = ""
    state: str = ""
    severity: str = ""
    event_id: str = ""
    link: str = ""
    details: tuple[tuple[str, str], ...] = ()
    occurred_at: datetime | None = None

    @property
    def recovered(self) -> bool:
        """Whether the tool says that all is well again."""
        return self.state.lower() in _RECOVERED

    def said(self) -> str:
        """The alert as text, a line for each thing that is known."""
        labelled = (
            # The words by which the rules for IT know such a text.
            ("Systems alarm", self.title),
            ("Now", self.state),
            ("Severity", self.severity),
            ("Reason", self.text),
            *self.details,
            ("Link", self.link),
        )
        return "\n".join(f"{label}: {value}" for label, value in labelled if value)


def change_id(*parts: str) -> str:
    """An event id of an alarm's name and the time of its change; "" when a part is missing."""
    if not all(parts):
        return ""
    joined = "@".join(parts)
    if len(joined) <= MOST_ID_CHARACTERS:
        return joined
    return f"derived:sha256:{hashlib.sha256(joined.encode('utf-8', 'replace')).hexdigest()}"
