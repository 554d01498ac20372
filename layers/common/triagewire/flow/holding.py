"""Legal holds: while one stands, nothing of a ticket is purged, whatever the policy says.

Auditors and administrators place one, for destroying evidence must be stoppable at once by whoever
sees the need. Only administrators release one: that lets words be destroyed, and somebody answers
for it.
"""

from dataclasses import dataclass, replace

from triagewire.access import Principal
from triagewire.errors import ConflictError, NotAllowedError, NotNowError
from triagewire.escalation.timers import next_timer
from triagewire.flow.acting import require_known
from triagewire.flow.context import Context, Plan
from triagewire.flow.looking import visible_ticket
from triagewire.flow.noting import note_on
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Site
from triagewire.policy.roster import Role
from triagewire.retention import Hold, HoldReason
from triagewire.store.tickets import Change
from triagewire.ticket import Status, Ticket

ATTEMPTS = 12
PLACES = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
RELEASES = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What somebody wants: a hold placed (`held`) or released, why in a code, and in words."""

    held: bool
    reason: HoldReason
    why: str


def hold(
    context: Context,
    principal: Principal,
    ticket_id: str,
    wanted: Holding,
    *,
    seen: int | None = None,
) -> Ticket:
    """Place or release a legal hold on a ticket; on a merged one it is that of its survivor, and
    holds all parts. The words of why become a note of the ticket; the ledger has the code.

    Raises NotFoundError, NotAllowedError for whoever may see the ticket and not do that,
    ChangedMeanwhileError, and NotNowError where the hold stands already, stands no more, or comes
    too late.
    """
    for around in context.tries(ATTEMPTS):
        ticket = visible_ticket(around, principal, ticket_id)
        _require_role(principal, around.site(ticket.site), ticket, wanted)
        require_known(around, ticket, ticket_id, seen)
        _require_news(ticket, wanted)
        plan = Plan(changes=[_change(ticket, around, principal, wanted)])
        plan.writes.append(note_on(around, ticket, wanted.why, principal))
        try:
            return plan.commit(around)[0]
        except ConflictError:
            continue
    raise ConflictError("others keep changing the ticket: try again")


def _require_role(principal: Principal, site: Site, ticket: Ticket, wanted: Holding) -> None:
    member = site.members.get(principal.id)
    roles = set(member.roles) if member else set()
    if roles & (PLACES if wanted.held else RELEASES):
        return
    who = "an auditor or administrator places" if wanted.held else "an administrator releases"
    raise NotAllowedError(f"only {who} a legal hold", site=ticket.site, team=ticket.team)


def _require_news(ticket: Ticket, wanted: Holding) -> None:
    problem = ""
    if ticket.purged_at is not None or ticket.purging_since is not None:
        problem = "hold: its words are purged"
    elif wanted.held and ticket.hold is not None:
        problem = "hold: it is held already"
    elif not wanted.held and ticket.hold is None:
        problem = "hold: it is not held"
    if problem:
        raise NotNowError(
            problem, ticket_id=ticket.id, status=ticket.status.value, version=ticket.version
        )


def _change(ticket: Ticket, context: Context, principal: Principal, wanted: Holding) -> Change:
    after = _held(ticket, context, principal, wanted)
    if ticket.status is Status.CLOSED:
        after = replace(after, timer=next_timer(after, context.site(ticket.site)))
    entry = Entry(
        action=Action.HOLD_PLACED if wanted.held else Action.HOLD_RELEASED,
        why=wanted.reason.value,
        detail={"reason_given": True},
    )
    return Change(before=ticket, after=after, entries=(entry,))


def _held(ticket: Ticket, context: Context, principal: Principal, wanted: Holding) -> Ticket:
    if not wanted.held:
        return replace(ticket, hold=None, unheld_at=context.now)
    held = Hold(by=principal.id, at=context.now, reason=wanted.reason, why=wanted.why)
    return replace(ticket, hold=held)
