"""The small interface behind which every sender's format hides."""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from triagewire.channels.options import ADAPTERS
from triagewire.channels.outcome import Outcome
from triagewire.channels.parsed import Parsed
from triagewire.channels.request import WebhookRequest
from triagewire.channels.source import Source


class Adapter(Protocol):
    """A module `triagewire.channels.<adapter>`. To add one: write it, name it and its options in
    `options.OPTIONS_OF`, and give it a sample in `ops/senders`.

    An adapter whose sender signs with a certificate has `certificate_address(request, source)`
    too: the checked address to fetch it from, or "" when the sender is not to be believed.
    """

    MEDIA_TYPES: frozenset[str]
    METHODS: frozenset[str]

    def verify(
        self, request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime, /
    ) -> None:
        """Believe the raw bytes, or raise RefusedError. Any live secret will do (rotation)."""

    def parse(self, request: WebhookRequest, source: Source, now: datetime, /) -> Parsed:
        """Read a believed body; raises InvalidFieldError or UnreadableError."""

    def shaped(self, outcome: Outcome, request: WebhookRequest, source: Source, /) -> Outcome:
        """The outcome with its answer put as this sender needs it."""


def adapter_of(source: Source) -> Adapter:
    """The source's adapter, imported on first use: a cold start pays for one, not for all."""
    return cast(Adapter, import_module(_MODULES[source.adapter]))


def certificate_address(request: WebhookRequest, source: Source) -> str:
    """Where this request's signing certificate is; "" for every sender that signs with a secret."""
    address_of = getattr(adapter_of(source), "certificate_address", None)
    return str(address_of(request, source)) if address_of else ""


_MODULES: Mapping[str, str] = {name: f"triagewire.channels.{name}" for name in ADAPTERS}
