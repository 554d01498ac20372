"""The small interface behind which every sender's format hides."""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from triagewire.channels.outcome import Outcome
from triagewire.channels.parsed import Parsed
from triagewire.channels.request import WebhookRequest
from triagewire.channels.source import ADAPTERS, Source


class Adapter(Protocol):
    """A module `triagewire.channels.<adapter>`. To add one: write it, and name it in `ADAPTERS`."""

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


_MODULES: Mapping[str, str] = {name: f"triagewire.channels.{name}" for name in ADAPTERS}
