"""Posts that no honest sender makes: each must get its code, and none may leave a trace but one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from local.demo.posts import Post
from local.demo.world import World
from ops.senders.epic import signed_epic

CANARY = "Quetzal Heliotrope"
"""A name that is in every hostile body; no answer may show it."""
STALE = timedelta(minutes=10)
OVER_THE_LIMIT = 1_000_100
SITE, SOURCE = "riverside", "portal"

type Maker = Callable[[World, datetime], Post]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One hostile post, the status it should get and what came back."""

    name: str
    wanted: int
    got: int
    echoed: bool
    ticket_id: str = ""

    @property
    def as_wanted(self) -> bool:
        """Whether it was refused as it should be, without a word of its content."""
        return self.got == self.wanted and not self.echoed


def attack(world: World, now: datetime) -> list[Refusal]:
    """Send every hostile post over HTTP."""
    return [_sent(world, name, wanted, make(world, now)) for name, (wanted, make) in POSTS.items()]


def _sent(world: World, name: str, wanted: int, post: Post) -> Refusal:
    answer = world.send(post)
    said = answer.json() if answer.headers.get("content-type") == "application/json" else {}
    return Refusal(
        name=name,
        wanted=wanted,
        got=answer.status_code,
        echoed=CANARY in answer.text,
        ticket_id=said.get("ticket_id", "") if answer.ok else "",
    )


def _epic(world: World, now: datetime, text: str, event_id: str) -> Post:
    payload = {
        "type": "patient_message.received",
        "timestamp": now.isoformat(),
        "data": {
            "message_id": event_id,
            "body": text,
            "patient": {"mrn": "R-99999", "name": CANARY},
        },
    }
    return _signed(world, now, payload, event_id)


def _signed(world: World, now: datetime, payload: Mapping[str, object], event_id: str) -> Post:
    secret = world.secrets[f"{SITE}/{SOURCE}"]
    headers, body = signed_epic(secret, now, payload, event_id=event_id)
    return Post(site=SITE, source=SOURCE, event_id=event_id, headers=headers, body=body)


def _wrong_signature(world: World, now: datetime) -> Post:
    post = _epic(world, now, f"I am {CANARY} and I have chest pain", "hostile-signature")
    return replace(post, body=post.body.replace(b"chest pain", b"no complaint"))


def _stale(world: World, now: datetime) -> Post:
    return _epic(world, now - STALE, f"I am {CANARY}", "hostile-stale")


def _unknown_source(world: World, now: datetime) -> Post:
    return replace(_epic(world, now, f"I am {CANARY}", "hostile-source"), source="fax")


def _unknown_site(world: World, now: datetime) -> Post:
    return replace(_epic(world, now, f"I am {CANARY}", "hostile-site"), site="lakeside")


def _too_large(world: World, now: datetime) -> Post:
    return _epic(world, now, f"{CANARY} " + "x" * OVER_THE_LIMIT, "hostile-size")


def _wrong_type(world: World, now: datetime) -> Post:
    post = _epic(world, now, f"I am {CANARY}", "hostile-type")
    return replace(post, headers={**post.headers, "Content-Type": "application/xml"})


def _unreadable(world: World, now: datetime) -> Post:
    payload = {
        "type": "patient_message.received",
        "timestamp": now.isoformat(),
        "data": {"message_id": "x", "patient": {"mrn": "R-99999", "name": CANARY}, "body": 7},
    }
    return _signed(world, now, payload, "hostile-unreadable")


def _cut_short(world: World, now: datetime) -> Post:
    post = _epic(world, now, f"I am {CANARY}", "hostile-cut")
    return replace(post, body=post.body[:-1])


POSTS: Mapping[str, tuple[int, Maker]] = {
    "wrong signature": (401, _wrong_signature),
    "body cut on the way": (401, _cut_short),
    "signed ten minutes ago": (401, _stale),
    "unknown source": (403, _unknown_source),
    "unknown site": (403, _unknown_site),
    "body over the limit": (413, _too_large),
    "wrong media type": (415, _wrong_type),
    "signed but unreadable": (202, _unreadable),
}
