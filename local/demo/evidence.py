"""What an attacker tries and an auditor finds: forged links, a site opened in an emergency, and at
last a hand in the ledger's own table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree

from local.demo.commands import Said, told
from local.demo.desk import Desk
from local.demo.world import World
from local.stack.deployment import Stack
from triagewire.emergency import EmergencyReason
from triagewire.signed import Said as Claim
from triagewire.signed import signed
from triagewire.store.codec import text
from triagewire.store.table import key
from triagewire.store.tickets import ticket_pk

EMERGENCY_AT = datetime(2026, 3, 3, 7, 15, tzinfo=UTC)
"""A quarter past two at night where the helper is needed."""
HELPER, SITE = "nurse.abara", "riverside"
"""A lead of one site, and another site of the group."""
QUEUE = f"/desk/queues/{SITE}/clinical"
MINUTES = 60
OVER = timedelta(minutes=MINUTES + 1)
FORGED = ("/acknowledge/", "/feedback/", "/automation/")
WHY = "audit"
FIRST = "00000001"
"""Where the first event of a ticket stands in the ledger's table."""
SETTLED = timedelta(minutes=2)
"""So long after the last event a checkpoint names it."""


@dataclass(slots=True)
class Emergency:
    """What the helper's queue was answered before, during and after; and how each forged link."""

    before: int = 0
    during: int = 0
    after: int = 0
    forged: tuple[int, ...] = ()

    def open(self, desk: Desk) -> None:
        """Open the other site, and look."""
        self.before = desk.status_of(HELPER, QUEUE)
        why = EmergencyReason.NOBODY_REACHED.value
        desk.say(HELPER, "/desk/emergency-access", site=SITE, why=why, minutes=MINUTES)
        self.during = desk.status_of(HELPER, QUEUE)

    def look_again(self, desk: Desk) -> None:
        """Look after the time is up."""
        self.after = desk.status_of(HELPER, QUEUE)

    def forge(self, desk: Desk, now: datetime) -> None:
        """Follow links that somebody made without the key, well formed to the letter."""
        claim = Claim(ticket_id="A" * 26, at=now, rest=HELPER)
        token = signed(b"a key that is not ours", b"triagewire acknowledge", claim)
        self.forged = tuple(desk.follow("POST", f"{path}{token}") for path in FORGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the auditor's commands said: of the whole ledger, of an export without the stack, of the
    same export with one letter changed, and of the ledger after somebody changed it in its table.
    """

    whole: Said
    export: Said
    offline: Said
    edited: Said
    altered: Said
    month: Said


def find(world: World, folder: Path, ticket_id: str) -> Found:
    """Do what an auditor does, and then what they are there to find out."""
    stack = world.stack
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pem = folder / "ledger.pem"
    pem.write_text(told(stack, "ledger", "key").text + "\n", encoding="utf-8")
    whole = told(stack, "ledger", "verify", "--all")
    month = told(stack, "ledger", "examine", "--month", "2026-03", "--out", str(folder / "month"))
    out = folder / "trail"
    export = told(stack, "ledger", "export", "--ticket", ticket_id, "--why", WHY, "--out", str(out))
    trail = out / "trail.jsonl"
    offline = told(stack, "ledger", "verify", str(trail), "--key", str(pem))
    edited = folder / "edited.jsonl"
    if trail.exists():
        edited.write_text(_edited(trail.read_text(encoding="utf-8")), encoding="utf-8")
    return Found(
        whole=whole,
        export=export,
        offline=offline,
        edited=told(stack, "ledger", "verify", str(edited), "--key", str(pem)),
        altered=_altered(world, stack, ticket_id),
        month=month,
    )


def _edited(trail: str) -> str:
    """An export in which somebody lets an event be a second later."""
    return trail.replace('"why":"', '"why":"not ', 1)


def _altered(world: World, stack: Stack, ticket_id: str) -> Said:
    """What is said of a ticket while an event of it stands otherwise than it was written, by
    somebody with an administrator's rights.
    """
    client, ledger = world.tables.client, world.tables.ledger
    place = key(ticket_pk(ticket_id), FIRST)
    item = client.get_item(TableName=ledger, Key=place)["Item"]
    client.put_item(TableName=ledger, Item={**item, "why": text("nothing")})
    try:
        return told(stack, "ledger", "verify", "--ticket", ticket_id)
    finally:
        client.put_item(TableName=ledger, Item=item)


def said_of(found: Found) -> Mapping[str, Said]:
    """What is shown of it."""
    return {"verify": found.whole, "altered": found.altered, "month": found.month}
