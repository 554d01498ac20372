"""Rules that misroute: tickets whose first queue was wrong, by the rule that led there."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from triagewire.measures.life import Life
from triagewire.routing.queueing import team_for
from triagewire.trends.chances import holds, sure
from triagewire.trends.finding import Finding, Kind
from triagewire.trends.judged import was_raised
from triagewire.trends.looked import Looked, most_common
from triagewire.trends.rule_drafts import Shapes, draft_rule, shape_of, shapes_of
from triagewire.trends.words import rule_of, told_rule, words_of

MORE_THAN = 0.03
"""A desk may misroute less than 3 % (issue 9); a rule is looked at that surely does more."""
NO_RULE = ""
MOST_OF_WAY = 3
"""Findings of one way from queue to queue: who mends these sees the others next week."""
COMMON, RARE = 0.8, 0.5
"""What so many of the misrouted tickets have in common, and at most so many of the others."""
FIELD_NAMES = {
    "topics": "are about",
    "sources": "came by the source",
    "channels": "came by the channel",
    "languages": "are in the language",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A ticket's first place, and where a person said it belonged: "" for one that nobody moved.

    `from_team` is the queue that scoring and the policy chose.
    """

    life: Life
    from_team: str
    to_team: str = ""


def misroutes(looked: Looked) -> Iterator[Finding]:
    """Findings of each way from a wrong queue to the right one, by the rules that explain most."""
    placed = [each for life in looked.lives if (each := _placed(life, looked))]
    ways = {(each.from_team, each.to_team) for each in placed if each.to_team}
    right = shapes_of(each.life for each in placed if not each.to_team)
    for way in sorted(ways):
        yield from _of_way(looked, placed, right, *way)


def _placed(life: Life, looked: Looked) -> Placed | None:
    """What became of its first place in this period. It counts when a person moved it, else when
    it was placed: until somebody moves a ticket, its place counts as right.
    """
    if was_raised(life):
        return None
    moved = next((each for each in life.moves if each.misroute), None)
    if moved is not None:
        last = [each for each in life.moves if each.misroute][-1]
        found = Placed(life=life, from_team=moved.from_team, to_team=last.to_team)
        return found if looked.happened(moved.at) else None
    for each in life.judged:
        scored, said = (team_for(looked.site, team) for team in (each.scored_team, each.team))
        if scored and said and scored != said:
            found = Placed(life=life, from_team=scored, to_team=said)
            return found if looked.happened(each.at) else None
    known = looked.happened(life.routed_at) and life.first_team
    return Placed(life=life, from_team=life.first_team) if known else None


def _of_way(
    looked: Looked, placed: Sequence[Placed], right: Shapes, from_team: str, to_team: str
) -> Iterator[Finding]:
    """The rules that explain most, one after the other: a ticket is in one finding only. A new
    rule must leave alone what stayed in all queues but the one that it sends tickets to.
    """
    of_queue = [each for each in placed if each.from_team == from_team]
    of_rules = _counted(of_queue)
    left = [each for each in of_queue if each.to_team == to_team]
    alone = {each: n for each, n in right.items() if each.first_team != to_team}
    for _ in range(MOST_OF_WAY):
        rule = _best(looked, _counted(left), of_rules, from_team)
        if rule is None:
            return
        wrong = [each for each in left if _has(each, rule)]
        yield _finding(looked, rule, wrong, [e for e in of_queue if _has(e, rule)], alone)
        left = [each for each in left if not _has(each, rule)]


def _best(
    looked: Looked, wrong: Mapping[str, int], of_rules: Mapping[str, int], from_team: str
) -> str | None:
    """The rule that explains most of what was wrong, if any surely does; of two that explain the
    same, the one that draws more strongly to the queue.
    """
    known = [rule for rule in sorted(wrong) if holds(wrong[rule], of_rules[rule], MORE_THAN)]

    def explains(rule: str) -> tuple[float, float]:
        return wrong[rule] * sure(wrong[rule], of_rules[rule]), _pull(rule, from_team, looked)

    return max(known, key=explains, default=None)


def _counted(placed: Iterable[Placed]) -> Counter[str]:
    """How many tickets each rule has a part in."""
    return Counter(rule for each in placed for rule in each.life.rules or (NO_RULE,))


def _has(placed: Placed, rule: str) -> bool:
    return rule in (placed.life.rules or (NO_RULE,))


def _pull(rule: str, from_team: str, looked: Looked) -> float:
    """How strongly a rule draws tickets to a queue: its weight where it names that queue's team."""
    known = rule_of(rule, looked.beside.rules)
    led = known is not None and team_for(looked.site, known[1].team) == from_team
    return known[1].weight if known and led else 0.0


def _finding(
    looked: Looked,
    rule: str,
    wrong: Sequence[Placed],
    of_rule: Sequence[Placed],
    to_leave_alone: Shapes,
) -> Finding:
    from_team, to_team = wrong[0].from_team, wrong[0].to_team
    rules = looked.beside.rules
    by = f"by the rule {told_rule(rule, rules)}" if rule else "without any rule"
    title = f"Put into {from_team} {by}, moved to {to_team}"
    lives = [each.life for each in wrong]
    right = [each.life for each in of_rule if not each.to_team]
    why = f"{len(wrong)} of {len(of_rule)} tickets, {title[0].lower()}{title[1:]}"
    draft = draft_rule(looked, lives, to_leave_alone, to_team, why)
    return looked.finding(
        Kind.MISROUTE,
        (from_team, to_team, rule),
        title,
        lives,
        of=len(of_rule),
        told=tuple(_in_common(lives, right)),
        rules=(rule,) if rule else (),
        words=words_of((rule,) if rule else (), rules),
        suggestion=_suggestion(draft is not None, rule, to_team),
        draft=draft,
    )


def _in_common(wrong: Sequence[Life], right: Sequence[Life]) -> Iterator[str]:
    """What tells the misrouted tickets from those of the same rule that went right."""
    facts = [shape_of(each) for each in wrong]
    of_right = [shape_of(each) for each in right]
    for name, words in FIELD_NAMES.items():
        found = most_common(value for each in facts if (value := getattr(each, name)))
        if found is None:
            continue
        value, times = found
        others = sum(getattr(each, name) == value for each in of_right)
        if times >= COMMON * len(wrong) and others <= RARE * len(of_right):
            yield f"{times} of {len(wrong)} {words} {value}; of those that stayed, " + (
                f"{others} of {len(of_right)}" if of_right else "there are none"
            )


def _suggestion(drafted: bool, rule: str, to_team: str) -> str:
    if drafted:
        return f"Try the draft: a routing rule of the site that sends them to {to_team}."
    if rule:
        return (
            f"No routing rule tells them apart without doing harm. Read the tickets, and give the "
            f"rule {rule} words that keep it from them, or write one for {to_team}."
        )
    return f"No rule understands them. Read the tickets, and write a rule for {to_team}."
