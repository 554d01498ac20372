"""The checkpoint function on a bucket that locks: copies, checkpoints, alarms."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import time_machine
from botocore.exceptions import BotoCoreError, ClientError

from tests.aws.clinic import Clinic
from tests.aws.locked import BUCKET, Locked, locking
from tests.aws.wire import Fault
from tests.ledgers import record
from triagewire.ledger.checkpoint import digest_to_sign, from_bytes
from triagewire.ledger.copies import events_in


@pytest.fixture
def locked(clinic: Clinic) -> Iterator[Locked]:
    """The clinic has published a policy: that is in its ledger."""
    with locking(clinic) as locked:
        yield locked


def metrics_of(printed: str) -> dict[str, float]:
    """The metrics that were written to the log."""
    found: dict[str, Any] = {}
    for line in printed.splitlines():
        found |= json.loads(line)
    return {name: sum(value) for name, value in found.items() if isinstance(value, list)}


def test_what_the_ledger_holds_is_locked_away_and_signed_for(
    locked: Locked, capsys: pytest.CaptureFixture[str]
) -> None:
    locked.copy()
    assert locked.checkpoint() == 1

    (stored,) = locked.box.after("events/")
    *_, event = events_in(locked.box.read(stored.key))
    (found,) = locked.box.after("checkpoints/")
    made = from_bytes(locked.box.read(found.key))
    assert [(head.subject, head.hash) for head in made.heads] == [("POLICY", event.hash)]
    assert boto3.client("kms").verify(
        KeyId=locked.key_arn,
        Message=digest_to_sign(made),
        Signature=made.signature,
        SigningAlgorithm="ECDSA_SHA_256",
    )["SignatureValid"]
    assert metrics_of(capsys.readouterr().out)["CheckpointWritten"] == 1


def test_nobody_removes_what_is_locked(locked: Locked) -> None:
    locked.copy()
    client = boto3.client("s3")
    (version,) = client.list_object_versions(Bucket=BUCKET, Prefix="events/")["Versions"]

    with pytest.raises(ClientError):
        client.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])


def test_a_second_delivery_of_a_batch_writes_no_second_version(locked: Locked) -> None:
    locked.copy()
    locked._handed.clear()
    locked.copy()

    versions = boto3.client("s3").list_object_versions(Bucket=BUCKET)["Versions"]
    assert len(versions) == 1


def test_an_event_that_was_altered_or_removed_raises_an_alarm(
    locked: Locked, capsys: pytest.CaptureFixture[str]
) -> None:
    event, *_ = locked.clinic.ledgers()["POLICY"]

    answer = locked.call({"Records": [record(event, done="MODIFY"), record(event, done="REMOVE")]})

    assert answer == {"batchItemFailures": []}
    assert len(list(locked.box.after("changed/"))) == 1
    printed = capsys.readouterr().out
    assert '"LedgerAltered":[2' in printed.replace(" ", "")
    assert "nobody" not in printed


def test_a_batch_that_s3_refuses_comes_again_whole(locked: Locked) -> None:
    event, *_ = locked.clinic.ledgers()["POLICY"]

    with locked.clinic.wire.faulty(Fault.REFUSED, 0, times=1):
        answer = locked.call({"Records": [record(event)]})

    assert answer == {"batchItemFailures": [{"itemIdentifier": "POLICY/1"}]}


@pytest.mark.parametrize("nth", range(8))
@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.LOST])
def test_wherever_a_run_fails_the_next_one_goes_on_and_no_number_is_left_out(
    locked: Locked, fault: Fault, nth: int
) -> None:
    locked.copy()
    with locked.clinic.wire.faulty(fault, nth):
        try:
            locked.checkpoint()
        except (ClientError, BotoCoreError):
            locked.clinic.wire.calls.clear()
    locked.checkpoint()

    made = [from_bytes(locked.box.read(each.key)) for each in locked.box.after("checkpoints/")]
    assert [each.number for each in made] == list(range(1, len(made) + 1))
    assert sum(len(each.files) for each in made) == 1
    assert made[-1].at == locked.clinic.now


def test_a_new_event_follows_under_the_next_checkpoint(locked: Locked) -> None:
    locked.copy()
    locked.checkpoint()
    locked.clinic.publish()
    locked.copy()
    locked.checkpoint()

    one, two = (from_bytes(locked.box.read(each.key)) for each in locked.box.after("checkpoints/"))
    recorded = locked.clinic.ledgers()["POLICY"]
    assert one.heads[0].sequence < two.heads[0].sequence == len(recorded)
    assert two.heads[0].hash == recorded[-1].hash


def test_an_event_forged_into_a_copy_is_told(
    locked: Locked, capsys: pytest.CaptureFixture[str]
) -> None:
    locked.copy()
    (stored,) = locked.box.after("events/")
    forged = locked.box.read(stored.key).replace(b"all checks passed", b"no check was made")
    with time_machine.travel(locked.clinic.now, tick=False):
        locked.box.client.put_object(Bucket=BUCKET, Key=stored.key, Body=forged)

    assert locked.checkpoint() == 1

    assert '"LedgerAltered":[1' in capsys.readouterr().out.replace(" ", "")
