"""Legal holds of tickets."""

from triagewire.desk.api import Call, Route
from triagewire.desk.requests import HoldBody
from triagewire.desk.routes.tickets import line_of, ticket_of
from triagewire.desk.shapes import Line
from triagewire.flow import holding


def hold(call: Call) -> Line:
    """Place a legal hold on a ticket, or release it."""
    body = call.body(HoldBody)
    wanted, holds = ticket_of(call), body.holding()
    done = holding.hold(call.context, call.principal, wanted, holds, seen=body.version)
    return line_of(call, done)


ROUTES = (
    Route(
        "POST",
        "/desk/tickets/{ticket_id}/hold",
        hold,
        takes=HoldBody,
        gives=Line,
        refuses=(403,),
    ),
)
