"""A queue as a file: recorded before anybody has it."""

from triagewire.access import Principal
from triagewire.errors import ConflictError, NotAllowedError
from triagewire.flow.context import Context, Plan
from triagewire.flow.listing import Sought, queue
from triagewire.ledger.event import Action, Detail, Entry
from triagewire.store.exports import exported
from triagewire.ticket import Ticket

ATTEMPTS = 5
PAGE = 100
MOST_LINES = 5_000
"""More than a busy clinic has open; a larger file could not be answered in one go."""


def export(
    context: Context, principal: Principal, site_id: str, team: str, sought: Sought
) -> tuple[Ticket, ...]:
    """The open tickets of a queue, at most `MOST_LINES`; the ledger has who took how many.

    Raises NotFoundError for a queue that the principal may not see, NotAllowedError for who may
    take no file, and ConflictError.
    """
    walk = queue(context, principal, site_id, team, sought, most=PAGE)
    if not principal.may_export(site_id):
        why = "only a lead, an administrator or an auditor takes a file"
        raise NotAllowedError(why, site=site_id, team=team)
    found: list[Ticket] = []
    page = walk.page()
    found += page.tickets
    while page.after is not None and len(found) < MOST_LINES:
        page = walk.page(page.after)
        found += page.tickets
    found = found[:MOST_LINES]
    _record(context, site_id, team, len(found))
    return tuple(found)


def _record(context: Context, site_id: str, team: str, lines: int) -> None:
    detail: dict[str, Detail] = {"site": site_id, "team": team, "lines": lines}
    entry = Entry(action=Action.EXPORTED, why="a queue as a file", detail=detail)
    for around in context.tries(ATTEMPTS):
        try:
            writes = exported(around.tables, site_id, entry, around.stamp)
            Plan(writes=writes).commit(around)
            return
        except ConflictError:
            continue
    raise ConflictError("others take files at the same time: try again")
