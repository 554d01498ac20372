"""How much one source, and one caller of a browser form, may give in a time.

It comes after verification, so that nobody can use up another's tokens, and only before something
is written. A limiter that cannot be reached stops nobody: a message is worth more than a limit.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime

from triagewire.channels.bucket import bucket_of
from triagewire.channels.outcome import TOO_MANY, Outcome, OutcomeKind
from triagewire.channels.receiving import refusing_event
from triagewire.channels.request import request_from_api_gateway
from triagewire.channels.source import Limit, Source
from triagewire.errors import RefusedError
from triagewire.observability import count, logger
from triagewire.store.source_states import mark_given, take_callers_token, take_token
from triagewire.store.table import Tables

SECOND = 1_000_000
_WRITTEN = frozenset({OutcomeKind.ACCEPTED, OutcomeKind.QUARANTINED})


def within_limits(
    tables: Tables,
    outcome: Outcome,
    event: Mapping[str, object],
    source: Source,
    now: datetime,
    hash_key: Callable[[], bytes],
) -> Outcome:
    """The outcome itself, or a 429 in the form that its sender understands when it is too much.

    `hash_key` gives the key under which callers' addresses are hashed, where one is needed. Facts
    take no token: the delivery reports of a mailing would keep out patients' answers to it.
    """
    if outcome.kind not in _WRITTEN:
        note_given(tables, outcome, source, now)
        return outcome
    try:
        wait = _wait(tables, event, source, now, hash_key)
    except Exception as error:
        _tell_of(error, source)
        return outcome
    if not wait:
        return outcome
    count("Limited")
    seconds = -(-wait // SECOND)
    refusal = RefusedError(TOO_MANY, "too many messages, please send again later", seconds)
    return refusing_event(event, source, refusal)


def note_given(tables: Tables, outcome: Outcome, source: Source, now: datetime) -> None:
    """Note that a source gave something, a message or a fact, where nobody is asked to come again,
    as with mail that is stored already. A note that fails costs no message.
    """
    if outcome.kind not in _WRITTEN and not outcome.facts:
        return
    try:
        mark_given(tables, f"{source.site}/{source.name}", now)
    except Exception as error:
        _tell_of(error, source)


def _tell_of(error: Exception, source: Source) -> None:
    logger.error("limiter failed", source=source.name, error=type(error).__name__)
    count("LimiterFailed")


def _wait(
    tables: Tables,
    event: Mapping[str, object],
    source: Source,
    now: datetime,
    hash_key: Callable[[], bytes],
) -> int:
    """Microseconds until a token is free. The caller's own bucket comes first: who floods a form
    uses up nothing of the others'.
    """
    name = f"{source.site}/{source.name}"
    caller = "" if source.options.signed else network_of(event)
    if caller:
        hashed = hmac.new(hash_key(), f"caller\0{name}\0{caller}".encode(), hashlib.sha256)
        bucket = bucket_of(Limit(per_minute=source.options.per_caller_minute))
        if wait := take_callers_token(tables, hashed.hexdigest(), bucket, now):
            return wait
    return take_token(tables, name, bucket_of(source.limit), now)


def network_of(event: Mapping[str, object]) -> str:
    """Whom the caller's address stands for: one household has a whole /64 of IPv6 (RFC 6177)."""
    import ipaddress  # noqa: PLC0415  for browser forms alone

    address = request_from_api_gateway({**event, "body": None}).caller
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(known if known.version == 4 else ipaddress.ip_network((known, 64), strict=False))
