"""What a policy must say of requests that programs settle, and of asking requesters how it was."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from triagewire.channels.reading.staff import STAFF_FIELDS
from triagewire.policy.automation import RequestType
from triagewire.policy.document import Place
from triagewire.policy.model import Site
from triagewire.policy.replies import Template
from triagewire.policy.reply_checks import unfillable
from triagewire.policy.routes import known_values
from triagewire.replies.matching import DEFAULT_LANGUAGE
from triagewire.routing.queueing import names_something
from triagewire.team import USUAL_TOPICS

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""A type's name stands in every event and in the pattern of a rule on the bus."""
DONE = frozenset({"site", "phone", "message"})
ASK = frozenset({"site", "phone", "link"})


def automation_problems(site: Site, rules: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """What is wrong with the request types of a site, beside the scoring rules of its policy."""
    place: Place = ("automation", "types")
    topics = known_values(rules, "topic", USUAL_TOPICS.values())
    for name, kind in site.automation.types.items():
        if not NAME.fullmatch(name):
            yield (*place, name), "write a name of small letters, digits and _"
        for field, problem in _type_problems(kind, topics):
            yield (*place, name, *field), problem
    if site.automation.done is not None:
        yield from _template_problems(("automation", "done"), site.automation.done, DONE, "message")


def satisfaction_problems(site: Site) -> Iterator[tuple[Place, str]]:
    """What is wrong with how a site asks its requesters."""
    if site.satisfaction.ask is not None:
        yield from _template_problems(("satisfaction", "ask"), site.satisfaction.ask, ASK, "link")
    if site.satisfaction.question and DEFAULT_LANGUAGE not in site.satisfaction.question:
        yield ("satisfaction", "question"), f"needs a text in {DEFAULT_LANGUAGE}"


def _type_problems(kind: RequestType, topics: set[str]) -> Iterator[tuple[Place, str]]:
    for number, needed in enumerate(kind.needs):
        if needed not in STAFF_FIELDS:
            yield ("needs", number), f"is none of {', '.join(STAFF_FIELDS)}"
    for number, topic in enumerate(kind.when.topics):
        if topic not in topics:
            yield ("when", "topics", number), f"is none of {', '.join(sorted(topics))}"
    for field in ("words", "applications"):
        for number, value in enumerate(getattr(kind.when, field)):
            if not names_something(value):
                yield ("when", field, number), "is blank and would match nothing"


def _template_problems(
    place: Place, template: Template, known: frozenset[str], needed: str
) -> Iterator[tuple[Place, str]]:
    for field, texts in (("subject", template.subject), ("text", template.text)):
        if DEFAULT_LANGUAGE not in texts:
            yield (*place, field), f"needs a text in {DEFAULT_LANGUAGE}"
        for language, text in texts.items():
            if wrong := unfillable(text, known):
                yield (*place, field, language), wrong
    if set(template.subject) != set(template.text):
        yield (*place, "text"), "needs the same languages as subject"
    for language, text in template.text.items():
        if f"{{{needed}}}" not in text:
            yield (*place, "text", language), f"must hold {{{needed}}}"
