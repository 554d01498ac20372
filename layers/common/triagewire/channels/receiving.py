"""From one webhook to one outcome: what the intake function and `triagewire arrival` share."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from triagewire.arrival import Arrival
from triagewire.channels.adapter import Adapter, adapter_of, certificate_address
from triagewire.channels.outcome import Outcome, accepted, ignored, quarantined, refused
from triagewire.channels.parsed import Answer, Ignored
from triagewire.channels.reading.fields import readable_all
from triagewire.channels.request import WebhookRequest, request_from_api_gateway
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError, UnreadableError

MOST_TEXT_BYTES = 150_000
"""An item of DynamoDB holds 400 KB: what is longer is no longer a person's words, and is cut."""
MOST_DETAIL_BYTES = 60_000
"""Everything but the text: a longer one is no record context but an attack or a fault."""

type Fetch = Callable[[str], str]
"""Gives the text behind an address that an adapter has checked; raises whatever goes wrong."""


def receive_event(
    event: Mapping[str, object],
    source: Source,
    secrets: tuple[str, ...],
    now: datetime,
    *,
    public_url: str = "",
    fetch: Fetch | None = None,
) -> Outcome:
    """`receive` for a REST API event: the whole decision of the intake function."""
    try:
        request = request_from_api_gateway(event, public_url=public_url)
    except RefusedError as refusal:
        # An over-long body is not decoded, but its headers still say how the answer must look.
        return refusing_event(event, source, refusal)
    return receive(request, source, secrets, now, fetch)


def receive(
    request: WebhookRequest,
    source: Source,
    secrets: tuple[str, ...],
    now: datetime,
    fetch: Fetch | None = None,
) -> Outcome:
    """Admit, verify, parse, in this order. It never raises: each fault has its outcome.

    `fetch` gets the signing certificate for the one kind of sender that signs with one.
    """
    adapter = adapter_of(source)
    if request.method == "HEAD":
        # How some senders try an address before they keep it. It says nothing and does nothing.
        return ignored(Ignored("address check", Answer(status=200)))
    try:
        _admit(request, source, adapter)
        live = _live(source, secrets)
        live = _with_certificate(request, source, live, now, fetch)
        adapter.verify(request, source, live, now)
    except RefusedError as refusal:
        outcome = refused(refusal)
    else:
        outcome = understood(adapter, request, source, now)
    return adapter.shaped(outcome, request, source)


def unavailable(event: Mapping[str, object], source: Source) -> Outcome:
    """Our own failure after verification: the sender is asked to try again."""
    refusal = RefusedError(503, "temporarily unavailable, please send again")
    return refusing_event(event, source, refusal)


def refusing_event(event: Mapping[str, object], source: Source, refusal: RefusedError) -> Outcome:
    """A refusal in the form that the sender of a REST API event needs."""
    request = request_from_api_gateway({**event, "body": None})
    return adapter_of(source).shaped(refused(refusal), request, source)


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
    # Nothing has no form: RingCentral's handshake is a header alone.
    if request.body and request.media_type not in adapter.MEDIA_TYPES:
        raise RefusedError(415, f"content-type: must be {' or '.join(sorted(adapter.MEDIA_TYPES))}")


def _live(source: Source, secrets: tuple[str, ...]) -> tuple[str, ...]:
    """What may verify this source; a public key of the policy is as good as a stored secret."""
    return tuple(each for each in (*secrets, source.options.public_key) if each)


def _with_certificate(
    request: WebhookRequest,
    source: Source,
    live: tuple[str, ...],
    now: datetime,
    fetch: Fetch | None,
) -> tuple[str, ...]:
    """The secrets, or the sender's certificate where it signs with one that is not among them."""
    address = certificate_address(request, source)
    if address and fetch is not None and not _believed(request, source, live, now):
        return (_fetched(fetch, address),)
    if live or not source.options.signed:
        return live
    # Ours to mend, so the sender keeps the message and tries again.
    raise RefusedError(503, "no secret is configured for this source")


def _believed(
    request: WebhookRequest, source: Source, live: tuple[str, ...], now: datetime
) -> bool:
    if not live:
        return False
    try:
        adapter_of(source).verify(request, source, live, now)
    except RefusedError:
        return False
    return True


def _fetched(fetch: Fetch, address: str) -> str:
    try:
        return fetch(address)
    except Exception:
        raise RefusedError(503, "the signing certificate cannot be fetched") from None


def understood(adapter: Adapter, request: WebhookRequest, source: Source, now: datetime) -> Outcome:
    """Parse a request that is believed already. Also how a quarantined body is read again."""
    try:
        parsed = adapter.parse(request, source, now)
        if isinstance(parsed, Ignored):
            return ignored(replace(parsed, facts=readable_all(parsed.facts)))
        return accepted(source, tuple(bounded(arrival) for arrival in parsed))
    except (InvalidFieldError, UnreadableError) as problem:
        reason = str(problem)
    except Exception as error:
        # A fault of a parser must not cost a patient's words.
        reason = f"the body could not be read ({type(error).__name__})"
    if source.options.signed:
        return quarantined(source, request, reason)
    # Nobody vouches for a browser: the person in front of it is told what to mend.
    return refused(RefusedError(422, reason))


def bounded(arrival: Arrival) -> Arrival:
    """Fits a table item. Texts are cut with a remark; details that cannot be true are refused.

    Half a character (a lone surrogate of JSON) would fail each write of its message, for ever.
    """
    arrival = readable_all(arrival)
    details = replace(arrival, text="", full_text="")
    if len(repr(details)) > MOST_DETAIL_BYTES:
        raise UnreadableError("the details of the message are over the limit")
    text, left_out = _cut(arrival.text)
    full_text, also_out = _cut(arrival.full_text)
    remarks = arrival.remarks
    if left_out:
        remarks = (*remarks, f"text cut: {left_out} characters at the end were left out")
    if also_out:
        remarks = (*remarks, f"full text cut: {also_out} characters at the end were left out")
    return replace(arrival, text=text, full_text=full_text, remarks=remarks)


def _cut(text: str) -> tuple[str, int]:
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= MOST_TEXT_BYTES:
        return text, 0
    kept = encoded[:MOST_TEXT_BYTES].decode("utf-8", "ignore")
    return kept, len(text) - len(kept)
