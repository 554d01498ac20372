"""What a site wrote to requesters and did not get through: for those who lead it."""

from triagewire.access import EVERY_TEAM, Principal
from triagewire.errors import DeniedError
from triagewire.flow.context import Context
from triagewire.flow.readable import readable_tickets
from triagewire.replies.undelivered import Undelivered
from triagewire.store.due_replies import undelivered
from triagewire.ticket import Ticket


def undelivered_of(context: Context, principal: Principal, site_id: str) -> list[Undelivered]:
    """The messages of a site that wait for another try, or were given up on a ticket that nobody
    has settled since; the newest first.

    Raises NotFoundError for who does not lead, administer or audit the site.
    """
    site = principal.site(site_id)
    if not EVERY_TEAM & set(site.members[principal.id].roles):
        raise DeniedError("no such list", site=site_id)
    found = undelivered(context.tables, site_id)
    tickets = readable_tickets(context, tuple(dict.fromkeys(each.ticket_id for each in found)))
    return [each for each in found if _is_open_question(each, tickets.get(each.ticket_id))]


def _is_open_question(each: Undelivered, ticket: Ticket | None) -> bool:
    resolved_at = ticket.resolved_at if ticket else None
    return resolved_at is None or resolved_at <= each.tried_at
