"""An export proves itself: whatever is done to the file is found, by whoever has the public key."""

import base64
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from tests.builders import MONDAY_MORNING, a_stamp, an_entry, minutes
from tests.ledgers import LocalKey, MemoryBox, records
from triagewire.flow.checkpointing import copy, make_checkpoint
from triagewire.ledger.chain import digest, extend
from triagewire.ledger.event import Action, Event
from triagewire.ledger.exported import (
    Manifest,
    NotAnExportError,
    body_of,
    digest_to_sign,
    file_of,
    verify_export,
)
from triagewire.ledger.lines import canonical, from_line, to_line
from triagewire.ledger.verification import Report, Stated
from triagewire.trusted_keys import genuine_by

KEY = LocalKey()
TRUSTED = genuine_by([KEY.pem.encode()])
NOW = MONDAY_MORNING + minutes(30)
EDITS = 1_000


@cache
def ledgers() -> tuple[tuple[Event, ...], ...]:
    """Twelve small ledgers of tickets."""
    return tuple(
        extend(
            f"TICKET#{ticket}",
            0,
            "",
            [
                an_entry(why=f"step {n}", detail={"team": "clinical", "weight": n})
                for n in range(2 + ticket % 5)
            ],
            a_stamp(),
        )
        for ticket in range(12)
    )


@cache
def checkpoints() -> tuple[bytes, ...]:
    """Three checkpoints that cover them."""
    box = MemoryBox()
    for at in range(0, 12, 4):
        copy(box, records([event for chain in ledgers()[at : at + 4] for event in chain], box.now))
        box.now += minutes(5)
        make_checkpoint(box, KEY, box.now)
    return tuple(box.under("checkpoints/"))


def an_export(
    events: tuple[Event, ...] | None = None,
    stated: dict[str, Stated] | None = None,
    key: LocalKey = KEY,
) -> bytes:
    """The ledgers as an auditor gets them."""
    inside = events if events is not None else tuple(e for chain in ledgers() for e in chain)
    body = body_of(inside, checkpoints())
    manifest = Manifest(
        made_at=NOW,
        made_by="administrator:director",
        asked={"patient": "north"},
        stated=stated or {c[0].subject: Stated(len(c), c[-1].hash) for c in ledgers()},
        events=len(inside),
        sha256=hashlib.sha256(body).hexdigest(),
        key_id=key.id,
    )
    return file_of(replace(manifest, signature=key.sign(digest_to_sign(manifest))), body)


WHOLE = an_export()


def checked(data: bytes) -> Report:
    """What the verifier says of a file."""
    return verify_export(data, TRUSTED, NOW)[1]


def found(data: bytes) -> bool:
    """Whether the verifier finds something wrong with a file."""
    try:
        return bool(checked(data).faults)
    except NotAnExportError:
        return True


# What may be done to a file ---------------------------------------------------------------------


def a_byte(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """One byte is another, somewhere."""
    data = bytearray(b"\n".join(lines))
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    return bytes(data).split(b"\n")


def some_bytes_less(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """Some bytes are cut out."""
    data = b"\n".join(lines)
    at = chance.randrange(len(data) - 5)
    return (data[:at] + data[at + chance.randint(1, 5) :]).split(b"\n")


def a_line_less(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """A line is dropped."""
    at = chance.randrange(len(lines) - 1)
    return lines[:at] + lines[at + 1 :]


def a_line_twice(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """A line stands there twice."""
    at = chance.randrange(len(lines) - 1)
    return lines[: at + 1] + lines[at:]


def two_lines_swapped(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """Two lines change places."""
    one, other = chance.sample(range(len(lines) - 1), 2)
    swapped = [*lines]
    swapped[one], swapped[other] = lines[other], lines[one]
    return swapped


def an_event_more(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """An event that never was is put in, with a hash that fits it."""
    at = chance.randrange(1, 30)
    event = from_line(lines[at].decode())
    (forged,) = extend(
        event.subject,
        event.sequence,
        event.hash,
        [an_entry(action=Action.CLOSED)],
        a_stamp(),
    )
    return [*lines[: at + 1], to_line(forged).encode(), *lines[at + 1 :]]


def an_event_rehashed(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """A field of an event is another, and its hash is made to fit."""
    at = chance.randrange(1, 30)
    event = from_line(lines[at].decode())
    changed = chance.choice(
        [
            replace(event, actor="staff:nobody"),
            replace(event, why=f"{event.why} or not"),
            replace(event, at=event.at - minutes(chance.randint(1, 99))),
            replace(event, detail={**event.detail, "team": "it"}),
        ]
    )
    fitting = replace(changed, hash=digest(changed))
    return [*lines[:at], to_line(fitting).encode(), *lines[at + 1 :]]


def a_ledger_rewritten(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """A whole ledger is made anew, and the manifest made to fit in all but its signature."""
    chain = chance.choice(ledgers())
    anew = extend(chain[0].subject, 0, "", [an_entry(why="anew")] * len(chain), a_stamp())
    lines_of = {event.sequence: to_line(event).encode() for event in anew}
    changed = [
        lines_of[from_line(line.decode()).sequence]
        if f'"subject":"{chain[0].subject}"'.encode() in line and b'"action"' in line
        else line
        for line in lines
    ]
    manifest = json.loads(lines[0])
    for each in manifest["subjects"]:
        if each["subject"] == chain[0].subject:
            each["head"] = anew[-1].hash
    manifest["sha256"] = hashlib.sha256(b"\n".join(changed[1:])).hexdigest()
    return [canonical(manifest).encode(), *changed[1:]]


def a_manifest_edited(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """A field of the manifest is another, or gone, or there is one more."""
    manifest = json.loads(lines[0])
    name = chance.choice(sorted(manifest))
    change = chance.randrange(4)
    if change == 0:
        del manifest[name]
    elif change == 1:
        manifest["note"] = "all is well"
    elif change == 2:
        manifest[name] = str(manifest[name]) + " "
    else:
        manifest["subjects"] = manifest["subjects"][1:]
    return [canonical(manifest).encode(), *lines[1:]]


def a_signature_of_somebody_else(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """Another key signed the manifest, under the name of the right one."""
    manifest = json.loads(lines[0])
    del manifest["signature"]
    content = hashlib.sha256(canonical(manifest).encode()).digest()
    forged = LocalKey(secret=chance.randint(2, 10**9)).sign(content)
    manifest["signature"] = base64.b64encode(forged).decode()
    return [canonical(manifest).encode(), *lines[1:]]


WAYS: list[Callable[[list[bytes], random.Random], list[bytes]]] = [
    a_byte,
    a_byte,
    some_bytes_less,
    a_line_less,
    a_line_twice,
    two_lines_swapped,
    an_event_more,
    an_event_rehashed,
    a_ledger_rewritten,
    a_manifest_edited,
    a_signature_of_somebody_else,
]


# What is found ----------------------------------------------------------------------------------


def test_an_untouched_export_has_no_fault_and_says_what_it_holds() -> None:
    manifest, report = verify_export(WHOLE, TRUSTED, NOW)

    assert report.faults == ()
    assert (report.subjects, report.events, report.checkpoints) == (12, 45, 3)
    assert (report.last_good, report.open_events) == (3, 0)
    assert manifest.made_by == "administrator:director"


def test_of_a_thousand_random_edits_every_one_is_found() -> None:
    lines = WHOLE.split(b"\n")
    missed = []
    for seed in range(EDITS):
        chance = random.Random(seed)
        way = WAYS[seed % len(WAYS)]
        edited = b"\n".join(way(lines, chance))
        if edited != WHOLE and not found(edited):
            missed.append((seed, way.__name__))

    assert missed == []


def signed_anew(lines: list[bytes]) -> bytes:
    """The file with a manifest that fits it, by whoever may sign exports."""
    body = b"\n".join(lines[1:])
    events = [from_line(line.decode()) for line in lines[1:] if b'"action"' in line]
    stated: dict[str, Stated] = {}
    for event in sorted(events, key=lambda each: each.sequence):
        before = stated.get(event.subject, Stated(0, ""))
        stated[event.subject] = Stated(before.events + 1, event.hash)
    manifest = Manifest(
        made_at=NOW,
        made_by="administrator:insider",
        asked={},
        stated=stated,
        events=len(events),
        sha256=hashlib.sha256(body).hexdigest(),
        key_id=KEY.id,
    )
    return file_of(replace(manifest, signature=KEY.sign(digest_to_sign(manifest))), body)


@pytest.mark.parametrize("way", [an_event_more, an_event_rehashed, a_ledger_rewritten])
def test_who_may_sign_exports_can_change_nothing_that_a_checkpoint_covers(
    way: Callable[[list[bytes], random.Random], list[bytes]],
) -> None:
    lines = WHOLE.split(b"\n")

    for seed in range(30):
        report = checked(signed_anew(way(lines, random.Random(seed))))
        assert report.faults or report.open_events, seed


def test_an_edit_is_named_by_its_ticket_and_event() -> None:
    edited = WHOLE.replace(b'"why":"step 1"', b'"why":"step 7"', 1)

    words = [str(fault) for fault in checked(edited).faults]

    assert words[0] == "what follows the manifest is not what it was signed for"
    assert words[1] == "TICKET#0: event 2 was altered in the export"


def test_an_export_that_somebody_else_signed_is_found() -> None:
    words = [str(fault) for fault in checked(an_export(key=LocalKey(secret=5))).faults]

    assert words == ["the manifest is not signed by a key that is trusted here"]


def test_an_export_that_leaves_an_event_out_is_found_whoever_signed_it() -> None:
    events = tuple(event for chain in ledgers() for event in chain)
    stated = {chain[0].subject: Stated(len(chain), chain[-1].hash) for chain in ledgers()}
    short = {**stated, "TICKET#0": Stated(1, ledgers()[0][0].hash)}

    report = checked(an_export(events=(events[0], *events[2:]), stated=short))

    assert [str(fault) for fault in report.faults] == [
        "TICKET#0: event 2 is gone, which checkpoint 1 signed"
    ]
    assert report.last_good is None


def test_an_export_of_a_part_of_a_ledger_begins_where_it_says() -> None:
    chain = ledgers()[4]
    stated = {chain[0].subject: Stated(len(chain) - 2, chain[-1].hash, first=3)}

    assert checked(an_export(events=chain[2:], stated=stated)).faults == ()


def test_events_that_no_checkpoint_covers_yet_are_counted_with_their_age() -> None:
    chain = ledgers()[0]
    more = extend("TICKET#0", len(chain), chain[-1].hash, [an_entry()], a_stamp(NOW - minutes(3)))
    stated = {"TICKET#0": Stated(len(chain) + 1, more[-1].hash)}

    report = checked(an_export(events=(*chain, *more), stated=stated))

    assert report.faults == ()
    assert (report.open_events, report.open_since) == (1, NOW - minutes(3))


@pytest.mark.parametrize("data", [b"", b"\n", b"no export", b"{}\n", b"\xff\n", b"[1]\n"])
def test_what_is_no_export_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(NotAnExportError):
        verify_export(data, TRUSTED, NOW)
