"""All measures, in the order in which they are shown."""

from collections.abc import Mapping

from triagewire.measures import (
    back_again,
    judging,
    passing_on,
    people,
    promises,
    requesters,
    times,
    volume,
    without,
)
from triagewire.measures.measure import Measure

MEASURES: tuple[Measure, ...] = (
    *times.MEASURES,
    *promises.MEASURES,
    *passing_on.MEASURES,
    *without.MEASURES,
    *back_again.MEASURES,
    *judging.MEASURES,
    *requesters.MEASURES,
    *volume.MEASURES,
    *people.MEASURES,
)
BY_ID: Mapping[str, Measure] = {each.id: each for each in MEASURES}
