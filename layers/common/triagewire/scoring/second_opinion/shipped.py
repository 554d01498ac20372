"""The file that is shipped, read once. Whatever is wrong with it, scoring goes on without."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from triagewire.scoring.second_opinion.opinion import SecondOpinion, Weights

FORMAT = 4
"""The version of the file's shape; a file of another version is not read."""
PATH = Path(__file__).with_name("weights.json")


@cache
def shipped(path: Path = PATH) -> SecondOpinion | None:
    """The second opinion of this release; None where the file is missing or cannot be read."""
    try:
        return opinion_from(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def opinion_from(data: Mapping[str, Any]) -> SecondOpinion:
    """The opinion in a file's data. Raises ValueError for another format, KeyError, TypeError or
    AttributeError for data of another shape.
    """
    if data["format"] != FORMAT:
        raise ValueError("the second opinion's file has another format: run make model")
    return SecondOpinion(
        urgent=_weights(data["urgent"]),
        steps=tuple((float(total), float(share)) for total, share in data["steps"]),
        ask=float(data["ask"]),
        page=float(data["page"]),
        alone=float(data["alone"]),
        teams={str(team): _weights(weights) for team, weights in data["teams"].items()},
        lead=float(data["lead"]),
    )


def _weights(data: Mapping[str, Any]) -> Weights:
    """Names are kept by weight, in one text each: the file stays small and shows what matters."""
    of = {name: int(weight) for weight, names in data["weights"].items() for name in names.split()}
    return Weights(bias=int(data["bias"]), of=of)
