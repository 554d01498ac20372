"""Answers that do not hold: tickets that come back, articles that help nobody or are not found."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from triagewire.measures.life import Life, Settled
from triagewire.policy.replies import Article
from triagewire.replies.uses import Use
from triagewire.ticket import ANSWERED_AUTOMATICALLY
from triagewire.trends.chances import LEAST, holds
from triagewire.trends.finding import Finding, Kind
from triagewire.trends.looked import ArticleUses, Looked

REOPENED_MORE_THAN = 0.1
RETURNS_MORE_THAN = 0.1
LEAST_AGE = timedelta(days=28)
"""How long an article must have been given before its silence means something."""
WHY = {
    "requester_wrote_again": "the requester wrote again",
    "resolved_by_mistake": "resolved by mistake",
    "not_finished": "was not finished",
    "not_helped": "the article did not help",
}


def reopened(looked: Looked) -> Iterator[Finding]:
    """Teams and topics whose resolved tickets are opened again. One that is resolved in the period
    counts as done until it is opened.
    """
    groups: dict[tuple[str, str], list[tuple[Life, Settled]]] = defaultdict(list)
    for life in looked.lives:
        settled = _settled(looked, life)
        if settled and settled.by:
            groups[settled.team, life.topic].append((life, settled))
    for (team, topic), of in sorted(groups.items()):
        back = [(life, settled) for life, settled in of if settled.reopened_at]
        if holds(len(back), len(of), REOPENED_MORE_THAN):
            why = Counter(settled.why_reopened for _, settled in back)
            yield looked.finding(
                Kind.REOPENED,
                (team, topic),
                f"Resolved in {team} as {topic or 'nothing known'}, and opened again",
                [life for life, _ in back],
                of=len(of),
                told=tuple(
                    f"{times} of {len(back)}: {WHY.get(code, 'another reason')}"
                    for code, times in sorted(why.items())
                ),
                suggestion="Read what was answered and what they asked then: a text to begin with "
                "(replies.templates) that says the next step saves the second message.",
            )


def returning_articles(looked: Looked) -> Iterator[Finding]:
    """Articles whose readers ask a person after all."""
    answered: dict[str, list[tuple[Life, Settled]]] = defaultdict(list)
    for life in looked.lives:
        settled = _settled(looked, life)
        if life.article and settled and settled.outcome == ANSWERED_AUTOMATICALLY:
            answered[life.article].append((life, settled))
    for article, of in sorted(answered.items()):
        back = [life for life, settled in of if settled.reopened_at]
        if holds(len(back), len(of), RETURNS_MORE_THAN):
            yield looked.finding(
                Kind.ARTICLE_RETURNS,
                (article,),
                f"Answered by the article {article}, and came back",
                back,
                of=len(of),
                suggestion=f"Read the questions, and write articles/{article} anew, or give it "
                "narrower words (any_of).",
            )


def unused_articles(looked: Looked) -> Iterator[Finding]:
    """Articles that were never shown nor given, though people asked about their topics."""
    uses = looked.beside.uses.get(looked.id)
    if uses is None:
        return
    asked: dict[str, list[Life]] = defaultdict(list)
    for life in looked.came:
        if life.responded_by:
            asked[life.topic].append(life)
    for name, article in sorted(looked.site.replies.articles.items()):
        about = [life for topic in article.topics for life in asked[topic]]
        if len(about) >= LEAST and _given_in_vain(looked, name, article, uses):
            yield looked.finding(
                Kind.ARTICLE_UNUSED,
                (name,),
                f"Nobody was ever shown the article {name}; a person answered its topics "
                f"({', '.join(article.topics)})",
                about,
                of=len(about),
                words=(f"any_of: {', '.join(article.any_of)}",) if article.any_of else (),
                suggestion="Read some of the tickets: if it answers them, give it the words that "
                "people ask with (title, any_of); else take it out of the policy.",
            )


def _given_in_vain(looked: Looked, name: str, article: Article, uses: ArticleUses) -> bool:
    last = looked.period.last
    used = uses.get(name, {})
    begun = article.valid_from is None or article.valid_from + LEAST_AGE <= last
    return (
        begun
        and article.holds_on(last)
        and not (used.get(Use.SUGGESTED, 0) or used.get(Use.ANSWERED, 0))
    )


def _settled(looked: Looked, life: Life) -> Settled | None:
    """The resolution of a ticket that counts in the period: opened again in it, else made in it."""
    for each in life.settled:
        if looked.happened(each.reopened_at or each.at):
            return each
    return None
