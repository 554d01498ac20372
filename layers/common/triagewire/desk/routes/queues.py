"""The queues of a team."""

from triagewire.desk.api import Call, Route
from triagewire.desk.shapes import QueueView
from triagewire.desk.views import queue_view
from triagewire.flow.looking import queue


def show_queue(call: Call) -> QueueView:
    """The open tickets of a team."""
    context, site, team = call.context, call.path["site"], call.path["team"]
    tickets = queue(context, call.principal, site, team)
    return queue_view(site, team, tickets, context.site(site), context.now)


ROUTES = (Route("GET", "/desk/queues/{site}/{team}", show_queue, gives=QueueView),)
