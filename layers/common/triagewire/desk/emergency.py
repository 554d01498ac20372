"""Emergency access as the desk shows it: what stands, and where it could be had."""

from typing import Annotated, TypedDict

from pydantic import Field

from triagewire.access import Principal
from triagewire.desk.requests import Body, Name
from triagewire.desk.shapes import Count, When
from triagewire.emergency import Emergency, EmergencyReason
from triagewire.policy.emergency import MOST_MINUTES


class EmergencyBody(Body):
    """To which site, why, and for how many minutes if not for as long as its policy allows."""

    site: Name
    why: EmergencyReason
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)] | None = None


class EmergencyView(TypedDict):
    """Emergency access that stands."""

    site: str
    until: When
    why: EmergencyReason


class EmergencyEndedView(TypedDict):
    """That none stands any more."""

    ended: bool


class EmergencySiteView(TypedDict):
    """A site that the caller may open in an emergency, for so many minutes at most."""

    id: str
    name: str
    minutes: Count


def emergency_view(emergency: Emergency) -> EmergencyView:
    """What stands."""
    return {
        "site": emergency.site,
        "until": emergency.until.isoformat(),
        "why": emergency.why,
    }


def emergency_sites(principal: Principal) -> list[EmergencySiteView]:
    """Where the caller may have it, whether one stands or not."""
    found = principal.emergency_sites()
    return [
        {"id": name, "name": site.name, "minutes": site.emergency_access.minutes}
        for name, site in found
    ]
