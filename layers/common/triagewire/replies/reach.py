"""What a webhook of ours may reach: public addresses by https, and nothing inside anybody's network
(server-side request forgery).
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

HTTPS_PORT = 443
MOST_CHARACTERS = 2_000
_HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\uffff\U00010000-\U0010ffff\\]")
_GLOBAL = IPv6Network("2000::/3")
"""All that is given out of IPv6 for the public; what translates to IPv4 lies outside, or is barred.
"""
_BARRED = (IPv6Network("2002::/16"), IPv6Network("2001::/32"), IPv6Network("3fff::/20"))
"""6to4 and Teredo, in which an IPv4 address hides; and the addresses of documents (RFC 9637)."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where a webhook goes: a name or an address, a port, and what is asked for there."""

    host: str
    port: int
    path: str


def receiver_of(url: str) -> Receiver:
    """The receiver that an address names. Raises ValueError, which says what is wrong with it."""
    if _UNSEEN.search(url) or len(url) > MOST_CHARACTERS:
        raise ValueError("must be plain ASCII without spaces")
    try:
        parts = urlsplit(url)
        port = HTTPS_PORT if parts.port is None else parts.port
    except ValueError:
        raise ValueError("cannot be read as an address") from None
    if parts.scheme != "https":
        raise ValueError("must begin with https://")
    if "@" in parts.netloc:
        raise ValueError("must hold no user or password: the signature says who sends")
    if parts.fragment:
        raise ValueError("must hold no #")
    if not port:
        raise ValueError("must name a port from 1 to 65535")
    return Receiver(_checked_host(parts.hostname or ""), port, _target(parts.path, parts.query))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet. Only the one plain spelling of an
    address is one at all: neither octal nor hexadecimal, nor a number for all four parts.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return _is_public_4(found) if isinstance(found, IPv4Address) else _is_public_6(found)


def _is_public_4(found: IPv4Address) -> bool:
    return found.is_global and not (found.is_multicast or found.is_reserved)


def _is_public_6(found: IPv6Address) -> bool:
    barred = any(found in network for network in _BARRED)
    return found in _GLOBAL and found.is_global and not barred


def _checked_host(host: str) -> str:
    """A name with a dot and a last part that is no number, or a public address as it is written."""
    if _HOST.fullmatch(host):
        return host
    if is_public(host):
        return host
    raise ValueError("must name a public host")


def _target(path: str, query: str) -> str:
    return f"{path or '/'}{'?' if query else ''}{query}"
