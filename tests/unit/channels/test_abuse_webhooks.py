"""What is done to a signed webhook on its way, by every adapter (A2, A3, A4, A16)."""

import gzip
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.senders.epic import signed_epic
from ops.senders.letter import Post
from tests.unit.channels.builders import (
    NOW,
    SECRET,
    a_portal_message,
    a_source,
    a_source_of,
    an_outcome,
    secret_of,
    the_arrival,
)
from tests.unit.channels.test_adapters import (
    WEBHOOKS,
    a_letter,
    other_secret,
    request_of,
    sender_of,
)
from triagewire.arrival import Arrival
from triagewire.channels.outcome import OutcomeKind
from triagewire.channels.receiving import receive
from triagewire.channels.request import WebhookRequest

BY_TOKEN = {
    "fhir",
    "freshdesk",
    "gravityforms",
    "jotform",
    "mailgun",
    "monitoring",
    "postmark",
    "ringcentral",
    "sendgrid",
}
"""Their senders prove who they are, by a secret in a header or an address, and sign no body: TLS
alone keeps it whole.
"""
BY_CONTENT = {"dialpad", "sns"}
"""Their signature is over what stands in the body, so the space around it may change."""
SIGNED = [each for each in WEBHOOKS if each not in BY_TOKEN]


def sample_of(adapter: str) -> WebhookRequest:
    """A good request of the adapter's sender."""
    post: Post = sender_of(adapter).sample(a_letter(adapter))
    return request_of(post)


def changes_of(body: bytes) -> dict[str, bytes]:
    """A body as something on its way might have left it."""
    found = {
        "a space after it": body + b" ",
        "a line break after it": body + b"\n",
        "a mark of the byte order": b"\xef\xbb\xbf" + body,
        "cut short": body[:-1],
        "its first half": body[: len(body) // 2],
        "nothing": b"",
        "twice": body * 2,
        "packed": gzip.compress(body),
    }
    if body.startswith(b"{"):
        said = json.loads(body)
        found["its keys the other way round"] = json.dumps(dict(reversed(said.items()))).encode()
        found["written with more space"] = json.dumps(said, indent=2).encode()
    return found


@pytest.mark.parametrize("adapter", SIGNED)
def test_a_body_that_was_changed_after_signing_is_refused(adapter: str) -> None:
    request = sample_of(adapter)
    source, secrets = a_source_of(adapter), (secret_of(adapter),)
    whole = receive(request, source, secrets, NOW)
    assert whole.kind is OutcomeKind.ACCEPTED

    for change, body in changes_of(request.body).items():
        if body == request.body:
            continue
        outcome = receive(replace(request, body=body), source, secrets, NOW)
        if adapter in BY_CONTENT and outcome.arrivals == whole.arrivals:
            continue
        assert outcome.kind is OutcomeKind.REFUSED, change
        assert outcome.status in {401, 403}, change


@pytest.mark.parametrize("adapter", WEBHOOKS)
def test_a_good_request_is_no_good_at_another_source(adapter: str) -> None:
    elsewhere = replace(a_source_of(adapter), site="lakeview")

    outcome = receive(sample_of(adapter), elsewhere, (other_secret(adapter),), NOW)

    assert (outcome.kind, outcome.arrivals) == (OutcomeKind.REFUSED, ())


@pytest.mark.parametrize("adapter", WEBHOOKS)
@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "x-gzip, identity"])
def test_a_packed_body_is_never_unpacked(adapter: str, encoding: str) -> None:
    request = sample_of(adapter)
    packed = replace(
        request,
        headers={**request.headers, "content-encoding": encoding},
        body=gzip.compress(request.body),
    )

    outcome = receive(packed, a_source_of(adapter), (secret_of(adapter),), NOW)

    assert outcome.kind is OutcomeKind.REFUSED
    assert outcome.status in {406, 415}


CLAIMED = {
    "site": "lakeview",
    "score": 1,
    "urgency": 1,
    "status": "resolved",
    "team": "billing",
    "assignee": "director",
    "ticket_id": "A" * 26,
    "version": 99,
    "verdict": {"score": 1},
    "requester_kind": "staff",
    "ledger_head": "0" * 64,
    "__proto__": {"site": "lakeview"},
}


def portal(**data: object) -> Arrival:
    signed = signed_epic(SECRET, NOW, a_portal_message(**data), event_id="msg_1")
    return the_arrival(an_outcome(signed, a_source("epic")))


@pytest.mark.parametrize("field", CLAIMED)
def test_a_sender_decides_nothing_that_is_ours_to_decide(field: str) -> None:
    plain, claimed = portal(), portal(**{field: CLAIMED[field]})

    assert replace(claimed, full_text=plain.full_text) == plain
    assert (claimed.site, claimed.source) == ("riverside", "epic")


@given(st.dictionaries(st.sampled_from([*CLAIMED]), st.text() | st.integers() | st.booleans()))
def test_whatever_it_claims_it_is_a_message_of_its_own_site(claims: dict[str, object]) -> None:
    arrival = portal(**{name: value for name, value in claims.items() if value is not None})

    assert (arrival.site, arrival.source) == ("riverside", "epic")
    assert arrival.text == portal().text
