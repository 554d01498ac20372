"""Who has signed in, how their sites stand, and who is on call there."""

from triagewire.desk.api import Call, Route
from triagewire.desk.me import MeView, me_view
from triagewire.desk.overview import OnCallView, WorkView, on_call_view, work_view
from triagewire.flow.overview import work
from triagewire.secrets import link_key


def show_me(call: Call) -> MeView:
    """Say who has signed in, where they may work, and which codes they may say there."""
    return me_view(call.principal, call.context.now, link_key().get())


def show_work(call: Call) -> WorkView:
    """Say how the teams of a site stand and who carries what.

    Agents see their own teams; leads, administrators and auditors all of them.
    """
    context, site = call.context, call.path["site"]
    return work_view(site, work(context, call.principal, site), context.now)


def show_on_call(call: Call) -> OnCallView:
    """Say who of a site is on call now, and who will be in the next two weeks."""
    site = call.path["site"]
    return on_call_view(site, call.principal.open_site(site), call.context.now)


ROUTES = (
    Route("GET", "/desk/me", show_me, gives=MeView),
    Route("GET", "/desk/sites/{site}/work", show_work, gives=WorkView),
    Route("GET", "/desk/sites/{site}/on-call", show_on_call, gives=OnCallView),
)
