"""Freshdesk: an automation rule posts what its administrator wrote, without signature and time.

So a shared header (or basic authentication) stands for the signature, and the event's id follows
from its ticket, its trigger and its content.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from triagewire.arrival import Arrival
from triagewire.channels.desks.template import (
    Template,
    is_automatic_subject,
    pictures,
    plain,
    words_of,
)
from triagewire.channels.outcome import answered_200
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.reading.payload import JSON_TYPE, json_object
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import SHARED_HEADER, check_basic, check_shared_header, refusing
from triagewire.channels.source import Source
from triagewire.ids import derived_event_id

MEDIA_TYPES = frozenset({JSON_TYPE})
METHODS = frozenset({"POST"})

_CHANGE = re.compile(r"\{\s*(\w+)\s*:\s*(\w*)")
_SILENT = frozenset(
    {"agent", "due_by", "from", "group", "group_id", "internal_agent_id", "internal_group_id"}
    | {"priority", "product_id", "reply_sent", "responder_id", "source", "status", "tag"}
    | {"tags", "ticket_type", "time_sheet_action", "to", "type"}
)
"""What changes on a ticket without a word of its requester; `reply_sent` is staff's own answer."""
_BYLINE = re.compile(r"[^<>:\n]{1,120} : (?=<)")
_COMMENTS = ("text", "ticket_latest_public_comment", "latest_public_comment", "latest_comment")

shaped = answered_200


@refusing
def verify(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], _now: datetime
) -> None:
    """A header that holds the secret; or basic credentials where the secret is `user:password`."""
    header = (source.options.header or SHARED_HEADER).lower()
    scheme = request.header("authorization").partition(" ")[0].lower()
    if scheme == "basic" and (header == "authorization" or not request.header(header)):
        check_basic(request, secrets)
    else:
        check_shared_header(request, header, secrets)


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """One triggered rule: a new ticket, a public note or reply, or a change that says nothing."""
    body = json_object(request.body, raw_breaks=True)
    hook = body.inner("freshdesk_webhook") if body.has("freshdesk_webhook") else body
    event = hook.line("triggered_event") or ""
    changes = {name.lower(): value.lower() for name, value in _CHANGE.findall(event)}
    template = Template(hook, source.options.fields)
    if reason := _silence(changes, template):
        return Ignored(reason)
    return (_arrival(request, source, template, event, changes),)


def _silence(changes: Mapping[str, str], template: Template) -> str:
    """Why this is nobody's message, or ''. `triggered_event` looks like JSON and is none."""
    if changes.get("note_type") == "private" or template.denies("public"):
        return "private note"
    if changes.get("ticket_action", "created") != "created":
        return "not a message"
    if changes and changes.keys() <= _SILENT:
        return "a change of the ticket, not a message"
    return ""


def _arrival(
    request: WebhookRequest,
    source: Source,
    template: Template,
    event: str,
    changes: Mapping[str, str],
) -> Arrival:
    ticket = template.identifier("thread")
    content = b"\0".join(((ticket or "").encode(), event.encode(), request.body))
    opened = not changes or "ticket_action" in changes
    written = template.text() if opened else _new_comment(template)
    own = _without_byline(written, template.line("name"))
    words = words_of(plain(written), plain(own) if own != written else "")
    subject = template.written_line("subject")
    return Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=derived_event_id(source.site, source.name, content),
        requester=template.requester(source),
        text=words.text,
        full_text=words.full_text,
        subject=subject,
        language=template.language(),
        request_type=template.line("request_type"),
        staff_request=template.staff_request(),
        thread=ticket,
        automatic=is_automatic_subject(subject),
        attachments=(*template.files(), *pictures(written)),
        remarks=words.remarks,
        occurred_at=template.moment("occurred_at"),
    )


def _new_comment(template: Template) -> str:
    """The words of a note or reply; the description has been a ticket before."""
    if "text" in template.chosen:
        return template.text()
    hook = template.given
    key = next((each for each in _COMMENTS if hook.has(each)), _COMMENTS[1])
    return hook.required(key, hook.prose(key))


def _without_byline(comment: str, requester: str | None) -> str:
    """Freshdesk puts "Name : " before a comment. Other words before a colon are the writer's."""
    if requester and comment.startswith(f"{requester} : "):
        return comment[len(requester) + 3 :]
    found = _BYLINE.match(comment)
    return comment[found.end() :] if found else comment
