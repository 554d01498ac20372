"""A source: one configured channel of one site, read from the plain data of the policy."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from triagewire.arrival import Channel, RequesterKind
from triagewire.channels.fields import Fields
from triagewire.errors import InvalidFieldError

ADAPTERS = ("epic", "postmark", "slack", "standard", "twilio", "web")
DEFAULT_BODY_LIMIT_BYTES = 1_000_000
MOST_BODY_LIMIT_BYTES = 2_900_000
"""What fits one transaction, which takes 4 MB: a quarantined body is kept whole or not at all."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")
_SHARED_OPTIONS = frozenset({"body_limit_bytes", "requester_kind", "country_code"})
_TIMED = frozenset({"tolerance_seconds"})
_OPTIONS_OF: Mapping[str, frozenset[str]] = {
    "epic": _TIMED | {"patient_system"},
    "postmark": frozenset(),
    "slack": _TIMED,
    "standard": _TIMED,
    "twilio": frozenset({"transcribed"}),
    "web": _TIMED | {"signed", "origins", "honeypot", "extra_fields"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a source may change about its adapter. docs/channels.md has the table.

    `signed` false is the browser form: no secret, an exact list of `origins` instead.
    `country_code` completes national phone numbers. `requester_kind` None leaves it to the adapter.
    `transcribed` false says that no transcription follows a voicemail recording.
    `patient_system` is the assigning system whose record numbers need no prefix.
    """

    signed: bool = True
    origins: tuple[str, ...] = ()
    honeypot: str = "leave_blank"
    extra_fields: tuple[str, ...] = ()
    requester_kind: RequesterKind | None = None
    country_code: str = "1"
    transcribed: bool = True
    patient_system: str | None = None
    tolerance_seconds: int = 300
    body_limit_bytes: int = DEFAULT_BODY_LIMIT_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One configured channel. `url` is the public address exactly as typed in at the sender."""

    site: str
    name: str
    adapter: str
    channel: Channel | None = None
    url: str = ""
    options: Options = field(default_factory=Options)


def source_from(data: Mapping[str, object]) -> Source:
    """Read `{site, name, adapter, channel?, url?, options?}`; raises InvalidFieldError by field."""
    fields = Fields(data)
    adapter = _one_of(fields, "adapter", ADAPTERS)
    channel = fields.line("channel")
    return Source(
        site=_name(fields, "site"),
        name=_name(fields, "name"),
        adapter=adapter,
        channel=Channel(_one_of(fields, "channel", tuple(Channel))) if channel else None,
        url=fields.line("url") or "",
        options=_options_from(fields.inner("options"), adapter),
    )


def _options_from(given: Fields, adapter: str) -> Options:
    unknown = sorted(given.keys() - _SHARED_OPTIONS - _OPTIONS_OF[adapter])
    if unknown:
        raise InvalidFieldError(given.path(unknown[0]), f"is no option of the adapter {adapter}")
    plain = Options()
    options = Options(
        signed=plain.signed if (signed := given.flag("signed")) is None else signed,
        origins=given.lines("origins"),
        honeypot=given.line("honeypot") or plain.honeypot,
        extra_fields=given.lines("extra_fields"),
        requester_kind=_kind(given),
        country_code=_country_code(given) or plain.country_code,
        transcribed=plain.transcribed if (said := given.flag("transcribed")) is None else said,
        patient_system=given.line("patient_system"),
        tolerance_seconds=_whole(given, "tolerance_seconds", plain.tolerance_seconds, 3_600),
        body_limit_bytes=_whole(
            given, "body_limit_bytes", plain.body_limit_bytes, MOST_BODY_LIMIT_BYTES
        ),
    )
    if not options.signed and not options.origins:
        raise InvalidFieldError(given.path("origins"), "is needed when signed is false")
    return options


def _kind(given: Fields) -> RequesterKind | None:
    if given.line("requester_kind") is None:
        return None
    return RequesterKind(_one_of(given, "requester_kind", tuple(RequesterKind)))


def _country_code(given: Fields) -> str | None:
    code = given.identifier("country_code")
    if code is not None and not re.fullmatch(r"[1-9][0-9]{0,2}", code):
        raise InvalidFieldError(given.path("country_code"), "must be one to three digits")
    return code


def _whole(given: Fields, key: str, usual: int, most: int) -> int:
    number = given.number(key)
    if number is None:
        return usual
    if not number.is_integer() or not 1 <= number <= most:
        raise InvalidFieldError(given.path(key), f"must be a whole number from 1 to {most}")
    return int(number)


def _name(fields: Fields, key: str) -> str:
    name = fields.required(key, fields.line(key))
    if not _NAME.fullmatch(name):
        raise InvalidFieldError(fields.path(key), "must be lower-case letters, digits, - or _")
    return name


def _one_of(fields: Fields, key: str, allowed: tuple[str, ...]) -> str:
    value = fields.required(key, fields.line(key))
    if value not in allowed:
        raise InvalidFieldError(fields.path(key), f"must be one of {', '.join(allowed)}")
    return value
