"""One webhook call as it came over the wire, free of the gateway that handed it over."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from triagewire.channels.options import MOST_BODY_LIMIT_BYTES
from triagewire.errors import RefusedError

_SIGNED_IDS = ("webhook-id", "svix-id")
EVENT_HEADERS_OF: Mapping[str, tuple[str, ...]] = {
    "epic": _SIGNED_IDS,
    "standard": _SIGNED_IDS,
    "web": _SIGNED_IDS,
    "zendesk": ("x-zendesk-webhook-invocation-id",),
}
"""In which senders name an event, the same in every retry of it; the first that is there counts.
Of other senders such a header says nothing: nobody signed it.
"""
_PARSED = frozenset({"content-type", "x-triagewire-link"}).union(*EVENT_HEADERS_OF.values())
"""Headers that adapters read after they have verified: form of the body, the event's id, and where
the whole of a stored mail is.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRequest:
    """Header names are folded to lower case; `body` is the exact bytes that were signed.

    `url` is the public address: configured base, path and query. It is never built from a Host
    header, which an attacker can write. `query` is its decoded query, and `caller` the address the
    gateway saw. Headers, query and body hold secrets and PHI: no repr shows them.
    """

    method: str = "POST"
    url: str = ""
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    caller: str = field(default="", repr=False)

    def header(self, name: str) -> str:
        """The header's value, or ''. The name is given in lower case."""
        return self.headers.get(name, "")

    def headers_for_parsing(self) -> dict[str, str]:
        """What a later parse of the same body needs of the headers; no credential is among it."""
        return {name: self.headers[name] for name in sorted(_PARSED & self.headers.keys())}

    @property
    def media_type(self) -> str:
        """The media type alone, without its parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()


def folded(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by lower-case name."""
    return {name.lower(): value for name, value in headers.items()}


def request_from_api_gateway(
    event: Mapping[str, object], *, public_url: str = "", most_bytes: int = MOST_BODY_LIMIT_BYTES
) -> WebhookRequest:
    """Read a REST API (payload 1.0) event. Raises RefusedError 413 or 400, before any decoding."""
    return WebhookRequest(
        method=str(event.get("httpMethod") or "POST").upper(),
        url=_url(event, public_url) if public_url else "",
        headers=_headers(event),
        body=_body(event, most_bytes),
        query=dict(_query(event)),
        caller=_caller(event),
    )


def _headers(event: Mapping[str, object]) -> dict[str, str]:
    """One text a name; repeated headers are joined by a comma as HTTP allows (RFC 9110 §5.3)."""
    joined = {name: str(value) for name, value in _pairs(event, "headers")}
    for name, values in _pairs(event, "multiValueHeaders"):
        if isinstance(values, list):
            joined[name] = ", ".join(str(value) for value in values)
    return folded(joined)


def _pairs(event: Mapping[str, object], key: str) -> list[tuple[str, object]]:
    given = event.get(key)
    if not isinstance(given, Mapping):
        return []
    return [(str(name), value) for name, value in given.items() if value is not None]


def _query(event: Mapping[str, object]) -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in _pairs(event, "multiValueQueryStringParameters")
        for value in (values if isinstance(values, list) else [values])
    ]


def _caller(event: Mapping[str, object]) -> str:
    """The address that the gateway itself saw; `X-Forwarded-For` is anybody's claim."""
    context = event.get("requestContext")
    identity = context.get("identity") if isinstance(context, Mapping) else None
    return str(identity.get("sourceIp") or "") if isinstance(identity, Mapping) else ""


def _url(event: Mapping[str, object], public_url: str) -> str:
    query = _query(event)
    tail = f"?{urlencode(query, quote_via=quote)}" if query else ""
    return f"{public_url.rstrip('/')}{event.get('path') or ''}{tail}"


def _body(event: Mapping[str, object], most_bytes: int) -> bytes:
    body = event.get("body")
    if not isinstance(body, str) or not body:
        return b""
    encoded = event.get("isBase64Encoded") is True
    # Base64 holds three bytes in four characters; plain text has at least one byte a character.
    if (len(body) // 4 * 3 if encoded else len(body)) > most_bytes + 3:
        raise RefusedError(413, "body: is over the limit")
    if not encoded:
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise RefusedError(400, "body: is not base64") from None
