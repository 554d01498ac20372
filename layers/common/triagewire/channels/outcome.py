"""What intake decided about one webhook: the four outcomes, each with the answer to its sender."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from triagewire.arrival import Arrival, Fact
from triagewire.channels.parsed import Answer, Ignored
from triagewire.channels.request import EVENT_HEADERS_OF, WebhookRequest
from triagewire.channels.source import Source
from triagewire.errors import RefusedError
from triagewire.ids import derived_event_id, ticket_id

JSON = {"content-type": "application/json"}
TOO_MANY = 429


class OutcomeKind(StrEnum):
    """`quarantined` is a verified body that could not be read: kept, with a review ticket."""

    ACCEPTED = "accepted"
    IGNORED = "ignored"
    REFUSED = "refused"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer (`status`, `body`, `headers`) is final and the same for every retry of the event.

    It may be sent only after `arrivals`, or the quarantined body, are stored.
    `ticket_ids` has one id for each arrival, or the id of the review ticket of a quarantined body,
    whose `event_id` is derived from the body and whose `raw` bytes, `method` and `headers_kept` are
    to be kept, encrypted: with them the body can be parsed again after a fix. `facts` are to be
    recorded and `visit` to be fetched before the answer goes out. `reason` names a field, never a
    value.
    """

    kind: OutcomeKind
    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    arrivals: tuple[Arrival, ...] = field(default=(), repr=False)
    ticket_ids: tuple[str, ...] = ()
    event_id: str | None = None
    raw: bytes = field(default=b"", repr=False)
    method: str = "POST"
    headers_kept: Mapping[str, str] = field(default_factory=dict, repr=False)
    facts: tuple[Fact, ...] = field(default=(), repr=False)
    visit: str = field(default="", repr=False)
    reason: str = ""


def accepted(source: Source, arrivals: tuple[Arrival, ...]) -> Outcome:
    """Each arrival becomes a ticket, once it is stored."""
    ids = tuple(ticket_id(source.site, source.name, arrival.event_id) for arrival in arrivals)
    kind = OutcomeKind.ACCEPTED
    return Outcome(
        kind=kind,
        status=202,
        body=_said(kind, ticket_ids=ids),
        headers=JSON,
        arrivals=arrivals,
        ticket_ids=ids,
    )


def ignored(given: Ignored) -> Outcome:
    """Nothing to store."""
    kind = OutcomeKind.IGNORED
    answer = given.answer or Answer(status=200, body=_said(kind, given.reason), headers=JSON)
    return Outcome(
        kind=kind,
        status=answer.status,
        body=answer.body,
        headers=answer.headers,
        facts=given.facts,
        visit=given.visit,
        reason=given.reason,
    )


def refused(refusal: RefusedError) -> Outcome:
    """Not believed, or not taken; nothing is stored."""
    again = refusal.status >= 500 or refusal.status == TOO_MANY
    headers = {**JSON, "retry-after": str(refusal.retry_seconds)} if again else JSON
    return Outcome(
        kind=OutcomeKind.REFUSED,
        status=refusal.status,
        body=_said(OutcomeKind.REFUSED, refusal.reason),
        headers=headers,
        reason=refusal.reason,
    )


def quarantined(source: Source, request: WebhookRequest, reason: str) -> Outcome:
    """Believed but not understood: the body is kept and a person looks at it.

    Two events that look alike are two where their senders name events in a header: one may have
    been answered and closed long before the other comes.
    """
    kept = request.headers_for_parsing()
    named = [kept[name] for name in EVENT_HEADERS_OF.get(source.adapter, ()) if name in kept][:1]
    content = b"\0".join((request.body, *(each.encode("utf-8", "replace") for each in named)))
    event_id = derived_event_id(source.site, source.name, content)
    review = (ticket_id(source.site, source.name, event_id),)
    kind = OutcomeKind.QUARANTINED
    return Outcome(
        kind=kind,
        status=202,
        body=_said(kind, reason, review),
        headers=JSON,
        ticket_ids=review,
        event_id=event_id,
        raw=request.body,
        method=request.method,
        headers_kept=kept,
        reason=reason,
    )


def _said(kind: OutcomeKind, reason: str = "", ticket_ids: tuple[str, ...] = ()) -> str:
    said: dict[str, object] = {"outcome": kind.value}
    if reason:
        said["reason"] = reason
    if ticket_ids:
        said["ticket_id"] = ticket_ids[0]
    if len(ticket_ids) > 1:
        said["ticket_ids"] = list(ticket_ids)
    return json.dumps(said)


def unshaped(outcome: Outcome, _request: object, _source: object) -> Outcome:
    """The plain JSON answer, for senders that take any."""
    return outcome


def answered_200(outcome: Outcome, _request: object, _source: object) -> Outcome:
    """200 for whatever was taken, for senders to whom any other success is a fault."""
    return outcome if outcome.kind is OutcomeKind.REFUSED else replace(outcome, status=200)
