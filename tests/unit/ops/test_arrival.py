"""`triagewire arrival`: the same decision as intake, printed under stable names."""

import argparse
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from ops.arrival import add_arguments, run
from ops.senders.epic import signed_epic
from ops.senders.letter import Letter, Signed
from ops.senders.slack import signed_slack
from ops.senders.twilio import signed_twilio
from tests.unit.channels.builders import (
    NOW,
    SECRET,
    TOKEN,
    URL,
    a_portal_message,
    a_source_of,
    secret_of,
)
from triagewire.channels.options import ADAPTERS

type Files = tuple[Path, Path]


def written(folder: Path, signed: Signed) -> Files:
    headers, body = folder / "headers.json", folder / "body"
    headers.write_text(json.dumps(signed[0]))
    body.write_bytes(signed[1])
    return headers, body


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    run(parser.parse_args(arguments))
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def epic(folder: Path, **data: object) -> list[str]:
    signed = signed_epic(SECRET, NOW, a_portal_message(**data), event_id="msg_1")
    headers, body = written(folder, signed)
    return ["--source", "epic", "--headers", str(headers), "--now", NOW.isoformat(), str(body)]


def test_an_accepted_message_is_printed_under_its_stable_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    born = {"mrn": "7", "date_of_birth": "1959-04-01"}

    answer = printed(capsys, "--secret", SECRET, *epic(tmp_path, patient=born))

    assert (answer["outcome"], answer["status"]) == ("accepted", 202)
    arrival = answer["arrival"]
    assert {"event_id", "channel", "source", "subject", "text", "language"} <= arrival.keys()
    assert {"thread", "attachments", "flags"} <= arrival.keys()
    assert arrival["occurred_at"] == "2026-11-23T14:58:00+00:00"
    assert arrival["requester"] == {
        "kind": "patient",
        "patient_id": "7",
        "email": None,
        "phone": None,
        "name": None,
        "birth_date": "1959-04-01",
    }


def test_a_forged_message_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = printed(capsys, "--secret", "whsec_b3RoZXI=", *epic(tmp_path))

    assert (answer["outcome"], answer["status"]) == ("refused", 401)
    assert "arrival" not in answer


def test_a_stale_message_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = epic(tmp_path)
    arguments[arguments.index("--now") + 1] = "2026-11-23T15:06:00Z"

    assert printed(capsys, "--secret", SECRET, *arguments)["status"] == 401


def test_an_unreadable_message_is_quarantined_by_its_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = printed(capsys, "--secret", SECRET, *epic(tmp_path, body=None))

    assert (answer["outcome"], answer["reason"]) == ("quarantined", "data.body: is missing")


def test_the_address_takes_part_in_twilio_s_signature(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fields = {"MessageSid": "SM1", "From": "+14155550123", "Body": "See you"}
    headers, body = written(tmp_path, signed_twilio(TOKEN, URL, fields))
    arguments = ["--source", "twilio", "--secret", TOKEN, "--headers", str(headers), str(body)]

    assert printed(capsys, "--url", URL, *arguments)["outcome"] == "accepted"
    assert printed(capsys, "--url", f"{URL}/other", *arguments)["outcome"] == "refused"


def test_a_challenge_counts_as_ignored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signed = signed_slack("k", NOW, {"type": "url_verification", "challenge": "c"})
    headers, body = written(tmp_path, signed)
    arguments = ["--headers", str(headers), "--now", NOW.isoformat(), str(body)]

    answer = printed(capsys, "--source", "slack", "--secret", "k", *arguments)

    assert (answer["outcome"], answer["status"]) == ("ignored", 200)


def test_a_web_form_without_a_secret_is_the_browser_s(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = tmp_path / "body"
    body.write_bytes(b"text=Are+you+open+on+Friday%3F&name=Rae")

    answer = printed(capsys, "--source", "web", str(body))

    assert answer["arrival"]["text"] == "Are you open on Friday?"
    assert answer["arrival"]["requester"]["kind"] == "unknown"


def test_a_source_s_options_can_be_tried(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "source.json"
    config.write_text('{"adapter": "epic", "options": {"body_limit_bytes": 10}}')

    answer = printed(capsys, "--config", str(config), "--secret", SECRET, *epic(tmp_path))

    assert answer["status"] == 413


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--source", "fax"], "adapter: must be one of"),
        (["--source", "epic", "--now", "noon"], "--now: must be an ISO 8601 time"),
        (["--source", "epic", "--headers", "absent.json"], "--headers: cannot be read"),
    ],
)
def test_a_wrong_argument_is_named(
    arguments: list[str], complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = tmp_path / "body"
    body.write_bytes(b"{}")

    assert printed(capsys, *arguments, str(body))["error"].startswith(complaint)


def test_an_absent_body_file_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)

    assert run(parser.parse_args(["--source", "epic", "absent"])) == 2
    assert "BODYFILE" in capsys.readouterr().out


NAMES = (
    *("event_id", "channel", "source", "requester", "subject", "text", "occurred_at"),
    *("language", "thread", "attachments", "flags"),
)
PUBLIC_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+"
    "2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
)
PUBLISHED_SENDGRID = {
    "Content-Type": "multipart/form-data; boundary=b",
    "X-Twilio-Email-Event-Webhook-Signature": (
        "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
    ),
    "X-Twilio-Email-Event-Webhook-Timestamp": "1600112502",
}
"""As published for the signed event webhook: it signs another body than a mail."""


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_any_adapter_needs_no_more_than_a_secret_its_headers_and_an_address(
    adapter: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = secret_of(adapter)
    letter = Letter(
        source=a_source_of(adapter), secret=secret, url=URL, now=NOW, event_id="e-1", text="Hello"
    )
    post = import_module(f"ops.senders.{adapter}").sample(letter)
    headers, body = written(tmp_path, (dict(post.headers), post.body))
    given = ["--source", adapter, "--secret", secret, "--headers", str(headers), "--url", post.url]

    answer = printed(capsys, *given, "--now", NOW.isoformat(), str(body))

    assert answer["outcome"] == "accepted", answer
    assert set(NAMES) <= answer["arrival"].keys()
    assert list(answer["arrival"]["requester"]) == [
        *("kind", "patient_id", "email", "phone", "name", "birth_date")
    ]


@pytest.mark.parametrize("adapter", ["sns", "monitoring"])
def test_an_envelope_of_sns_is_tried_with_a_certificate_for_a_secret(
    adapter: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = secret_of("sns")
    source = a_source_of("sns")
    letter = Letter(source=source, secret=certificate, url="", now=NOW, event_id="m-1", text="Hi")
    post = import_module("ops.senders.sns").sample(letter)
    headers, body = written(tmp_path, (dict(post.headers), post.body))
    given = ["--source", adapter, "--headers", str(headers), "--now", NOW.isoformat(), str(body)]

    assert printed(capsys, "--secret", certificate, *given)["outcome"] == "accepted"
    forged = post.body.replace(b'"m-1"', b'"m-2"')
    assert forged != post.body
    body.write_bytes(forged)
    assert printed(capsys, "--secret", certificate, *given)["status"] == 401


def test_sendgrid_s_public_key_is_tried_as_a_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    headers, body = written(tmp_path, (PUBLISHED_SENDGRID, b"another body"))
    given = ["--source", "sendgrid", "--headers", str(headers), str(body)]

    answer = printed(capsys, "--secret", PUBLIC_KEY, *given)

    assert (answer["status"], "fits no public key" in answer["reason"]) == (401, True)
    assert "authorization" in printed(capsys, "--secret", "u:p", *given)["reason"]


@pytest.mark.parametrize("adapter", ["fhir", "freshdesk", "gravityforms", "monitoring"])
@pytest.mark.parametrize("header", ["X-Ours", "Authorization"])
def test_a_shared_secret_is_found_in_whatever_header_it_comes(
    adapter: str, header: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = Letter(
        source=a_source_of(adapter), secret=SECRET, url=URL, now=NOW, event_id="e-1", text="Hello"
    )
    post = import_module(f"ops.senders.{adapter}").sample(letter)
    given = {"Content-Type": post.headers["Content-Type"], header: f"Bearer {SECRET}"}
    headers, body = written(tmp_path, (given, post.body))
    arguments = ["--source", adapter, "--headers", str(headers), str(body)]

    assert printed(capsys, "--secret", SECRET, *arguments)["outcome"] == "accepted"
    assert printed(capsys, "--secret", "another", *arguments)["status"] == 401
