"""The questions that the second opinion is taught, and teaching them without a part of the data."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from modelling.hearing import Heard
from modelling.learning import Row, learned
from triagewire.scoring.second_opinion.opinion import Weights
from triagewire.team import IT, TEAMS

FOLDS, PARTS = 5, 8
"""Parts of a mixture, and parts of whole sources, of which each is left out in turn."""
TEAM_SEEN_IN, TEAM_LEAST = 5, 4
"""What is kept of a team's question: there are eight of them, and the file stays small."""


@dataclass(frozen=True, slots=True)
class Taught:
    """Weights for every question: is it urgent, and which team is it for."""

    urgent: Weights
    teams: Mapping[str, Weights]


def taught(heard: Iterable[Heard], *, teams: bool = True) -> Taught:
    """What the messages teach; one without a label for a question is no part of that question.
    Without `teams` only what is urgent is taught, for whoever asks nothing else.
    """
    known = list(heard)
    urgent = [
        Row(each.names, each.message.urgent) for each in known if each.message.urgent is not None
    ]
    return Taught(
        urgent=learned(urgent),
        teams={
            team: learned(_rows(known, team), seen_in=TEAM_SEEN_IN, least=TEAM_LEAST)
            for team in (sorted(TEAMS) if teams else ())
        },
    )


def _rows(heard: Iterable[Heard], team: str) -> list[Row]:
    """Whether a message is for a team. No patient asks for IT, so only staff can teach it."""
    return [
        Row(each.names, each.message.team == team)
        for each in heard
        if each.message.team in TEAMS and (each.message.voice == "staff" or team not in IT)
    ]


def sources(heard: Sequence[Heard]) -> list[Hashable]:
    """A number for each message, the same for all of its source: the honest way, for a clinic's
    words are of no source that we have.
    """
    groups = sorted({each.message.group for each in heard})
    return [groups.index(each.message.group) % PARTS for each in heard]


def fifths(heard: Sequence[Heard]) -> list[Hashable]:
    """A number from 0 to 4 for each message, each with a fifth of every source."""
    met: Counter[str] = Counter()
    parts: list[Hashable] = []
    for each in heard:
        parts.append(met[each.message.group] % FOLDS)
        met[each.message.group] += 1
    return parts


def unseen(
    heard: Sequence[Heard], parts: Sequence[Hashable], *, teams: bool = True
) -> list[Taught]:
    """For each message what was taught by all parts but its own."""
    by_part = {
        part: taught(
            (each for each, other in zip(heard, parts, strict=True) if other != part), teams=teams
        )
        for part in sorted(set(parts), key=str)
    }
    return [by_part[part] for part in parts]
