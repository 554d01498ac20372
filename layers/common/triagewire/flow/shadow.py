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
from triagewire.policy.model import Policy
from triagewire.routing.queueing import facts_of, queue_under
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
    """A policy that runs beside, and its compiled rules."""

    policy: Policy
    engine: Engine


@dataclass(frozen=True, slots=True)
class Running:
    """What runs beside the active policy; none while `candidate` is None."""

    number: int
    candidate: Candidate | None


@cache
def current_candidate() -> Kept[Running]:
    """The candidate, looked for once a minute."""
    loaded: list[Running] = []

    def load() -> Running:
        number = current_shadow(aws.tables()).number
        if not loaded or loaded[-1].number != number:
            loaded[:] = [Running(number, _candidate(number) if number else None)]
        return loaded[-1]

    return Kept(load, SECONDS)


def _candidate(number: int) -> Candidate:
    policy = load_candidate(aws.tables(), number)
    return Candidate(policy, _engine(policy))


def _engine(policy: Policy) -> Engine:
    return build_engine(rules_from(policy.rules))


def shadow(context: Context, ticket_id: str) -> None:
    """Let the candidate, if one runs, judge the first message of a new ticket as well."""
    try:
        running = current_candidate().get()
        if running.candidate is not None:
            found = _compared(context, ticket_id, running.candidate)
            if found is not None:
                keep_difference(context.tables, running.number, ticket_id, found, context.now)
                _counted(found)
    except Exception as error:
        count("ShadowFailed")
        logger.warning("shadow failed", ticket_id=ticket_id, error=type(error).__name__)


def _compared(context: Context, ticket_id: str, candidate: Candidate) -> Difference | None:
    """Both verdicts on the same words, and the queue by each policy; None for a ticket that has
    none to score.
    """
    ticket = load_ticket(context.tables, ticket_id)
    if ticket is None or ticket.unreadable:
        return None
    message = first_said(context.tables, ticket_id)
    subject, facts = subject_of(ticket, message, context.now), facts_of(ticket, message)
    before = score(subject, engine_of(context.policy))
    after = score(subject, candidate.engine)
    queues = (
        queue_under(context.policy.policy, ticket.site, before, facts),
        queue_under(candidate.policy, ticket.site, after, facts),
    )
    return difference(before, after, queues)


def _counted(found: Difference) -> None:
    count("ShadowCompared")
    if found.kind is not Kind.SAME:
        count("ShadowDiffers")
    if found.kind is Kind.LOWERED:
        count("ShadowWouldLower")
    if found.kind is Kind.RAISED:
        count("ShadowWouldRaise")
