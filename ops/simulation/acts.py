"""What staff do in a scenario, by the use cases that the desk calls."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ops.simulation.sheet import Act, Decide, Reassign, Reopen, Resolve, Respond, Wait
from triagewire.access import Principal
from triagewire.flow import staff, working
from triagewire.flow.acknowledging import acknowledge
from triagewire.flow.context import Context
from triagewire.flow.handing import Handoff, HandoffReason
from triagewire.verdict import Urgency

type Doing = Callable[[Context, Principal, str, Any, datetime | None], object]


def do(
    kind: str, context: Context, ticket_id: str, act: Act, until: datetime | None = None
) -> object:
    """Let a member act. Raises what the use case raises: a refusal that the desk would show."""
    principal = Principal(id=act.by, policy=context.policy.policy)
    return _DOINGS[kind](context, principal, ticket_id, act, until)


def _respond(c: Context, who: Principal, ticket: str, act: Respond, _: datetime | None) -> object:
    return working.respond(c, who, ticket, act.how)


def _wait(c: Context, who: Principal, ticket: str, act: Wait, until: datetime | None) -> object:
    return working.wait(c, who, ticket, act.waiting_for, until)


def _resolve(c: Context, who: Principal, ticket: str, act: Resolve, _: datetime | None) -> object:
    return staff.resolve(c, who, ticket, act.outcome)


def _reopen(c: Context, who: Principal, ticket: str, act: Reopen, _: datetime | None) -> object:
    return staff.reopen(c, who, ticket, act.reason)


def _reassign(c: Context, who: Principal, ticket: str, act: Reassign, _: datetime | None) -> object:
    score = None if act.score is None else Urgency(act.score)
    handoff = Handoff(reason=act.reason, team=act.team, member=act.member, score=score)
    return staff.reassign(c, who, ticket, handoff)


def _decide(c: Context, who: Principal, ticket: str, act: Decide, _: datetime | None) -> object:
    handoff = Handoff(
        reason=HandoffReason.REVIEWED, team=act.team, score=Urgency(act.score), topic=act.topic
    )
    return staff.decide(c, who, ticket, handoff)


_DOINGS: Mapping[str, Doing] = {
    "acknowledge": lambda c, who, ticket, _act, _: acknowledge(c, who, ticket),
    "claim": lambda c, who, ticket, _act, _: working.claim(c, who, ticket),
    "accept": lambda c, who, ticket, _act, _: working.accept(c, who, ticket),
    "resume": lambda c, who, ticket, _act, _: working.resume(c, who, ticket),
    "respond": _respond,
    "wait": _wait,
    "resolve": _resolve,
    "reopen": _reopen,
    "reassign": _reassign,
    "decide": _decide,
}
