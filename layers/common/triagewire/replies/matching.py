"""Which article answers a question, if it is sure that it does.

An article that answers the wrong question costs a requester more than a person who answers a
little later. So every word of the question must be one that the article has, or asks for the same,
or says nothing; a question with a word left over ("on Thanksgiving", "the lab") is for a person.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from triagewire.clock.calendar import Calendar, closures_on, local
from triagewire.policy.model import Site
from triagewire.policy.replies import Article
from triagewire.replies.everyday_words import ALIKE, DAYS, PLAIN, SUBJECTS
from triagewire.replies.markdown import plain

DEFAULT_LANGUAGE = "en"
SURE = 1.0
"""Of the words that ask for something, so many must be the article's, to answer with it."""
WORTH_SHOWING = 0.5
"""So many to show it to somebody who has not sent the question yet."""
MARGIN = 0.2
"""So much stronger must the best article be than the next: of two that fit alike neither is
sure.
"""
MOST_WORDS = 60
"""A longer message tells more than it asks."""
MOST_CHARACTERS = 2_000
"""So many words are hardly longer."""
DAYS_AHEAD = 8
"""From today to the same day of next week."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_SENT_FROM = re.compile(r"(?:sent from|get outlook for|enviado desde)\b.{0,40}", re.IGNORECASE)
_LEAST_STEM, _MOST_ENDING = 4, 3
_HEADED = 0.2
_MOST_HEADED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks, with a subject if it has one. `language` as BCP 47, `name` is the
    requester's: to sign is no question. `topic` is what scoring says it is about.
    """

    text: str
    topic: str
    subject: str = ""
    language: str = DEFAULT_LANGUAGE
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article in the language of the question. `score` is the share of the asking words that it
    has (0..1), `strength` sets two apart.
    """

    article_id: str
    article: Article
    language: str
    score: float
    strength: float


def matches(question: Question, site: Site, now: datetime) -> tuple[Match, ...]:
    """The articles of a site that may answer now (UTC), the strongest first."""
    if len(question.text) > MOST_CHARACTERS:
        return ()
    subject = _words(question.subject[:MOST_CHARACTERS])
    words = [*subject, *_words(_SENT_FROM.sub(" ", question.text))]
    asking = _asking([each for each in subject if each not in SUBJECTS], question.name)
    asking |= _asking(words[len(subject) :], question.name)
    if not asking or len(words) > MOST_WORDS:
        return ()
    doubtful = DAYS if _is_unusual(site.calendar, now) else frozenset[str]()
    day = local(site.calendar, now).date()
    found = (
        _match(question, words, asking - doubtful, len(asking), name, article)
        for name, article in site.replies.articles.items()
        if article.holds_on(day) and question.topic in article.topics
    )
    kept = (match for match in found if match is not None)
    return tuple(sorted(kept, key=lambda match: (-match.strength, match.article_id)))


def sure(found: Sequence[Match]) -> Match | None:
    """The article to answer with, or None: then a person answers."""
    if not found or found[0].score < SURE:
        return None
    rival = found[1].strength if len(found) > 1 else 0.0
    return found[0] if found[0].strength - rival >= MARGIN - 1e-9 else None


def spoken(language: str, available: Collection[str]) -> str:
    """The language to answer in: the requester's, or English where there is no such text."""
    wanted = language.replace("_", "-").split("-", maxsplit=1)[0].casefold()
    return wanted if wanted in available else DEFAULT_LANGUAGE


def folded(text: str) -> str:
    """Small letters without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each))


def _is_unusual(calendar: Calendar, now: datetime) -> bool:
    """Whether a closure is near, of which an article on the usual hours says nothing."""
    return any(closures_on(calendar, now + timedelta(days=ahead)) for ahead in range(DAYS_AHEAD))


def _match(
    question: Question,
    words: Sequence[str],
    asking: Collection[str],
    total: int,
    article_id: str,
    article: Article,
) -> Match | None:
    language = spoken(question.language, article.text.keys())
    if article.any_of and not any(_says(words, each) for each in article.any_of):
        return None
    head, body = _vocabulary(article.title[language], article.any_of, article.text[language])
    headed = sum(_has(head, word) for word in asking)
    score = sum(_has(head, word) or _has(body, word) for word in asking) / total
    if not score:
        return None
    strength = score + _HEADED * min(headed, _MOST_HEADED)
    return Match(
        article_id=article_id, article=article, language=language, score=score, strength=strength
    )


def _words(text: str) -> list[str]:
    return [re.sub(r"['\u2019]", "", each) for each in _WORD.findall(folded(text))]


def _asking(words: Iterable[str], name: str) -> frozenset[str]:
    """The words that say what is asked."""
    return frozenset(words) - _idle() - frozenset(_words(name))


@lru_cache(maxsize=1)
def _idle() -> frozenset[str]:
    """Plain words that are in no group: "when" says nothing, but asks for hours."""
    return PLAIN - frozenset().union(*ALIKE)


@lru_cache(maxsize=256)
def _vocabulary(
    title: str, any_of: tuple[str, ...], text: str
) -> tuple[frozenset[str], frozenset[str]]:
    """The words of an article's head and of its text, with those that ask for the same."""
    head = [*_words(title), *(word for each in any_of for word in _words(each))]
    return _widened(head), _widened(_words(plain(text)))


def _widened(words: Iterable[str]) -> frozenset[str]:
    own = frozenset(words) - _idle()
    alike = (group for group in ALIKE if group & own)
    return own.union(*alike)


def _has(vocabulary: Collection[str], word: str) -> bool:
    return word in vocabulary or any(_same(word, other) for other in vocabulary)


def _same(one: str, other: str) -> bool:
    """Whether two words differ in their ending alone: "visit" and "visits"."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    longest = max(len(one), len(other))
    return shared >= _LEAST_STEM and longest - shared <= min(_MOST_ENDING, longest // 3)


def _says(words: Sequence[str], phrase: str) -> bool:
    """Whether the words of a phrase stand in the question one after the other."""
    wanted = _words(phrase)
    return bool(wanted) and any(
        all(_ends_alike(*pair) for pair in zip(words[at:], wanted, strict=False))
        for at in range(len(words) - len(wanted) + 1)
    )


def _ends_alike(word: str, wanted: str) -> bool:
    return word == wanted or _same(word, wanted)
