"""Who is on call: a weekly rota that hands over in site time, so that no week is an hour short at a
DST change.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from triagewire.policy.roster import OnCall


def on_call(rota: OnCall, zone: str, now: datetime) -> str:
    """The member id of the provider on call at `now` (UTC) in a site of IANA zone `zone`."""
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    handover = timedelta(hours=rota.handover.hour, minutes=rota.handover.minute)
    weeks = ((wall - handover).date() - rota.since).days // 7
    return rota.rota[weeks % len(rota.rota)]
