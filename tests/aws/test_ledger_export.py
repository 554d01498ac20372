"""`triagewire ledger export`: the trail that an auditor takes away, and what is recorded of it."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
import time_machine

from ops import ledger_export as command
from ops.cli import main
from tests.aws.clinic import Clinic
from tests.aws.locked import BUCKET, Locked, locking
from tests.aws.reachable import a_stack
from tests.aws.said import REFILL
from tests.aws.senders import by_portal
from tests.builders import a_requester, a_stamp, an_entry, minutes
from triagewire import aws
from triagewire.ledger.chain import extend
from triagewire.ledger.checkpoint_chain import Genuine
from triagewire.ledger.copies import batch, copy_key
from triagewire.ledger.event import Action
from triagewire.ledger.exported import verify_export
from triagewire.settings import settings
from triagewire.signing import SigningKey
from triagewire.store.exports import exports_subject
from triagewire.store.ledger import read_events
from triagewire.store.tickets import ticket_pk
from triagewire.trusted_keys import genuine_by

WHO = a_requester(patient_id="MRN-4711", name="Iris Quill", email="iris@mail.example")


@dataclass(slots=True)
class Exported:
    """What came of a run of the command."""

    code: int
    err: str
    folder: Path

    @property
    def data(self) -> bytes:
        """The file to check."""
        return (self.folder / "trail.jsonl").read_bytes()

    @property
    def page(self) -> str:
        """The page to read."""
        return (self.folder / "trail.html").read_text(encoding="utf-8")

    @property
    def subjects(self) -> list[str]:
        """What it is about."""
        manifest = json.loads(self.data.splitlines()[0])
        return [each["subject"] for each in manifest["subjects"]]


type Export = Callable[..., Exported]


@pytest.fixture
def locked(clinic: Clinic) -> Iterator[Locked]:
    """A clinic with its locked bucket."""
    with locking(clinic) as locked:
        yield locked


@pytest.fixture
def export(
    locked: Locked,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Export:
    """Run the command at the clinic's time; what `stdin` says is never an argument."""
    stack = a_stack(
        AuditBucketName=BUCKET,
        LedgerSigningKeyArn=locked.key_arn,
        IdentityKeyArn=settings().identity_key_arn,
    )
    monkeypatch.setattr(command, "deployed", lambda _name: stack)
    monkeypatch.setattr("ops.deployed.operator", lambda: "ana")

    def run(*arguments: str, why: str = "request of 2 March", stdin: str = "") -> Exported:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        folder = tmp_path / f"out-{len(list(tmp_path.iterdir()))}"
        with time_machine.travel(locked.clinic.now, tick=False):
            code = main(["ledger", "export", *arguments, "--why", why, "--out", str(folder)])
        return Exported(code, capsys.readouterr().err, folder)

    return run


def published_key(locked: Locked) -> Genuine:
    """What tells the signatures of the clinic's ledger from others."""
    key = SigningKey(boto3.client("kms"), locked.key_arn)
    return genuine_by([key.pem.encode()])


def rewritten(ticket: str, why: str) -> None:
    """Alter the first event of a ticket behind everybody's back, or make it again what it was."""
    aws.tables().client.update_item(
        TableName="ledger",
        Key={"pk": {"S": ticket_pk(ticket)}, "sk": {"S": "00000001"}},
        UpdateExpression="SET why = :why",
        ExpressionAttributeValues={":why": {"S": why}},
    )


def refill(clinic: Clinic, event_id: str = "evt-1") -> str:
    """A ticket of somebody, worked on to its end."""
    ticket = clinic.take(by_portal(REFILL, clinic.now, event_id, who=WHO))
    clinic.now += minutes(5)
    clinic.resolve(ticket, "nick")
    return ticket


def test_a_trail_of_a_ticket_can_be_checked_by_anybody_who_has_the_public_key(
    locked: Locked, export: Export
) -> None:
    ticket = refill(locked.clinic)
    locked.copy()
    locked.checkpoint()

    made = export("--ticket", ticket)

    genuine = published_key(locked)
    manifest, report = verify_export(made.data, genuine, locked.clinic.now)
    assert (made.code, report.faults) == (0, ())
    assert report.checkpoints == 1
    assert manifest.made_by == "administrator:ana"
    assert manifest.asked == {"ticket": ticket, "reason": "request of 2 March"}


def test_a_trail_is_in_the_ledger_of_its_ticket_and_in_itself(
    locked: Locked, export: Export
) -> None:
    ticket = refill(locked.clinic)

    made = export("--ticket", ticket)

    *_, last = read_events(aws.tables(), ticket_pk(ticket))
    assert (last.action, last.actor) == (Action.EXPORTED, "administrator:ana")
    assert last.detail["reason"] == "request of 2 March"
    assert last.hash in made.data.decode()


def test_its_page_tells_the_story_in_words_and_holds_no_word_of_the_requester(
    locked: Locked, export: Export
) -> None:
    ticket = refill(locked.clinic)

    page = export("--ticket", ticket).page

    for said in ("resolved it", "nick, staff", "EST", "status: routed → resolved", "ana"):
        assert said in page
    for word in ("<script", REFILL, "Quill", "iris@", "MRN-4711", "://"):
        assert word not in page
    assert "It holds no word of any message" in page


def test_all_of_one_person_are_found_by_what_stands_on_standard_input(
    locked: Locked, export: Export
) -> None:
    clinic = locked.clinic
    first = refill(clinic)
    clinic.now += minutes(60 * 24)
    second = refill(clinic, "evt-2")
    clinic.take(by_portal(REFILL, clinic.now, "evt-3", who=a_requester(patient_id="MRN-1")))

    made = export("--patient", "north", stdin="patient mrn-4711\n")

    assert set(made.subjects) == {ticket_pk(first), ticket_pk(second)}
    *_, told = read_events(aws.tables(), exports_subject("north"))
    assert told.action is Action.EXPORTED
    assert "4711" not in str(told)
    assert "4711" not in made.data.decode() + made.page


def test_who_is_meant_is_no_argument_and_is_not_repeated_in_an_error(export: Export) -> None:
    made = export("--patient", "north", stdin="MRN-4711\n")

    assert made.code == 1
    assert "identity: begins with patient, email or phone" in made.err
    assert "4711" not in made.err
    assert not made.folder.exists()


def test_a_period_comes_from_the_locked_copies_and_is_whole(locked: Locked, export: Export) -> None:
    clinic = locked.clinic
    early = refill(clinic)
    locked.copy()
    clinic.now += minutes(60 * 48)
    day = clinic.now.date().isoformat()
    late = refill(clinic, "evt-2")
    locked.copy()
    locked.checkpoint()

    made = export("--from", day, "--to", day, "--site", "north")

    _, report = verify_export(made.data, published_key(locked), clinic.now)
    assert (made.code, report.faults) == (0, ())
    assert ticket_pk(late) in made.subjects
    assert ticket_pk(early) not in made.subjects
    assert "POLICY" not in made.subjects


def test_what_somebody_put_into_the_bucket_keeps_nobody_from_all_the_rest(
    locked: Locked, export: Export
) -> None:
    """Nobody can remove it for years."""
    clinic = locked.clinic
    ticket = refill(clinic)
    locked.copy()
    last = clinic.ledger(ticket)[-1]
    far = extend(ticket_pk(ticket), 10**17, last.hash, [an_entry()], a_stamp(clinic.now))
    for body in (b"no line of ours\n", batch(far)):
        locked.box.put_once(copy_key(clinic.now, body), body)
    day = clinic.now.date().isoformat()

    made = export("--from", day, "--to", day, "--site", "north")

    assert made.code == 1
    assert "line 1 is no event (events/" in made.err
    assert ticket_pk(ticket) in made.subjects
    assert "line 1 is no event" in made.page


def test_a_trail_that_is_not_what_was_recorded_says_so(locked: Locked, export: Export) -> None:
    ticket = refill(locked.clinic)
    locked.copy()
    locked.checkpoint()
    rewritten(ticket, "nothing to see")

    made = export("--ticket", ticket)

    assert made.code == 1
    assert "event 1 was altered" in made.err
    assert "It is not what was recorded" in made.page
    rewritten(ticket, "verified")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--from", "2026-03-02"), "--to"),
        (("--from", "2026-03-03", "--to", "2026-03-02"), "--to"),
        (("--ticket", "X", "--site", "north"), "--site"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_leaves_nothing(
    export: Export, arguments: tuple[str, ...], named: str
) -> None:
    made = export(*arguments)

    assert (made.code, made.err.startswith(f"{named}: ")) == (1, True)
    assert not made.folder.exists()


def test_a_reason_must_be_given(export: Export) -> None:
    assert export("--ticket", "X", why=" ").code == 1
