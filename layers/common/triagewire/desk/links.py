"""What the desk serves without signing in: a signed link says who may do what, or the page is
everybody's.

Each route answers with a page of its own, whatever becomes of it.
"""

from collections.abc import Callable

from triagewire.access import Principal
from triagewire.desk import console
from triagewire.desk.acknowledge_page import refused_page, ticket_page
from triagewire.desk.automation_links import AUTOMATION_LINKS
from triagewire.desk.feedback_links import FEEDBACK_LINKS
from triagewire.desk.page import PAGE_HEADERS
from triagewire.desk.visits import Link, Shown, Visit
from triagewire.escalation.links import read_acknowledge_token
from triagewire.flow import acknowledging
from triagewire.flow.context import Context
from triagewire.flow.policies import current_policy
from triagewire.secrets import link_key
from triagewire.ticket import Ticket


def look_at_link(visit: Visit) -> Shown:
    """What somebody is asked to acknowledge. It changes nothing, whoever looks."""
    return _by_link(visit, acknowledging.asked)


def acknowledge_by_link(visit: Visit) -> Shown:
    """Say that a page was heard, by the link that it brought."""
    return _by_link(visit, acknowledging.acknowledge_by_link)


def show_on_call(visit: Visit) -> Shown:
    """Who is on call at a site, for calendar programs: their link is all that they can show."""
    from triagewire.escalation.feed import REFRESH_MINUTES, feed_for  # noqa: PLC0415  seldom asked

    policy, key = current_policy().get().policy, link_key().get()
    text = feed_for(policy, key, visit.path["site"], visit.path["token"], visit.now)
    kept = {"Cache-Control": f"private, max-age={60 * REFRESH_MINUTES}"}
    return Shown(media_type="text/calendar; charset=utf-8", text=text, headers=kept)


def _by_link(visit: Visit, deed: Callable[[Context, Principal, str], Ticket]) -> Shown:
    """The page that answers a link, whatever becomes of it."""
    desk_url, failed = visit.stage.get("DeskUrl", ""), None
    try:
        link = read_acknowledge_token(link_key().get(), visit.path["token"], visit.now)
        context = visit.surroundings(f"staff:{link.person}")
        ticket = deed(
            context, Principal(id=link.person, policy=context.policy.policy), link.ticket_id
        )
        page = ticket_page(ticket, context.site(ticket.site), link.person, visit.now, desk_url)
    except Exception as error:
        page = refused_page(error, desk_url)
        failed = error if page.status >= 500 else None
    return Shown(status=page.status, text=page.html, headers=PAGE_HEADERS, failed=failed)


LINKS: tuple[Link, ...] = (
    *console.LINKS,
    Link("GET", "/on-call/{site}/{token}", show_on_call),
    Link("GET", "/acknowledge/{token}", look_at_link),
    Link("HEAD", "/acknowledge/{token}", look_at_link),
    Link("POST", "/acknowledge/{token}", acknowledge_by_link),
    *FEEDBACK_LINKS,
    *AUTOMATION_LINKS,
)
