"""Shadow mode: a candidate policy judges each message too, after the real decision stands.

It changes nothing, tells nobody and delays nobody: its failure is a metric, and its verdict an item
of its own. The candidate's rules are compiled once for each warm function.
"""

from dataclasses import dataclass
from functools import cache

from triagewire import aws
from triagewire.cache import Kept
from triagewire.flow.context import Context
from triagewire.flow.judge import engine_of, subject_of
from triagewire.observability import count, logger
from triagewire.scoring.difference import Difference, Kind, difference
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import Engine, build_engine, score
from triagewire.store.messages import first_said
from triagewire.store.shadow import current_shadow, keep_difference, load_candidate
from triagewire.store.tickets import load_ticket

SECONDS = 60.0
"""How long a started or ended shadow may go unnoticed."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """The compiled rules of the candidate that runs beside; none when `engine` is None."""

    number: int
    engine: Engine | None


@cache
def current_candidate() -> Kept[Candidate]:
    """The candidate, looked for once a minute."""
    loaded: list[Candidate] = []

    def load() -> Candidate:
        number = current_shadow(aws.tables()).number
        if not loaded or loaded[-1].number != number:
            engine = _engine(number) if number else None
            loaded[:] = [Candidate(number, engine)]
        return loaded[-1]

    return Kept(load, SECONDS)


def _engine(number: int) -> Engine:
    return build_engine(rules_from(load_candidate(aws.tables(), number).rules))


def shadow(context: Context, ticket_id: str) -> None:
    """Let the candidate, if one runs, judge the first message of a new ticket as well."""
    try:
        candidate = current_candidate().get()
        if candidate.engine is not None:
            found = _compared(context, ticket_id, candidate.engine)
            if found is not None:
                keep_difference(context.tables, candidate.number, ticket_id, found, context.now)
                _counted(found)
    except Exception as error:
        count("ShadowFailed")
        logger.warning("shadow failed", ticket_id=ticket_id, error=type(error).__name__)


def _compared(context: Context, ticket_id: str, candidate: Engine) -> Difference | None:
    """Both verdicts on the same words; None for a ticket that has none to score."""
    ticket = load_ticket(context.tables, ticket_id)
    if ticket is None or ticket.unreadable:
        return None
    subject = subject_of(ticket, first_said(context.tables, ticket_id), context.now)
    before = score(subject, engine_of(context.policy))
    return difference(before, score(subject, candidate))


def _counted(found: Difference) -> None:
    count("ShadowCompared")
    if found.kind is not Kind.SAME:
        count("ShadowDiffers")
    if found.kind is Kind.LOWERED:
        count("ShadowWouldLower")
    if found.kind is Kind.RAISED:
        count("ShadowWouldRaise")
