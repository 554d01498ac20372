"""Copies and checkpoints: whatever fails, comes twice or runs at once, every copy is named once."""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, a_stamp, an_entry, minutes
from tests.ledgers import LocalKey, MemoryBox, record, records
from triagewire.errors import InvalidFieldError
from triagewire.flow import checkpointing
from triagewire.flow.checkpointing import Copied, copy, make_checkpoint
from triagewire.ledger.chain import extend
from triagewire.ledger.checkpoint import EVERY, Checkpoint, chained_hash, from_bytes, to_bytes
from triagewire.ledger.copies import events_in
from triagewire.ledger.event import Event
from triagewire.ledger.lines import canonical, to_line
from triagewire.store.ledger import stored_event

KEY = LocalKey()
SECOND = timedelta(seconds=1)


def chain(subject: str, count: int) -> tuple[Event, ...]:
    """A ledger of some events."""
    return extend(subject, 0, "", [an_entry(why=f"step {n}") for n in range(count)], a_stamp())


A, B = chain("TICKET#A", 4), chain("TICKET#B", 3)


def checkpoint(box: MemoryBox, after: timedelta = EVERY) -> Checkpoint | None:
    """Some time later the schedule comes."""
    box.now += after
    return make_checkpoint(box, KEY, box.now).checkpoint


def named(box: MemoryBox) -> list[str]:
    """The keys that all checkpoints name, in order."""
    found = [from_bytes(body) for body in box.under("checkpoints/")]
    return [file.key for each in found for file in each.files]


def refused(*_given: object) -> bytes:
    """What KMS or S3 does when it fails."""
    raise ClientError({"Error": {"Code": "InternalError", "Message": ""}}, "Any")


# Copies -----------------------------------------------------------------------------------------


def test_a_batch_is_one_object_of_its_events_in_order() -> None:
    box = MemoryBox()

    assert copy(box, records([*A, *B])).events == 7

    ((key, body),) = box.bodies.items()
    assert key.startswith("events/2026-03-02/14:00:00.000Z-")
    assert tuple(events_in(body)) == (*A, *B)


def test_a_batch_that_comes_twice_is_one_object_whenever_it_comes_again() -> None:
    box = MemoryBox()
    copy(box, records(A))
    box.now += minutes(30)

    assert copy(box, records(A)).failed is None

    assert len(box.bodies) == 1


@pytest.mark.parametrize("done", ["MODIFY", "REMOVE"])
def test_what_was_altered_or_removed_is_kept_as_evidence_beside_the_others(done: str) -> None:
    box = MemoryBox()

    copied = copy(box, [*records(A), record(B[0], done=done)])

    assert (copied.events, copied.tampered, copied.failed) == (4, 1, None)
    (evidence,) = box.under("changed/")
    assert f'"done":"{done}"'.encode() in evidence
    assert b'"pk":{"S":"TICKET#B"}' in evidence


def test_an_item_that_is_no_event_holds_up_none_of_its_batch() -> None:
    box = MemoryBox()
    bad = record(B[0])
    bad["dynamodb"]["NewImage"]["detail"] = {"S": "no bytes"}

    copied = copy(box, [*records(A), bad])

    assert (copied.events, copied.tampered, copied.failed) == (4, 1, None)


SPOILT: dict[str, Callable[[dict[str, Any]], None]] = {
    "a detail nested too deeply": lambda image: image.update(
        detail=packed(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    ),
    "a detail that unpacks to a hundred megabytes": lambda image: image.update(
        detail=packed(b'{"a":"' + b"x" * 100_000_000 + b'"}')
    ),
    "a time that UTC does not have": lambda image: image.update(
        at={"S": "0001-01-01T00:00:00.000000+14:00"}
    ),
    "a time without its zone": lambda image: image.update(at={"S": "2026-03-02T14:00:00.000000"}),
    "a place that is not written as places are": lambda image: image.update(sk={"S": "1"}),
}


@pytest.mark.parametrize("how", SPOILT)
def test_whatever_somebody_put_into_the_table_stops_no_copy_and_is_evidence(how: str) -> None:
    """A record that ends the function would hold up all after it for as long as the stream has it,
    and so long nothing would stand where it cannot be changed.
    """
    box = MemoryBox()
    bad = record(B[0])
    SPOILT[how](bad["dynamodb"]["NewImage"])

    copied = copy(box, [*records(A), bad])

    assert (copied.events, copied.tampered, copied.failed) == (4, 1, None)


@pytest.mark.parametrize("how", SPOILT)
def test_whatever_somebody_put_into_the_table_is_named_by_a_verification(how: str) -> None:
    image = record(B[0])["dynamodb"]["NewImage"]
    SPOILT[how](image)
    image["detail"] = {"B": base64.b64decode(image["detail"]["B"])}

    with pytest.raises(InvalidFieldError):
        stored_event(image)


def packed(content: bytes) -> dict[str, str]:
    """What a stream shows of a compressed attribute."""
    return {"B": base64.b64encode(zlib.compress(content)).decode()}


def test_an_event_whose_action_only_the_next_version_knows_is_copied_and_signed_for() -> None:
    """While a version is deployed, this function may still be the one before."""
    box = MemoryBox()
    later = record(A[0])
    image = later["dynamodb"]["NewImage"]
    image["action"] = {"S": "an_act_of_next_year"}
    content = json.loads(to_line(A[0])) | {"action": "an_act_of_next_year"}
    del content["hash"]
    fitting = hashlib.sha256(canonical(content).encode()).hexdigest()
    image["hash"] = {"S": fitting}

    assert copy(box, [later]) == Copied(events=1)

    made = make_checkpoint(box, KEY, box.now + EVERY)
    assert made.odd == ()
    assert made.checkpoint is not None
    assert [head.hash for head in made.checkpoint.heads] == [fitting]


def test_a_copy_that_fails_names_the_record_from_which_all_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(MemoryBox, "put_once", refused)

    copied = copy(MemoryBox(), records(A))

    assert (copied.events, copied.failed, copied.fault) == (0, "TICKET#A/1", "ClientError")


# Checkpoints ------------------------------------------------------------------------------------


def test_a_checkpoint_names_every_copy_and_how_far_each_ledger_had_got() -> None:
    box = MemoryBox()
    copy(box, records([*A[:2], *B]))
    copy(box, records(A[2:], MONDAY_MORNING + SECOND))

    made = checkpoint(box)

    assert made is not None
    assert (made.number, made.events, made.since) == (1, 7, None)
    assert [(each.subject, each.sequence, each.hash) for each in made.heads] == [
        ("TICKET#A", 4, A[-1].hash),
        ("TICKET#B", 3, B[-1].hash),
    ]
    assert {each.key: each.sha256 for each in made.files} == {
        key: chained_hash(body) for key, body in box.bodies.items() if key.startswith("events/")
    }


def test_a_checkpoint_holds_the_hash_of_the_one_before() -> None:
    box = MemoryBox()
    first, second = checkpoint(box), checkpoint(box)

    assert first is not None
    assert second is not None
    assert second.previous == chained_hash(to_bytes(first))
    assert second.since == first.until


def test_a_checkpoint_is_written_also_when_nothing_happened() -> None:
    box = MemoryBox()

    numbers = [made.number for made in (checkpoint(box) for _ in range(3)) if made]

    assert numbers == [1, 2, 3]


def test_a_copy_that_is_only_just_written_is_left_to_the_next_one() -> None:
    box = MemoryBox()
    copy(box, records(A))

    assert checkpoint(box, 59 * SECOND).files == ()  # type: ignore[union-attr]
    assert len(checkpoint(box).files) == 1  # type: ignore[union-attr]


def test_a_batch_that_was_hours_late_is_named_once_it_is_there() -> None:
    box = MemoryBox()
    for _ in range(3):
        checkpoint(box)
    copy(box, records(A, MONDAY_MORNING - minutes(23 * 60)))

    assert len(checkpoint(box).files) == 1  # type: ignore[union-attr]
    assert checkpoint(box).files == ()  # type: ignore[union-attr]


def test_evidence_of_tampering_is_named_too() -> None:
    box = MemoryBox()
    copy(box, [record(A[0], done="REMOVE")])

    (file,) = checkpoint(box).files  # type: ignore[union-attr]
    assert file.key.startswith("changed/")


def test_after_an_outage_the_copies_are_taken_up_a_part_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checkpointing, "MOST_FILES", 2)
    box = MemoryBox()
    for number, event in enumerate(A):
        box.now = MONDAY_MORNING + number * SECOND
        copy(box, records([event], box.now))
    copy(box, records(B, box.now))

    sizes = [len(made.files) for made in (checkpoint(box) for _ in range(3)) if made]

    assert sizes == [2, 1, 2]


def test_a_clock_that_was_put_back_takes_no_copy_from_a_checkpoint() -> None:
    box = MemoryBox()
    first = checkpoint(box)
    copy(box, records(A))
    second = checkpoint(box, -minutes(60))
    third = checkpoint(box, minutes(120))

    assert first is not None
    assert second is not None
    assert third is not None
    assert second.at == first.at
    assert (second.files, len(third.files)) == ((), 1)


def test_the_public_key_is_published_before_it_first_signs_and_when_it_changes() -> None:
    box = MemoryBox()
    checkpoint(box)
    other = LocalKey(secret=7)

    make_checkpoint(box, other, box.now + minutes(5))

    assert set(box.bodies) >= {f"keys/{KEY.id}.pem", f"keys/{other.id}.pem"}
    assert box.bodies[f"keys/{KEY.id}.pem"].decode() == KEY.pem


@pytest.mark.parametrize("at", [MONDAY_MORNING, datetime.fromisoformat("2026-03-02T23:59:59Z")])
def test_of_two_runs_at_once_one_writes_a_number_also_over_midnight(at: datetime) -> None:
    box = MemoryBox(now=at)
    checkpoint(box, timedelta())
    quicker: list[Checkpoint | None] = []

    class Slow(LocalKey):
        def sign(self, digest: bytes) -> bytes:
            quicker.append(make_checkpoint(box, KEY, at + SECOND).checkpoint)
            return super().sign(digest)

    assert make_checkpoint(box, Slow(), at).checkpoint is None

    assert [each.number for each in quicker if each] == [2]
    assert len(box.under("checkpoints/")) == 2


def test_a_checkpoint_whose_answer_was_lost_counts_as_written() -> None:
    class Forgetful(MemoryBox):
        def put_once(self, key: str, body: bytes) -> bool:
            return super().put_once(key, body) and not key.startswith("checkpoints/")

    assert checkpoint(Forgetful()) is not None


@pytest.mark.parametrize(
    "broken", [(LocalKey, "sign"), (MemoryBox, "put_once"), (MemoryBox, "read")]
)
def test_what_fails_loses_nothing_and_the_next_run_goes_on(
    broken: tuple[type, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    box = MemoryBox()
    checkpoint(box)
    copy(box, records(A))
    with monkeypatch.context() as patch:
        patch.setattr(*broken, refused)
        with pytest.raises(ClientError):
            checkpoint(box)

    made = checkpoint(box)

    assert made is not None
    assert (made.number, len(made.files)) == (2, 1)


ODD: dict[str, Callable[[str, bytes], tuple[str, bytes]]] = {
    "another name": lambda key, body: (key.replace("Z-", "Z-0"), body),
    "no lines": lambda key, _body: (key, b"something else"),
    "no text": lambda key, _body: (key, b"\xff"),
    "a time that UTC does not have": lambda key, body: (
        key,
        body.replace(
            b'"at":"2026-03-02T14:00:00.000000+00:00"', b'"at":"0001-01-01T00:00:00.000000+14:00"'
        ),
    ),
    "an altered event": lambda key, body: (key, body.replace(b"step 0", b"step 7")),
}


@pytest.mark.parametrize("how", ODD)
def test_a_copy_that_somebody_else_wrote_is_told_and_named_all_the_same(how: str) -> None:
    written = MemoryBox()
    copy(written, records(A))
    ((key, body),) = written.bodies.items()
    box = MemoryBox()
    box.put_once(*ODD[how](key, body))

    made = make_checkpoint(box, KEY, box.now + minutes(5))

    assert made.checkpoint is not None
    assert made.odd == tuple(each.key for each in made.checkpoint.files) != ()


@dataclass
class Story:
    """What may happen to the ledger's function, in any order."""

    box: MemoryBox = field(default_factory=MemoryBox)
    recorded: int = 0

    def happens(self, what: int) -> None:
        """One step: a batch, a late one, the same once more, some seconds, a checkpoint."""
        if what <= 1:
            late = minutes(600 * what)
            events = chain(f"TICKET#{self.recorded}", 2)
            copy(self.box, records(events, self.box.now - late))
            self.recorded += 1
        elif what == 2:
            copy(self.box, records(chain("TICKET#0", 2), MONDAY_MORNING))
        elif what == 3:
            self.box.now += 7 * SECOND
        else:
            checkpoint(self.box, minutes(2))


@settings(max_examples=60)
@given(st.lists(st.integers(0, 4), max_size=30))
def test_whatever_happens_every_copy_is_named_exactly_once(steps: list[int]) -> None:
    story = Story()
    for step in steps:
        story.happens(step)
    checkpoint(story.box, minutes(2))

    copies = [key for key in story.box.bodies if key.startswith("events/")]
    assert sorted(named(story.box)) == sorted(copies)
