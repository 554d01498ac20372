"""What a source may change about its adapter. docs/channels.md has the table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from triagewire.arrival import Channel, RequesterKind
from triagewire.channels.reading.fields import Fields
from triagewire.errors import InvalidFieldError

DEFAULT_BODY_LIMIT_BYTES = 1_000_000
MOST_BODY_LIMIT_BYTES = 4_500_000
"""What Lambda's 6 MB of a synchronous event hold once base64 has grown a body by a third."""

_SHARED = frozenset({"body_limit_bytes", "requester_kind", "country_code"})
_TIMED = frozenset({"tolerance_seconds"})
_MAPPED = frozenset({"fields"})
_HEADED = frozenset({"header"})
_READ = frozenset({"reader"})
OPTIONS_OF: Mapping[str, frozenset[str]] = {
    "athena": _READ,
    "dialpad": frozenset(),
    "epic": _TIMED | {"patient_system"},
    "fhir": _HEADED | _READ | {"patient_system"},
    "freshdesk": _HEADED | _MAPPED,
    "gravityforms": _HEADED | _MAPPED,
    "intercom": frozenset(),
    "jotform": _MAPPED,
    "mailgun": _TIMED,
    "monitoring": _HEADED | _MAPPED | {"topics"},
    "postmark": frozenset(),
    "ringcentral": frozenset(),
    "sendgrid": _TIMED | {"public_key"},
    "ses": frozenset(),
    "slack": _TIMED,
    "sns": frozenset({"topics"}),
    "standard": _TIMED,
    "teams": frozenset(),
    "twilio": frozenset({"transcribed"}),
    "typeform": _MAPPED,
    "web": _TIMED | {"signed", "origins", "honeypot", "extra_fields", "per_caller_minute"},
    "zendesk": _TIMED | _MAPPED,
}
"""The adapters, and the options that each of them reads besides the shared ones."""

ADAPTERS = tuple(OPTIONS_OF)

CHANNEL_OF: Mapping[str, Channel] = {
    **dict.fromkeys(("athena", "epic", "fhir"), Channel.EHR),
    **dict.fromkeys(("dialpad", "ringcentral", "twilio"), Channel.PHONE),
    **dict.fromkeys(("mailgun", "postmark", "sendgrid", "ses", "sns"), Channel.EMAIL),
    **dict.fromkeys(("gravityforms", "jotform", "typeform", "web"), Channel.WEB),
    **dict.fromkeys(("slack", "teams"), Channel.CHAT),
    **dict.fromkeys(("freshdesk", "intercom", "standard", "zendesk"), Channel.HELPDESK),
    "monitoring": Channel.MONITORING,
}
"""The way in that an adapter stands for. Texts that come by a phone system are `sms`."""

_TOPIC = re.compile(r"arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?")
_PEM_MARK = re.compile(r"-----[A-Z ]+-----")
# The head of every such key in DER (RFC 5480), and a point of 64 bytes.
_P256_KEY = re.compile(r"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE[A-Za-z0-9+/]{86}==")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A FHIR server that gives the text of messages whose sender gives only a reference.

    With `token_url` and `client_id` a token is fetched by client credentials (RFC 6749 §4.4);
    without, the stored secret itself is the bearer token.
    """

    base_url: str
    token_url: str = ""
    client_id: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Each field's meaning:

    `signed` false is the browser form: no secret, an exact list of `origins` instead, and at most
    `per_caller_minute` posts a minute from one address.
    `country_code` completes national phone numbers. `requester_kind` None leaves it to the adapter.
    `transcribed` false says that no transcription follows a voicemail recording.
    `patient_system` is the assigning system whose record numbers need no prefix.
    `header` names the header that carries the shared secret; `""` is the adapter's usual one.
    `fields` maps our names to the sender's: `{"text": "q4", "email": "q3"}`.
    `topics` are the SNS topics (ARNs) that are believed. `public_key` is SendGrid's, as base64; two
    of them are parted by a comma.
    """

    signed: bool = True
    origins: tuple[str, ...] = ()
    honeypot: str = "leave_blank"
    extra_fields: tuple[str, ...] = ()
    per_caller_minute: int = 10
    requester_kind: RequesterKind | None = None
    country_code: str = "1"
    transcribed: bool = True
    patient_system: str | None = None
    header: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    public_key: str = ""
    reader: Reader | None = None
    tolerance_seconds: int = 300
    body_limit_bytes: int = DEFAULT_BODY_LIMIT_BYTES


def options_from(given: Fields, adapter: str) -> Options:
    """The options of a source; raises InvalidFieldError for one that its adapter does not read."""
    unknown = sorted(given.keys() - _SHARED - OPTIONS_OF[adapter])
    if unknown:
        raise InvalidFieldError(given.path(unknown[0]), f"is no option of the adapter {adapter}")
    usual = Options()
    options = Options(
        signed=_flag(given, "signed", usual.signed),
        origins=given.lines("origins"),
        honeypot=given.line("honeypot") or usual.honeypot,
        extra_fields=given.lines("extra_fields"),
        per_caller_minute=whole(given, "per_caller_minute", usual.per_caller_minute, 10_000),
        requester_kind=_kind(given),
        country_code=_country_code(given) or usual.country_code,
        transcribed=_flag(given, "transcribed", usual.transcribed),
        patient_system=given.line("patient_system"),
        header=given.line("header") or "",
        fields=_field_map(given),
        topics=_topics(given),
        public_key=_public_keys(given),
        reader=_reader(given),
        tolerance_seconds=whole(given, "tolerance_seconds", usual.tolerance_seconds, 3_600),
        body_limit_bytes=whole(
            given, "body_limit_bytes", usual.body_limit_bytes, MOST_BODY_LIMIT_BYTES
        ),
    )
    if not options.signed and not options.origins:
        raise InvalidFieldError(given.path("origins"), "is needed when signed is false")
    if adapter == "sns" and not options.topics:
        raise InvalidFieldError(given.path("topics"), "is needed: any AWS customer can sign")
    return options


def whole(given: Fields, key: str, usual: int, most: int) -> int:
    """A whole number from 1 to `most`, `usual` where none is given."""
    number = given.number(key)
    if number is None:
        return usual
    if not number.is_integer() or not 1 <= number <= most:
        raise InvalidFieldError(given.path(key), f"must be a whole number from 1 to {most}")
    return int(number)


def one_of(fields: Fields, key: str, allowed: tuple[str, ...]) -> str:
    """A required value out of a list."""
    value = fields.required(key, fields.line(key))
    if value not in allowed:
        raise InvalidFieldError(fields.path(key), f"must be one of {', '.join(allowed)}")
    return value


def _flag(given: Fields, key: str, usual: bool) -> bool:
    stated = given.flag(key)
    return usual if stated is None else stated


def _kind(given: Fields) -> RequesterKind | None:
    if given.line("requester_kind") is None:
        return None
    return RequesterKind(one_of(given, "requester_kind", tuple(RequesterKind)))


def _country_code(given: Fields) -> str | None:
    code = given.identifier("country_code")
    if code is not None and not re.fullmatch(r"[1-9][0-9]{0,2}", code):
        raise InvalidFieldError(given.path("country_code"), "must be one to three digits")
    return code


def _field_map(given: Fields) -> dict[str, str]:
    stated = given.inner("fields")
    named = {name: stated.identifier(name) for name in sorted(stated.keys())}
    return {name: theirs for name, theirs in named.items() if theirs}


def _topics(given: Fields) -> tuple[str, ...]:
    """A mistyped topic is refused here: later it would cost what the real one publishes."""
    topics = given.lines("topics")
    for at, topic in enumerate(topics):
        if not _TOPIC.fullmatch(topic):
            raise InvalidFieldError(f"{given.path('topics')}[{at}]", "must be the ARN of a topic")
    return topics


def _public_keys(given: Fields) -> str:
    """Without the marks and line breaks of PEM."""
    stated = given.prose("public_key") or ""
    keys = ["".join(_PEM_MARK.sub("", each).split()) for each in stated.split(",") if each.strip()]
    if not all(_P256_KEY.fullmatch(key) for key in keys):
        raise InvalidFieldError(given.path("public_key"), "must be a P-256 public key in base64")
    return ",".join(keys)


def _reader(given: Fields) -> Reader | None:
    if not given.has("reader"):
        return None
    stated = given.inner("reader")
    for key in ("base_url", "token_url"):
        address = stated.line(key)
        if address and not address.startswith("https://"):
            raise InvalidFieldError(stated.path(key), "must begin with https://")
    if bool(stated.line("token_url")) != bool(stated.line("client_id")):
        raise InvalidFieldError(stated.path("client_id"), "goes together with token_url")
    return Reader(
        base_url=stated.required("base_url", stated.line("base_url")),
        token_url=stated.line("token_url") or "",
        client_id=stated.line("client_id") or "",
        scope=stated.line("scope") or "",
    )
