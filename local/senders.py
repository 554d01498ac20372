"""Signs requests as each sender does: for the demo, the tests, and trying by hand.

Every function gives the headers and the exact body bytes of one webhook.
"""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from triagewire.channels.signatures import standard_signature
from triagewire.channels.slack import slack_signature
from triagewire.channels.twilio import twilio_signature

type Signed = tuple[dict[str, str], bytes]

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


def signed_standard(
    secret: str, now: datetime, payload: Mapping[str, object], *, event_id: str
) -> Signed:
    """A Standard Webhooks request. A retry has the same event id."""
    return _standard(secret, now, json.dumps(payload).encode(), event_id, _JSON)


def signed_epic(
    secret: str, now: datetime, payload: Mapping[str, object], *, event_id: str
) -> Signed:
    """An EHR portal event, as an integration engine posts it."""
    return signed_standard(secret, now, payload, event_id=event_id)


def signed_web(
    secret: str, now: datetime, payload: Mapping[str, object], *, event_id: str, form: bool = False
) -> Signed:
    """A web form, posted by the site's own backend as JSON or as form fields."""
    if form:
        return _standard(secret, now, urlencode(payload).encode(), event_id, _FORM)
    return signed_standard(secret, now, payload, event_id=event_id)


def signed_twilio(secret: str, url: str, payload: Mapping[str, str]) -> Signed:
    """A Twilio callback to exactly this URL. Twilio signs no time."""
    signature = twilio_signature(secret, url, payload.items())
    headers = {"Content-Type": _FORM, "X-Twilio-Signature": signature.decode()}
    return headers, urlencode(payload).encode()


def basic_postmark(secret: str, payload: Mapping[str, object]) -> Signed:
    """A Postmark inbound mail; the secret is `user:password`."""
    credentials = base64.b64encode(secret.encode()).decode()
    headers = {"Content-Type": _JSON, "Authorization": f"Basic {credentials}"}
    return headers, json.dumps(payload).encode()


def signed_slack(
    secret: str, now: datetime, payload: Mapping[str, object], *, command: bool = False
) -> Signed:
    """A Slack event, or a slash command when `command` is set."""
    body = (urlencode(payload) if command else json.dumps(payload)).encode()
    seconds = str(int(now.timestamp()))
    return {
        "Content-Type": _FORM if command else _JSON,
        "X-Slack-Request-Timestamp": seconds,
        "X-Slack-Signature": slack_signature(secret, seconds, body).decode(),
    }, body


def _standard(secret: str, now: datetime, body: bytes, event_id: str, media_type: str) -> Signed:
    seconds = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = b".".join((event_id.encode(), seconds.encode(), body))
    return {
        "Content-Type": media_type,
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": standard_signature(key, content).decode(),
    }, body
