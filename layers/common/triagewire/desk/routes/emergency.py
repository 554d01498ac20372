"""Emergency access to a site that is not one's own."""

from triagewire.desk.api import Call, Route
from triagewire.desk.emergency import (
    EmergencyBody,
    EmergencyEndedView,
    EmergencyView,
    emergency_view,
)
from triagewire.flow.emergency import end, start


def start_emergency(call: Call) -> EmergencyView:
    """Open a site of the group that is not yours, for an emergency: its leads are told at once."""
    asked = call.body(EmergencyBody)
    found = start(call.context, call.principal, call.sign_in, asked.site, asked.why, asked.minutes)
    return emergency_view(found)


def end_emergency(call: Call) -> EmergencyEndedView:
    """End emergency access before its time is up."""
    end(call.context, call.sign_in)
    return {"ended": True}


ROUTES = (
    Route(
        "POST",
        "/desk/emergency-access",
        start_emergency,
        takes=EmergencyBody,
        gives=EmergencyView,
    ),
    Route("POST", "/desk/emergency-access/end", end_emergency, gives=EmergencyEndedView),
)
