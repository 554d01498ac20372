"""Standard Webhooks: the published vector, and what must never pass."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.channels.builders import (
    NOW,
    OTHER_SECRET,
    SECRET,
    a_source,
    with_header,
)
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import (
    event_id,
    standard_signature,
    verify_standard_webhooks,
)
from triagewire.errors import RefusedError

# From the specification's own test suite.
PUBLISHED = WebhookRequest(
    headers={
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    body=b'{"test": 2432232314}',
)
PUBLISHED_AT = datetime.fromtimestamp(1614265330, UTC)
SOURCE = a_source("standard")


def verify(request: WebhookRequest, *secrets: str, now: datetime = PUBLISHED_AT) -> None:
    verify_standard_webhooks(request, SOURCE, secrets or (SECRET,), now)


def with_headers(**headers: str) -> WebhookRequest:
    changed = dict(PUBLISHED.headers)
    for name, value in headers.items():
        changed = with_header(f"webhook-{name}", value, changed)
    return WebhookRequest(headers=changed, body=PUBLISHED.body)


def test_the_published_vector_is_believed() -> None:
    verify(PUBLISHED)


def test_a_secret_without_its_prefix_is_the_same_secret() -> None:
    verify(PUBLISHED, SECRET.removeprefix("whsec_"))


def test_the_previous_secret_is_believed_during_a_rotation() -> None:
    verify(PUBLISHED, OTHER_SECRET, SECRET)


def test_one_good_signature_in_the_list_is_enough() -> None:
    good = PUBLISHED.header("webhook-signature")

    verify(with_headers(signature=f"v1,AAAA v2,{good[3:]} v1a,xyz {good}"))


def svix(request: WebhookRequest) -> WebhookRequest:
    headers = {name.replace("webhook", "svix"): text for name, text in request.headers.items()}
    return WebhookRequest(headers=headers, body=request.body)


def test_the_header_names_of_svix_are_the_same_signature() -> None:
    verify(svix(PUBLISHED))

    assert event_id(svix(PUBLISHED)) == event_id(PUBLISHED) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_an_id_that_nobody_signed_is_not_taken() -> None:
    mixed = with_header("webhook-id", "msg_other", svix(PUBLISHED).headers)

    with pytest.raises(RefusedError, match="webhook-timestamp: is missing"):
        verify(WebhookRequest(headers=mixed, body=PUBLISHED.body))

    assert event_id(with_headers(id="a")) == "a"


def test_a_forged_request_of_svix_is_refused() -> None:
    with pytest.raises(RefusedError, match="svix-signature"):
        verify(svix(PUBLISHED), OTHER_SECRET)


def test_a_public_key_signature_is_refused() -> None:
    good = PUBLISHED.header("webhook-signature")

    with pytest.raises(RefusedError, match="webhook-signature"):
        verify(with_headers(signature=good.replace("v1,", "v1a,")))


def test_another_source_s_secret_is_refused() -> None:
    with pytest.raises(RefusedError, match="webhook-signature") as refusal:
        verify(PUBLISHED, OTHER_SECRET)

    assert refusal.value.status == 401


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_request_outside_the_tolerance_is_refused(seconds: int) -> None:
    with pytest.raises(RefusedError, match="webhook-timestamp"):
        verify(PUBLISHED, now=PUBLISHED_AT + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-300, 300])
def test_a_request_at_the_edge_of_the_tolerance_is_believed(seconds: int) -> None:
    verify(PUBLISHED, now=PUBLISHED_AT + timedelta(seconds=seconds))


@pytest.mark.parametrize("name", ["id", "timestamp", "signature"])
def test_a_missing_header_is_named(name: str) -> None:
    with pytest.raises(RefusedError, match=f"webhook-{name}: is missing"):
        verify(with_headers(**{name: ""}))


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("whsec_", id="an empty key signs anything anybody likes"),
        pytest.param("whsec_not base64!", id="no base64 is no key"),
        pytest.param("whsec_ключ", id="neither is another alphabet"),
    ],
)
def test_a_secret_that_is_no_key_believes_nothing(secret: str) -> None:
    with pytest.raises(RefusedError):
        verify(PUBLISHED, secret)


@pytest.mark.parametrize(
    "seconds", ["nan", "inf", "1614265330.9", "-1", "1e9", "\u0661\u0666\u0661\u0664", "9" * 400]
)
def test_a_well_signed_timestamp_that_is_no_whole_number_is_refused(seconds: str) -> None:
    with pytest.raises(RefusedError, match="whole seconds"):
        verify(_signed_at(seconds), now=NOW)


def _signed_at(seconds: str) -> WebhookRequest:
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signature = standard_signature(key, b".".join((b"m", seconds.encode(), b"{}")))
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": seconds,
        "webhook-signature": signature.decode(),
    }
    return WebhookRequest(headers=headers, body=b"{}")


@given(position=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_no_body_with_a_changed_byte_is_believed(position: int, flip: int) -> None:
    body = bytearray(PUBLISHED.body)
    body[position % len(body)] ^= flip
    changed = WebhookRequest(headers=PUBLISHED.headers, body=bytes(body))

    with pytest.raises(RefusedError):
        verify(changed)


@given(
    name=st.sampled_from(["id", "timestamp", "signature"]),
    position=st.integers(min_value=0),
    character=st.characters(exclude_categories=["Z", "C"]),
)
def test_no_header_with_a_changed_character_is_believed(
    name: str, position: int, character: str
) -> None:
    value = PUBLISHED.header(f"webhook-{name}")
    at = position % len(value)
    changed = value[:at] + character + value[at + 1 :]
    if changed == value:
        return

    with pytest.raises(RefusedError):
        verify(with_headers(**{name: changed}))


@given(st.dictionaries(st.sampled_from(["id", "timestamp", "signature"]), st.text()))
def test_malformed_headers_are_only_ever_a_refusal(headers: dict[str, str]) -> None:
    with pytest.raises(RefusedError) as refusal:
        verify(with_headers(**{"signature": "v1,x", **headers}))

    assert refusal.value.status == 401
