"""The operator's command for sources: whom it asks, what it stores, and what it never prints."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from ops import source as command
from ops.cli import main
from ops.deployed import Deployed, DeploymentError
from ops.secret_forms import check_secret
from ops.senders.letter import Letter
from ops.source import _maker
from ops.source_trial import TEXT, _expected, sample_of
from ops.stored_secrets import StoredSecrets
from tests.unit.channels.builders import NOW, a_source_of, secret_of
from triagewire.channels.options import ADAPTERS
from triagewire.channels.outcome import OutcomeKind
from triagewire.channels.source import Source, source_from
from triagewire.errors import InvalidFieldError
from triagewire.ledger.event import Entry
from triagewire.store.sources import Sources

NORTH_PORTAL = "north/portal"
STACK = Deployed(
    {
        "WebhookSecretsArn": "hooks",
        "ApiUrl": "https://api.clinic.example/demo",
        "TicketsTableName": "tickets",
        "LedgerTableName": "ledger",
    }
)
PUBLIC_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjlM7b6C/e0YluzBmfAH7YH75+Lio"
    "D+9bMAYocDGHsqNz6x294DMYNm0Gn4Om9ZAAU8c2M8sEGyHFXhqGwfQAtA=="
)
GIVEN = "slack-signing-secret-of-the-tests"


def a_source(name: str, adapter: str, **more: object) -> Source:
    return source_from({"site": "north", "name": name, "adapter": adapter, **more})


SOURCES = (
    a_source("portal", "epic", url="https://hooks.clinic.example/webhook/north/portal"),
    a_source("chat", "slack"),
    a_source("mails", "sns", options={"topics": ["arn:aws:sns:us-east-1:123456789012:mail"]}),
    a_source("parsed", "sendgrid", options={"public_key": PUBLIC_KEY}),
    a_source("page", "web", options={"signed": False, "origins": ["https://www.clinic.example"]}),
)

type Call = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[StoredSecrets]:
    """An empty vault, as the template leaves it, and a policy of three sources."""
    known = Sources(policy_version=1, by_name={f"north/{each.name}": each for each in SOURCES})
    monkeypatch.setattr(command, "deployed", lambda _stack: STACK)
    monkeypatch.setattr(command, "load_sources", lambda _tables: known)
    monkeypatch.setattr(command, "context_of", lambda *_: None)
    monkeypatch.setattr(command, "noted_first", lambda _context, entry: told.append(entry))
    told.clear()
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("TRIAGEWIRE_API_URL", raising=False)
    with mock_aws():
        client = _client()
        client.create_secret(Name="hooks", SecretString="{}")
        yield StoredSecrets("hooks", client)


@cache
def _client() -> Any:  # noqa: ANN401
    """It remembers nothing, and takes longer to make than most tests here to run."""
    return boto3.client("secretsmanager", region_name="us-east-1")


@pytest.fixture
def call(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Call:
    """Exit code, output, and everything else that was written: errors and logs."""
    caplog.set_level(logging.DEBUG)

    def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        caplog.clear()
        code = main(["source", *arguments])
        said = capsys.readouterr()
        ours = [each.getMessage() for each in caplog.records if "boto" not in each.name]
        return code, said.out, said.err + "\n".join(ours)

    return run


told: list[Entry] = []
"""What the ledger was given."""


def secret_in(out: str) -> str:
    return next(line.split()[-1] for line in out.splitlines() if "new secret" in line)


# A first secret


def test_a_secret_that_is_ours_to_make_is_made_stored_and_printed_once(
    call: Call, vault: StoredSecrets
) -> None:
    code, out, err = call("add", "north", "portal")

    (secret,) = vault.all()[NORTH_PORTAL]
    assert (code, out.count(secret), err.count(secret)) == (0, 1, 0)
    check_secret("epic", secret)


def test_who_changes_a_secret_is_in_the_ledger_by_the_name_of_its_source(call: Call) -> None:
    secret = secret_in(call("add", "north", "portal")[1])
    call("rotate", "north", "portal")
    call("drop-previous", "north", "portal")

    assert {entry.detail["source"] for entry in told} == {"north/portal"}
    assert [entry.detail["change"] for entry in told] == ["add", "rotate", "drop-previous"]
    assert secret not in str(told)


def test_what_to_do_at_the_sender_comes_with_it(call: Call) -> None:
    _, out, _ = call("add", "north", "portal")

    for needed in (
        "https://hooks.clinic.example/webhook/north/portal",
        "docs/channels/epic.md",
        "wait 30 seconds",
        "triagewire source test north portal",
    ):
        assert needed in out


def test_a_secret_that_the_sender_makes_is_read_and_never_printed(
    call: Call, vault: StoredSecrets
) -> None:
    code, out, err = call("add", "north", "chat", stdin=f"{GIVEN}\n")

    assert (code, GIVEN in out + err) == (0, False)
    assert vault.all()["north/chat"] == (GIVEN,)
    assert "https://api.clinic.example/demo/webhook/north/chat" in out


def test_a_secret_of_ones_own_is_read_where_we_would_make_one(
    call: Call, vault: StoredSecrets
) -> None:
    own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    _, out, _ = call("add", "north", "portal", "--secret-stdin", stdin=own)

    assert (own in out, vault.all()[NORTH_PORTAL]) == (False, (own,))


def test_a_secret_is_added_once(call: Call, vault: StoredSecrets) -> None:
    call("add", "north", "portal")
    before = vault.all()

    code, _, err = call("add", "north", "portal")

    assert (code, "rotate it" in err, vault.all()) == (1, True, before)


@pytest.mark.parametrize("action", ["add", "rotate", "drop-previous", "test"])
def test_a_source_that_the_policy_does_not_have_is_refused(call: Call, action: str) -> None:
    code, _, err = call(action, "north", "pager", stdin=GIVEN)

    assert (code, "no such source; the policy has north/chat, north/mails" in err) == (1, True)


def test_a_browser_form_needs_no_secret(call: Call) -> None:
    code, _, err = call("add", "north", "page")

    assert (code, err.strip()) == (1, "north/page needs no secret")


# Wrong secrets


@pytest.mark.parametrize(
    ("adapter", "secret", "reason"),
    [
        ("epic", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "must begin with whsec_"),
        ("standard", "whsec_MfKQ9r8GKYqr", "24 to 64 bytes"),
        ("web", "whsec_!fKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "must be base64"),
        ("teams", "not-base64-at-all-of-it", "must be base64"),
        ("teams", "c2hvcnQ=", "at least 16 bytes"),
        ("postmark", "a-password-without-its-user", "must be user:password"),
        ("postmark", "user:short", "16 to 512 characters"),
        ("sns", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "certificate"),
        ("slack", "short", "16 to 512 characters"),
        ("slack", "two words are one too many", "without spaces"),
        ("slack", "söme-sécret-of-the-tests", "printable ASCII"),
        ("twilio", "x" * 513, "16 to 512 characters"),
    ],
)
def test_a_secret_that_its_sender_cannot_have_is_refused_and_not_repeated(
    adapter: str, secret: str, reason: str
) -> None:
    with pytest.raises(InvalidFieldError, match=reason) as refused:
        check_secret(adapter, secret)

    assert secret not in str(refused.value)


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_what_we_make_for_a_sender_has_its_form(adapter: str) -> None:
    make = _maker(adapter)

    if make is not None:
        check_secret(adapter, make())


@pytest.mark.parametrize("adapter", [each for each in ADAPTERS if each != "ses"])
def test_a_trial_of_every_sender_is_expected_to_be_one_ticket(adapter: str) -> None:
    source = a_source_of(adapter)
    letter = Letter(
        source=source,
        secret=secret_of(adapter),
        url=source.url or "https://hooks.riverside.example/webhook/riverside/it",
        now=NOW,
        event_id="5b1c4c6e-0f1d-4d5e-9a55-6a1f3a3b2c1d",
        text=TEXT,
    )

    expected = _expected(letter, sample_of(letter))

    assert (expected.kind, len(expected.ticket_ids)) == (OutcomeKind.ACCEPTED, 1)
    # athenahealth sends references only.
    assert adapter == "athena" or TEXT in expected.arrivals[0].text


MAPS = {
    "freshdesk": {"text": "what", "email": "who.mail"},
    "gravityforms": {"text": "4.1, 5", "name": "1"},
    "jotform": {"text": "7", "name": "q3"},
    "monitoring": {"title": "check.label", "text": "check.info", "id": "run"},
    "typeform": {"text": "how_can_we_help, more", "email": "your_email"},
    "zendesk": {"text": "ticket.comment", "thread": "ticket.id", "email": "ticket.requester.email"},
}


@pytest.mark.parametrize("adapter", MAPS)
def test_a_trial_comes_in_the_shape_that_the_policy_maps(adapter: str) -> None:
    source = a_source("mapped", adapter, options={"fields": MAPS[adapter]})
    letter = Letter(
        source=source,
        secret=secret_of(adapter),
        url="https://hooks.clinic.example/webhook/north/mapped",
        now=NOW,
        event_id="5b1c4c6e-0f1d-4d5e-9a55-6a1f3a3b2c1d",
        text=TEXT,
    )

    expected = _expected(letter, sample_of(letter))

    assert expected.kind is OutcomeKind.ACCEPTED, expected.reason
    assert TEXT in expected.arrivals[0].text


def test_a_browser_form_is_tried_as_its_own_page_posts_it() -> None:
    page = next(each for each in SOURCES if each.name == "page")
    letter = Letter(
        source=page,
        secret="",
        url="https://hooks.clinic.example/webhook/north/page",
        now=NOW,
        event_id="5b1c4c6e-0f1d-4d5e-9a55-6a1f3a3b2c1d",
        text=TEXT,
    )

    assert _expected(letter, sample_of(letter)).kind is OutcomeKind.ACCEPTED


def test_a_refused_secret_is_neither_stored_nor_printed(call: Call, vault: StoredSecrets) -> None:
    wrong = "wrong secret with spaces in it"

    code, out, err = call("add", "north", "chat", stdin=wrong)

    assert (code, wrong in out + err, vault.all()) == (1, False, {})


def test_no_secret_at_all_is_asked_for(call: Call) -> None:
    code, _, err = call("add", "north", "chat", stdin="\n")

    assert (code, "secret: is missing" in err) == (1, True)


def test_a_key_for_tests_alone_is_printed_to_nobody(call: Call, vault: StoredSecrets) -> None:
    code, out, err = call("add", "north", "mails")

    assert (code, "PRIVATE KEY" in out + err) == (0, False)
    check_secret("sns", vault.all()["north/mails"][0])


def test_what_only_its_sender_can_sign_is_not_tried(call: Call) -> None:
    for action in ("add", "test"):
        assert call(action, "north", "parsed")[0] == 1


# Rotation


def test_after_a_rotation_two_are_live_the_newest_first(call: Call, vault: StoredSecrets) -> None:
    first = secret_in(call("add", "north", "portal")[1])

    code, out, _ = call("rotate", "north", "portal")

    assert code == 0
    assert vault.all()[NORTH_PORTAL] == (secret_in(out), first)
    assert first not in out
    assert "drop-previous north portal" in out


def test_a_third_secret_never_pushes_out_the_one_in_use(call: Call, vault: StoredSecrets) -> None:
    call("add", "north", "portal")
    call("rotate", "north", "portal")
    before = vault.all()

    code, _, err = call("rotate", "north", "portal")

    assert (code, "two secrets are live" in err, vault.all()) == (1, True, before)


def test_a_new_secret_that_was_lost_on_the_way_is_replaced(
    call: Call, vault: StoredSecrets
) -> None:
    in_use = secret_in(call("add", "north", "portal")[1])
    lost = secret_in(call("rotate", "north", "portal")[1])

    _, out, _ = call("rotate", "north", "portal", "--again")

    assert vault.all()[NORTH_PORTAL] == (secret_in(out), in_use)
    assert lost not in out


def test_the_only_secret_is_not_replaced_as_a_lost_one(call: Call, vault: StoredSecrets) -> None:
    call("add", "north", "portal")
    before = vault.all()

    code, _, _ = call("rotate", "north", "portal", "--again")

    assert (code, vault.all()) == (1, before)


def test_a_secret_is_not_rotated_to_itself(call: Call, vault: StoredSecrets) -> None:
    call("add", "north", "chat", stdin=GIVEN)

    code, _, err = call("rotate", "north", "chat", stdin=GIVEN)

    assert (code, "is live already" in err, GIVEN in err) == (1, True, False)
    assert vault.all()["north/chat"] == (GIVEN,)


def test_what_has_no_secret_cannot_be_rotated(call: Call) -> None:
    for action in ("rotate", "drop-previous"):
        assert call(action, "north", "portal")[0] == 1


def test_the_previous_secret_is_dropped_once_and_for_all(call: Call, vault: StoredSecrets) -> None:
    call("add", "north", "portal")
    newest = secret_in(call("rotate", "north", "portal")[1])

    for _ in range(2):
        assert call("drop-previous", "north", "portal")[0] == 0
        assert vault.all()[NORTH_PORTAL] == (newest,)


# Two operators


class Rival:
    """Changes the secrets while somebody else is thinking."""

    def __init__(self, vault: StoredSecrets, times: int) -> None:
        self.vault, self.left = vault, times

    def edit(self, before: tuple[str, ...]) -> tuple[str, ...]:
        if self.left:
            self.left -= 1
            self.vault.change(f"north/rival-{self.left}", lambda _before: ("rival",))
        return ("mine", *before)


def test_of_two_operators_at_once_neither_undoes_the_other(vault: StoredSecrets) -> None:
    live = vault.change(NORTH_PORTAL, Rival(vault, times=2).edit)

    assert live == ("mine",)
    assert sorted(vault.all()) == [NORTH_PORTAL, "north/rival-0", "north/rival-1"]


def test_who_is_never_quick_enough_is_told_and_has_changed_nothing(vault: StoredSecrets) -> None:
    with pytest.raises(DeploymentError, match="try again"):
        vault.change(NORTH_PORTAL, Rival(vault, times=9).edit)

    assert NORTH_PORTAL not in vault.all()


def test_another_error_of_the_vault_is_no_lost_race(
    vault: StoredSecrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(**_arguments: Any) -> None:  # noqa: ANN401
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "Move")

    monkeypatch.setattr(vault.client, "update_secret_version_stage", denied)

    with pytest.raises(ClientError):
        vault.change(NORTH_PORTAL, lambda _before: ("mine",))


def test_a_refusal_of_aws_is_one_line_without_what_was_sent(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object, **_more: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": GIVEN}}, "PutSecretValue")

    monkeypatch.setattr(StoredSecrets, "_replaced", denied)

    code, out, err = call("add", "north", "chat", stdin=GIVEN)

    assert (code, out, err.strip()) == (1, "", "AWS refused PutSecretValue: AccessDenied")


def test_more_secrets_than_the_vault_holds_are_refused(vault: StoredSecrets) -> None:
    with pytest.raises(DeploymentError, match="no more secrets fit"):
        vault.change(NORTH_PORTAL, lambda _before: ("x" * 70_000,))


# The list


def test_on_the_embedded_stack_no_address_of_a_real_account_is_named(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGEWIRE_API_URL", "https://127.0.0.1:4566/demo")

    _, out, _ = call("list")

    assert "https://127.0.0.1:4566/demo/webhook/north/chat" in out
    assert "api.clinic.example" not in out


def test_the_list_counts_secrets_and_shows_none(call: Call, vault: StoredSecrets) -> None:
    call("add", "north", "chat", stdin=GIVEN)
    vault.change("west/gone", lambda _before: ("left-over-secret",))

    code, out, err = call("list")

    assert code == 0
    assert [line.split()[:4] for line in out.splitlines()] == [
        ["north/chat", "slack", "1", "live"],
        ["north/mails", "sns", "0", "live"],
        ["north/page", "web", "no", "secret"],
        ["north/parsed", "sendgrid", "no", "secret"],
        ["north/portal", "epic", "0", "live"],
        ["west/gone", "in", "no", "policy"],
    ]
    assert not any(secret in out + err for secret in (GIVEN, "left-over-secret"))


def test_no_secret_of_a_whole_rotation_is_written_anywhere_but_on_its_line(
    call: Call, vault: StoredSecrets
) -> None:
    said = [
        call(*step)
        for step in (
            ("add", "north", "portal"),
            ("rotate", "north", "portal"),
            ("rotate", "north", "portal"),
            ("list",),
            ("drop-previous", "north", "portal"),
        )
    ]
    stored = boto3.client("secretsmanager").get_secret_value(
        SecretId="hooks", VersionStage="AWSPREVIOUS"
    )
    made = json.loads(stored["SecretString"])[NORTH_PORTAL]

    everything = "".join(out + err for _, out, err in said)
    assert len(made) == 2
    assert [everything.count(secret) for secret in made] == [1, 1]
