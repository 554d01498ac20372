"""Who of a site is at work, and who says that they are not."""

from triagewire.desk.api import Call, Route
from triagewire.desk.presence import PresenceBody, member_view, presence_view
from triagewire.desk.shapes import MemberView, PresenceView
from triagewire.flow.presence import say, who_is_at_work


def show_presence(call: Call) -> PresenceView:
    """Who of a site is at work."""
    site = call.path["site"]
    found = who_is_at_work(call.context, call.principal, site)
    return presence_view(site, found, call.context.now)


def say_presence(call: Call) -> MemberView:
    """Say that somebody is away or back."""
    statement = call.body(PresenceBody).statement(call.principal.id)
    return member_view(say(call.context, call.principal, call.path["site"], statement))


ROUTES = (
    Route("GET", "/desk/sites/{site}/presence", show_presence, gives=PresenceView),
    Route(
        "POST",
        "/desk/sites/{site}/presence",
        say_presence,
        takes=PresenceBody,
        gives=MemberView,
        refuses=(403,),
    ),
)
