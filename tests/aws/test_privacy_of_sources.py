"""Whatever way a message comes in, its words stay in tickets and messages, and secrets are nowhere.

A canary stands in every field that the sender of an adapter fills, and every source has a secret of
its own; then everything that leaves is searched (45 CFR 164.502(b)).
"""

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from functions.intake import handler as intake
from ops.senders.letter import Letter, Post
from ops.senders.sns import new_secret as new_certificate
from tests.aws.clinic import LAMBDA, Clinic
from tests.aws.deployment import forget
from tests.aws.identifiers import found_where
from tests.aws.leaving import everything_that_left
from tests.aws.seeded import FULL, TEXT, TOPIC
from tests.aws.senders import Event, gateway_event
from tests.aws.test_mailbox import notice_of, put
from tests.aws.wire import Fault
from tests.builders import a_policy, a_site, a_source, sources_of
from tests.conftest import Written
from triagewire import aws, fetching
from triagewire.channels.options import ADAPTERS
from triagewire.channels.source import Source
from triagewire.settings import settings
from triagewire.store.codec import decompressed
from triagewire.store.sealed import read_sealed_bytes

WEBHOOKS = tuple(each for each in ADAPTERS if each != "ses")


def secret_for(adapter: str) -> str:
    """A secret of the sender's form, in which a needle stands."""
    token = f"needle-{adapter}-0123456789abcdef0123456789"
    if adapter.startswith(("epic", "standard", "web")):
        return f"whsec_{base64.b64encode(token.encode()).decode()}"
    if adapter.startswith("teams"):
        return base64.b64encode(token.encode()).decode()
    if adapter.startswith(("postmark", "sendgrid")):
        return f"triagewire:{token}"
    return new_certificate() if adapter == "sns" else token


SECRETS = {adapter: secret_for(adapter) for adapter in WEBHOOKS}


@pytest.fixture
def every_source(clinic: Clinic) -> Clinic:
    """A clinic that has a source of every adapter, each with a secret of its own."""
    options: dict[str, dict[str, Any]] = {"sns": {"topics": (TOPIC,)}}
    made = {each: a_source(each, each, **options.get(each, {})) for each in ADAPTERS}
    clinic.publish(a_policy(a_site(sources={**sources_of("north"), **made})))
    stored = {f"north/{each}": [secret] for each, secret in SECRETS.items()}
    aws.secrets_manager().put_secret_value(
        SecretId=settings().webhook_secrets_arn, SecretString=json.dumps(stored)
    )
    forget()
    clinic.wire.calls.clear()
    return clinic


def a_letter(clinic: Clinic, adapter: str, secret: str) -> Letter:
    url = f"https://hooks.clinic.example/webhook/north/{adapter}"
    source: Source = a_source(adapter, adapter)
    if adapter == "sns":
        source = replace(source, options=replace(source.options, topics=(TOPIC,)))
    return Letter(source=source, secret=secret, url=url, now=clinic.now, event_id="e-1", text=TEXT)


def event_of(clinic: Clinic, adapter: str, payload: Mapping[str, Any], secret: str = "") -> Event:
    letter = a_letter(clinic, adapter, secret or SECRETS[adapter])
    post: Post = import_module(f"ops.senders.{adapter}").signed(letter, payload)
    event = gateway_event("north", adapter, (dict(post.headers), post.body), clinic.now)
    query = {name: [value] for name, value in parse_qsl(urlsplit(post.url).query)}
    return {**event, "multiValueQueryStringParameters": query}


def spoilt(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Bodies that no code knows, with the same canaries, also as names of fields."""
    wrapped = {name: [value] for name, value in payload.items()}
    return [{"canary-key-43": payload, "type": TEXT}, wrapped, {**payload, "type": [TEXT]}]


def leaks(clinic: Clinic, written: Written, *more: object) -> list[str]:
    """Where canaries were found outside of tickets and messages, and secrets anywhere at all."""
    left = [*everything_that_left(clinic, written), ("an answer", str(more))]
    everywhere = [*left, *everything_kept(clinic)]
    forms = {adapter: forms_of(secret) for adapter, secret in SECRETS.items()}
    return found_where(left) + [
        f"the secret of {adapter} in {where}"
        for where, said in everywhere
        for adapter, written_so in forms.items()
        if any(form in said for form in written_so)
    ]


def everything_kept(clinic: Clinic) -> Iterator[tuple[str, str]]:
    """Documents, quarantined bodies and mails, where patients' words belong but no secret does."""
    for table in ("tickets", "ledger"):
        for item in clinic.items(table):
            for name, value in item.items():
                content = read_sealed_bytes(aws.tables(), item, name) if "B" in value else b""
                yield f"{item['sk']['S'][:6]} {name}", _readable(content)
    for sent in clinic.mails():
        yield "a mail", json.dumps(sent, default=str)


def _readable(content: bytes) -> str:
    with suppress(zlib.error):
        content = decompressed(content)
    text = content.decode("utf-8", "replace")
    return text + "".join(_unpacked(each) for each in text.split('"') if len(each) > 40)


def _unpacked(text: str) -> str:
    """What a text says if it is base64: bytes in a document are."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""


def forms_of(secret: str) -> set[str]:
    """A secret as it is, in a header, in an address, and the longest line of a key."""
    line = max(secret.splitlines(), key=len)
    packed = base64.b64encode(secret.encode()).decode()
    return {line, line.removeprefix("whsec_"), line.rpartition(":")[2], packed, quote(line)}


@pytest.mark.parametrize("adapter", WEBHOOKS)
def test_a_whole_message_is_kept_and_nothing_of_it_leaves(
    every_source: Clinic, written: Written, adapter: str
) -> None:
    answer = every_source.post(event_of(every_source, adapter, FULL[adapter]))
    every_source.settle()
    every_source.pass_minutes(12)

    (ticket,) = every_source.tickets()
    kept = f"{ticket} {every_source.said(ticket.id)}"
    assert answer["statusCode"] < 300
    assert ("canary-text-88" in kept) is (adapter != "athena"), "athenahealth sends no words"
    assert "could not be read" not in kept
    assert leaks(every_source, written, answer) == []


@pytest.mark.parametrize("adapter", WEBHOOKS)
def test_nothing_leaves_with_a_body_that_no_code_knows(
    every_source: Clinic, written: Written, adapter: str
) -> None:
    answers = [
        every_source.post(event_of(every_source, adapter, payload))
        for payload in spoilt(FULL[adapter])
    ]
    every_source.settle()
    every_source.pass_minutes(16)

    assert all(answer["statusCode"] < 300 for answer in answers), answers
    assert leaks(every_source, written, answers) == []


@pytest.mark.parametrize("adapter", WEBHOOKS)
def test_nothing_leaves_with_a_request_that_another_secret_signed(
    every_source: Clinic, written: Written, adapter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess = secret_for(f"{adapter}-canary-guess") if adapter != "sns" else new_certificate()
    monkeypatch.setattr(fetching, "_read", lambda _url: SECRETS["sns"].encode())

    answer = every_source.post(event_of(every_source, adapter, FULL[adapter], guess))

    assert answer["statusCode"] in {401, 403, 406}
    assert every_source.tickets() == []
    assert leaks(every_source, written, answer) == []


@pytest.mark.parametrize("adapter", WEBHOOKS)
def test_nothing_leaves_when_the_write_fails(
    every_source: Clinic, written: Written, adapter: str
) -> None:
    event = event_of(every_source, adapter, FULL[adapter])

    def broken(_at: int, call: Any) -> Fault | None:  # noqa: ANN401
        return Fault.REJECTED if call.operation == "TransactWriteItems" else None

    with every_source.wire.failing(broken):
        answer = every_source.post(event)

    assert answer["statusCode"] == 503
    assert leaks(every_source, written, answer) == []


def test_nothing_leaves_with_a_mail_that_ses_stored(every_source: Clinic, written: Written) -> None:
    mail = FULL["sns"]["content"].encode()
    for raw in (mail, b"\x00canary-garbage-44\xff" * 40, mail.replace(b"\r\n\r\n", b"\r\nX: y")):
        key = f"mail/north/ses/{len(raw)}"
        put(raw, key)
        answer = intake.lambda_handler({"Records": [notice_of(every_source, key)]}, LAMBDA)
        assert answer == {"batchItemFailures": []}
    every_source.settle()
    every_source.pass_minutes(12)

    assert every_source.tickets()
    assert leaks(every_source, written) == []


@pytest.mark.parametrize("adapter", WEBHOOKS)
def test_the_search_would_find_a_secret(
    every_source: Clinic, written: Written, adapter: str
) -> None:
    secret = max(SECRETS[adapter].splitlines(), key=len)
    print(f"leak {secret}")  # noqa: T201

    assert f"the secret of {adapter} in logs and metrics" in leaks(every_source, written)
