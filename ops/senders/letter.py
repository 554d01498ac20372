"""What a sample needs to know, the request that it becomes, and secrets of our own making."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from triagewire.channels.source import Source

type Signed = tuple[dict[str, str], bytes]
"""The headers and the exact body bytes of one webhook."""

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message to send through a source: `url` is the address it goes to, `secret` a live one."""

    source: Source
    secret: str = field(repr=False)
    url: str
    now: datetime
    event_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One request as its sender would make it."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def posted(letter: Letter, signed: Signed) -> Post:
    """A signed body, to the letter's own address."""
    headers, body = signed
    return Post(url=letter.url, headers=headers, body=body)


def templated(letter: Letter, usual: Mapping[str, tuple[str, str]]) -> dict[str, object]:
    """A body whose keys an administrator chose.

    `usual` has a value and its key in our own template for each of our names; where the source's
    option `fields` names another one, the value stands there. A point leads into an object.
    """
    body: dict[str, object] = {}
    for name, (key, value) in usual.items():
        *outer, last = letter.source.options.fields.get(name, key).split(".")
        inner: Any = body
        for step in outer:
            inner = inner.setdefault(step, {})
        inner[last] = value
    return body


def new_token() -> str:
    """A secret that is typed in at the sender as it is: a header's value, a part of an address."""
    return secrets.token_urlsafe(32)


def new_credentials() -> str:
    """`user:password` for a sender that knows basic authentication only."""
    return f"triagewire:{new_token()}"


def new_signing_key() -> str:
    """A Standard Webhooks secret."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
