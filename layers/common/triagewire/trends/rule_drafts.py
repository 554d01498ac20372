"""A routing rule that would have sent misrouted tickets right, tried on the tickets themselves.

It is tried with the very code that routes: each ticket's verdict and source as its ledger has them
go through the site's rules with the new one behind them. What the ledger does not hold (the
application that staff state, who knows the patient) no rule of a draft asks for. Only tickets whose
first place today's policy explains are counted, so that a rule is neither blamed nor praised for
what a ladder, a fallback or a policy of last week did. A routing rule never changes an urgency.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from json import dumps
from re import fullmatch
from typing import NamedTuple

from triagewire.measures.life import Life
from triagewire.policy.model import Site
from triagewire.policy.roster import RoutingRule, When
from triagewire.policy.routes import routing_problems
from triagewire.routing.queueing import Facts, queue_of
from triagewire.ticket import REVIEW
from triagewire.trends.chances import LEAST
from triagewire.trends.finding import Draft
from triagewire.trends.looked import Looked
from triagewire.verdict import Urgency, Verdict

MOST_HARM = 4
"""A draft must send right at least so many tickets for each that it would send wrong."""
ALSO = ("sources", "channels", "teams", "languages")
"""What a draft may ask for beside the topic."""
MOST_ALSO = 2
"""More conditions would describe these tickets and not the next ones."""

type Asked = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A rule, and what it would have done to the tickets of the period."""

    rule: RoutingRule
    right: int
    wrong: int

    @property
    def helps(self) -> bool:
        """Whether it does enough good to be proposed."""
        return self.right >= LEAST and self.right >= MOST_HARM * self.wrong


class Shape(NamedTuple):
    """All that decides where a ticket goes, as far as its ledger tells; `peak` is the highest
    urgency that it ever had, which keeps what is clinical where clinicians are.
    """

    topics: str
    sources: str
    channels: str
    teams: str
    languages: str
    peak: int
    first_team: str


type Shapes = Mapping[Shape, int]
"""How many tickets there are of each shape: a month has few shapes, however many tickets."""


def draft_rule(
    looked: Looked, wrong: Iterable[Life], right: Shapes, to_team: str, why: str
) -> Draft | None:
    """The rule that sends most of the `wrong` tickets to `to_team` and least of the `right` ones
    elsewhere, as text for the site's file; None where none does more good than harm.
    """
    moved = _explained(looked.site, shapes_of(wrong))
    kept = _explained(looked.site, right)
    tried = [_tried(looked.site, asked, moved, kept, to_team) for asked in _candidates(moved)]
    helpful = [each for each in tried if each.helps]
    if not helpful:
        return None
    best = max(helpful, key=lambda each: each.right - MOST_HARM * each.wrong)
    name = _free_name(looked.site, best.rule)
    if _refused(looked, name, best.rule):
        return None
    text = _text(name, best, why, looked.named)
    return Draft(
        file=f"sites/{looked.id}.yaml",
        place="routing",
        name=name,
        text=text,
        right=best.right,
        wrong=best.wrong,
    )


def shapes_of(lives: Iterable[Life]) -> Shapes:
    """How many tickets there are of each shape."""
    return Counter(map(shape_of, lives))


def shape_of(life: Life) -> Shape:
    """What decided where a ticket was first placed."""
    first = life.judged[0] if life.judged else None
    return Shape(
        topics=first.scored_topic if first else life.topic,
        sources=life.source,
        channels=life.channel,
        teams=first.scored_team if first else life.scored_team,
        languages=life.language or "en",
        peak=max(life.peak, Urgency.SELF_SERVE),
        first_team=life.first_team,
    )


def _candidates(shapes: Shapes) -> Iterator[Asked]:
    """Conditions that the misrouted tickets have most in common, the shortest first."""
    common = {name: found for name in ("topics", *ALSO) if (found := _most_common(name, shapes))}
    if "topics" not in common:
        return
    also = [name for name in ALSO if name in common]
    for length in range(MOST_ALSO + 1):
        for names in combinations(also, length):
            yield tuple((name, common[name]) for name in ("topics", *names))


def _most_common(name: str, shapes: Shapes) -> str:
    counts = Counter[str]()
    for shape, times in shapes.items():
        counts[getattr(shape, name)] += times
    del counts[""]
    return min(counts, key=lambda value: (-counts[value], value), default="")


def _tried(site: Site, asked: Asked, wrong: Shapes, right: Shapes, to_team: str) -> Tried:
    rule = RoutingRule(when=When(**{name: (value,) for name, value in asked}), team=to_team)
    with_rule = replace(site, routing={**site.routing, "draft": rule})
    mended = (n for each, n in _asked_for(asked, wrong) if _queue(each, with_rule) == to_team)
    spoilt = (n for each, n in _asked_for(asked, right) if _queue(each, with_rule) == to_team)
    return Tried(rule=rule, right=sum(mended), wrong=sum(spoilt))


def _asked_for(asked: Asked, shapes: Shapes) -> Iterator[tuple[Shape, int]]:
    for shape, times in shapes.items():
        if all(getattr(shape, name) == value for name, value in asked):
            yield shape, times


def _explained(site: Site, shapes: Shapes) -> Shapes:
    """Those that today's policy puts where they were put."""
    return {each: n for each, n in shapes.items() if _queue(each, site) == each.first_team}


def _queue(shape: Shape, site: Site) -> str:
    """Where a policy sends a ticket."""
    urgency = Urgency(shape.peak)
    verdict = Verdict(
        score=urgency,
        topic=shape.topics,
        team=shape.teams,
        confidence=1.0,
        review=shape.first_team == REVIEW,
        candidate=urgency,
        language=shape.languages,
    )
    return queue_of(verdict, site, Facts(source=shape.sources, channel=shape.channels)).team


def _refused(looked: Looked, name: str, rule: RoutingRule) -> bool:
    """Whether the checks of a policy would refuse the rule."""
    site = replace(looked.site, routing={name: rule})
    return any(routing_problems(site, looked.beside.policy.rules))


def _free_name(site: Site, rule: RoutingRule) -> str:
    plain = f"trend-{rule.when.topics[0]}-to-{rule.team}".casefold().replace(" ", "-")
    taken = (f"{plain}-{number}" for number in range(2, len(site.routing) + 3))
    return next(each for each in (plain, *taken) if each not in site.routing)


def _text(name: str, tried: Tried, why: str, week: str) -> str:
    """The rule in YAML, below a comment that says where it comes from."""
    when = ", ".join(
        f"{field}: [{_quoted(values[0])}]"
        for field in ("topics", *ALSO)
        if (values := getattr(tried.rule.when, field))
    )
    told = f"{tried.right} of the week's tickets would have gone right, {tried.wrong} wrong"
    return (
        f"  # trend review {week}: {' '.join(why.split())};\n  # {told}\n"
        f"  {_quoted(name)}:\n    when: {{ {when} }}\n    team: {_quoted(tried.rule.team)}\n"
    )


def _quoted(value: str) -> str:
    return value if fullmatch(r"[A-Za-z][\w-]*", value) else dumps(value)
