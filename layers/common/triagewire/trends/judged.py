"""Where scoring itself was wrong, as those said who reviewed it. Under-triage comes before all."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from triagewire.measures.labels import Judged, raisings
from triagewire.measures.life import Life
from triagewire.trends.chances import holds, sure
from triagewire.trends.finding import MOST_TICKETS, Draft, Finding, Kind
from triagewire.trends.looked import Looked
from triagewire.trends.words import rule_of, told_rule, words_of
from triagewire.verdict import RuleSet, Urgency

MOST_RULES = 5
TOPIC_MORE_THAN = 0.2
VAIN_REVIEWS = 20
VAIN_MORE_THAN = 0.85
"""Of so many reviews that a rule asked for, surely more than this were about nothing urgent."""

type Decision = tuple[Life, Judged]


def under_triage(looked: Looked) -> Iterator[Finding]:
    """Tickets that a person called clinical, and worse than scoring had feared.

    One such ticket is a finding: the only kind for which one is enough.
    """
    groups: dict[tuple[int, str], list[Decision]] = defaultdict(list)
    for life in looked.lives:
        for judged in raisings(life.judged):
            if judged.under_triaged and looked.happened(judged.at):
                groups[judged.score, judged.scored_topic].append((life, judged))
    for (score, topic), found in sorted(groups.items()):
        yield _under_triaged(looked, Urgency(score), topic, found)


def wrong_topics(looked: Looked) -> Iterator[Finding]:
    """Topics that reviewers put right again and again."""
    groups: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    decisions = [each for each in _decisions(looked) if not each[1].under_triaged]
    for each in decisions:
        groups[each[1].scored_topic, each[1].topic].append(each)
    for (scored, said), found in sorted(groups.items()):
        of = sum(each.scored_topic == scored for _, each in decisions)
        if scored != said and said and holds(len(found), of, TOPIC_MORE_THAN):
            yield _wrong_topic(looked, (scored, said), found, of)


def vain_reviews(looked: Looked) -> Iterator[Finding]:
    """Rules that ask a person whether it is urgent, and hardly ever are right to."""
    asked: dict[str, list[Decision]] = defaultdict(list)
    for life, judged in _decisions(looked):
        if judged.candidate == Urgency.CLINICAL_URGENT and judged.scored < judged.candidate:
            for rule in judged.rules:
                asked[rule].append((life, judged))
    for rule, found in sorted(asked.items()):
        vain = [each for each in found if each[1].score < Urgency.CLINICAL_STANDARD]
        if len(found) >= VAIN_REVIEWS and sure(len(vain), len(found)) > VAIN_MORE_THAN:
            yield looked.finding(
                Kind.WRONG_SCORE,
                ("doubt", rule),
                f"Reviews that the rule {told_rule(rule, looked.beside.rules)} had a part in found "
                "nothing clinical",
                [life for life, _ in vain],
                of=len(found),
                rules=(rule,),
                words=words_of((rule,), looked.beside.rules),
                suggestion="Read the tickets, and make its words say more exactly what they look "
                "for. No draft is made: a program proposes nothing that could hide an urgent one.",
            )


def was_raised(life: Life) -> bool:
    """Whether a person called the ticket clinical and worse than scoring had feared."""
    return any(each.under_triaged for each in life.judged)


def _decisions(looked: Looked) -> Iterator[Decision]:
    """Each first decision about a ticket that was made in the period."""
    for life in looked.lives:
        if life.judged and looked.happened(life.judged[0].at):
            yield life, life.judged[0]


def _under_triaged(
    looked: Looked, score: Urgency, topic: str, found: Sequence[Decision]
) -> Finding:
    lives = [life for life, _ in found]
    rules = _rules_of(found)
    scored = sorted({max(each.scored, each.candidate) for _, each in found})
    title = (
        f"Scored {' or '.join(map(str, scored))} as {topic or 'nothing known'}, called {score:d} "
        f"({score.name.lower().replace('_', ' ')}) by a person"
    )
    of = sum(
        any(looked.happened(each.at) and each.scored_topic == topic for each in life.judged)
        for life in looked.lives
    )
    return looked.finding(
        Kind.UNDER_TRIAGE,
        (str(int(score)), topic),
        title,
        lives,
        of=of,
        told=tuple(f"scored with the rule {told_rule(each, looked.beside.rules)}" for each in rules)
        or ("no rule understood them",),
        rules=rules,
        words=words_of(rules, looked.beside.rules),
        suggestion="Read these tickets today. Write a clinical rule with the words that said so, "
        "and a synthetic ticket for each into checks.yaml, so that it is never missed again.",
        draft=_clinical_draft(looked, title, lives, rules, score),
    )


def _wrong_topic(
    looked: Looked, topics: tuple[str, str], found: Sequence[Decision], of: int
) -> Finding:
    scored, said = topics
    rules = _rules_of(found)
    title = f"Scored as {scored or 'nothing known'}, called {said} by a person"
    lives = [life for life, _ in found]
    return looked.finding(
        Kind.WRONG_SCORE,
        (scored, said),
        title,
        lives,
        of=of,
        rules=rules,
        words=words_of(rules, looked.beside.rules),
        suggestion=f"Read the tickets, and give a rule for {said} the words that they share; the "
        "draft holds the rules that led elsewhere.",
        draft=_topic_draft(looked, title, lives, rules),
    )


def _rules_of(found: Sequence[Decision]) -> tuple[str, ...]:
    """The rules behind most of the decisions."""
    times: dict[str, int] = defaultdict(int)
    for _, judged in found:
        for rule in judged.rules:
            times[rule] += 1
    return tuple(sorted(times, key=lambda each: (-times[each], each))[:MOST_RULES])


def _clinical_draft(
    looked: Looked, title: str, lives: Sequence[Life], rules: Sequence[str], score: Urgency
) -> Draft:
    """What a person has to write; nothing in it holds until they have."""
    lines = [
        *_told(looked, title, lives, rules),
        "Write a rule with the words that they share, and take the marks of comment away:",
        "rules:",
        "  a-name-for-it:",
        "    reason: what it looks for, in plain words",
        "    source: who says so",
        f"    score: {score:d}",
        "    topic: symptom",
        "    when: [the words]",
    ]
    return _by_hand(RuleSet.CLINICAL, "a-name-for-it", lines)


def _topic_draft(
    looked: Looked, title: str, lives: Sequence[Life], rules: Sequence[str]
) -> Draft | None:
    known = next(filter(None, (rule_of(each, looked.beside.rules) for each in rules)), None)
    if known is None or known[0].name is RuleSet.CLINICAL:
        return None  # what is clinical is never drawn away by a draft
    lines = [
        *_told(looked, title, lives, rules),
        "Change a rule's words (`when`) below `rules:`, or write one of your own; then check it.",
    ]
    return _by_hand(known[0].name, known[1].id, lines)


def _told(looked: Looked, title: str, lives: Sequence[Life], rules: Sequence[str]) -> Iterator[str]:
    yield f"Trend review {looked.named}: {title}."
    yield f"Tickets: {', '.join(sorted(each.ticket for each in lives)[:MOST_TICKETS])}"
    yield from words_of(rules, looked.beside.rules)


def _by_hand(of_set: RuleSet, name: str, lines: Sequence[str]) -> Draft:
    text = "".join(f"# {each}\n" for line in lines for each in line.splitlines())
    return Draft(file=f"rules/{of_set.value}.yaml", place="", name=name, text=text, by_hand=True)
