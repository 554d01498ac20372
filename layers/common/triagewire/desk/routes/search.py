"""Finding tickets."""

from triagewire.desk.api import Call, Route
from triagewire.desk.requests import TICKET_ID
from triagewire.desk.routes.tickets import keyed, line_of
from triagewire.desk.search import SearchBody, SearchView
from triagewire.flow.searching import Found, by_requester, by_ticket, by_words


def search(call: Call) -> SearchView:
    """Find tickets of a site by id, by who asks, or by words."""
    body = call.body(SearchBody)
    found = _found(call, body)
    return {
        "site": body.site,
        "at": call.context.now.isoformat(),
        "tickets": [line_of(call, ticket) for ticket in found.tickets],
        "more": found.more,
    }


def _found(call: Call, body: SearchBody) -> Found:
    who, site = call.principal, body.site
    if body.requester is not None:
        asked = body.requester.requester()
        return by_requester(keyed(call), who, site, asked, closed=body.closed)
    if body.text is not None:
        return by_words(call.context, who, site, body.text, closed=body.closed)
    wanted = (body.ticket or "").strip().upper()
    return by_ticket(call.context, who, site, wanted if TICKET_ID.fullmatch(wanted) else "")


ROUTES = (Route("POST", "/desk/search", search, takes=SearchBody, gives=SearchView),)
