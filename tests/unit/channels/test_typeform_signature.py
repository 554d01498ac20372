"""Typeform's signature: over the exact bytes, with its method in front."""

import base64
import hashlib
import hmac
import json

import pytest

from ops.senders.typeform import signed_typeform
from tests.unit.channels.builders import NOW, a_request, a_source
from tests.unit.channels.test_typeform import SECRET, a_response
from triagewire.channels.outcome import OutcomeKind
from triagewire.channels.receiving import receive
from triagewire.channels.typeform import typeform_signature


def test_the_signature_is_base64_of_the_hmac_with_its_method_in_front() -> None:
    digest = hmac.new(SECRET.encode(), b'{"a":1} \n', hashlib.sha256).digest()

    expected = b"sha256=" + base64.b64encode(digest)
    assert typeform_signature(SECRET, b'{"a":1} \n') == expected


def test_both_live_secrets_are_believed() -> None:
    request = a_request(signed_typeform("the-older-one", a_response()))

    outcome = receive(request, a_source("typeform"), (SECRET, "the-older-one"), NOW)

    assert outcome.kind is OutcomeKind.ACCEPTED


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", "sha256=%%%", "sha1=x", "ключ", "sha256=\udc80", "\x00", "x" * 9_000],
)
def test_a_wrong_signature_is_a_401(signature: str) -> None:
    headers, body = signed_typeform(SECRET, a_response())
    request = a_request(({**headers, "Typeform-Signature": signature}, body))

    assert receive(request, a_source("typeform"), (SECRET,), NOW).status == 401


def test_the_bare_digest_and_a_changed_body_are_refused() -> None:
    headers, body = signed_typeform(SECRET, a_response())
    bare = {**headers, "Typeform-Signature": headers["Typeform-Signature"].removeprefix("sha256=")}
    source = a_source("typeform")

    assert receive(a_request((bare, body)), source, (SECRET,), NOW).status == 401
    assert receive(a_request((headers, body + b" ")), source, (SECRET,), NOW).status == 401


def test_the_bytes_are_verified_as_they_came() -> None:
    body = json.dumps(a_response(), indent=2).encode() + b"\r\n"
    headers = {
        "Content-Type": "application/json",
        "Typeform-Signature": typeform_signature(SECRET, body).decode(),
    }

    outcome = receive(a_request((headers, body)), a_source("typeform"), (SECRET,), NOW)

    assert (outcome.kind, outcome.status) == (OutcomeKind.ACCEPTED, 200)
