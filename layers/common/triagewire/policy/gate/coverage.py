"""What the synthetic tickets must cover, so that no part of a policy goes live untried."""

from collections import Counter
from collections.abc import Iterator, Mapping

from triagewire.policy.document import Document
from triagewire.policy.gate.tickets import Ticket, topic_of
from triagewire.scoring.rulebook import Rules
from triagewire.verdict import Urgency

LEAST_TICKETS = 20
"""For each urgency score, for the review queue and for each topic of the shipped rules."""
LEAST_OF_OWN_TOPIC = 1
"""A topic that a group invents is its own affair, but not unseen."""


def coverage_problems(
    tickets: Mapping[str, Ticket], rules: Rules, document: Document
) -> Iterator[str]:
    """One line for each category and topic with too few tickets."""
    wanted = [ticket["expect"] for ticket in tickets.values()]
    scores = Counter(each.get("score") for each in wanted)
    for urgency in Urgency:
        yield from _too_few(f"score {int(urgency)}", scores[urgency], LEAST_TICKETS)
    reviews = sum(each.get("review") is True for each in wanted)
    yield from _too_few("the review queue", reviews, LEAST_TICKETS)
    topics = Counter(topic_of(ticket) for ticket in tickets.values())
    shipped = shipped_topics(document)
    for topic in sorted(topics_of(rules)):
        least = LEAST_TICKETS if topic in shipped else LEAST_OF_OWN_TOPIC
        yield from _too_few(f"topic {topic}", topics[topic], least)


def topics_of(rules: Rules) -> frozenset[str]:
    """Every topic that a verdict of these rules can have."""
    every = (*rules.clinical.rules, *rules.administrative.rules, *rules.it.rules)
    return frozenset(rule.topic for rule in every)


def shipped_topics(document: Document) -> frozenset[str]:
    """The topics that a shipped rule file names."""
    return frozenset(
        rule["topic"]
        for part, body in document.data["rules"].items()
        for name, rule in (body.get("rules") or {}).items()
        if document.origin(("rules", part, "rules", name, "topic")).startswith("defaults/")
    )


def _too_few(what: str, found: int, least: int) -> Iterator[str]:
    if found < least:
        yield f"checks: tickets: {what}: {found} are too few, at least {least} are needed"
