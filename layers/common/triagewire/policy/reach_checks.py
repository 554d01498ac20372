"""What a policy must say of how people are reached: addresses that can be meant, and a way for
everybody whom a page must find.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from triagewire.channels.reading.identities import email_address
from triagewire.escalation.addresses import answerable
from triagewire.ladder import Way
from triagewire.policy.document import Problem
from triagewire.policy.model import Policy, Site

_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}", re.ASCII)
"""E.164, as SNS takes it."""
_OWN = ("local", "internal", "lan", "home", "corp", "arpa")
"""Last names of hosts that are known inside one network only."""
_EMBEDDED = "localhost"
"""Where pagers of the embedded stack are. SNS in an account can confirm nothing there, so that such
a pager is never taken for one that works.
"""
LONGEST_URL = 2048


def reach_problems(site: Site) -> Iterator[Problem]:
    """Addresses that nothing could be sent to; and once anybody of the site has a way of their own,
    who is paged and has none.
    """
    for person, member in site.members.items():
        for way, address in member.ways.items():
            if problem := _problem(way, address):
                yield ("members", person, "ways", way.value), problem
    if not any(member.ways for member in site.members.values()):
        return
    for person, why in answerable(site).items():
        if person in site.members and not site.members[person].ways:
            told = f"has no ways, and is {why}: a page would not reach them"
            yield ("members", person), told


def one_person_problems(policy: Policy) -> Iterator[Problem]:
    """A member of several sites who is reached otherwise at one than at another, in places of the
    whole policy: notices are counted and subscribed by person.
    """
    first: dict[str, str] = {}
    for site_id, site in policy.sites.items():
        for person, member in site.members.items():
            other = first.setdefault(person, site_id)
            if member.ways != policy.sites[other].members[person].ways:
                told = f"is at {other} too, with other ways: write the same at both"
                yield ("sites", site_id, "members", person, "ways"), told


def _problem(way: Way, address: str) -> str:
    match way:
        case Way.SMS:
            good = _NUMBER.fullmatch(address)
            return "" if good else "is no number with a plus and its country code: +15550100123"
        case Way.EMAIL:
            return "" if email_address(address) else "is no mail address"
        case Way.PAGER:
            return _pager_problem(address)
        case _:
            return "has no address: leave it out; who has no ways hears the topics' own subscribers"


def _pager_problem(address: str) -> str:
    """A pager service is told by HTTPS, and from the internet: SNS is outside of every network."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "is no https address"
    written = address.isascii() and address.isprintable() and " " not in address
    if parts.scheme != "https" or not host or not written or len(address) > LONGEST_URL:
        return "is no https address"
    if parts.username is not None or parts.password is not None:
        return "holds a name or password: SNS is confirmed at the address, and needs none"
    if parts.fragment:
        return "holds a #fragment, which is never sent"
    return "" if _is_public(host) else "names a host that is not on the internet"


def _is_public(host: str) -> bool:
    if host == _EMBEDDED:
        return True
    try:
        return ip_address(host).is_global
    except ValueError:
        labels = host.rstrip(".").split(".")
        return len(labels) > 1 and all(labels) and labels[-1] not in _OWN
