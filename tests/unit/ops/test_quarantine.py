"""What quarantine keeps of a request is enough to read it again, whoever sent it."""

from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace

import pytest
from botocore.exceptions import NoCredentialsError

from ops.deployed import DeploymentError, operator
from ops.senders.letter import Letter
from tests.unit.channels.builders import NOW, a_source_of, secret_of
from triagewire.channels.adapter import adapter_of
from triagewire.channels.options import ADAPTERS
from triagewire.channels.outcome import OutcomeKind
from triagewire.channels.receiving import understood
from triagewire.channels.request import WebhookRequest, folded

SENT = [
    name
    for name in ADAPTERS
    if name != "ses"
    and find_spec(f"ops.senders.{name}")
    and find_spec(f"triagewire.channels.{name}")
]


@pytest.mark.parametrize("adapter", SENT)
def test_a_body_is_read_the_same_from_what_is_kept_of_its_request(adapter: str) -> None:
    source = a_source_of(adapter)
    letter = Letter(
        source=source,
        secret=secret_of(adapter),
        url=f"https://hooks.riverside.example/webhook/riverside/{adapter}",
        now=NOW,
        event_id="evt-1",
        text="A test.",
    )
    post = import_module(f"ops.senders.{adapter}").sample(letter)
    came = WebhookRequest(url=post.url, headers=folded(post.headers), body=post.body)
    kept = replace(came, url=source.url, headers=came.headers_for_parsing())

    first = understood(adapter_of(source), came, source, NOW)
    again = understood(adapter_of(source), kept, source, NOW)

    assert first.kind is OutcomeKind.ACCEPTED, first.reason
    assert again.arrivals == first.arrivals


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:iam::123456789012:user/ops/ada", "ada"),
        (
            "arn:aws:sts::123456789012:assumed-role/Operator/ada@clinic.example",
            "ada@clinic.example",
        ),
        ("arn:aws:iam::123456789012:root", "root"),
    ],
)
def test_the_ledger_names_the_operator_by_their_own_identity(
    arn: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = SimpleNamespace(get_caller_identity=lambda: {"Arn": arn})
    monkeypatch.setattr("ops.deployed.boto3.client", lambda _service: identity)

    assert operator() == name


def test_without_an_identity_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_service: str) -> None:
        raise NoCredentialsError

    monkeypatch.setattr("ops.deployed.boto3.client", refused)

    with pytest.raises(DeploymentError, match="who you are"):
        operator()
