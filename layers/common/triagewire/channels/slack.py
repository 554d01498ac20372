"""Slack: staff ask for help in a channel, by a slash command or by a message's shortcut.

Rules: Slack documentation, "Verifying requests from Slack", Events API, slash commands, shortcuts.
"""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime

from triagewire.arrival import Arrival, Requester, RequesterKind
from triagewire.channels.desks import slack_text
from triagewire.channels.outcome import JSON, Outcome, OutcomeKind
from triagewire.channels.parsed import Answer, Ignored, Parsed
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.identities import email_address, kind_of
from triagewire.channels.reading.payload import (
    FORM_TYPE,
    JSON_TYPE,
    form_body,
    json_body,
    json_object,
)
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import check_age, refusing, same
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError

MEDIA_TYPES = frozenset({FORM_TYPE, JSON_TYPE})
METHODS = frozenset({"POST"})

_SPOKEN_SUBTYPES = frozenset({None, "file_share", "thread_broadcast", "me_message"})
_SLACK_ITSELF = "USLACKBOT"
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
    """A message event, a slash command, a shortcut, or something of Slack's own."""
    if request.media_type == FORM_TYPE:
        form = Fields(form_body(request))
        return _interaction(form, source) if form.has("payload") else _command(form, source)
    body = json_body(request)
    kind = body.required("type", body.line("type"))
    if kind == "url_verification":
        return _challenge(body)
    if kind != "event_callback":
        return Ignored("not a message")
    return _event(body, source)


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
            channel=source.usual_channel,
            event_id=form.required("trigger_id", form.identifier("trigger_id")),
            requester=_requester(source, form.line("user_name") or form.line("user_id"), None),
            text=slack_text.plain(wanted),
        ),
    )


def _interaction(form: Fields, source: Source) -> Parsed:
    """A message's shortcut makes a ticket of that message; buttons and dialogues are not ours."""
    payload = json_object((form.prose("payload") or "").encode())
    if payload.line("type") != "message_action":
        return Ignored("not a message", Answer(status=200))
    message = payload.inner("message")
    channel, team = payload.inner("channel").line("id"), payload.inner("team").line("id")
    place = slack_text.place(team, channel, message.line("ts"))
    presser = payload.inner("user")
    # Of an alarm or another robot's message the one who asks is who pressed.
    by_robot = message.has("bot_id") or not message.has("user")
    name = presser.line("name") or presser.line("id") if by_robot else message.line("user")
    arrival = _arrival(message, channel, source)
    return (
        replace(
            arrival,
            event_id=payload.required("message", place),
            requester=_requester(source, name, None),
        ),
    )


def _event(body: Fields, source: Source) -> Parsed:
    event = body.inner("event")
    if event.line("type") not in {"message", "app_mention"}:
        return Ignored("not a message")
    by_robot = event.has("bot_id") or event.line("user") == _SLACK_ITSELF
    if by_robot or event.line("subtype") not in _SPOKEN_SUBTYPES:
        return Ignored("not written by a person")
    channel = event.line("channel")
    stated = body.identifier("event_id") or slack_text.place(
        body.line("team_id"), channel, event.line("ts")
    )
    arrival = _arrival(event, channel, source)
    return (
        replace(
            arrival,
            event_id=body.required("event_id", stated),
            requester=_writer(event, source),
        ),
    )


def _arrival(message: Fields, channel: str | None, source: Source) -> Arrival:
    """A message, whatever brought it; who brought it adds the id and the requester."""
    text, full_text = slack_text.words(message)
    files = slack_text.files(message)
    if not text and not files and not message.has("text"):
        raise InvalidFieldError(message.path("text"), "is missing")
    moment = message.line("ts") or ""
    return Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id="",
        requester=Requester(),
        text=text,
        full_text=full_text,
        thread=f"{channel or ''}:{message.line('thread_ts') or moment}".strip(":") or None,
        attachments=files,
        remarks=() if text else ("message without words",),
        occurred_at=slack_text.moment(moment),
    )


def _writer(event: Fields, source: Source) -> Requester:
    profile = event.inner("user_profile")
    name = profile.line("real_name") or event.line("user")
    return _requester(source, name, email_address(profile.line("email")))


def _requester(source: Source, name: str | None, email: str | None) -> Requester:
    return Requester(kind=kind_of(source, RequesterKind.STAFF), name=name, email=email)


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
