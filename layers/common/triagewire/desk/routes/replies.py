"""Replies to requesters: written, taken back, sent once more, and what did not get through."""

from triagewire.desk.api import Call, Route
from triagewire.desk.replies import (
    RepliedView,
    ReplyBody,
    ReplyNamedBody,
    TemplatesView,
    UndeliveredRepliesView,
    templates_view,
    undelivered_view,
)
from triagewire.desk.routes.tickets import keyed, line_of, ticket_of
from triagewire.desk.shapes import Line
from triagewire.flow import replying, undoing
from triagewire.flow.undelivered_replies import undelivered_of


def show_templates(call: Call) -> TemplatesView:
    """What a reply may begin with, filled in for this ticket."""
    return templates_view(replying.templates_for(call.context, call.principal, ticket_of(call)))


def reply(call: Call) -> RepliedView:
    """Write to the requester, by the way they wrote last."""
    body, wanted = call.body(ReplyBody), ticket_of(call)
    done = replying.reply(keyed(call), call.principal, wanted, body.written(), seen=body.version)
    line = line_of(call, done.ticket)
    return {**line, "message": done.message, "undo_until": done.undo_until.isoformat()}


def undo_reply(call: Call) -> Line:
    """Take a reply back before it leaves."""
    body, wanted = call.body(ReplyNamedBody), ticket_of(call)
    done = undoing.undo(call.context, call.principal, wanted, body.message, seen=body.version)
    return line_of(call, done)


def try_again(call: Call) -> Line:
    """Send a reply once more that was given up."""
    body, wanted = call.body(ReplyNamedBody), ticket_of(call)
    done = undoing.try_again(keyed(call), call.principal, wanted, body.message, seen=body.version)
    return line_of(call, done)


def show_undelivered(call: Call) -> UndeliveredRepliesView:
    """What a site wrote to requesters and did not get through."""
    site = call.path["site"]
    found = undelivered_of(call.context, call.principal, site)
    return undelivered_view(site, found, call.context.now)


ROUTES = (
    Route("GET", "/desk/tickets/{ticket_id}/templates", show_templates, gives=TemplatesView),
    Route("POST", "/desk/tickets/{ticket_id}/reply", reply, takes=ReplyBody, gives=RepliedView),
    Route(
        "POST", "/desk/tickets/{ticket_id}/undo-reply", undo_reply, takes=ReplyNamedBody, gives=Line
    ),
    Route(
        "POST", "/desk/tickets/{ticket_id}/try-again", try_again, takes=ReplyNamedBody, gives=Line
    ),
    Route("GET", "/desk/sites/{site}/undelivered", show_undelivered, gives=UndeliveredRepliesView),
)
