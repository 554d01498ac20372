"""All measures, in the order in which they are shown."""

from collections.abc import Mapping

from triagewire.measures import times
from triagewire.measures.measure import Measure

MEASURES: tuple[Measure, ...] = (*times.MEASURES,)
BY_ID: Mapping[str, Measure] = {each.id: each for each in MEASURES}
