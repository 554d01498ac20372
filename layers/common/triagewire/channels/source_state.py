"""What is known of a source at run time: when it gave something, and what its owner was told."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """One source; None is "never" or "not now". All times are UTC, in whole milliseconds.

    `watched_since` is when a sweep first saw it, `given_at` when it last gave something. An episode
    of limited calls began at `limited_since`; `limited_at` is its last known call. The owner was
    told of the silence since `told_silent`, and of the episode that began at `told_limited`.
    """

    watched_since: datetime | None = None
    given_at: datetime | None = None
    limited_since: datetime | None = None
    limited_at: datetime | None = None
    told_silent: datetime | None = None
    told_limited: datetime | None = None
