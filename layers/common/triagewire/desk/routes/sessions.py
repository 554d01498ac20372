"""The session of who has signed in."""

from triagewire.desk.api import Call, Route
from triagewire.desk.shapes import EndedView
from triagewire.flow.sessions import sign_out


def end_session(call: Call) -> EndedView:
    """Sign out: no token of this session opens anything more, refreshed ones neither."""
    sign_out(call.context, call.sign_in)
    return {"ended": True}


ROUTES = (Route("POST", "/desk/session/end", end_session, gives=EndedView),)
