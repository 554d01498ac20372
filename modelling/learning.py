"""The learner: a linear model by Adagrad on the squared hinge, with a little L2.

No random numbers: each pass takes the rows in the order of a checksum of pass and place.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from zlib import crc32

from triagewire.scoring.second_opinion.opinion import Weights

LEAST_SEEN = 3
"""A name met in fewer messages is not learned."""
PASSES, STEP, DECAY, REACH = 10, 0.03, 1e-3, 3.0
"""Passes over the rows, length of a step, pull towards 0, and what all names of one message can
add together. Chosen once, on sources left out in turn.
"""
UNIT = 60.0
"""Whole numbers in the file for each 1 that was learned."""
LARGEST = 127


@dataclass(frozen=True, slots=True)
class Row:
    """One message: the names that are true of it, and the answer."""

    names: Sequence[str]
    yes: bool


@dataclass(slots=True)
class _State:
    weights: list[float]
    squares: list[float]
    bias: float = 0.0
    bias_square: float = 1e-6


def learned(
    rows: Sequence[Row], *, by_length: bool = True, seen_in: int = LEAST_SEEN, least: int = 1
) -> Weights:
    """The weights for one question, in whole numbers: for sums that do not grow with the length of
    a message, or plain ones. A name is learned that `seen_in` messages have, and kept where it
    weighs `least` or more either way.
    """
    seen = Counter(name for row in rows for name in row.names)
    known = {name: at for at, name in enumerate(sorted(n for n in seen if seen[n] >= seen_in))}
    # sorted: sums of floats depend on their order
    places = [sorted(known[name] for name in row.names if name in known) for row in rows]
    sizes = [REACH / sqrt(len(row.names) or 1) if by_length else 1.0 for row in rows]
    reach = REACH if by_length else 1.0
    state = _State([0.0] * len(known), [1e-6] * len(known))
    for turn in range(PASSES):
        for at in _order(turn, len(rows)):
            _step(state, places[at], sizes[at], 1.0 if rows[at].yes else -1.0)
    whole = {name: _whole(state.weights[at] * reach) for name, at in known.items()}
    return Weights(
        bias=round(state.bias * UNIT),
        of={n: weight for n, weight in whole.items() if abs(weight) >= least},
    )


@cache
def _order(turn: int, rows: int) -> list[int]:
    """In which order a pass takes so many rows; several questions have the same number."""
    return sorted(range(rows), key=lambda row: crc32(b"%d %d" % (turn, row)))


def _step(state: _State, places: list[int], size: float, answer: float) -> None:
    weights, squares = state.weights, state.squares
    total = 0.0
    for place in places:
        total += weights[place]
    short = 1.0 - answer * (total * size + state.bias)
    if short <= 0:
        return
    slope = -2.0 * short * answer
    down = slope * size
    for place in places:
        weight = weights[place]
        pull = down + DECAY * weight
        square = squares[place] + pull * pull
        squares[place] = square
        weights[place] = weight - STEP * pull / sqrt(square)
    state.bias_square += slope * slope
    state.bias -= STEP * slope / sqrt(state.bias_square)


def _whole(weight: float) -> int:
    return max(-LARGEST, min(LARGEST, round(weight * UNIT)))
