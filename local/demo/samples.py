"""Messages of the day through senders that state no identities: their own sample, our words."""

from dataclasses import replace
from datetime import datetime
from importlib import import_module
from urllib.parse import parse_qsl, urlsplit

from local.demo.day import DayMessage
from ops.senders.letter import Letter, Post
from triagewire.channels.adapter import adapter_of
from triagewire.channels.receiving import receive, understood
from triagewire.channels.request import WebhookRequest, folded
from triagewire.channels.source import Source


def sampled(message: DayMessage, source: Source, secret: str, url: str) -> tuple[str, Post]:
    """The request of a message, and the id of its event.

    It is signed at the message's own time, so that a repeat of it is the same bytes.
    """
    letter = Letter(
        source=source,
        secret=secret,
        url=url,
        now=message.at,
        event_id=f"evt-{message.id}",
        text=message.text,
    )
    post: Post = import_module(f"ops.senders.{source.adapter}").sample(letter)
    return _event_id(post, source, secret, message.at), post


def _event_id(post: Post, source: Source, secret: str, now: datetime) -> str:
    """The id that intake will find: some senders have none, and it follows from the content."""
    request = WebhookRequest(
        url=post.url,
        headers=folded(post.headers),
        body=post.body,
        query=dict(parse_qsl(urlsplit(post.url).query)),
    )
    adapter = adapter_of(source)
    if not adapter.METHODS:  # a stored mail: nobody posts it
        return understood(adapter, request, source, now).arrivals[0].event_id
    outcome = receive(request, replace(source, url=source.url or post.url), (secret,), now)
    return outcome.arrivals[0].event_id
