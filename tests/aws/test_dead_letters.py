"""Letters of the failure queues go back to where they came from, and twice is the same as once."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest
import time_machine

from ops import dead_letters as command
from ops.cli import main
from ops.deployed import Deployed
from tests.aws.clinic import Clinic, ticket_id_of
from tests.aws.said import CHEST_PAIN
from tests.aws.senders import by_portal
from triagewire import aws
from triagewire.ledger.event import Action
from triagewire.store.active import POLICY
from triagewire.store.ledger import read_events

STACK = Deployed({"TicketsTableName": "tickets", "LedgerTableName": "ledger"})
NAMES = ("ScoreRouteDlq", "EscalateDlq", "ReplyDlq", "PasswordResetQueue", "NoticeDlq")
WORDS = "my chest hurts"

type Call = Callable[..., tuple[int, str, str]]


class Queues:
    """The queues of a stack on moto, at the clinic's time."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.client = boto3.client("sqs")
        self.urls = {
            name: self.client.create_queue(QueueName=f"triagewire-{name}-Ab1")["QueueUrl"]
            for name in NAMES
        }

    def send(self, name: str, body: str, back_to: str = "") -> None:
        """A letter, as the bus leaves it where it names the queue that it did not reach."""
        attributes: Any = {}
        if back_to:
            arn = f"arn:aws:sqs:us-east-1:123456789012:triagewire-{back_to}-Ab1"
            attributes["TARGET_ARN"] = {"DataType": "String", "StringValue": arn}
        with time_machine.travel(self.clinic.now, tick=False):
            self.client.send_message(
                QueueUrl=self.urls[name], MessageBody=body, MessageAttributes=attributes
            )

    def bodies(self, name: str) -> list[str]:
        """What lies in a queue."""
        with time_machine.travel(self.clinic.now + timedelta(seconds=1), tick=False):
            found = self.client.receive_message(
                QueueUrl=self.urls[name], MaxNumberOfMessages=10, VisibilityTimeout=0
            )
        return [each["Body"] for each in found.get("Messages", [])]


@pytest.fixture
def queues(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Queues:
    made = Queues(clinic)
    monkeypatch.setattr(command, "deployed", lambda _stack: STACK)
    monkeypatch.setattr(command, "urls_of", lambda _client, _stack: made.urls)
    return made


@pytest.fixture
def call(clinic: Clinic, queues: Queues, capsys: pytest.CaptureFixture[str]) -> Call:
    """The operator's command: exit code, what it printed, what it told."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        clinic.now += timedelta(seconds=1)
        with time_machine.travel(clinic.now, tick=False):
            code = main(["dead-letters", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def redrives() -> list[dict[str, Any]]:
    """What the ledger says of redriven queues."""
    found = read_events(aws.tables(), POLICY)
    return [dict(each.detail) for each in found if each.action is Action.REDRIVEN]


def test_the_list_says_how_many_what_they_mean_and_what_to_do(call: Call, queues: Queues) -> None:
    queues.send("ReplyDlq", WORDS)

    code, out, _ = call("list")

    assert code == 0
    assert "ReplyDlq: 1 letters" in out
    assert "what to do: redrive" in out
    assert "EscalateDlq: 0 letters" in out


def test_no_body_is_ever_shown(call: Call, queues: Queues) -> None:
    for name in ("ReplyDlq", "NoticeDlq"):
        queues.send(name, json.dumps({"text": WORDS}))

    printed = [
        call("list"),
        call("list", "--json"),
        call("show", "ReplyDlq"),
        call("show", "NoticeDlq"),
    ]

    assert WORDS not in repr(printed)
    assert '"received"' in printed[2][1]


def test_looking_takes_nothing_away(call: Call, queues: Queues) -> None:
    queues.send("ReplyDlq", "one")

    call("show", "ReplyDlq")

    assert queues.bodies("ReplyDlq") == ["one"]


def test_a_letter_goes_back_to_the_queue_that_it_did_not_reach(call: Call, queues: Queues) -> None:
    queues.send("ReplyDlq", "one", back_to="PasswordResetQueue")

    code, out, _ = call("redrive", "ReplyDlq")

    assert (code, out) == (0, "ReplyDlq: 1 sent back, 0 taken away, 0 left for a person\n")
    assert queues.bodies("PasswordResetQueue") == ["one"]
    assert queues.bodies("ReplyDlq") == []


def test_redriving_everything_twice_changes_nothing_the_second_time(
    call: Call, queues: Queues
) -> None:
    queues.send("ReplyDlq", "one", back_to="PasswordResetQueue")
    queues.send("EscalateDlq", "{}")
    call("redrive", "--all")
    told = redrives()

    code, out, _ = call("redrive", "--all")

    assert (code, set(out.splitlines())) == (0, {f"{x}: empty" for x in NAMES if x.endswith("Dlq")})
    assert queues.bodies("PasswordResetQueue") == ["one"]
    assert redrives() == told


def test_each_redriven_queue_is_in_the_ledger_without_a_word_of_its_letters(
    call: Call, queues: Queues
) -> None:
    queues.send("EscalateDlq", WORDS)

    call("redrive", "EscalateDlq")

    assert redrives() == [{"queue": "EscalateDlq", "letters": 1, "dealt_with": False}]


def test_letters_of_the_stream_stay_while_a_ticket_waits_to_be_scored(
    clinic: Clinic, call: Call, queues: Queues
) -> None:
    waits = ticket_id_of(clinic.post(by_portal(CHEST_PAIN, clinic.now, "evt-1")))
    queues.send("ScoreRouteDlq", "{}")
    clinic.now += timedelta(minutes=5)

    code, out, _ = call("redrive", "ScoreRouteDlq")

    assert code == 1
    assert out == f"ScoreRouteDlq: kept, 1 tickets are late: {waits}\n"
    assert queues.bodies("ScoreRouteDlq") == ["{}"]


def test_they_are_taken_away_once_the_sweep_has_scored_it(
    clinic: Clinic, call: Call, queues: Queues
) -> None:
    waits = ticket_id_of(clinic.post(by_portal(CHEST_PAIN, clinic.now, "evt-1")))
    queues.send("ScoreRouteDlq", "{}")
    clinic.now += timedelta(minutes=5)
    clinic.sweep()

    code, _, _ = call("redrive", "ScoreRouteDlq")

    assert clinic.ticket(waits).verdict is not None
    assert (code, queues.bodies("ScoreRouteDlq")) == (0, [])


def test_what_came_from_no_queue_is_left_until_a_person_has_dealt_with_it(
    call: Call, queues: Queues
) -> None:
    queues.send("NoticeDlq", "an alarm that nobody took")

    assert call("redrive", "NoticeDlq")[0] == 1
    assert queues.bodies("NoticeDlq") == ["an alarm that nobody took"]

    assert call("redrive", "NoticeDlq", "--done")[0] == 0
    assert queues.bodies("NoticeDlq") == []


def test_what_a_person_has_dealt_with_is_said_queue_by_queue(call: Call) -> None:
    assert call("redrive", "--all", "--done")[0] == 2
