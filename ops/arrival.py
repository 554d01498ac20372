"""`triagewire arrival`: verify and parse one webhook body exactly as intake would.

The printed field names are a contract: integrators script on them.
"""

import argparse
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from triagewire.arrival import Arrival, Attachment, Fact, PatientContext, Requester
from triagewire.channels.adapter import adapter_of
from triagewire.channels.alarms.sns_envelope import envelope_of
from triagewire.channels.options import ADAPTERS, OPTIONS_OF, options_from
from triagewire.channels.outcome import Outcome
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.payload import FORM_TYPE, JSON_TYPE, MULTIPART_TYPE
from triagewire.channels.receiving import receive, understood
from triagewire.channels.request import WebhookRequest, folded
from triagewire.channels.source import Source, source_from
from triagewire.errors import InvalidFieldError

TRY_OUT_SITE = "try-out"
TRY_OUT_ORIGIN = "https://form.example"
TRY_OUT_TOPIC = "arn:aws:sns:us-east-1:123456789012:try-out"
_USAGE_ERROR = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    parser.add_argument(
        "--source",
        required=True,
        metavar="NAME",
        help=f"an adapter ({', '.join(ADAPTERS)}), or with --config the source's name",
    )
    parser.add_argument(
        "--secret", action="append", default=[], help="live secret; may be repeated"
    )
    parser.add_argument("--url", default="", help="public address as typed in at the sender")
    parser.add_argument(
        "--headers", type=Path, metavar="FILE.json", help="request headers, by name"
    )
    parser.add_argument("--now", metavar="ISO", help="time of receipt; the present time if absent")
    parser.add_argument(
        "--config", type=Path, metavar="FILE.json", help="the source as JSON: adapter, options …"
    )
    parser.add_argument("body", type=Path, metavar="BODYFILE", help="the exact bytes of the body")


def run(args: argparse.Namespace) -> int:
    """Print one JSON object: 0 for every outcome, 2 when the command cannot be carried out."""
    try:
        print(json.dumps(outcome_of(args), indent=2))
    except InvalidFieldError as problem:
        print(json.dumps({"error": str(problem)}))
        return _USAGE_ERROR
    return 0


def outcome_of(args: argparse.Namespace) -> dict[str, object]:
    """What intake would do; raises InvalidFieldError naming the argument that cannot be used."""
    body = _read(args.body, "BODYFILE")
    source = _source(args, body)
    headers = _headers(args, source, body)
    query = dict(parse_qsl(urlsplit(args.url).query))
    request = WebhookRequest(url=args.url, headers=folded(headers), body=body, query=query)
    return _printed(_received(request, source, tuple(args.secret), _now(args.now)))


def _received(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime
) -> Outcome:
    """As intake would; a mail that SES stored is believed, for only SES may write where it is."""
    adapter = adapter_of(source)
    if adapter.METHODS:
        return receive(request, source, secrets, now)
    return understood(adapter, request, source, now)


def _source(args: argparse.Namespace, body: bytes) -> Source:
    """A source out of the arguments alone, or the configured one."""
    data = _json(args.config, "--config") if args.config else _assumed(args, body)
    named = {"site": TRY_OUT_SITE, "name": args.source, **data}
    return source_from({**named, "url": args.url or named.get("url")})


def _assumed(args: argparse.Namespace, body: bytes) -> dict[str, object]:
    """What a policy would have to say for this request to be believed, had it a right signature:
    `web` without a secret is the browser form, the topic of an SNS envelope is a listed one, and
    the header that holds the secret is the one in which the sender was told to put it.
    """
    return {"adapter": args.source, "options": _options(args, body)}


def _options(args: argparse.Namespace, body: bytes) -> dict[str, object]:
    name = args.source
    if name == "web" and not args.secret:
        return {"signed": False, "origins": [_origin(args)]}
    if name == "sendgrid" and (keys := [each for each in args.secret if _is_key(each)]):
        return {"public_key": ",".join(keys)}
    if name in {"sns", "monitoring"} and (topic := _topic(body)):
        return {"topics": [topic]}
    if name == "sns":
        return {"topics": [TRY_OUT_TOPIC]}
    header = _holder(args) if "header" in OPTIONS_OF.get(name, ()) else ""
    return {"header": header} if header else {}


def _holder(args: argparse.Namespace) -> str:
    """The name of the header whose value is a secret; "" where none is."""
    given = _text_by_name(args.headers) if args.headers else {}
    told = {form for secret in args.secret for form in (secret, f"Bearer {secret}")}
    return next((name for name, value in given.items() if value in told), "")


def _topic(body: bytes) -> str:
    envelope = envelope_of(WebhookRequest(headers={}, body=body))
    return (envelope.exact("TopicArn") or "") if envelope is not None else ""


def _is_key(secret: str) -> bool:
    """Whether it is the public key of SendGrid's signed webhook, and no `user:password`."""
    try:
        options_from(Fields({"public_key": secret}), "sendgrid")
    except InvalidFieldError:
        return False
    return True


def _origin(args: argparse.Namespace) -> str:
    given = folded(_text_by_name(args.headers)) if args.headers else {}
    return given.get("origin", TRY_OUT_ORIGIN)


def _headers(args: argparse.Namespace, source: Source, body: bytes) -> dict[str, str]:
    """The given headers; without a file, the plain ones that the sender's body calls for."""
    if args.headers:
        return _text_by_name(args.headers)
    origin = {"origin": source.options.origins[0]} if source.options.origins else {}
    return {"content-type": _media_type(source, body), **origin}


def _media_type(source: Source, body: bytes) -> str:
    """What the body looks like, if the adapter takes that, else the one thing that it takes."""
    boundary = re.match(rb"--([^\r\n]{1,70})\r?\n", body)
    if boundary:
        return f'{MULTIPART_TYPE}; boundary="{boundary[1].decode("latin-1")}"'
    looks = JSON_TYPE if body.lstrip()[:1] in {b"{", b"["} else FORM_TYPE
    taken = adapter_of(source).MEDIA_TYPES
    return looks if looks in taken else min(taken)


def _text_by_name(path: Path) -> dict[str, str]:
    """Headers by name; one that was sent several times may stand there as a list."""
    return {
        name: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in _json(path, "--headers").items()
    }


def _json(path: Path, argument: str) -> dict[str, object]:
    try:
        data = json.loads(_read(path, argument))
    except (ValueError, RecursionError):
        raise InvalidFieldError(argument, "is not JSON") from None
    if not isinstance(data, dict):
        raise InvalidFieldError(argument, "must be an object")
    return data


def _read(path: Path, argument: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidFieldError(argument, f"cannot be read ({error.strerror})") from None


def _now(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidFieldError("--now", "must be an ISO 8601 time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _printed(outcome: Outcome) -> dict[str, object]:
    printed: dict[str, object] = {"outcome": outcome.kind.value, "status": outcome.status}
    if outcome.reason:
        printed["reason"] = outcome.reason
    if outcome.ticket_ids:
        printed["ticket_id"] = outcome.ticket_ids[0]
    if outcome.facts:
        printed["facts"] = [_fact(each) for each in outcome.facts]
    arrivals = [_arrival(arrival) for arrival in outcome.arrivals]
    if arrivals:
        printed["arrival"] = arrivals[0]
    if len(arrivals) > 1:
        printed["arrivals"] = arrivals
    return printed


def _arrival(arrival: Arrival) -> dict[str, object]:
    occurred = arrival.occurred_at
    return {
        "event_id": arrival.event_id,
        "channel": arrival.channel.value,
        "source": arrival.source,
        "requester": _requester(arrival.requester),
        "subject": arrival.subject,
        "text": arrival.text,
        "full_text": arrival.full_text or arrival.text,
        "occurred_at": occurred.isoformat() if occurred else None,
        "language": arrival.language,
        "thread": arrival.thread,
        "request_type": arrival.request_type,
        "context": _context(arrival.context),
        "speech_confidence": arrival.speech,
        "attachments": [_attachment(each) for each in arrival.attachments],
        "flags": _flags(arrival),
    }


def _requester(requester: Requester) -> dict[str, object]:
    born = requester.date_of_birth
    return {
        "kind": requester.kind.value,
        "patient_id": requester.patient_id,
        "email": requester.email,
        "phone": requester.phone,
        "name": requester.name,
        "birth_date": born.isoformat() if born else None,
    }


def _context(context: PatientContext) -> dict[str, object]:
    appointment = context.next_appointment
    return {
        "age_years": context.age_years,
        "conditions": list(context.conditions),
        "medications": list(context.medications),
        "recent_procedures": list(context.recent_procedures),
        "pregnant": context.pregnant,
        "next_appointment": appointment.isoformat() if appointment else None,
    }


def _attachment(attachment: Attachment) -> dict[str, object]:
    return {
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size_bytes": attachment.size_bytes,
        "link": attachment.link or None,
    }


def _flags(arrival: Arrival) -> list[str]:
    marks = {
        "automatic": arrival.automatic,
        "on_behalf": arrival.requester.on_behalf,
        "doubtful_sender": arrival.doubtful_sender,
        "unproven": arrival.unproven,
        "awaits_its_words": arrival.awaits,
        "text_must_be_read_elsewhere": bool(arrival.pointer),
    }
    return [*(name for name, is_set in marks.items() if is_set), *arrival.remarks]


def _fact(fact: Fact) -> dict[str, object]:
    return {
        "kind": fact.kind.value,
        "event_id": fact.event_id,
        "thread": fact.thread,
        "permanent": fact.permanent,
        "state": fact.state,
    }
