"""One webhook, from the gateway's event to the answer that its sender understands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from triagewire.cache import Kept
from triagewire.channels.outcome import Outcome, OutcomeKind, refused
from triagewire.channels.receiving import Fetch, receive_event, unavailable
from triagewire.channels.source import Source
from triagewire.errors import RefusedError
from triagewire.flow.limits import within_limits
from triagewire.flow.receive import store_outcome
from triagewire.ledger.event import Stamp
from triagewire.observability import logger
from triagewire.store.sources import Sources, sources_with
from triagewire.store.table import Tables

RENEW_SECONDS = 30.0
"""A request that fits no secret makes us look for newer ones, at most this often: a rotation need
not wait for the usual reload, and a flood of forged requests costs one call in this time.
"""
_UNAVAILABLE = RefusedError(503, "temporarily unavailable, please send again")
_UNKNOWN = RefusedError(403, "unknown site or source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """What intake keeps while it is warm.

    `hash_key` gives the key for callers' addresses, `fetch` a signing certificate, and `visit`
    finishes a handshake; the addresses of both are checked before.
    """

    tables: Tables
    sources: Kept[Sources]
    secrets: Kept[Mapping[str, tuple[str, ...]]] = field(repr=False)
    hash_key: Callable[[], bytes]
    public_url: str
    fetch: Fetch
    visit: Callable[[str], None]


def answer(open_reception: Callable[[], Reception], event: Any, request_id: str) -> Outcome:  # noqa: ANN401
    """The outcome whose answer may be sent: what it accepted is durable.

    Whatever fails on our side, the reception's own opening too, is a 503, which senders repeat.
    """
    source = None
    try:
        reception = open_reception()
        name = "{site}/{source}".format(**event["pathParameters"])
        sources = sources_with(reception.sources, name)
        source = sources.by_name.get(name)
        if source is None:
            return _told(refused(_UNKNOWN))
        stamp = Stamp(
            at=datetime.fromtimestamp(event["requestContext"]["requestTimeEpoch"] / 1000, UTC),
            actor=f"source:{name}",
            policy_version=sources.policy_version,
            request_id=request_id,
        )
        return _told(_taken(reception, event, source, stamp), source)
    except Exception as error:
        # No fault of ours may end as anything but "send it again".
        logger.error("webhook not stored", error=type(error).__name__)
        return _told(unavailable(event, source) if source else refused(_UNAVAILABLE), source)


def _taken(reception: Reception, event: Mapping[str, Any], source: Source, stamp: Stamp) -> Outcome:
    outcome = _decided(reception, event, source, stamp.at)
    if outcome.kind is OutcomeKind.REFUSED and reception.secrets.renew(RENEW_SECONDS):
        # The secrets have changed since they were read: this may be the first use of a new one.
        outcome = _decided(reception, event, source, stamp.at)
    outcome = within_limits(reception.tables, outcome, event, source, stamp.at, reception.hash_key)
    store_outcome(reception.tables, outcome, source, stamp)
    if outcome.visit:
        reception.visit(outcome.visit)
    return outcome


def _told(outcome: Outcome, source: Source | None = None) -> Outcome:
    """Say in the log whose webhook got which answer, and why: reasons name fields, never values."""
    site, name = (source.site, source.name) if source else ("unknown", "unknown")
    logger.info(
        "webhook answered",
        outcome=outcome.kind.value,
        status=outcome.status,
        site=site,
        source=name,
        reason=outcome.reason,
    )
    for ticket_id in outcome.ticket_ids:
        logger.info("stored", ticket_id=ticket_id, site=site, source=name)
    return outcome


def _decided(
    reception: Reception, event: Mapping[str, Any], source: Source, now: datetime
) -> Outcome:
    return receive_event(
        event,
        source,
        reception.secrets.get().get(f"{source.site}/{source.name}", ()),
        now,
        public_url=reception.public_url,
        fetch=reception.fetch,
    )
