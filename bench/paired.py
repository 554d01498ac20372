"""Paired measurement: a thing and its reference take turns, so that a busy machine slows both."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times the reference's cost the subject costs, over all rounds."""

    lowest: float
    middle: float
    highest: float

    def __str__(self) -> str:
        return f"{self.middle:.1f} ({self.lowest:.1f} to {self.highest:.1f})"


def compare(subject: Callable[[], float], reference: Callable[[], float], rounds: int) -> Ratio:
    """The ratio of two costs in the same unit, taken in turns; the first round only warms up."""
    subject(), reference()
    ratios = [subject() / reference() for _ in range(rounds)]
    return Ratio(min(ratios), median(ratios), max(ratios))
