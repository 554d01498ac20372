"""`triagewire ledger verify` on a clinic: what was done to the ledger is found and named."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
import time_machine

from ops import ledger_copy, ledger_key, ledger_verify
from ops.cli import main
from tests.aws.clinic import MINUTE, Clinic
from tests.aws.locked import BUCKET, Locked, locking
from tests.aws.reachable import a_stack
from tests.aws.said import CHEST_PAIN, REFILL
from tests.aws.senders import by_portal
from tests.builders import MONDAY_MORNING
from tests.ledgers import LocalKey, record
from triagewire import aws
from triagewire.ledger.chain import digest, extend
from triagewire.ledger.event import Action, Entry, Event, Stamp
from triagewire.ledger.exported import Manifest, file_of
from triagewire.store.codec import pack
from triagewire.store.ledger import _put
from triagewire.store.tickets import _item, ticket_pk

type Verify = Callable[..., tuple[int, str, str]]
STAMP = Stamp(at=MONDAY_MORNING, actor="staff:nobody", policy_version=1)


@pytest.fixture
def locked(clinic: Clinic) -> Iterator[Locked]:
    """A clinic with two tickets under one checkpoint; afterwards all is as it was."""
    with locking(clinic) as locked:
        for number, words in enumerate((CHEST_PAIN, REFILL)):
            clinic.take(by_portal(words, clinic.now, f"event-{number}"))
        locked.copy()
        locked.checkpoint()
        untouched = clinic.remember()
        yield locked
        untouched()


@pytest.fixture
def verify(
    locked: Locked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Verify:
    """Call the command; returns its code and what it printed."""
    stack = a_stack(AuditBucketName=BUCKET, LedgerSigningKeyArn=locked.key_arn)
    monkeypatch.setattr(ledger_verify, "deployed", lambda _name: stack)
    monkeypatch.setattr(ledger_key, "deployed", lambda _name: stack)
    monkeypatch.setattr(ledger_copy, "deployed", lambda _name: stack)

    def call(*arguments: object, command: str = "verify") -> tuple[int, str, str]:
        capsys.readouterr()
        with time_machine.travel(locked.clinic.now, tick=False):
            code = main(["ledger", command, *map(str, arguments)])
        return code, *capsys.readouterr()

    return call


def put(event: Event) -> None:
    """Write an event over whatever stands in its place, as somebody with the table's key can."""
    aws.tables().client.put_item(TableName="ledger", Item=_put("ledger", event)["Put"]["Item"])


def remove(event: Event) -> None:
    """Remove an event."""
    item = _put("ledger", event)["Put"]["Item"]
    place: Any = {name: item[name] for name in ("pk", "sk")}
    aws.tables().client.delete_item(TableName="ledger", Key=place)


def first(clinic: Clinic) -> tuple[str, list[Event]]:
    """The urgent ticket and its ledger."""
    (ticket_id,) = (each.id for each in clinic.tickets() if each.urgency == 5)
    return ticket_id, clinic.ledger(ticket_id)


def ways(locked: Locked) -> list[tuple[str, ...]]:
    """Every way of asking about the first ticket."""
    day = locked.clinic.now.date().isoformat()
    return [("--all",), ("--day", day), ("--ticket", first(locked.clinic)[0])]


def test_an_untouched_ledger_is_as_recorded_however_it_is_asked(
    locked: Locked, verify: Verify
) -> None:
    for way in ways(locked):
        code, out, err = verify(*way)

        assert (code, err) == (0, ""), way
        assert "everything is as it was recorded" in out
        assert "last checkpoint: 1 of 2026-03-02T14:0" in out


def test_what_is_younger_than_the_last_checkpoint_is_said_with_its_age(
    locked: Locked, verify: Verify
) -> None:
    ticket_id, _ = first(locked.clinic)
    locked.clinic.acknowledge(ticket_id, "nora")
    locked.copy()
    locked.clinic.now += 3 * MINUTE

    for way in ways(locked):
        code, out, _ = verify(*way)

        assert code == 0, way
        assert "not yet under a checkpoint: 1 events, the oldest 3 minutes old" in out


def test_an_altered_event_is_named_with_the_last_good_checkpoint(
    locked: Locked, verify: Verify
) -> None:
    ticket_id, events = first(locked.clinic)
    put(replace(events[1], actor="staff:nobody"))

    for way in ways(locked):
        code, _, err = verify(*way)

        assert code == 1, way
        assert f"TICKET#{ticket_id}: event 2 was altered in the ledger table" in err
        assert f"first bad event: TICKET#{ticket_id} event 2" in err
        assert "last good checkpoint: none" in err


def test_a_ledger_that_was_rewritten_with_its_ticket_is_found(
    locked: Locked, verify: Verify
) -> None:
    ticket_id, events = first(locked.clinic)
    entries = [Entry(action=each.action, why="anew", detail=each.detail) for each in events]
    stamp = locked_stamp(events[0])
    forged = extend(ticket_pk(ticket_id), 0, "", entries, stamp)
    for event in forged:
        put(event)
    rewind(locked.clinic, ticket_id, forged)

    for way in ways(locked):
        code, _, err = verify(*way)

        assert code == 1, way
        assert f"TICKET#{ticket_id}: event 1 is not the one in its locked copy" in err


SPOILS: dict[str, Callable[[bytes], Any]] = {
    "one bit": lambda sealed: {"B": sealed[:-1] + bytes([sealed[-1] ^ 1])},
    "cut short": lambda sealed: {"B": sealed[:9]},
    "another site's key": lambda sealed: {"B": sealed.replace(b"north", b"south", 1)},
    "no words of ours": lambda _sealed: {"B": pack({"id": 7})},
    "no bytes": lambda _sealed: {"S": "x"},
}


@pytest.mark.parametrize("how", SPOILS)
def test_a_ticket_that_was_altered_past_reading_is_named_among_all_the_others(
    locked: Locked, verify: Verify, how: str
) -> None:
    ticket_id, _ = first(locked.clinic)
    place: Any = {"pk": {"S": ticket_pk(ticket_id)}, "sk": {"S": "TICKET"}}
    client = aws.tables().client
    item = client.get_item(TableName="tickets", Key=place)["Item"]
    ways_before = ways(locked)
    item["document"] = SPOILS[how](item["document"]["B"])
    client.put_item(TableName="tickets", Item=item)

    for way in ways_before:
        code, _, err = verify(*way)

        assert code == 1, way
        assert f"TICKET#{ticket_id}: what it says of its ledger was altered" in err, way


def test_a_ticket_that_was_removed_with_its_ledger_is_found(locked: Locked, verify: Verify) -> None:
    ticket_id, events = first(locked.clinic)
    for event in events:
        remove(event)
    place: Any = {"pk": {"S": ticket_pk(ticket_id)}, "sk": {"S": "TICKET"}}
    day = locked.clinic.now.date().isoformat()
    aws.tables().client.delete_item(TableName="tickets", Key=place)

    for way in (("--all",), ("--day", day), ("--ticket", ticket_id)):
        code, _, err = verify(*way)

        assert code == 1, way
        assert f"first bad event: TICKET#{ticket_id} event 1" in err


def test_a_tail_cut_after_the_last_checkpoint_is_found_once_it_was_copied(
    locked: Locked, verify: Verify
) -> None:
    ticket_id, events = first(locked.clinic)
    locked.clinic.acknowledge(ticket_id, "nora")
    locked.copy()
    (last,) = locked.clinic.ledger(ticket_id)[len(events) :]
    remove(last)
    rewind(locked.clinic, ticket_id, events)

    code, _, err = verify("--all")

    assert code == 1
    assert f"event {last.sequence} stands in a locked copy and not in the ledger table" in err
    assert "last good checkpoint: 1" in err


def test_the_exposure_a_tail_cut_before_it_was_copied_is_not_found(
    locked: Locked, verify: Verify
) -> None:
    ticket_id, events = first(locked.clinic)
    locked.clinic.acknowledge(ticket_id, "nora")
    (last,) = locked.clinic.ledger(ticket_id)[len(events) :]
    remove(last)
    rewind(locked.clinic, ticket_id, events)

    assert verify("--all")[0] == 0


def test_an_event_that_never_reached_the_bucket_is_found_after_a_quarter_of_an_hour(
    locked: Locked, verify: Verify
) -> None:
    ticket_id, _ = first(locked.clinic)
    locked.clinic.acknowledge(ticket_id, "nora")
    locked.clinic.now += 14 * MINUTE
    assert verify("--ticket", ticket_id)[0] == 0
    locked.clinic.now += MINUTE

    code, _, err = verify("--ticket", ticket_id)

    assert code == 1
    assert "stands in no locked copy" in err


def test_what_never_got_its_copy_is_copied_once_by_hand_and_is_then_as_recorded(
    locked: Locked, verify: Verify
) -> None:
    ticket_id, _ = first(locked.clinic)
    locked.clinic.acknowledge(ticket_id, "nora")
    locked.clinic.now += 30 * MINUTE
    assert verify("--all")[0] == 1

    assert verify("--dry-run", command="copy")[1] == "1 events have no copy\n"
    assert verify(command="copy")[:2] == (0, "1 events were copied\n")
    assert verify(command="copy")[1] == "0 events were copied\n"

    assert verify("--all")[0] == 0


def test_what_was_copied_by_hand_days_later_is_no_alarm_however_it_is_asked(
    locked: Locked, verify: Verify
) -> None:
    ticket_id, _ = first(locked.clinic)
    day = locked.clinic.now.date().isoformat()
    locked.clinic.acknowledge(ticket_id, "nora")
    locked.give_up()
    locked.clinic.respond(ticket_id, "nora")
    locked.copy()
    locked.checkpoint()
    locked.clinic.now += timedelta(days=9)
    assert verify(command="copy")[:2] == (0, "1 events were copied\n")

    for checkpoints in range(2):
        for way in (("--all",), ("--day", day), ("--ticket", ticket_id)):
            assert verify(*way)[::2] == (0, ""), (checkpoints, way)
        locked.checkpoint()


@pytest.mark.parametrize("prefix", ["events/", "checkpoints/"])
def test_what_is_laid_over_a_locked_object_or_hides_it_is_found_and_not_believed(
    locked: Locked, verify: Verify, prefix: str
) -> None:
    (stored,) = locked.box.after(prefix)
    client = locked.box.client
    client.put_object(Bucket=BUCKET, Key=stored.key, Body=b"something else")
    client.delete_object(Bucket=BUCKET, Key=stored.key)

    code, out, err = verify("--all")

    assert code == 1
    assert err.splitlines()[1].strip() == (
        f"something was laid over what is locked, or hides it ({stored.key})"
    )
    assert "last checkpoint: 1" in out


def test_what_the_stream_saw_altered_is_told_also_when_it_was_put_back(
    locked: Locked, verify: Verify
) -> None:
    _, events = first(locked.clinic)
    locked.call({"Records": [record(events[0], done="MODIFY")]})

    code, out, _ = verify("--all")

    assert code == 0
    assert "the stream saw the ledger altered: changed/2026-03-02/" in out


def test_a_downloaded_bucket_is_verified_with_the_public_key_alone(
    locked: Locked, verify: Verify, tmp_path: Path
) -> None:
    folder = downloaded(locked, tmp_path / "bucket")
    pem = tmp_path / "key.pem"
    pem.write_text(verify(command="key")[1])

    code, _, err = verify("--copies", folder, "--key", pem)
    assert (code, err) == (0, "")

    (copy,) = (folder / "events").rglob("*.jsonl")
    copy.write_bytes(copy.read_bytes().replace(b'"policy_version":1', b'"policy_version":2', 1))
    code, _, err = verify("--copies", folder, "--key", pem)
    assert code == 1
    assert "a copy is not the one that checkpoint 1 signed" in err


def test_a_downloaded_bucket_is_not_believed_by_the_key_that_lies_in_it(
    locked: Locked, verify: Verify, tmp_path: Path
) -> None:
    folder = downloaded(locked, tmp_path / "bucket")
    pem = tmp_path / "key.pem"
    pem.write_text(LocalKey().pem)

    code, _, err = verify("--copies", folder, "--key", pem)

    assert code == 1
    assert "checkpoint 1 is not signed by a key that is trusted here" in err


def test_no_forged_name_steers_the_terminal_or_looks_like_an_answer(
    locked: Locked, verify: Verify, tmp_path: Path
) -> None:
    said = "\x1b[2J\neverything is as it was recorded"
    (forged,) = extend(f"TICKET#{said}", 0, "", [Entry(action=Action.VIEWED, why="")], STAMP)
    put(forged)

    code, out, err = verify("--all")

    assert code == 1
    assert "TICKET#\ufffd[2J\ufffdeverything" in err
    assert "\x1b" not in out + err

    manifest = Manifest(
        made_at=STAMP.at,
        made_by=said,
        asked={},
        stated={},
        events=0,
        sha256="",
        key_id="",
    )
    file, pem = tmp_path / "trail.jsonl", tmp_path / "key.pem"
    file.write_bytes(file_of(manifest, b""))
    pem.write_text(LocalKey().pem)
    code, out, err = verify(file, "--key", pem)
    assert (code, "\neverything" in out, "\x1b" in out) == (1, False, False)


@pytest.mark.parametrize("left", ["events", "nothing"])
def test_what_no_checkpoint_signs_proves_nothing(
    locked: Locked, verify: Verify, tmp_path: Path, left: str
) -> None:
    folder = downloaded(locked, tmp_path / "bucket")
    pem = tmp_path / "key.pem"
    pem.write_text(verify(command="key")[1])
    for each in folder.iterdir():
        if each.name != left:
            rmtree(each)

    code, out, err = verify("--copies", folder, "--key", pem)

    assert code == 1
    assert "no checkpoint is there: nothing of it is signed" in err
    assert "as it was recorded" not in out


def test_a_ticket_that_nobody_ever_heard_of_is_no_proof_of_anything(
    locked: Locked, verify: Verify
) -> None:
    code, out, err = verify("--ticket", "01UNKNOWN")

    assert (code, out) == (1, "")
    assert "nothing was ever recorded" in err


def downloaded(locked: Locked, folder: Path) -> Path:
    """The bucket as `aws s3 sync` brings it."""
    for stored in locked.box.after(""):
        path = folder / stored.key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(locked.box.read(stored.key))
    return folder


def locked_stamp(event: Event) -> Stamp:
    """Who did the first thing, once more."""
    return Stamp(at=event.at, actor=event.actor, policy_version=event.policy_version)


def rewind(clinic: Clinic, ticket_id: str, events: Any) -> None:  # noqa: ANN401
    """Make the ticket itself say that these are its events."""
    ticket = replace(clinic.ticket(ticket_id), version=len(events), ledger_head=digest(events[-1]))
    tables = aws.tables()
    tables.client.put_item(TableName="tickets", Item=_item(tables, ticket))


def test_a_day_of_which_nothing_was_copied_is_not_called_as_recorded(
    locked: Locked, verify: Verify
) -> None:
    ticket_id, _ = first(locked.clinic)
    locked.clinic.now += timedelta(days=1)
    day = locked.clinic.now.date().isoformat()
    locked.clinic.acknowledge(ticket_id, "nora")
    locked.clinic.now += 15 * MINUTE

    code, _, err = verify("--day", day)

    assert code == 1
    assert "stands in no locked copy" in err
