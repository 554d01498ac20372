"""One act of a member of staff: read, check, decide, write; again when somebody else was quicker.

Whoever says which version they decided on is refused when something has happened since that they
should know; that a colleague looked, or that somebody was paged, is no such thing.
"""

from collections.abc import Callable
from dataclasses import replace

from triagewire.access import Principal
from triagewire.errors import (
    ChangedMeanwhileError,
    ConflictError,
    ForbiddenTransitionError,
    InvalidFieldError,
    NotNowError,
)
from triagewire.flow.context import Context, Plan
from triagewire.flow.looking import visible_ticket
from triagewire.flow.notifying import put_out_digest
from triagewire.flow.returning import drain
from triagewire.ledger.event import Action, Entry
from triagewire.ledger.news import news
from triagewire.policy.model import Site
from triagewire.store.ledger import read_events
from triagewire.store.tickets import Change, ticket_pk
from triagewire.ticket import Ticket

ATTEMPTS = 12

type Decision = Callable[[Ticket, Site, Plan], tuple[Ticket, tuple[Entry, ...]]]
"""What becomes of a ticket, and what the ledger says of it; without an entry nothing changes."""


def act(
    context: Context,
    principal: Principal,
    ticket_id: str,
    decide: Decision,
    *,
    seen: int | None = None,
    works: bool = True,
) -> Ticket:
    """Let a principal change a ticket that they may work on; `seen` is the version they decided on.

    What `works` on the ticket keeps reminders and expired acknowledgements away for a while.
    Raises NotFoundError, NotNowError where the ticket's state forbids it, ChangedMeanwhileError,
    and what `decide` raises.
    """
    for _ in context.tries(ATTEMPTS):
        ticket = visible_ticket(context, principal, ticket_id, to_work=True)
        require_known(context, ticket, ticket_id, seen)
        plan = Plan()
        touched = replace(ticket, worked_at=context.now) if works else ticket
        try:
            after, entries = decide(touched, context.site(ticket.site), plan)
            if not entries:
                return ticket
            plan.changes.insert(0, Change(before=ticket, after=after, entries=entries))
            if after.team != ticket.team:
                put_out_digest(context, plan)
            stored = plan.commit(context)[0]
        except ChangedMeanwhileError:
            raise
        except ConflictError:
            continue
        except ForbiddenTransitionError as error:
            raise NotNowError(
                str(error),
                ticket_id=ticket.id,
                status=ticket.status.value,
                version=ticket.version,
            ) from error
        _fill_the_gap(context, ticket, stored)
        return stored
    raise _changed("others keep changing the ticket: try again", ticket, ())


def require_named(ticket: Ticket, asked_for: str, act: str) -> None:
    """Refuse an act on a merged ticket that is about what was read of it: that is only a part of
    what it would be done to. Raises ForbiddenTransitionError.
    """
    if ticket.id != asked_for:
        raise ForbiddenTransitionError(f"{act}: it was merged into {ticket.id}: read that one")


def require_known(context: Context, ticket: Ticket, asked_for: str, seen: int | None) -> None:
    """Refuse what was decided before something happened that the person does not know."""
    since = changed_since(context, ticket, asked_for, seen)
    if since and ticket.id != asked_for:
        raise _changed("it was merged into another ticket: look at that one", ticket, since)
    if since:
        raise _changed("the ticket has changed since you looked", ticket, since)


def changed_since(
    context: Context, ticket: Ticket, asked_for: str, seen: int | None
) -> tuple[Action, ...]:
    """What a person who has seen a version of a ticket should know of what has happened since.

    Raises InvalidFieldError for a version that the ticket has not had.
    """
    if seen is None:
        return ()
    if ticket.id != asked_for:
        # A version counts the events of one ticket: that of the merged one says nothing here.
        return (Action.MERGED,)
    if seen > ticket.version:
        raise InvalidFieldError("version", "is none that this ticket has had")
    if seen == ticket.version:
        return ()
    return news(read_events(context.tables, ticket_pk(ticket.id), after=seen))


def _fill_the_gap(context: Context, before: Ticket, after: Ticket) -> None:
    """Who got rid of work has room for what lies with nobody."""
    left = after.assignee != before.assignee or after.load < before.load
    if before.assignee is not None and before.team is not None and left:
        drain(context, before.site, before.team)


def _changed(message: str, ticket: Ticket, since: tuple[str, ...]) -> ChangedMeanwhileError:
    return ChangedMeanwhileError(
        message,
        ticket_id=ticket.id,
        status=ticket.status.value,
        version=ticket.version,
        changed=since,
    )
