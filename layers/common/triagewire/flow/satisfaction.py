"""How the requesters of a site were served: for who sees all of its teams."""

from triagewire.access import EVERY_TEAM, Principal
from triagewire.errors import DeniedError
from triagewire.flow.context import Context
from triagewire.replies.satisfaction import month_of
from triagewire.store.satisfaction import Satisfaction, read_satisfaction


def satisfaction(
    context: Context, principal: Principal, site_id: str, month: str | None = None
) -> tuple[str, Satisfaction]:
    """A month, by default the site's present one, and what is counted of the tickets that were
    resolved in it. Raises NotFoundError for a site of which the principal does not see all teams.
    """
    site = principal.site(site_id)
    if not EVERY_TEAM & {*site.members[principal.id].roles}:
        raise DeniedError("no such site", site=site_id)
    named = month or month_of(context.now, site.zone)
    return named, read_satisfaction(context.tables, site_id, named)
