"""What a policy says of texts to requesters: articles, automatic texts, how who is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from triagewire.sane import require


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A knowledge-base answer: the topics it answers, words of which one must be in the question,
    texts by language, in Markdown. It is given from `valid_from` to the end of `valid_until`, days
    of the site.
    """

    topics: tuple[str, ...]
    title: Mapping[str, str]
    text: Mapping[str, str]
    any_of: tuple[str, ...] = ()
    enabled: bool = True
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it may be given on a day of the site."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.enabled and begun and (self.valid_until is None or day <= self.valid_until)

    def __post_init__(self) -> None:
        first, last = self.valid_from, self.valid_until
        ordered = first is None or last is None or first <= last
        require(ordered, "valid_until", "lies before valid_from")
        require(bool(self.topics), "topics", "an article without a topic would answer everything")
        require(set(self.title) == set(self.text), "text", "needs the same languages as title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An automatic text by language, in and out of hours. `{expected}`, `{site}` and `{phone}` are
    filled in. `sms` is what goes out as a text message; without it that is the beginning of `text`.
    """

    subject: Mapping[str, str]
    text: Mapping[str, str]
    sms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffTemplate:
    """A text that staff begin a reply with, by language. `{name}`, `{site}`, `{phone}` and
    `{member}` are filled in; a mail without a subject answers theirs.
    """

    title: Mapping[str, str]
    text: Mapping[str, str]
    subject: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """The automatic texts of a site and the articles it answers from.

    `address` is where answers to the site's mail go: a mailbox that a source of this site reads.
    Empty, they go to the sender address of the whole deployment. `question` asks staff for what
    their request lacks; without one nobody is asked. What staff write may be undone for
    `undo_seconds` before it leaves; `templates` are what they may begin with.
    """

    acknowledgement: Template
    after_hours: Template
    answer: Template
    question: Template | None = None
    articles: Mapping[str, Article] = field(default_factory=dict)
    enabled: bool = True
    address: str = ""
    undo_seconds: int = 10
    templates: Mapping[str, StaffTemplate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(0 <= self.undo_seconds <= 60, "undo_seconds", "must be from 0 to 60")
