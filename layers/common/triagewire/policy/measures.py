"""What a policy says of measures: since when they count, what was before, an hour's costs."""

from dataclasses import dataclass, field
from datetime import datetime

from triagewire.sane import require

MOST_HOURS = 1_000.0
"""A day, for a group: more is a slip of the pen."""
MOST_MINUTES = 100_000.0
MOST_RATE = 10_000.0
SCORES = (1.0, 5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the site had before, as it was measured there; what nobody measured is left out.

    `response_minutes` is the median from ticket to first response, `triage_hours` and
    `clinical_admin_hours` are staff hours on a day on which the site is open (reading and passing
    on, and office work done by clinicians), `misroutes` is a share from 0 to 1, `satisfaction` a
    mean of 1 to 5.
    """

    response_minutes: float | None = None
    triage_hours: float | None = None
    misroutes: float | None = None
    satisfaction: float | None = None
    clinical_admin_hours: float | None = None

    def __post_init__(self) -> None:
        _within(self.response_minutes, "response_minutes", 0.0, MOST_MINUTES)
        _within(self.triage_hours, "triage_hours", 0.0, MOST_HOURS)
        share = self.misroutes is None or 0.0 <= self.misroutes <= 1.0
        require(share, "misroutes", "must be a share from 0 to 1: 3 % is 0.03")
        _within(self.satisfaction, "satisfaction", *SCORES)
        _within(self.clinical_admin_hours, "clinical_admin_hours", 0.0, MOST_HOURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyRates:
    """What an hour of staff costs the group, in its currency; None where it does not say."""

    triage: float | None = None
    clinical: float | None = None

    def __post_init__(self) -> None:
        _within(self.triage, "triage", 0.0, MOST_RATE)
        _within(self.clinical, "clinical", 0.0, MOST_RATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measuring:
    """Since when tickets count (`enforce_from` of the site where it does not say), in which queues
    clinicians work (those that take verdicts for `clinical` where it names none), what was before,
    and what an hour costs. `currency` is a code as in ISO 4217.
    """

    go_live: datetime | None = None
    clinical_teams: tuple[str, ...] = ()
    before: Before = field(default_factory=Before)
    hourly_rates: HourlyRates = field(default_factory=HourlyRates)
    currency: str = "USD"

    def __post_init__(self) -> None:
        zoned = self.go_live is None or self.go_live.tzinfo is not None
        require(zoned, "go_live", "needs an offset, as in 2026-03-01T08:00:00-05:00")
        code = self.currency.isascii() and self.currency.isupper() and len(self.currency) == 3
        require(code, "currency", "must be three letters, such as USD")


def _within(value: float | None, name: str, least: float, most: float) -> None:
    if value is not None:
        require(least <= value <= most, name, f"must be from {least:g} to {most:g}")
