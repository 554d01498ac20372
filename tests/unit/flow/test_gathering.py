"""What is gathered goes on through a change of key, an odd checkpoint and a fault of S3."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from tests.ledgers import LocalKey, MemoryBox
from tests.measured import GENUINE, KEY, Desk
from triagewire.flow.checkpointing import make_checkpoint
from triagewire.flow.measuring import gather, gathered_so_far
from triagewire.ledger.event import Action
from triagewire.trusted_keys import genuine_by

OTHER = LocalKey(secret=20270101)
OTHER_ALONE = genuine_by([OTHER.pem.encode()])


@pytest.fixture
def desk() -> Desk:
    """A desk of which one ticket was gathered."""
    desk = Desk()
    desk.happens("A", 0, Action.RECEIVED, "source:form", site="north")
    desk.signed()
    return desk


def signs(desk: Desk, key: LocalKey) -> None:
    desk.box.now += timedelta(minutes=5)
    make_checkpoint(desk.box, key, desk.box.now)


def test_what_an_older_key_signed_before_is_not_asked_of_the_new_one(desk: Desk) -> None:
    desk.happens("A", 25, Action.RESPONDED, "staff:bela", in_time=True)
    signs(desk, OTHER)

    found = gather(desk.box, desk.kept, OTHER_ALONE)

    assert found.trust.whole
    assert found.gathering.lives["A"].responded_at is not None


def test_what_a_key_signs_that_nobody_trusts_does_not_count(desk: Desk) -> None:
    desk.happens("A", 25, Action.RESPONDED, "staff:bela", in_time=True)
    signs(desk, OTHER)

    found = gather(desk.box, desk.kept, GENUINE)

    assert not found.trust.whole
    assert found.gathering.lives["A"].responded_at is None


def test_a_checkpoint_that_was_replaced_after_it_was_read_is_told(desk: Desk) -> None:
    (key,) = [each for each in desk.box.bodies if each.startswith("checkpoints/")]
    desk.box.bodies[key] = desk.box.bodies[key].replace(b'"number":1', b'"number":1 ')

    found = gather(desk.box, desk.kept, GENUINE)

    assert "checkpoint 1 is not the one that was read" in found.trust.faults[0]


@dataclass
class Refusing(MemoryBox):
    """A locked bucket that refuses to be read for a while."""

    refused: str = ""

    def read(self, key: str) -> bytes:
        """The bytes of an object, or not."""
        if self.refused and key.startswith(self.refused):
            raise ClientError({"Error": {"Code": "SlowDown"}}, "GetObject")
        return super().read(key)


@pytest.mark.parametrize("refused", ["checkpoints/", "events/"])
def test_a_run_that_s3_fails_keeps_nothing_and_the_next_takes_all(refused: str) -> None:
    box = Refusing()
    desk = Desk(box=box)
    desk.happens("A", 0, Action.RECEIVED, "source:form", site="north")
    signs(desk, KEY)

    box.refused = refused
    with pytest.raises(ClientError):
        gather(box, desk.kept, GENUINE)
    assert gathered_so_far(desk.kept).mark.checkpoint == 0
    box.refused = ""

    assert set(gather(box, desk.kept, GENUINE).gathering.lives) == {"A"}
