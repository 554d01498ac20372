"""`triagewire policy check --record`: writes down what the shipped rules score, ticket by ticket.

Until then a change of the shipped rules is held against the scores that were written down last.
"""

from triagewire.errors import PolicyError
from triagewire.policy.gate.release import (
    Release,
    lost,
    read_record,
    record_of,
    recorded_release,
    with_reason,
    write_record,
)
from triagewire.policy.gate.runs import Scorer
from triagewire.policy.gate.tickets import kept_tickets, shipped_tickets
from triagewire.policy.load import CHECKS, RECORD, default_rules
from triagewire.scoring.rules import rules_from


def shipped_release() -> Release:
    """What the rules as they were shipped last called urgent."""
    return recorded_release(read_record(RECORD), kept_tickets(shipped_tickets(CHECKS)))


def record_release(reason: str) -> int:
    """Rewrite the record from the rules as they are; returns how many tickets it holds.

    Raises PolicyError, and writes nothing, where an urgent ticket is urgent no more or is gone and
    nobody gave a reason; a reason is kept in the record.
    """
    before = read_record(RECORD)
    shipped = kept_tickets(shipped_tickets(CHECKS))
    after = record_of(Scorer(rules_from(default_rules())), shipped, before)
    if names := lost(before, after):
        if not reason.strip():
            raise PolicyError(tuple(_told(name, after.scores.get(name)) for name in names))
        after = with_reason(after, reason.strip(), names)
    write_record(RECORD, after)
    return len(after.scores)


def _told(name: str, score: int | None) -> str:
    now = "is gone" if score is None else f"is scored {score} now"
    return f'{name}: was urgent and {now}: answer for it with --accept-lowering "reason"'
