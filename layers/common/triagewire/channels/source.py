"""A source: one configured channel of one site, read from the plain data of the policy."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from triagewire.arrival import Channel
from triagewire.channels.options import ADAPTERS, CHANNEL_OF, Options, one_of, options_from, whole
from triagewire.channels.reading.fields import Fields
from triagewire.errors import InvalidFieldError
from triagewire.message import ReplyWay

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")
_MOST_PER_MINUTE = 100_000
_LONGEST_SILENCE_MINUTES = 43_200
BY = (ReplyWay.EMAIL.value, ReplyWay.SMS.value)
"""The ways that a source may name instead of the usual one of its channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A token bucket: it refills at `per_minute`, and `burst` messages may come at once.

    Without a burst of its own a bucket holds a minute's worth.
    """

    per_minute: int = 600
    burst: int | None = None

    @property
    def size(self) -> int:
        """How many messages may come at once."""
        return self.burst or self.per_minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How whoever wrote by a source is answered: by a signed webhook to an https `webhook` of the
    system that they wrote in, or `by` mail or text (None: as the channel has it).
    """

    webhook: str = ""
    by: ReplyWay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One configured channel. `url` is the public address exactly as typed in at the sender.

    `silent_after_minutes` is how long, in the site's hours, nothing may come before the owner is
    told (None: it may stay silent). `owner` is the member who is told of silence and of limits;
    the site's catch-all where none is named. `replies` is how its requesters are answered.
    """

    site: str
    name: str
    adapter: str
    channel: Channel | None = None
    url: str = ""
    limit: Limit = field(default_factory=Limit)
    silent_after_minutes: int | None = None
    owner: str | None = None
    options: Options = field(default_factory=Options)
    replies: Answers = field(default_factory=Answers)

    @property
    def usual_channel(self) -> Channel:
        """The way in that the policy names for this source, else the one of its adapter."""
        return self.channel or CHANNEL_OF[self.adapter]


def source_from(data: Mapping[str, object]) -> Source:
    """Read a source of the policy; raises InvalidFieldError naming the field."""
    fields = Fields(data)
    adapter = one_of(fields, "adapter", ADAPTERS)
    channel = fields.line("channel")
    silent = fields.has("silent_after_minutes")
    return Source(
        site=_name(fields, "site"),
        name=_name(fields, "name"),
        adapter=adapter,
        channel=Channel(one_of(fields, "channel", tuple(Channel))) if channel else None,
        url=fields.line("url") or "",
        limit=_limit(fields.inner("limit")),
        silent_after_minutes=(
            whole(fields, "silent_after_minutes", 1, _LONGEST_SILENCE_MINUTES) if silent else None
        ),
        owner=fields.line("owner"),
        options=options_from(fields.inner("options"), adapter),
        replies=_answers(fields.inner("replies")),
    )


def _answers(stated: Fields) -> Answers:
    webhook = stated.line("webhook") or ""
    if webhook and not webhook.startswith("https://"):
        raise InvalidFieldError(stated.path("webhook"), "must begin with https://")
    by = one_of(stated, "by", BY) if stated.has("by") else ""
    if by and webhook:
        raise InvalidFieldError(stated.path("by"), "goes without a webhook: name one of them")
    return Answers(webhook=webhook, by=ReplyWay(by) if by else None)


def _limit(stated: Fields) -> Limit:
    return Limit(
        per_minute=whole(stated, "per_minute", Limit().per_minute, _MOST_PER_MINUTE),
        burst=whole(stated, "burst", 1, _MOST_PER_MINUTE) if stated.has("burst") else None,
    )


def _name(fields: Fields, key: str) -> str:
    name = fields.required(key, fields.line(key))
    if not _NAME.fullmatch(name):
        raise InvalidFieldError(fields.path(key), "must be lower-case letters, digits, - or _")
    return name
