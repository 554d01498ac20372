"""The locked copies as somebody reads them who verifies: what is in them, and their hashes."""

import hashlib
from dataclasses import dataclass, field

from triagewire.errors import InvalidFieldError
from triagewire.ledger.chains import Chains, Fault
from triagewire.ledger.copies import EVENTS, events_in

PLACE = "the locked copies"


@dataclass(slots=True)
class Copies:
    """The copies that were read so far, in any order."""

    chains: Chains = field(default_factory=lambda: Chains(PLACE))
    sums: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, body: bytes) -> None:
        """Take up one; of evidence of tampering only that it is there."""
        self.sums[key] = hashlib.sha256(body).hexdigest()
        if not key.startswith(EVENTS):
            return
        try:
            for event in events_in(body):
                self.chains.add(event, key)
        except (InvalidFieldError, UnicodeDecodeError):
            self.chains.odd.append(Fault(problem="a copy holds what is no event", key=key))
