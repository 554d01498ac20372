"""Slack's own marks, times and files, as a person sees them."""

import html
import re
from datetime import UTC, datetime

from triagewire.arrival import Attachment
from triagewire.channels.reading import record
from triagewire.channels.reading.fields import Fields, readable

_MENTION_AT_START = re.compile(r"^\s*<@[A-Z0-9]+(?:\|[^>]*)?>[\s,:]*")
_MARK = re.compile(r"<([@#!]?)([^<>|]{1,3000})(?:\|([^<>]{0,3000}))?>")


def plain(text: str) -> str:
    """The text without marks; the mention of our own app in front goes."""
    shown = _MARK.sub(_shown, _MENTION_AT_START.sub("", text))
    return readable(html.unescape(shown)).strip()


def _shown(mark: re.Match[str]) -> str:
    sign, target, label = mark.groups()
    if sign:
        return f"{'#' if sign == '#' else '@'}{(label or target).lstrip('@#')}"
    return f"{label} ({target})" if label else target


def moment(ts: str) -> datetime | None:
    """The time of a `ts`: seconds, a point, and a counter that makes it unique."""
    seconds = ts.partition(".")[0]
    if not re.fullmatch(r"[0-9]{1,11}", seconds):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def place(team: str | None, channel: str | None, ts: str | None) -> str | None:
    """A message by its place, which no other message of the workspace has."""
    return f"{team}:{channel}:{ts}" if channel and ts else None


def words(message: Fields) -> tuple[str, str]:
    """What the person wrote, and the same with the messages that were shared in it.

    Of a message that only shares another one, the shared words are the text.
    """
    own = plain(message.prose("text") or "")
    shared = [
        plain(each.prose("text") or each.prose("fallback") or "")
        for each in message.objects("attachments")
        if each.has("text") or each.has("fallback")
    ]
    whole = "\n\n".join(filter(None, [own, *shared]))
    return own or whole, whole if own and whole != own else ""


def files(message: Fields) -> tuple[Attachment, ...]:
    """Uploaded files. `url_private` opens for members of the workspace only."""
    return tuple(
        Attachment(
            name=record.file_name(each.line("name") or each.line("title")),
            media_type=each.line("mimetype") or "",
            size_bytes=record.size_from(each, "size"),
            link=record.link_from(each, "url_private") or record.link_from(each, "permalink"),
        )
        for each in message.objects("files")[: record.MOST_ATTACHMENTS]
    )
