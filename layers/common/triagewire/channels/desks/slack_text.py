"""Slack's own marks, times and files, as a person sees them."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from triagewire.arrival import Attachment
from triagewire.channels.reading import record
from triagewire.channels.reading.fields import Fields, readable

_MENTION_AT_START = re.compile(r"^\s*<@[A-Z0-9]+(?:\|[^>]*)?>[\s,:]*")
_MARK = re.compile(r"<([@#!]?)([^<>|]{1,3000})(?:\|([^<>]{0,3000}))?>")
_DEEPEST_BLOCK = 5


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

    Of a message that only shares another one, the shared words are the text; so are those of a
    pasted snippet and of a spoken clip.
    """
    own = plain(message.prose("text") or "") or "\n".join(_blocks(message)).strip()
    shared = [
        plain(each.prose("text") or each.prose("fallback") or "")
        for each in message.objects("attachments")
        if each.has("text") or each.has("fallback")
    ]
    whole = "\n\n".join(filter(None, [own, *shared, *_in_files(message)]))
    return own or whole, whole if own and whole != own else ""


def _blocks(message: Fields) -> Iterator[str]:
    """The words of blocks, which some programs send alone: a line an element that has lines."""
    for block in message.objects("blocks"):
        if block.line("type") == "rich_text":
            yield from (_rich(each) for each in block.objects("elements"))
        elif block.has("text"):
            yield plain(block.inner("text").prose("text") or "")


def _rich(element: Fields, depth: int = 0) -> str:
    """The plain words inside; lists and quotations hold sections of their own."""
    if depth > _DEEPEST_BLOCK or not element.has("elements"):
        return element.prose("text") or element.prose("url") or ""
    inner = [_rich(each, depth + 1) for each in element.objects("elements")]
    return ("\n" if element.line("type") == "rich_text_list" else "").join(filter(None, inner))


def _in_files(message: Fields) -> Iterator[str]:
    """The beginning of a snippet, into which Slack makes a long paste, and of what a clip says."""
    for each in message.objects("files"):
        if each.line("mode") == "snippet":
            yield (each.prose("preview") or "").strip()
        if each.has("transcription"):
            yield (each.inner("transcription").inner("preview").prose("content") or "").strip()


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
