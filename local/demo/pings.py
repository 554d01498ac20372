"""The test call of a sender's settings page: it shows that address and secret are right."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from local.demo.posts import Post
from local.demo.world import World
from ops.senders.letter import Signed
from ops.senders.postmark import basic_postmark
from ops.senders.slack import signed_slack
from ops.senders.standard import signed_standard
from ops.senders.twilio import signed_twilio
from triagewire.errors import TriagewireError

PARALLEL = 6
NO_MAIL = "00000000-0000-0000-0000-000000000000"


class PingError(TriagewireError):
    """A source does not answer its test call; the message names the source and the status."""


def ping_all(world: World, now: datetime) -> int:
    """Let every source that has a test call make it; returns how many did.

    Raises PingError for the first that is refused.
    """
    posts = [
        _post(world, site_id, name, PINGS[source.adapter], now)
        for site_id, site in world.policy.sites.items()
        for name, source in site.sources.items()
        if source.adapter in PINGS
    ]
    with ThreadPoolExecutor(PARALLEL) as pool:
        for post, answer in zip(posts, pool.map(world.send, posts), strict=True):
            if not answer.ok:
                raise PingError(f"source {post.name} was answered {answer.status_code}")
    return len(posts)


type Ping = Callable[[str, str, datetime], Signed]


def _post(world: World, site: str, source: str, ping: Ping, now: datetime) -> Post:
    name = f"{site}/{source}"
    headers, body = ping(world.secrets[name], f"{world.url}/webhook/{name}", now)
    return Post(site=site, source=source, event_id="ping", headers=headers, body=body)


def _standard(secret: str, _url: str, now: datetime) -> Signed:
    return signed_standard(secret, now, {"type": "ping"}, event_id="ping")


def _twilio(secret: str, url: str, _now: datetime) -> Signed:
    return signed_twilio(secret, url, {"MessageStatus": "delivered", "MessageSid": "SM0"})


def _slack(secret: str, _url: str, now: datetime) -> Signed:
    return signed_slack(secret, now, {"type": "url_verification", "challenge": "ping"})


def _postmark(secret: str, _url: str, _now: datetime) -> Signed:
    return basic_postmark(secret, {"MessageID": NO_MAIL})


PINGS: Mapping[str, Ping] = {
    "epic": _standard,
    "standard": _standard,
    "twilio": _twilio,
    "slack": _slack,
    "postmark": _postmark,
}
