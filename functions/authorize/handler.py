"""API Gateway → whether a request without a Cognito token may reach the code behind a public route.

It holds the key of links and no right to any table, so a forged link never meets code that can read
a ticket. It logs nothing: the gateway's own log says which route refused.
"""

from functools import cache
from typing import Any

from triagewire.authorizing import Gate, Network, answer_to, networks_of
from triagewire.settings import settings


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Judge one request."""
    return answer_to(event, GATE)


def _key() -> bytes:
    # Most requests ask for the console, which needs no key and none of what fetching it loads.
    from triagewire.secrets import link_key  # noqa: PLC0415

    return link_key().get()


@cache
def _networks() -> tuple[Network, ...]:
    return networks_of(settings().console_networks)


GATE = Gate(key=_key, networks=_networks)
