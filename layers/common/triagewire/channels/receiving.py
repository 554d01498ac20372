"""From one webhook to one outcome: what the intake function and `triagewire arrival` share."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from triagewire.arrival import Arrival
from triagewire.channels.adapter import Adapter, adapter_of
from triagewire.channels.outcome import Outcome, accepted, ignored, quarantined, refused
from triagewire.channels.parsed import Ignored
from triagewire.channels.request import WebhookRequest, request_from_api_gateway
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError, UnreadableError

MOST_TEXT_BYTES = 200_000
"""An item of DynamoDB holds 400 KB: what is longer is no longer a person's words, and is cut."""
MOST_DETAIL_BYTES = 60_000
"""Everything but the text: a longer one is no record context but an attack or a fault."""


def receive_event(
    event: Mapping[str, object],
    source: Source,
    secrets: tuple[str, ...],
    now: datetime,
    *,
    public_url: str = "",
) -> Outcome:
    """`receive` for a REST API event: the whole decision of the intake function."""
    try:
        request = request_from_api_gateway(event, public_url=public_url)
    except RefusedError as refusal:
        # An over-long body is not decoded, but its headers still say how the answer must look.
        request = request_from_api_gateway({**event, "body": None})
        return adapter_of(source).shaped(refused(refusal), request, source)
    return receive(request, source, secrets, now)


def receive(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime
) -> Outcome:
    """Admit, verify, parse, in this order. It never raises: each fault has its outcome."""
    adapter = adapter_of(source)
    try:
        _admit(request, source, adapter)
        adapter.verify(request, source, _live(source, secrets), now)
    except RefusedError as refusal:
        outcome = refused(refusal)
    else:
        outcome = _understood(adapter, request, source, now)
    return adapter.shaped(outcome, request, source)


def unavailable(event: Mapping[str, object], source: Source) -> Outcome:
    """Our own failure after verification: the sender is asked to try again."""
    request = request_from_api_gateway({**event, "body": None})
    outcome = refused(RefusedError(503, "temporarily unavailable, please send again"))
    return adapter_of(source).shaped(outcome, request, source)


def _admit(request: WebhookRequest, source: Source, adapter: Adapter) -> None:
    """Size and form are looked at before anything is computed over the body."""
    if len(request.body) > source.options.body_limit_bytes:
        raise RefusedError(413, "body: is over the limit")
    if request.method not in adapter.METHODS:
        raise RefusedError(405, "method: must be POST")
    if request.method != "POST":
        return
    # A packed body could unpack to any size, and no sender of ours packs one.
    if request.header("content-encoding").strip().lower() not in {"", "identity"}:
        raise RefusedError(415, "content-encoding: is not taken")
    if request.media_type not in adapter.MEDIA_TYPES:
        raise RefusedError(415, f"content-type: must be {' or '.join(sorted(adapter.MEDIA_TYPES))}")


def _live(source: Source, secrets: tuple[str, ...]) -> tuple[str, ...]:
    live = tuple(secret for secret in secrets if secret)
    if source.options.signed and not live:
        # Ours to mend, so the sender keeps the message and tries again.
        raise RefusedError(503, "no secret is configured for this source")
    return live


def _understood(
    adapter: Adapter, request: WebhookRequest, source: Source, now: datetime
) -> Outcome:
    try:
        parsed = adapter.parse(request, source, now)
        if isinstance(parsed, Ignored):
            return ignored(parsed)
        return accepted(source, tuple(_bounded(arrival) for arrival in parsed))
    except (InvalidFieldError, UnreadableError) as problem:
        reason = str(problem)
    except Exception as error:
        # A fault of a parser must not cost a patient's words.
        reason = f"the body could not be read ({type(error).__name__})"
    if source.options.signed:
        return quarantined(source, request, reason)
    # Nobody vouches for a browser: the person in front of it is told what to mend.
    return refused(RefusedError(422, reason))


def _bounded(arrival: Arrival) -> Arrival:
    """Fits a table item. The text is cut with a remark; details that cannot be true are refused."""
    details = replace(arrival, text="")
    if len(repr(details)) > MOST_DETAIL_BYTES:
        raise UnreadableError("the details of the message are over the limit")
    encoded = arrival.text.encode("utf-8", "replace")
    if len(encoded) <= MOST_TEXT_BYTES:
        return arrival
    text = encoded[:MOST_TEXT_BYTES].decode("utf-8", "ignore")
    left_out = len(arrival.text) - len(text)
    remark = f"text cut: {left_out} characters at the end were left out"
    return replace(arrival, text=text, remarks=(*arrival.remarks, remark))
