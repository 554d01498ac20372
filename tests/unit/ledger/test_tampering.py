"""Fifteen ways to tamper with a ledger, by somebody who may write both tables, and what shows it.

The last two are the exposure: what was never copied, nobody can miss.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, a_stamp, an_entry, minutes
from tests.ledgers import LocalKey, MemoryBox, records, report_of
from triagewire.flow.checkpointing import copy, make_checkpoint
from triagewire.ledger.chain import digest, extend
from triagewire.ledger.checkpoint import Head, digest_to_sign, from_bytes, heads_of, to_bytes
from triagewire.ledger.copies import events_in
from triagewire.ledger.event import Event
from triagewire.ledger.verification import Report, Stated
from triagewire.trusted_keys import genuine_by

KEY, THIEVES_KEY = LocalKey(), LocalKey(secret=666)
TRUSTED = genuine_by([KEY.pem.encode()])
TICKETS = ("TICKET#A", "TICKET#B", "TICKET#C")


def chain(subject: str, count: int, why: str = "step") -> list[Event]:
    """A ledger of some events, each a minute after the one before."""
    events: list[Event] = []
    for number in range(count):
        head = events[-1].hash if events else ""
        stamp = a_stamp(MONDAY_MORNING + minutes(number))
        events += extend(subject, number, head, [an_entry(why=f"{why} {number}")], stamp)
    return events


@dataclass
class World:
    """Three tickets, what was copied of them and what was signed: four events each under two
    checkpoints, a fifth that was copied since, a sixth that was not yet.
    """

    table: dict[str, list[Event]] = field(default_factory=dict)
    stated: dict[str, Stated] = field(default_factory=dict)
    box: MemoryBox = field(default_factory=MemoryBox)

    def __post_init__(self) -> None:
        whole = {subject: chain(subject, 6) for subject in TICKETS}
        for until in (2, 4, 5):
            start = 4 if until == 5 else until - 2
            for events in whole.values():
                copy(self.box, records(events[start:until], self.box.now))
            self.box.now += minutes(5)
            if until < 5:
                make_checkpoint(self.box, KEY, self.box.now)
        for subject, events in whole.items():
            self.write(subject, events)

    def write(self, subject: str, events: list[Event]) -> None:
        """Make the table hold these events and the ticket say that it has them."""
        self.table[subject] = events
        self.stated[subject] = Stated(len(events), events[-1].hash)

    def checkpoint_keys(self) -> list[str]:
        """Where the checkpoints stand."""
        return [each.key for each in self.box.after("checkpoints/")]

    def report(self) -> Report:
        """What a verification of everything finds, minutes after."""
        recorded = (event for events in self.table.values() for event in events)
        return report_of(self.box, recorded, self.stated, TRUSTED)


def forged(event: Event, **changes: object) -> Event:
    """An event with other content, whose own hash fits."""
    changed = replace(event, **changes)  # type: ignore[arg-type]
    return replace(changed, hash=digest(changed))


def a_field_changed(world: World) -> None:
    world.table["TICKET#A"][1] = forged(world.table["TICKET#A"][1], actor="staff:nobody")


def an_event_deleted(world: World) -> None:
    del world.table["TICKET#A"][1]


def two_events_swapped(world: World) -> None:
    one, two = world.table["TICKET#A"][1:3]
    world.table["TICKET#A"][1:3] = [
        forged(two, sequence=one.sequence),
        forged(one, sequence=two.sequence),
    ]


def an_event_inserted(world: World) -> None:
    first, *rest = world.table["TICKET#A"]
    (new,) = extend("TICKET#A", 1, first.hash, [an_entry(why="never")], a_stamp())
    moved = [forged(each, sequence=each.sequence + 1) for each in rest]
    world.table["TICKET#A"] = [first, new, *moved]


def an_event_moved_from_another_ticket(world: World) -> None:
    world.table["TICKET#A"][1] = replace(world.table["TICKET#B"][1], subject="TICKET#A")


def the_clock_set_back(world: World) -> None:
    events = world.table["TICKET#A"]
    world.table["TICKET#A"] = [forged(each, at=each.at - minutes(60)) for each in events]


def the_tail_cut(world: World) -> None:
    world.table["TICKET#A"] = world.table["TICKET#A"][:3]


def the_tail_cut_and_the_ticket_rolled_back(world: World) -> None:
    world.write("TICKET#A", world.table["TICKET#A"][:3])


def a_whole_chain_rewritten(world: World) -> None:
    world.write("TICKET#A", chain("TICKET#A", 6, why="anew"))


def a_whole_ticket_removed(world: World) -> None:
    del world.table["TICKET#A"], world.stated["TICKET#A"]


def a_checkpoint_edited(world: World) -> None:
    key = world.checkpoint_keys()[0]
    edited = replace(from_bytes(world.box.bodies[key]), events=5)
    world.box.bodies[key] = to_bytes(edited)


def a_checkpoint_removed(world: World) -> None:
    del world.box.bodies[world.checkpoint_keys()[0]]


def checkpoints_rewritten_with_the_chain(world: World) -> None:
    a_whole_chain_rewritten(world)
    anew = {each.sequence: each for each in world.table["TICKET#A"]}
    for key in world.checkpoint_keys():
        made = from_bytes(world.box.bodies[key])
        heads = tuple(
            replace(each, hash=anew[each.sequence].hash) if each.subject == "TICKET#A" else each
            for each in made.heads
        )
        unsigned = replace(made, heads=heads, key_id=KEY.id)
        signature = THIEVES_KEY.sign(digest_to_sign(unsigned))
        world.box.bodies[key] = to_bytes(replace(unsigned, signature=signature))


def the_tail_cut_after_the_last_checkpoint(world: World) -> None:
    world.write("TICKET#A", world.table["TICKET#A"][:4])


def the_last_event_rewritten_before_it_was_copied(world: World) -> None:
    events = world.table["TICKET#A"]
    world.write("TICKET#A", [*events[:5], forged(events[5], actor="staff:nobody")])


def the_last_event_cut_before_it_was_copied(world: World) -> None:
    world.write("TICKET#A", world.table["TICKET#A"][:5])


FOUND: dict[Callable[[World], None], tuple[str, int | None]] = {
    a_field_changed: ("TICKET#A: event 2 is not the one that checkpoint 1 signed", None),
    an_event_deleted: ("TICKET#A: event 2 is missing in the ledger table", None),
    two_events_swapped: (
        "TICKET#A: event 2 does not follow the one before it in the ledger table",
        None,
    ),
    an_event_inserted: ("TICKET#A: event 2 is not the one that checkpoint 1 signed", None),
    an_event_moved_from_another_ticket: (
        "TICKET#A: event 2 was altered in the ledger table",
        None,
    ),
    the_clock_set_back: ("TICKET#A: event 1 is not the one in its locked copy", None),
    the_tail_cut: ("TICKET#A: 6 events were recorded and 3 are there", 1),
    the_tail_cut_and_the_ticket_rolled_back: (
        "TICKET#A: event 4 is gone, which checkpoint 2 signed",
        1,
    ),
    a_whole_chain_rewritten: ("TICKET#A: event 1 is not the one in its locked copy", None),
    a_whole_ticket_removed: ("TICKET#A: event 2 is gone, which checkpoint 1 signed", None),
    a_checkpoint_edited: ("checkpoint 1 is not signed by a key that is trusted here", None),
    a_checkpoint_removed: ("checkpoint 1 is missing, and all before it", None),
    checkpoints_rewritten_with_the_chain: (
        "checkpoint 1 is not signed by a key that is trusted here",
        None,
    ),
    the_tail_cut_after_the_last_checkpoint: (
        "TICKET#A: event 5 stands in a locked copy and not in the ledger table",
        2,
    ),
}
"""What each is found by, and the last checkpoint that still agrees with everything."""


def test_an_untouched_world_is_as_recorded() -> None:
    report = World().report()

    assert report.faults == ()
    assert (report.subjects, report.events, report.checkpoints) == (3, 18, 2)
    assert (report.last_good, report.open_events) == (2, 6)
    assert report.open_since == MONDAY_MORNING + minutes(4)


@pytest.mark.parametrize("tamper", FOUND, ids=lambda each: each.__name__)
def test_what_is_tampered_with_is_found_and_named(tamper: Callable[[World], None]) -> None:
    world = World()
    tamper(world)

    report = world.report()

    words, last_good = FOUND[tamper]
    assert words == str(report.faults[0]).partition(" (")[0]
    assert report.last_good == last_good


@pytest.mark.parametrize(
    "tamper",
    [the_last_event_rewritten_before_it_was_copied, the_last_event_cut_before_it_was_copied],
)
def test_what_was_never_copied_is_the_exposure_and_is_not_found(
    tamper: Callable[[World], None],
) -> None:
    world = World()
    tamper(world)

    assert world.report().faults == ()


def test_the_exposure_ends_with_the_copy_and_needs_no_checkpoint() -> None:
    world = World()
    for events in world.table.values():
        copy(world.box, records(events[5:], world.box.now))
    the_last_event_rewritten_before_it_was_copied(world)

    (fault,) = world.report().faults
    assert str(fault) == "TICKET#A: event 6 is not the one in its locked copy"


def test_a_forged_copy_cannot_take_the_place_of_the_locked_one() -> None:
    world = World()
    a_whole_chain_rewritten(world)
    copy(world.box, records(world.table["TICKET#A"], world.box.now))

    words = [str(fault).partition(" (")[0] for fault in world.report().faults]
    assert "TICKET#A: event 1 stands there twice, differently in the locked copies" in words


def test_a_copy_that_was_deleted_is_missed_by_the_checkpoint_that_names_it() -> None:
    world = World()
    key = next(each for each in world.box.bodies if each.startswith("events/"))
    body = world.box.bodies.pop(key)

    assert len(list(events_in(body))) == 2
    words = {fault.problem for fault in world.report().faults if fault.key == key}
    assert words == {"a copy is gone that checkpoint 1 names"}


def test_an_old_copy_that_no_checkpoint_names_is_found() -> None:
    world = World()
    world.box.now -= minutes(60 * 48)
    copy(world.box, records(chain("TICKET#A", 2), world.box.now))
    world.box.now += minutes(60 * 48)

    words = {fault.problem for fault in world.report().faults}
    assert words == {"a copy stands there that no checkpoint names"}


@settings(max_examples=60)
@given(st.data())
def test_whatever_is_done_to_signed_events_is_found(data: st.DataObject) -> None:
    world = World()
    subject = data.draw(st.sampled_from(TICKETS))
    events = world.table[subject]
    at = data.draw(st.integers(0, 3))
    how = data.draw(st.sampled_from(["drop", "alter", "cut", "rewrite", "double"]))
    entries = [an_entry(why="anew")] * (len(events) - at)
    head = events[at - 1].hash if at else ""
    changed = {
        "drop": [*events[:at], *events[at + 1 :]],
        "alter": [*events[:at], forged(events[at], why="anew"), *events[at + 1 :]],
        "cut": events[:at] or events[:1],
        "rewrite": [*events[:at], *extend(subject, at, head, entries, a_stamp())],
        "double": [*events[: at + 1], forged(events[at], why="twice"), *events[at + 1 :]],
    }
    world.write(subject, changed[how])

    assert any(fault.subject == subject for fault in world.report().faults)


def test_heads_of_a_batch_are_its_highest_events() -> None:
    events = chain("TICKET#A", 3)

    (head,) = heads_of(Head(each.subject, each.sequence, each.hash) for each in reversed(events))

    assert (head.sequence, head.hash) == (3, events[-1].hash)
