"""A web form, posted by the site's own backend or by a browser."""

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from ops.senders.letter import FORM, JSON, Letter, Post, Signed, posted
from ops.senders.standard import new_secret, signed_body, signed_standard

__all__ = ["new_secret", "sample", "signed", "signed_web"]


def sample(letter: Letter) -> Post:
    """A filled form."""
    return signed(letter, {"text": letter.text, "submission_id": letter.event_id})


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any form, from a backend or from a page of the source's first origin."""
    options = letter.source.options
    if options.signed:
        made = signed_web(letter.secret, letter.now, payload, event_id=letter.event_id)
        return posted(letter, made)
    headers = {"Content-Type": JSON, "Origin": options.origins[0]}
    return posted(letter, (headers, json.dumps(payload).encode()))


def signed_web(
    secret: str, now: datetime, payload: Mapping[str, object], *, event_id: str, form: bool = False
) -> Signed:
    """A web form, posted by the site's own backend as JSON or as form fields."""
    if form:
        return signed_body(secret, now, urlencode(payload).encode(), event_id, FORM)
    return signed_standard(secret, now, payload, event_id=event_id)
