"""What automatic texts and articles must hold before a policy may become active: a text in the
language that all fall back to, nothing that cannot be filled in, and where to call in an emergency.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from triagewire.policy.document import Place, Problem
from triagewire.policy.model import Site
from triagewire.policy.replies import Template
from triagewire.policy.reply_checks import unfillable
from triagewire.policy.routes import known_values
from triagewire.replies.matching import DEFAULT_LANGUAGE
from triagewire.replies.short import MOST_CHARACTERS, shortened
from triagewire.team import USUAL_TOPICS

PLACEHOLDERS = {
    "acknowledgement": frozenset({"site", "phone", "expected"}),
    "after_hours": frozenset({"site", "phone", "expected"}),
    "answer": frozenset({"site", "phone", "title", "answer", "feedback"}),
    "question": frozenset({"site", "phone", "expected", "missing"}),
}
"""What each automatic text may name; `replies.automatic` fills it in."""

EMERGENCY = ("911", "988")
ASKS_TO_WAIT = ("acknowledgement", "after_hours")
"""The texts after which somebody waits: each says where to call who must not."""
_ROOM = {"{expected}": 40, "{phone}": 20, "{site}": 40}
"""Characters that are filled in, about."""


def text_problems(site: Site) -> Iterator[Problem]:
    """What is wrong with the automatic texts of a site."""
    for name, known in PLACEHOLDERS.items():
        template: Template | None = getattr(site.replies, name)
        if template is None:
            continue
        place: Place = ("replies", name)
        yield from _language_problems(template, place)
        yield from _filling_problems(template, place, known)
        if name in ASKS_TO_WAIT:
            yield from _emergency_problems(template, place)


def article_problems(site: Site, rules: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the articles of a site, beside what their files say."""
    known = known_values(rules, "topic", USUAL_TOPICS.values())
    for article_id, article in site.replies.articles.items():
        place: Place = ("replies", "articles", article_id)
        if DEFAULT_LANGUAGE not in article.text:
            yield (*place, "text"), f"needs a text in {DEFAULT_LANGUAGE}"
        for number, topic in enumerate(article.topics):
            if topic not in known:
                problem = f"{topic} is no topic that scoring names: use {', '.join(sorted(known))}"
                yield (*place, "topics", number), problem


def _language_problems(template: Template, place: Place) -> Iterator[Problem]:
    for field in ("subject", "text"):
        if DEFAULT_LANGUAGE not in getattr(template, field):
            yield (*place, field), f"needs a text in {DEFAULT_LANGUAGE}"
    for language in sorted({*template.text, *template.sms} - {*template.subject}):
        yield (*place, "subject"), f"needs a text in {language}, as the others have one"
    for language in sorted({*template.subject, *template.sms} - {*template.text}):
        yield (*place, "text"), f"needs a text in {language}, as the others have one"


def _filling_problems(template: Template, place: Place, known: frozenset[str]) -> Iterator[Problem]:
    for field in ("subject", "text", "sms"):
        for language, text in getattr(template, field).items():
            if problem := unfillable(text, known):
                yield (*place, field, language), problem
    for language, text in template.sms.items():
        if len(text) + _filled_in(text) > MOST_CHARACTERS:
            problem = f"is longer than {MOST_CHARACTERS} characters once it is filled in"
            yield (*place, "sms", language), problem


def _emergency_problems(template: Template, place: Place) -> Iterator[Problem]:
    for field in ("text", "sms"):
        for language, text in getattr(template, field).items():
            for number in EMERGENCY:
                if number not in text:
                    yield (*place, field, language), f"must say when to call {number}"
    for language, text in template.text.items():
        short = "" if language in template.sms else shortened(_at_its_longest(text))
        for number in EMERGENCY:
            if short and number in text and number not in short:
                problem = f"would lose {number} in a text message: write it in a shorter sentence"
                yield (*place, "text", language), f"{problem}, or write its own `sms`"


def _at_its_longest(text: str) -> str:
    for name, room in _ROOM.items():
        text = text.replace(name, "0" * room)
    return text


def _filled_in(text: str) -> int:
    return sum(room - len(name) for name, room in _ROOM.items() if name in text)
