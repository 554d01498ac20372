"""The calendar feed of who is on call: its link, and its text as RFC 5545 has it.

Calendar programs cannot sign in, so the link is the key: signed, good for one site and for the
number that the site's policy gives. It shows names of staff and times, nothing of any ticket.
"""

import hmac
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from triagewire.errors import NotFoundError
from triagewire.escalation.coverage import Shift, whole_shifts
from triagewire.escalation.feed_tokens import feed_token
from triagewire.policy.model import Policy, Site

AHEAD = timedelta(days=60)
REFRESH_MINUTES = 60
"""How often a calendar program may look again: so long a change of the rota may take to show."""

_LONGEST_LINE = 75
_SPECIAL = re.compile(r"([\\;,])")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


def feed_for(policy: Policy, key: bytes, site_id: str, token: str, now: datetime) -> str:
    """What the link of a feed shows. Raises NotFoundError, always the same, for a token that does
    not open it, a site without a feed and a site that is not there.
    """
    site = policy.sites.get(site_id)
    number = site.on_call.feed if site else 0
    genuine = feed_token(key, site_id, number).encode()
    if (
        not hmac.compare_digest(genuine, token.encode(errors="replace"))
        or site is None
        or number == 0
    ):
        raise NotFoundError("no such path")
    return calendar_text(site_id, site, now)


def calendar_text(site_id: str, site: Site, now: datetime) -> str:
    """Who is on call at a site for 60 days, as a calendar. A shift is known by when it begins, so
    that calendar programs change the one that they have when somebody else takes it.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Triagewire//On call//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:On call: {_text(site.name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{REFRESH_MINUTES}M",
    ]
    for shift in whole_shifts(site, now, now + AHEAD):
        lines += _event(site_id, site, shift, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(site_id: str, site: Site, shift: Shift, now: datetime) -> Iterator[str]:
    who = site.members[shift.member].name if shift.member else "NOBODY"
    yield "BEGIN:VEVENT"
    yield f"UID:{_stamp(shift.begins)}-{site_id}@triagewire"
    yield f"DTSTAMP:{_stamp(now)}"
    yield f"DTSTART:{_stamp(shift.begins)}"
    yield f"DTEND:{_stamp(shift.ends)}"
    yield f"SUMMARY:On call: {_text(who)} ({_text(site.name)})"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    """A text value: what has a meaning there is marked, and it stays on its line."""
    return _SPECIAL.sub(r"\\\1", _CONTROLS.sub(" ", said))


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 bytes, as the format asks; no letter is cut in two."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > _LONGEST_LINE:
            yield part
            part = " "
        part += letter
    yield part
