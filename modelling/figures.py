"""The figures of the second opinion's card, each on messages of a source that was left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from modelling.hearing import Heard
from modelling.mix import MIX, clear, paged, strange
from modelling.questions import Taught, fifths, unseen
from triagewire.policy.load import default_rules
from triagewire.scoring.rules import rules_from
from triagewire.scoring.second_opinion.advice import advised, borne_out
from triagewire.scoring.second_opinion.opinion import SecondOpinion
from triagewire.scoring.second_opinion.shipped import opinion_from
from triagewire.scoring.weigh import waits
from triagewire.team import CLINICAL, IT, OFFICE
from triagewire.verdict import Urgency, Verdict

SURE = 1.96
"""Standard deviations of a 95 % interval."""
LEAST_IN_ROW, LEAST_OF_KIND = 20, 8
"""Labelled messages in a row of a table; of each kind for a share of an inbox."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One message with the verdict of the rules alone and the one after the second opinion."""

    heard: Heard
    after: Verdict

    @property
    def before(self) -> Verdict:
        """The verdict of the rules alone."""
        return self.heard.verdict


def card(heard: Sequence[Heard], taught: Sequence[Taught], data: Mapping[str, Any]) -> str:
    """All tables of the card, in Markdown."""
    judged = _judged(heard, taught, opinion_from(data))
    new = [each for each in judged if strange(each.heard.message)]
    return "\n\n".join(
        (
            _data(heard),
            _ranking(heard, taught),
            "By source (`t…`, `u…`, `v…` and `exam…` were written by people who had not read the "
            "rules; the rules were mended on half of each since):",
            _table(new, lambda each: each.heard.message.group, both=True),
            "The same by language, and by class where a class has at least 20 messages:",
            _table(new, lambda each: each.heard.message.language),
            _by_class(new),
            "Messages of new sources at the right team:",
            _teams(new),
        )
    )


def _judged(heard: Sequence[Heard], taught: Sequence[Taught], final: SecondOpinion) -> list[Judged]:
    rules = rules_from(default_rules())
    found = []
    for each, one in zip(heard, taught, strict=True):
        opinion = replace(final, urgent=one.urgent, teams=one.teams)
        after = advised(each.verdict, each.said, rules, opinion)
        if waits(after) and any(one.urgent.sum(part) >= final.alone for part in each.sentences):
            after = borne_out(after, each.said, 1.0)
        found.append(Judged(each, after))
    return found


def _data(heard: Sequence[Heard]) -> str:
    rows: dict[tuple[str, str], list[int]] = {}
    for each in heard:
        message = each.message
        row = rows.setdefault((message.group, message.licence), [0, 0, 0, 0])
        row[0] += 1
        row[1] += message.urgent is True
        row[2] += message.urgent is False
        row[3] += message.language == "es"
    lines = [
        f"| {group} | {licence} | {' | '.join(map(str, counts))} |"
        for (group, licence), counts in sorted(rows.items())
    ]
    head = (
        "| source | licence | messages | urgent | not urgent | Spanish |\n|---|---|---|---|---|---|"
    )
    return "\n".join((head, *lines))


def _ranking(heard: Sequence[Heard], taught: Sequence[Taught]) -> str:
    apart = _area(heard, taught)
    mixed = _area(heard, unseen(heard, fifths(heard), teams=False))
    left = [pair for pair in zip(heard, taught, strict=True) if _unpaged(pair[0])]
    hard = _area([each for each, _ in left], [one for _, one in left])
    return (
        f"Area under the curve, urgent or not: **{apart:.3f}** with whole sources left out, "
        f"{mixed:.3f} in five folds; {hard:.3f} on messages of new sources that no rule scored 5, "
        "their sources left out."
    )


def _unpaged(each: Heard) -> bool:
    return strange(each.message) and each.verdict.score < Urgency.CLINICAL_URGENT


def _area(heard: Sequence[Heard], taught: Sequence[Taught]) -> float:
    """The chance that an urgent message has a higher sum than one that is not."""
    ranked = sorted(
        (one.urgent.sum(each.names), bool(each.message.urgent))
        for each, one in zip(heard, taught, strict=True)
        if each.message.urgent is not None
    )
    below, wins, urgent = 0, 0, 0
    for _, yes in ranked:
        urgent += yes
        wins += below if yes else 0
        below += not yes
    return wins / (urgent * below) if urgent * below else 0.0


def _table(judged: Sequence[Judged], key: Callable[[Judged], str], *, both: bool = False) -> str:
    groups: dict[str, list[Judged]] = {}
    for each in judged:
        groups.setdefault(key(each), []).append(each)
    rows = sorted(item for item in groups.items() if labelled(item[1]) >= LEAST_IN_ROW)
    rows += [("all of these", list(judged))] if both else []
    head = (
        "| | urgent | a 5 by the rules | a 5 with it | missed with it | not urgent "
        "| no 5 by the rules | no 5 with it | clear with it | review of an inbox |\n"
        "|---|---|---|---|---|---|---|---|---|---|"
    )
    return "\n".join((head, *(_row(name, found) for name, found in rows)))


def _row(name: str, judged: Sequence[Judged]) -> str:
    urgent = [each for each in judged if each.heard.message.urgent]
    harmless = [each for each in judged if each.heard.message.urgent is False]
    cells = [
        name,
        str(len(urgent)),
        share(sum(paged(each.before) for each in urgent), len(urgent)),
        share(sum(paged(each.after) for each in urgent), len(urgent)),
        share(sum(clear(each.after) for each in urgent), len(urgent)),
        str(len(harmless)),
        share(sum(not paged(each.before) for each in harmless), len(harmless)),
        share(sum(not paged(each.after) for each in harmless), len(harmless)),
        share(sum(clear(each.after) for each in harmless), len(harmless)),
        _inbox(judged),
    ]
    return f"| {' | '.join(cells)} |"


def _inbox(judged: Sequence[Judged]) -> str:
    """Review shares before → after in an inbox-like mix, where every kind is there."""
    kinds = {kind: [each for each in judged if each.heard.message.kind == kind] for kind in MIX}
    if min(map(len, kinds.values())) < LEAST_OF_KIND:
        return "-"
    before = sum(_part(kind, [each.before for each in found]) for kind, found in kinds.items())
    after = sum(_part(kind, [each.after for each in found]) for kind, found in kinds.items())
    return f"{100 * before:.1f} → {100 * after:.1f} %"


def _part(kind: str, verdicts: Sequence[Verdict]) -> float:
    """What the reviews of one kind are of the whole inbox."""
    return MIX[kind] * sum(verdict.review for verdict in verdicts) / len(verdicts)


def _by_class(judged: Sequence[Judged]) -> str:
    tagged: dict[str, list[Judged]] = {}
    for each in judged:
        for tag in each.heard.message.tags:
            tagged.setdefault(tag, []).append(each)
    big = sorted(tag for tag, found in tagged.items() if labelled(found) >= LEAST_IN_ROW)
    return "\n".join((_table([], lambda _: ""), *(_row(tag, tagged[tag]) for tag in big)))


def labelled(judged: Sequence[Judged]) -> int:
    """How many of them are labelled urgent or not urgent."""
    return sum(each.heard.message.urgent is not None for each in judged)


def _teams(judged: Sequence[Judged]) -> str:
    """How many requests are at the right team, by kind of team."""
    kinds = (("office", OFFICE), ("clinical", (CLINICAL,)), ("IT", IT))
    lines = ["| team | by the rules | with it |", "|---|---|---|"]
    for name, teams in kinds:
        asked = [each for each in judged if each.heard.message.team in teams]
        before = sum(each.before.team == each.heard.message.team for each in asked)
        after = sum(each.after.team == each.heard.message.team for each in asked)
        lines.append(f"| {name} | {share(before, len(asked))} | {share(after, len(asked))} |")
    return "\n".join(lines)


def share(count: int, of: int) -> str:
    """A share in per cent with its 95 % interval (Wilson) and the counts."""
    if not of:
        return "-"
    low, high = interval(count, of)
    return f"{100 * count / of:.1f} % [{100 * low:.0f} to {100 * high:.0f}] ({count}/{of})"


def interval(count: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    middle = count / of
    size = 1 + SURE * SURE / of
    centre = middle + SURE * SURE / (2 * of)
    half = SURE * sqrt(middle * (1 - middle) / of + SURE * SURE / (4 * of * of))
    return max(0.0, (centre - half) / size), min(1.0, (centre + half) / size)
