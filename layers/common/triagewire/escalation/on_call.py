"""Who is on call: a weekly rota that hands over in site time, so that no week is an hour short at a
DST change.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from triagewire.policy.model import Site


def on_call(site: Site, now: datetime) -> str | None:
    """The member id of the provider on call at `now` (UTC), None in a gap of the rota."""
    rota = site.on_call
    wall = now.astimezone(ZoneInfo(site.zone)).replace(tzinfo=None)
    handover = timedelta(hours=rota.handover.hour, minutes=rota.handover.minute)
    weeks = ((wall - handover).date() - rota.since).days // 7
    return rota.rota[weeks % len(rota.rota)]
