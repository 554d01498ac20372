"""Slack: staff ask for help in a channel or by a slash command."""

import hashlib
import hmac
import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

from triagewire.arrival import Arrival, Attachment, Channel, Requester, RequesterKind
from triagewire.channels import record
from triagewire.channels.fields import Fields, readable
from triagewire.channels.identities import email_address, kind_of
from triagewire.channels.outcome import JSON, Outcome, OutcomeKind
from triagewire.channels.parsed import Answer, Ignored, Parsed
from triagewire.channels.payload import FORM_TYPE, JSON_TYPE, form_body, json_body
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import check_age, refusing, same
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError

MEDIA_TYPES = frozenset({FORM_TYPE, JSON_TYPE})
METHODS = frozenset({"POST"})

_SPOKEN_SUBTYPES = frozenset({None, "file_share", "thread_broadcast", "me_message"})
_MENTION_AT_START = re.compile(r"^\s*<@[A-Z0-9]+(?:\|[^>]*)?>[\s,:]*")
_MARK = re.compile(r"<([@#!]?)([^<>|]{1,3000})(?:\|([^<>]{0,3000}))?>")
_MOST_CHALLENGE_CHARACTERS = 256


@refusing
def verify(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime
) -> None:
    """`X-Slack-Signature`: `v0=` and hex HMAC-SHA256 over `v0:timestamp:body`."""
    given = request.header("x-slack-signature")
    seconds = request.header("x-slack-request-timestamp")
    for name, value in (("x-slack-signature", given), ("x-slack-request-timestamp", seconds)):
        if not value:
            raise RefusedError(401, f"{name}: is missing")
    expected = [slack_signature(secret, seconds, request.body) for secret in secrets]
    if not any(same(signature, given) for signature in expected):
        raise RefusedError(401, "x-slack-signature: fits no secret of this source")
    check_age("x-slack-request-timestamp", seconds, source, now)


def slack_signature(secret: str, seconds: str, body: bytes) -> bytes:
    """The signature's text. The secret is used as it is written."""
    content = b":".join((b"v0", seconds.encode(), body))
    return b"v0=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest().encode()


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """A message event, a slash command, or something of Slack's own."""
    if request.media_type == FORM_TYPE:
        return _command(Fields(form_body(request)), source)
    body = json_body(request)
    kind = body.required("type", body.line("type"))
    if kind == "url_verification":
        return _challenge(body)
    if kind != "event_callback":
        return Ignored("not a message")
    return _message(body, source)


def _challenge(body: Fields) -> Ignored:
    challenge = body.required("challenge", body.line("challenge"))
    if len(challenge) > _MOST_CHALLENGE_CHARACTERS:
        raise InvalidFieldError("challenge", "is too long")
    said = json.dumps({"challenge": challenge})
    return Ignored("url verification", Answer(status=200, body=said, headers=JSON))


def _command(form: Fields, source: Source) -> Parsed:
    if not form.has("command"):
        return Ignored("not a command")
    wanted = form.prose("text")
    if wanted is None:
        return Ignored("command without text", _whisper("Say what is wrong after the command."))
    return (
        Arrival(
            site=source.site,
            source=source.name,
            channel=source.channel or Channel.CHAT,
            event_id=form.required("trigger_id", form.identifier("trigger_id")),
            requester=_requester(source, form.line("user_name") or form.line("user_id"), None),
            text=_plain(wanted),
        ),
    )


def _message(body: Fields, source: Source) -> Parsed:
    event = body.inner("event")
    if event.line("type") not in {"message", "app_mention"}:
        return Ignored("not a message")
    if event.has("bot_id") or event.line("subtype") not in _SPOKEN_SUBTYPES:
        return Ignored("not written by a person")
    channel, moment = event.line("channel") or "", event.line("ts") or ""
    stated = body.identifier("event_id") or (
        f"{body.line('team_id')}:{channel}:{moment}" if channel and moment else None
    )
    files = _files(event)
    text = _plain(event.prose("text") or "")
    if not text and not files:
        raise InvalidFieldError("event.text", "is missing")
    arrival = Arrival(
        site=source.site,
        source=source.name,
        channel=source.channel or Channel.CHAT,
        event_id=body.required("event_id", stated),
        requester=_writer(event, source),
        text=text,
        thread=f"{channel}:{event.line('thread_ts') or moment}".strip(":") or None,
        attachments=files,
        remarks=() if text else ("message without words",),
        occurred_at=_moment(moment),
    )
    return (arrival,)


def _writer(event: Fields, source: Source) -> Requester:
    profile = event.inner("user_profile")
    name = profile.line("real_name") or event.line("user")
    return _requester(source, name, email_address(profile.line("email")))


def _requester(source: Source, name: str | None, email: str | None) -> Requester:
    return Requester(kind=kind_of(source, RequesterKind.STAFF), name=name, email=email)


def _files(event: Fields) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=record.file_name(each.line("name")),
            media_type=each.line("mimetype") or "",
            size_bytes=int(size) if (size := each.number("size")) else None,
        )
        for each in event.objects("files")[: record.MOST_ATTACHMENTS]
    )


def _moment(ts: str) -> datetime | None:
    """Slack's `ts`: seconds, a point, and a counter that makes it unique."""
    seconds = ts.partition(".")[0]
    if not re.fullmatch(r"[0-9]{1,11}", seconds):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def _plain(text: str) -> str:
    """Slack's marks as a person sees them; the mention of our own app in front goes."""
    shown = _MARK.sub(_shown, _MENTION_AT_START.sub("", text))
    return readable(html.unescape(shown)).strip()


def _shown(mark: re.Match[str]) -> str:
    sign, target, label = mark.groups()
    if sign:
        return f"{'#' if sign == '#' else '@'}{(label or target).lstrip('@#')}"
    return f"{label} ({target})" if label else target


def _whisper(words: str) -> Answer:
    """An answer that only the person who typed the command sees."""
    said = json.dumps({"response_type": "ephemeral", "text": words})
    return Answer(status=200, body=said, headers=JSON)


def shaped(outcome: Outcome, request: WebhookRequest, _source: Source) -> Outcome:
    """Slack takes 200 only; a command's answer is shown to the person who typed it."""
    if outcome.kind is OutcomeKind.REFUSED:
        return outcome
    if request.media_type == FORM_TYPE and outcome.ticket_ids:
        answer = _whisper(f"Thank you. Your ticket is {outcome.ticket_ids[0]}.")
        return replace(outcome, status=200, body=answer.body, headers=answer.headers)
    return replace(outcome, status=200)
