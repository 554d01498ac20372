"""Dialpad: whose tokens we believe, and what we answer."""

import base64
import json
from datetime import timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.senders.dialpad import token
from tests.unit.channels.builders import NOW, OTHER_SECRET, SECRET, a_request, a_source
from tests.unit.channels.dialpad_events import SMS, received
from triagewire.channels.dialpad import shaped, verify
from triagewire.channels.outcome import Outcome, OutcomeKind, refused
from triagewire.channels.receiving import receive
from triagewire.channels.request import WebhookRequest
from triagewire.errors import RefusedError

SOURCE = a_source("dialpad")
# The example of the JWT debugger that most libraries test against, with its published secret.
PUBLISHED_SECRET = "your-256-bit-secret"
PUBLISHED_TOKEN = (
    b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
    b".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
    b".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
)
LINK = "https://dialpad.example/v/0123456789"


def posted(body: bytes, media_type: str = "application/jwt", *secrets: str) -> Outcome:
    request = a_request(({"Content-Type": media_type}, body))
    return receive(request, SOURCE, secrets or (SECRET,), NOW)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_the_published_token_is_believed() -> None:
    request = WebhookRequest(headers={}, body=PUBLISHED_TOKEN)

    verify(request, SOURCE, (PUBLISHED_SECRET,), NOW)


@pytest.mark.parametrize("media_type", ["application/jwt", "text/plain", "application/json"])
def test_a_token_of_another_maker_is_believed_under_any_of_its_media_types(media_type: str) -> None:
    made = jwt.encode(SMS, SECRET, algorithm="HS256").encode()

    assert posted(made, media_type).kind is OutcomeKind.ACCEPTED


@pytest.mark.parametrize("form", [b' "%b"\r\n', b"%b\n", b" %b"])
def test_quotation_marks_and_blanks_around_a_token_do_not_matter(form: bytes) -> None:
    assert posted(form % token(SECRET, json.dumps(SMS).encode())).status == 200


def test_either_of_two_live_secrets_is_believed() -> None:
    made = token(OTHER_SECRET, json.dumps(SMS).encode())

    assert posted(made, "application/jwt", SECRET, OTHER_SECRET).status == 200


def test_an_event_that_is_not_signed_is_refused() -> None:
    outcome = posted(json.dumps(SMS).encode(), "application/json")

    assert (outcome.status, outcome.reason) == (
        401,
        "body: must be a signed token; give the webhook a secret",
    )


@pytest.mark.parametrize("algorithm", ["none", "HS384", "HS512", "RS256", "hs256", None, 7])
def test_no_other_algorithm_is_believed(algorithm: object) -> None:
    made = token(SECRET, json.dumps(SMS).encode(), alg=algorithm)

    assert posted(made).status == 401


def test_a_token_without_a_signature_is_refused() -> None:
    made = jwt.encode(SMS, "", algorithm="none").encode()

    assert posted(made).status == 401


@pytest.mark.parametrize("header", [{"crit": ["x"], "x": 1}, {"b64": False, "crit": ["b64"]}])
def test_a_token_that_asks_for_more_than_we_know_is_refused(header: dict[str, object]) -> None:
    assert posted(token(SECRET, json.dumps(SMS).encode(), **header)).status == 401


@given(body=st.binary() | st.text("abcdefgh.-_=", min_size=5).map(str.encode))
def test_malformed_tokens_are_only_ever_a_refusal(body: bytes) -> None:
    with pytest.raises(RefusedError) as refusal:
        verify(WebhookRequest(headers={}, body=body), SOURCE, (SECRET,), NOW)

    assert refusal.value.status == 401


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@given(position=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_no_token_with_another_meaning_is_believed(position: int, flip: int) -> None:
    body = bytearray(PUBLISHED_TOKEN)
    # The last character holds two bits that mean nothing.
    body[position % (len(body) - 1)] ^= flip

    with pytest.raises(RefusedError):
        verify(WebhookRequest(headers={}, body=bytes(body)), SOURCE, (PUBLISHED_SECRET,), NOW)


@pytest.mark.parametrize(
    ("lifetime", "status"),
    [
        pytest.param(timedelta(minutes=1), 200, id="still good"),
        pytest.param(timedelta(minutes=-4), 200, id="within the tolerance of clocks"),
        pytest.param(timedelta(minutes=-6), 401, id="over"),
    ],
)
def test_the_end_of_a_token_is_honoured(lifetime: timedelta, status: int) -> None:
    assert received({**SMS, "exp": (NOW + lifetime).timestamp()}).status == status


@pytest.mark.parametrize("expires", ["soon", [], {}])
def test_an_end_that_is_no_time_is_refused(expires: object) -> None:
    assert received({**SMS, "exp": expires}).status == 401


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"id": 1, "id": 2}', b"[" * 5000])
def test_signed_bytes_that_are_no_event_go_to_quarantine(content: bytes) -> None:
    outcome = posted(token(SECRET, content))

    assert (outcome.kind, outcome.raw) == (OutcomeKind.QUARANTINED, token(SECRET, content))


def test_later_is_said_in_the_only_way_that_dialpad_repeats() -> None:
    limited = refused(RefusedError(429, "too many", 30))

    outcome = shaped(limited, a_request(({}, b"")), SOURCE)

    assert (outcome.status, outcome.headers["retry-after"]) == (503, "30")


def test_the_sender_s_own_token_is_what_another_library_makes() -> None:
    made = token(SECRET, b'{"id":1}')

    assert jwt.decode(made, SECRET, algorithms=["HS256"]) == {"id": 1}
    assert base64.urlsafe_b64decode(made.split(b".")[1] + b"==") == b'{"id":1}'
