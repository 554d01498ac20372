"""Who may pass the gateway without a Cognito token: the holder of a genuine link, a browser that
opens the console, and whoever asks for articles.

It reads no table. What a link may still do, and whether it is too old, the desk decides and tells.
Whatever a request looks like, the answer is Allow or Deny; only a fault of ours is an error.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from triagewire.errors import BadLinkError
from triagewire.escalation.feed_tokens import is_feed_token
from triagewire.signed import ACKNOWLEDGE, CALLBACK, FEEDBACK, read_signed

type Network = IPv4Network | IPv6Network

NOBODY = "nobody"
"""Who asks for what is no public route."""
NOWHERE = "arn:aws:execute-api:::nowhere"
"""What is denied of a method whose name cannot stand in a policy; without an Allow it is denied
too.
"""
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?", re.ASCII)
"""A site or a source, as policies name them."""
_METHOD_ARN = re.compile(
    r"arn:[\w-]+:execute-api:[\w-]*:[\w-]*:[\w-]+/[\w-]+/[A-Z]+/[\w./-]*", re.ASCII
)
"""The name of one method, without the signs that make a policy mean several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What is known here: how to get the key of links, and how to get the networks from which the
    console may be opened (none: from everywhere).
    """

    key: Callable[[], bytes]
    networks: Callable[[], tuple[Network, ...]]


@dataclass(frozen=True, slots=True)
class _Request:
    """The texts of an event; what is none counts as missing."""

    event: Mapping[str, Any]

    def text(self, name: str) -> str:
        return _text(self.event.get(name))

    def part(self, name: str) -> str:
        """A part of the path."""
        return _text(_mapping(self.event.get("pathParameters")).get(name))

    def asked(self, name: str) -> str | None:
        """A field of the query; None when it is not there."""
        found = _mapping(self.event.get("queryStringParameters"))
        return _text(found[name]) if name in found else None

    def header(self, name: str) -> str:
        given = _mapping(self.event.get("headers")).items()
        return next((_text(value) for key, value in given if str(key).lower() == name), "")

    @property
    def address(self) -> str:
        context = _mapping(self.event.get("requestContext"))
        return _text(_mapping(context.get("identity")).get("sourceIp"))


type _Rule = Callable[[_Request, Gate], bool]


def answer_to(event: Mapping[str, Any], gate: Gate) -> dict[str, Any]:
    """The policy for one request. It names its one method and no other, so that nothing else is
    opened by it, however long the gateway keeps it. Raises what `gate` raises.
    """
    request = _Request(event)
    name, allowed = _judged(request, gate)
    arn = request.text("methodArn")
    named = _METHOD_ARN.fullmatch(arn) is not None
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": "Allow" if allowed and named else "Deny",
        "Resource": arn if named else NOWHERE,
    }
    return {
        "principalId": name,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"route": name},
    }


def networks_of(listed: str) -> tuple[Network, ...]:
    """Networks as a deployment lists them, parted by commas or spaces. Raises ValueError for what
    is none: who meant to close the console must not find it open.
    """
    return tuple(ip_network(each, strict=False) for each in re.split(r"[,\s]+", listed) if each)


def _judged(request: _Request, gate: Gate) -> tuple[str, bool]:
    """The name of the route, and whether it is open to the request."""
    found = _ROUTES.get(request.text("resource"))
    if found is None:
        return NOBODY, False
    name, methods, rule = found
    return name, request.text("httpMethod") in methods and rule(request, gate)


def _signed_for(purpose: bytes) -> _Rule:
    """The rule of a link of a ticket. One that is too old passes: its page tells what to do."""

    def rule(request: _Request, gate: Gate) -> bool:
        try:
            read_signed(gate.key(), purpose, request.part("token"))
        except BadLinkError:
            return False
        return True

    return rule


def _opens_a_feed(request: _Request, gate: Gate) -> bool:
    site = request.part("site")
    return bool(_NAME.fullmatch(site)) and is_feed_token(gate.key(), site, request.part("token"))


def _opens_the_console(request: _Request, gate: Gate) -> bool:
    return _is_from_here(request) and _is_near(request.address, gate.networks())


def _is_from_here(request: _Request) -> bool:
    """Whether no other site's page loads or frames it: they may only send a person to it. Browsers
    say who asks; programs say nothing, and have no session that could be abused.
    """
    site = request.header("sec-fetch-site")
    if site in {"", "same-origin", "same-site", "none"}:
        return True
    goes = request.header("sec-fetch-mode") == "navigate" and request.text("httpMethod") == "GET"
    return site == "cross-site" and goes and request.header("sec-fetch-dest") in {"", "document"}


def _is_near(address: str, networks: tuple[Network, ...]) -> bool:
    if not networks:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    plain = (found.ipv4_mapped if isinstance(found, IPv6Address) else None) or found
    return any(plain in each for each in networks)


def _asks_for_articles(request: _Request, _gate: Gate) -> bool:
    """Whether a site is named as sites are, and a source, if any, as sources are."""
    named = (request.asked("site") or "", request.asked("source"))
    return all(each is None or _NAME.fullmatch(each) is not None for each in named)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


_LOOK, _ACT = frozenset({"GET", "HEAD"}), frozenset({"POST"})
_ROUTES: dict[str, tuple[str, frozenset[str], _Rule]] = {
    "/acknowledge/{token}": ("acknowledge", _LOOK | _ACT, _signed_for(ACKNOWLEDGE)),
    "/feedback/{token}": ("feedback", _LOOK | _ACT, _signed_for(FEEDBACK)),
    "/automation/{token}": ("automation", _ACT, _signed_for(CALLBACK)),
    "/on-call/{site}/{token}": ("on-call", frozenset({"GET"}), _opens_a_feed),
    "/console": ("console", frozenset({"GET"}), _opens_the_console),
    "/console/{file}": ("console", frozenset({"GET"}), _opens_the_console),
    "/kb/suggest": ("suggest", frozenset({"GET"}), _asks_for_articles),
}
"""The public routes by their path: the name of each, its methods, and who may pass."""
